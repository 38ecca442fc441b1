import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import * as z from 'zod/mini';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { AuditError, describeError } from '../../../src/errors.ts';
import { openGitHub, type GitHub, type GitHubOptions } from '../../../src/host/github/client.ts';
import { GitHubFault } from '../../../src/host/github/fault.ts';
import { replyJson, serve, type Received, type Responder, type TestServer } from './transport-server.ts';

const TOKEN = `ghs_${'t0ken'.repeat(8)}`;

type Opened = Readonly<{ github: GitHub; waited: readonly number[] }>;

async function openAt({ url }: Pick<TestServer, 'url'>, more: Partial<GitHubOptions> = {}): Promise<Opened> {
  const waited: number[] = [];
  const github = await openGitHub({
    apiUrl: url, graphqlUrl: `${url}/graphql`, serverUrl: url,
    token: TOKEN, owner: 'octo', name: 'widgets', env: {},
    wait: (milliseconds) => (waited.push(milliseconds), Promise.resolve()),
    random: () => 0.5,
    timeLimitMs: 2_000,
    ...more,
  });
  onTestFinished(() => github.close());
  return { github, waited };
}

async function openOn(respond: Responder, more: Partial<GitHubOptions> = {}): Promise<Opened & Readonly<{ server: TestServer }>> {
  const server = await serve(respond);
  return { ...(await openAt(server, more)), server };
}

async function faultIn(promise: Promise<unknown>): Promise<GitHubFault> {
  const error: unknown = await promise.then(() => undefined, (thrown: unknown) => thrown);
  if (!(error instanceof GitHubFault)) throw new Error('no fault was thrown', { cause: error });
  return error;
}

/** Answers the requests in turn, the last one for ever. */
function inTurn(...responders: readonly Responder[]): Responder {
  let at = 0;
  return (request, response) => responders[Math.min(at++, responders.length - 1)]?.(request, response);
}

const answering = (value: unknown, more: Parameters<typeof replyJson>[2] = {}): Responder => (_, response) => replyJson(response, value, more);
const dropping: Responder = (_, response) => void response.socket?.resetAndDestroy();
const bodyOf = ({ body }: Received): unknown => (body === '' ? undefined : JSON.parse(body));

const QUERY = { name: 'Reading the snapshot', kind: 'read', permission: 'contents: read', text: 'query Snapshot($a: String!) { a }', variables: { a: '"}{$b' } } as const;
const MUTATION = { ...QUERY, name: 'Writing the log', kind: 'write', permission: 'contents: write', text: 'mutation { b }' } as const;
const Data = z.object({ a: z.nullable(z.int()) });

const COMMENT = { id: 5, html_url: 'https://github.com/c', body: 'text', created_at: 'then', user: { login: 'octo', type: 'Bot' } };
const CHECK = { id: 6, name: 'Audit', head_sha: 'abc', html_url: null, external_id: 'k', status: 'completed', conclusion: 'success', started_at: null, completed_at: 'then', output: { title: 't', summary: null, annotations_count: 0 }, app: { id: 1, slug: 'github-actions' } };
const JOB = { id: 8, run_id: 9, name: 'test', head_sha: 'abc', status: 'in_progress', conclusion: null, started_at: 'then', completed_at: null, steps: [{ name: 'Run', number: 1, status: 'completed', conclusion: 'success' }] };

describe('what is sent', () => {
  it('goes with the token, a pinned version and our name', async () => {
    const { github, server } = await openOn(answering(JOB));
    await github.job(8);
    expect(server.received[0]).toMatchObject({ method: 'GET', url: '/repos/octo/widgets/actions/jobs/8', headers: { authorization: `token ${TOKEN}`, 'x-github-api-version': '2022-11-28', accept: 'application/vnd.github+json' } });
    expect(server.received[0]?.headers['user-agent']).toMatch(/^audit-run-log /);
  });

  type Case = readonly [name: string, call: (github: GitHub) => Promise<unknown>, answer: unknown, method: string, url: string, body: unknown];
  const cases: readonly Case[] = [
    ['pull files', (github) => github.pullFiles(7, 2), [], 'GET', '/pulls/7/files?page=2&per_page=100', undefined],
    ['compare', (github) => github.compare('aaa', 'bbb'), { status: 'ahead', ahead_by: 1, behind_by: 0, total_commits: 1, merge_base_commit: { sha: 'aaa' } }, 'GET', '/compare/aaa...bbb?page=1&per_page=100', undefined],
    ['job', (github) => github.job(8), JOB, 'GET', '/actions/jobs/8', undefined],
    ['jobs', (github) => github.jobs({ id: 9, attempt: 2 }, 1), { total_count: 1, jobs: [JOB] }, 'GET', '/actions/runs/9/attempts/2/jobs?page=1&per_page=100', undefined],
    ['branch', (github) => github.branchHead('a/b%2Fc#d?e é'), { ref: 'x', object: { type: 'commit', sha: 'abc' } }, 'GET', '/git/ref/heads/a/b%252Fc%23d%3Fe%20%C3%A9', undefined],
    ['tree', (github) => github.createTree([{ path: 'docs/LOG.md', content: '123n' }]), { sha: 't' }, 'POST', '/git/trees', { tree: [{ path: 'docs/LOG.md', mode: '100644', type: 'blob', content: '123n' }] }],
    ['commit', (github) => github.createCommit({ message: 'm', tree: 't', parents: [] }), { sha: 'c' }, 'POST', '/git/commits', { message: 'm', tree: 't', parents: [] }],
    ['ref', (github) => github.createBranch('audit-log', 'c'), { ref: 'refs/heads/audit-log', object: { type: 'commit', sha: 'c' } }, 'POST', '/git/refs', { ref: 'refs/heads/audit-log', sha: 'c' }],
    ['comments', (github) => github.comments(7, 3), [], 'GET', '/issues/7/comments?page=3&per_page=100', undefined],
    ['comment', (github) => github.createComment(7, 'text'), COMMENT, 'POST', '/issues/7/comments', { body: 'text' }],
    ['comment again', (github) => github.updateComment(5, 'text'), COMMENT, 'PATCH', '/issues/comments/5', { body: 'text' }],
    ['check runs', (github) => github.checkRuns({ commit: 'abc', name: 'A & B' }, 1), { total_count: 0, check_runs: [] }, 'GET', '/commits/abc/check-runs?check_name=A%20%26%20B&filter=all&page=1&per_page=100', undefined],
    ['check run', (github) => github.createCheckRun({ name: 'Audit', head_sha: 'abc' }), CHECK, 'POST', '/check-runs', { name: 'Audit', head_sha: 'abc' }],
    ['check run again', (github) => github.updateCheckRun(6, { conclusion: 'failure' }), CHECK, 'PATCH', '/check-runs/6', { conclusion: 'failure' }],
  ];
  it.each<Case>(cases)('%s', async (_, call, answer, method, url, body) => {
    const { github, server } = await openOn(answering(answer, { status: method === 'GET' ? 200 : 201 }));
    await call(github);
    const [received] = server.received;
    expect(received).toMatchObject({ method, url: `/repos/octo/widgets${url}` });
    expect(server.received.map(bodyOf)).toEqual([body]);
  });

  it('puts nothing of the variables into the text of a query', async () => {
    const { github, server } = await openOn(answering({ data: { a: 1 } }));
    expect(await github.graphql(QUERY, Data)).toEqual({ a: 1 });
    expect(server.received[0]?.url).toBe('/graphql');
    expect(server.received.map(bodyOf)).toEqual([{ query: QUERY.text, variables: QUERY.variables }]);
  });

  it('finds GraphQL where a server of its own has it', async () => {
    const server = await serve(answering({ data: { a: 1 } }));
    const { github } = await openAt(server, { apiUrl: `${server.url}/api/v3/`, graphqlUrl: `${server.url}/api/graphql` });
    await github.graphql(QUERY, Data);
    expect(server.received[0]?.url).toBe('/api/graphql');
  });

  it('counts each request, repeats among them', async () => {
    const { github } = await openOn(inTurn(answering({}, { status: 502 }), answering({ data: { a: 1 } })));
    await github.graphql(QUERY, Data);
    await faultIn(github.graphql(MUTATION, z.object({ b: z.int() })));
    expect(github.calls).toBe(3);
  });
});

describe('what comes back', () => {
  it('is what is used of it, by the names of GitHub', async () => {
    const { github } = await openOn(answering([{ filename: 'b', previous_filename: 'a', status: 'renamed', patch: 'p', sha: null }]));
    expect(await github.pullFiles(7, 1)).toEqual({ items: [{ filename: 'b', previous_filename: 'a', status: 'renamed' }], hasNext: false });
  });

  it('is a file byte by byte, whatever its type is said to be', async () => {
    const bytes = Buffer.from([0xef, 0xbb, 0xbf, 0xff, 0x00, 0x0d, 0x0a, 0xc3]);
    const { github, server } = await openOn((_, response) => response.writeHead(200, { 'content-type': 'application/vnd.github.raw+json; charset=utf-8' }).end(bytes));
    expect(Buffer.compare(await github.blob('abc'), bytes)).toBe(0);
    expect(server.received[0]).toMatchObject({ url: '/repos/octo/widgets/git/blobs/abc', headers: { accept: 'application/vnd.github.raw+json' } });
  });

  it('is nothing after a deletion', async () => {
    const { github, server } = await openOn((_, response) => response.writeHead(204).end());
    await expect(github.deleteComment(5)).resolves.toBeUndefined();
    expect(server.received[0]).toMatchObject({ method: 'DELETE', url: '/repos/octo/widgets/issues/comments/5' });
  });

  it.each([
    ['GitHub says so', 1, '<https://x/?page=2>; rel="next", <https://x/?page=9>; rel="last"', true],
    ['GitHub says that it was the last', 100, '<https://x/?page=1>; rel="first", <https://x/?page=1>; rel="prev"', false],
    ['a full page comes without a word', 100, undefined, true],
    ['a page that is not full comes without a word', 99, undefined, false],
    ['an empty page claims a next one', 0, '<https://x/?page=2>; rel="next"', false],
  ])('SEC-121: has another page where %s', async (_, count, link, hasNext) => {
    const { github } = await openOn(answering(Array.from({ length: count }, () => COMMENT), { headers: link === undefined ? {} : { link } }));
    const page = await github.comments(7, 1);
    expect(page.items).toHaveLength(count);
    expect(page.hasNext).toBe(hasNext);
  });

  it('is read through one connection', async () => {
    const { github, server } = await openOn(answering([]));
    for (const page of [1, 2, 3]) await github.comments(7, page);
    expect(server.connections()).toBe(1);
  });
});

describe('an answer that is not what was asked for', () => {
  it.each([
    ['another shape', [{ filename: 1, status: 'added' }], '`0.filename`'],
    ['an object for a list', { message: 'hello' }, 'the top'],
    ['null', null, 'the top'],
  ])('is unusable, and not asked for again: %s', async (_, value, place) => {
    const { github, server } = await openOn(answering(value));
    const fault = await faultIn(github.pullFiles(7, 1));
    expect(fault).toMatchObject({ code: 'ANSWER_UNUSABLE', effect: 'none', retry: null });
    expect(fault.message).toContain(place);
    expect(server.received).toHaveLength(1);
  });

  const cut: Responder = (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":{"a":');
  it.each<[string, Responder]>([
    ['JSON that is cut', cut],
    ['nothing', (_, response) => response.writeHead(200).end()],
    ['HTML', (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>')],
    ['null', answering(null)],
    ['no data and no reason', answering({ data: null })],
    ['an empty list of errors', answering({ data: null, errors: [] })],
    ['a promise for later', answering({}, { status: 202 })],
    ['a type that is none', (_, response) => response.writeHead(200, { 'content-type': ';;;' }).end('{')],
  ])('SEC-118: is asked for again where it may come whole, and a write may have taken effect: %s', async (_, respond) => {
    const reading = await openOn(inTurn(respond, answering({ data: { a: 1 } })));
    expect(await reading.github.graphql(QUERY, Data)).toEqual({ a: 1 });
    const writing = await openOn(respond);
    expect(await faultIn(writing.github.graphql(MUTATION, Data))).toMatchObject({ code: 'ANSWER_UNUSABLE', effect: 'unknown' });
    expect(writing.server.received).toHaveLength(1);
  });

  it.each([['text'], [[{ type: 'X' }]], [['x']], [{ message: 'x' }]])('is unusable where its errors are no list of errors: %j', async (errors) => {
    const { github } = await openOn(answering({ data: { a: 1 }, errors }));
    expect(await faultIn(github.graphql(MUTATION, Data))).toMatchObject({ code: 'ANSWER_UNUSABLE', effect: 'unknown' });
  });

  it('keeps the reason of a refusal that comes as another type than it says', async () => {
    const { github } = await openOn((_, response) => response.writeHead(422, { 'content-type': '???' }).end('{"message":"Body is too long"}'));
    expect(await faultIn(github.createComment(7, 'x'))).toMatchObject({ code: 'REFUSED_BY_GITHUB', said: 'Body is too long' });
  });
});

describe('errors of GraphQL beside data', () => {
  const locked = { type: 'FORBIDDEN', message: 'Resource not accessible by integration', path: ['repository', 'pullRequest', 0] };

  it('are faults where all of it is needed', async () => {
    const { github } = await openOn(answering({ data: { a: null }, errors: [locked] }));
    expect(await faultIn(github.graphql(QUERY, Data))).toMatchObject({ code: 'PERMISSION_MISSING', graphqlType: 'FORBIDDEN' });
  });

  it('come with the rest where parts may be missing', async () => {
    const { github } = await openOn(answering({ data: { a: null }, errors: [locked] }));
    const { data, missing } = await github.graphqlParts(QUERY, Data);
    expect(data).toEqual({ a: null });
    expect(missing.map(({ path, fault }) => [path, fault.code])).toEqual([['repository.pullRequest.0', 'PERMISSION_MISSING']]);
  });

  it.each([
    ['that would not come again', [locked, { message: 'Something went wrong while executing your query', path: ['a'] }]],
    ['that speak of no field', [{ type: 'FORBIDDEN', message: 'no' }]],
    ['of a limit', [{ ...locked, type: 'RATE_LIMITED' }]],
  ])('are faults of the whole answer where they are errors %s', async (_, errors) => {
    const { github } = await openOn(answering({ data: { a: null }, errors }));
    expect(await faultIn(github.graphqlParts({ ...QUERY, kind: 'write' }, Data))).toBeInstanceOf(GitHubFault);
  });

  it('are faults where no data came', async () => {
    const { github } = await openOn(answering({ data: null, errors: [locked] }));
    expect((await faultIn(github.graphqlParts(QUERY, Data))).code).toBe('PERMISSION_MISSING');
  });
});

describe('reads are repeated, writes never', () => {
  const passing: readonly [string, Responder][] = [
    ['a fault of GitHub', answering({}, { status: 503 })],
    ['a reset', dropping],
    ['half an answer', (_, response) => void response.writeHead(200, { 'content-length': '99' }).write('[', () => response.destroy())],
    ['a short limit', answering({}, { status: 429, headers: { 'retry-after': '3' } })],
  ];

  it.each(passing)('%s', async (_, respond) => {
    const reading = await openOn(inTurn(respond, respond, answering([])));
    expect(await reading.github.comments(7, 1)).toEqual({ items: [], hasNext: false });
    expect(reading.waited).toHaveLength(2);
    const writing = await openOn(inTurn(respond, answering(COMMENT)));
    expect((await faultIn(writing.github.createComment(7, 'x'))).retry).not.toBeNull();
    expect(writing.server.received).toHaveLength(1);
    expect(writing.waited).toEqual([]);
  });

  it('gives up after three tries, with the last reason', async () => {
    const { github, server, waited } = await openOn(answering({}, { status: 500 }));
    expect(await faultIn(github.comments(7, 2))).toMatchObject({ code: 'GITHUB_UNAVAILABLE', status: 500 });
    expect(server.received).toHaveLength(3);
    expect(waited).toEqual([1_000, 2_000]);
  });

  it('waits as long as it was told, and some more', async () => {
    const { github, waited } = await openOn(inTurn(answering({}, { status: 403, headers: { 'retry-after': '15' } }), answering([])));
    await github.comments(7, 1);
    expect(waited).toEqual([16_000]);
  });

  it.each([
    ['a limit of a minute', { status: 429, headers: { 'retry-after': '60' } }],
    ['a limit without an end', { status: 429 }],
    ['a spent budget', { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '99999999999' } }],
    ['a missing permission', { status: 403, headers: { 'x-accepted-github-permissions': 'contents=read' } }],
    ['a refused token', { status: 401 }],
    ['what is not there', { status: 404 }],
    ['a redirect', { status: 302, headers: { location: 'https://evil.example/' } }],
  ])('leaves to the caller: %s', async (_, more) => {
    const { github, server, waited } = await openOn(answering({}, more));
    await faultIn(github.comments(7, 1));
    expect(server.received).toHaveLength(1);
    expect(waited).toEqual([]);
  });

  it('SEC-119: leaves a server that hangs after one limit, without another try', async () => {
    const { github, server } = await openOn(() => undefined, { timeLimitMs: 60 });
    expect(await faultIn(github.comments(7, 1))).toMatchObject({ code: 'GITHUB_UNAVAILABLE', effect: 'none', retry: { afterMs: null } });
    expect(server.received).toHaveLength(1);
  });

  it('knows that a write did not leave where nobody listens', async () => {
    const { github } = await openAt({ url: 'http://127.0.0.1:9' });
    expect(await faultIn(github.createComment(7, 'x'))).toMatchObject({ code: 'GITHUB_UNAVAILABLE', effect: 'none' });
  });
});

describe('what is kept from others', () => {
  it.each([TOKEN, 'a-token.of.another-form'])('SEC-125: tells nothing of token, headers and bodies, in any part of a fault', async (token) => {
    const echo = ({ headers }: Received, response: ServerResponse): void => replyJson(response, { message: `no ${token}, ${String(headers.authorization)}, user-agent` }, { status: 422 });
    const { github } = await openOn(echo, { token });
    const fault = await faultIn(github.createComment(7, 'private words'));
    const all = `${describeError(fault)}${String(fault.stack)}${JSON.stringify(fault)}${String(fault.cause)}`;
    expect(all).toContain('user-agent');
    expect(all).not.toContain(token);
    expect(all).not.toContain('private words');
  });

  it('prints nothing, whatever GitHub says of an endpoint', async () => {
    const spies = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write'), vi.spyOn(console, 'warn'), vi.spyOn(console, 'error')];
    onTestFinished(() => void spies.map((spy) => spy.mockRestore()));
    const headers = { deprecation: 'true', sunset: 'Sat, 01 Jan 2028 00:00:00 GMT', link: '<https://x/##[error]>; rel="deprecation"' };
    const { github } = await openOn(inTurn(answering([], { headers }), answering({}, { status: 404, headers })));
    await github.comments(7, 1);
    await faultIn(github.comments(7, 2));
    expect(spies.map((spy) => spy.mock.calls)).toEqual([[], [], [], []]);
  });

  it('SEC-120: sends the token nowhere else, redirected or not', async () => {
    const other = await serve(answering([]));
    const { github } = await openOn((_, response) => response.writeHead(301, { location: other.url }).end());
    expect(await faultIn(github.comments(7, 1))).toMatchObject({ code: 'REDIRECT_REFUSED' });
    expect(await faultIn(github.createComment(7, 'x'))).toMatchObject({ code: 'REDIRECT_REFUSED', effect: 'none' });
    expect(other.received).toEqual([]);
  });
});

describe('opening', () => {
  const refused = async (more: Partial<GitHubOptions>): Promise<AuditError> => {
    const error: unknown = await openAt({ url: 'http://127.0.0.1:9' }, more).then(() => undefined, (thrown: unknown) => thrown);
    if (!(error instanceof AuditError)) throw new Error('nothing was refused', { cause: error });
    return error;
  };

  it('SEC-126: says that there is no token', async () => {
    expect(await refused({ token: '' })).toMatchObject({ code: 'TOKEN_MISSING' });
  });

  it.each(['s3cret\n', ' s3cret', 's3cret s3cret', 's3cré\u202et'])('refuses what can be no token without repeating it: %j', async (token) => {
    const error = await refused({ token });
    expect(error.code).toBe('TOKEN_REFUSED');
    expect(error.message).not.toContain('s3cr');
  });

  it.each([['..', 'widgets'], ['octo', '..'], ['octo', '.'], ['octo/x', 'widgets'], ['octo', 'a b'], ['', 'widgets'], ['octo', 'a?b']])('refuses what is no name of a repository: %s/%s', async (owner, name) => {
    expect((await refused({ owner, name })).code).toBe('INVALID_INPUT');
  });

  it('sends nothing to an API that is not that of the server', async () => {
    const server = await serve(answering([]));
    const error: unknown = await openAt(server, { serverUrl: 'https://github.com' }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'API_NOT_TRUSTED' });
    expect(server.connections()).toBe(0);
  });

  it('sends nothing where certificates are not checked', async () => {
    expect((await refused({ env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } })).code).toBe('API_NOT_TRUSTED');
  });
});

it('gives the bytes that a blob has by its id', async () => {
  const bytes = Buffer.from('a line\n'.repeat(200_000));
  const { github } = await openOn((_, response) => response.end(bytes));
  const blob = await github.blob('x');
  expect(createHash('sha256').update(blob).digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
});
