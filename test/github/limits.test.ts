import { describe, expect, it } from 'vitest';
import { asked, COMMIT, commitVariables, errorType, type Asked } from './asking.ts';
import type { LoopbackOptions } from './loopback.ts';

const MINUTE = 60_000;

/** A clock that stands until the test moves it. */
async function world(options: LoopbackOptions & Readonly<{ violations?: 'expected' }> = {}): Promise<Asked & Readonly<{ number: number; headSha: string; pass(milliseconds: number): void; comment(body: string): Promise<Awaited<ReturnType<Asked['rest']>>> }>> {
  let time = Date.parse('2026-01-05T10:00:00Z');
  const opened = await asked({ now: () => new Date(time), ...options });
  await opened.github.push('main', { a: 'a\n' });
  await opened.github.push('work', { a: 'b\n' }, { from: 'main' });
  const { number, headSha } = await opened.github.openPull({ head: 'work', base: 'main' });
  return { ...opened, number, headSha, pass: (milliseconds) => { time += milliseconds; }, comment: (body) => opened.rest(`POST /issues/${number}/comments`, { body }) };
}

function rateOf(headers: Headers): Readonly<Record<string, string | null>> {
  return Object.fromEntries(['limit', 'remaining', 'used', 'reset', 'resource'].map((name) => [name, headers.get(`x-ratelimit-${name}`)]));
}

describe('requests in an hour', () => {
  it('are counted down in every answer, until none is left and the hour is over', async () => {
    const { rest, pass } = await world({ limits: { requestsPerHour: 2 } });
    const reset = String(Date.parse('2026-01-05T11:00:00Z') / 1_000);
    expect(rateOf((await rest('GET ')).headers)).toEqual({ limit: '2', remaining: '1', used: '1', reset, resource: 'core' });
    expect(rateOf((await rest('GET /actions/jobs/1')).headers)).toMatchObject({ remaining: '0', used: '2', reset });
    const refused = await rest('GET ');
    expect(refused).toMatchObject({ status: 403, body: { message: 'API rate limit exceeded for installation ID 1.' } });
    expect(rateOf(refused.headers)).toMatchObject({ remaining: '0', used: '2', reset });
    pass(60 * MINUTE);
    const next = await rest('GET ');
    expect([next.status, next.headers.get('x-ratelimit-remaining')]).toEqual([200, '1']);
  });

  it('are counted apart for GraphQL, which says with status 200 that none is left', async () => {
    const { graphql, rest } = await world({ limits: { requestsPerHour: 1 } });
    expect(rateOf((await graphql('{ __typename }')).headers)).toMatchObject({ remaining: '0', resource: 'graphql' });
    const refused = await graphql('{ __typename }');
    expect([refused.status, refused.headers.get('x-ratelimit-remaining'), errorType(refused)]).toEqual([200, '0', 'RATE_LIMIT']);
    expect((await rest('GET ')).status).toBe(200);
  });

  it('are shared by the tokens of one account', async () => {
    const { github, as, rest } = await world({ limits: { requestsPerHour: 1 } });
    await rest('GET ');
    expect((await as(github.token()).rest('GET ')).status).toBe(403);
    expect((await as(github.token(undefined, { login: 'mona' })).rest('GET ')).status).toBe(200);
  });

  it('are not spent by what never reached GitHub', async () => {
    const { github, rest } = await world({ limits: { requestsPerHour: 1 } });
    github.fault({ when: {}, then: { kind: 'drop-before' } });
    await expect(rest('GET ')).rejects.toThrow('fetch failed');
    expect((await rest('GET ')).status).toBe(200);
  });
});

describe('writes', () => {
  it('are 80 in a minute over REST and GraphQL together; then it is told how long to wait', async () => {
    const { github, graphql, comment, headSha, pass } = await world();
    for (let at = 0; at < 79; at += 1) expect((await comment('x')).status).toBe(201);
    pass(MINUTE / 2);
    expect(errorType(await graphql(COMMIT, commitVariables(github, { branch: 'work', head: headSha, add: { b: 'b' } })))).toBeUndefined();
    const refused = await comment('x');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([403, '30']);
    expect(refused.body).toMatchObject({ message: expect.stringContaining('secondary rate limit') as string });
    expect((await graphql(COMMIT, commitVariables(github, { branch: 'work', head: headSha }))).status).toBe(403);
    pass(MINUTE / 2);
    expect((await comment('x')).status).toBe(201);
  });

  it('are 500 in an hour', async () => {
    const { comment, pass } = await world({ limits: { writesPerHour: 2 } });
    await comment('x');
    pass(10 * MINUTE);
    await comment('x');
    pass(10 * MINUTE);
    const refused = await comment('x');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([403, String(40 * 60)]);
  });
});

describe('texts', () => {
  it.each([['just fits', 'ä'.repeat(32_768), 201], ['is too long', `${'ä'.repeat(32_768)}x`, 422], ['is blank', ' \n', 422]])('of a comment that %s', async (_, body, status) => {
    const { github, comment, number } = await world();
    expect((await comment(body)).status).toBe(status);
    expect(github.comments(number)).toHaveLength(status === 201 ? 1 : 0);
  });

  it('of a comment that is too long are refused in its words, and leave the old one', async () => {
    const { github, rest, comment, number } = await world();
    const { body: made } = await comment('old');
    const told = await rest(`PATCH /issues/comments/${(made as { id: number }).id}`, { body: 'x'.repeat(65_537) });
    expect(told).toMatchObject({ status: 422, body: { message: 'Validation Failed', errors: [{ code: 'unprocessable', message: 'Body is too long (maximum is 65536 characters)' }] } });
    expect(github.comments(number)).toMatchObject([{ body: 'old' }]);
  });

  it('of a file are cut at 512,000 bytes in GraphQL, and whole as a blob', async () => {
    const { github, graphql, octokit } = await world();
    const text = 'ä'.repeat(300_000);
    await github.push('main', { large: text, 'broken.txt': Uint8Array.of(0x61, 0xff), 'nul.bin': Uint8Array.of(0x61, 0) });
    const { body } = await graphql('query { repository(owner: "octo", name: "widgets") { ref(qualifiedName: "main") { target { ... on Commit { large: file(path: "large") { ...F } broken: file(path: "broken.txt") { ...F } nul: file(path: "nul.bin") { ...F } } } } } } fragment F on TreeEntry { oid object { ... on Blob { byteSize isBinary isTruncated text } } }');
    expect(body).toMatchObject({ data: { repository: { ref: { target: {
      large: { object: { byteSize: 600_000, isBinary: false, isTruncated: true, text: 'ä'.repeat(256_000) } }, broken: { object: { byteSize: 2, isTruncated: false, text: 'a\u{FFFD}' } }, nul: { object: { isBinary: true, text: null } },
    } } } } });
    const oid = (await github.git('rev-parse', 'main:large')).trim();
    const { data } = await octokit.rest.git.getBlob({ owner: 'octo', repo: 'widgets', file_sha: oid, mediaType: { format: 'raw' } });
    expect(Buffer.from(data as unknown as ArrayBuffer).toString()).toBe(text);
  });
});

describe('check runs', () => {
  it.each<[string, object]>([
    ['more than 50 annotations', { output: { title: 't', summary: 's', annotations: Array.from({ length: 51 }, () => ({ path: 'a', start_line: 1, end_line: 1, annotation_level: 'notice', message: 'm' })) } }],
    ['a summary of more than 65,535', { output: { title: 't', summary: 'x'.repeat(65_536) } }],
    ['a text of more than 65,535 bytes', { output: { title: 't', summary: 's', text: 'ä'.repeat(32_768) } }],
    ['an annotation that is too long', { output: { title: 't', summary: 's', annotations: [{ path: 'a', start_line: 1, end_line: 1, annotation_level: 'notice', message: 'm', title: 'x'.repeat(256) }] } }],
    ['an output without a title', { output: { summary: 's' } }],
    ['completed without a conclusion', { status: 'completed', conclusion: undefined }],
    ['a conclusion that is GitHub\'s', { conclusion: 'stale' }],
    ['a commit that is not there', { head_sha: '1'.repeat(40) }],
  ])('are refused with %s', async (_, more) => {
    const { github, rest, headSha } = await world({ violations: 'expected' });
    expect((await rest('POST /check-runs', { name: 'Audit', head_sha: headSha, conclusion: 'success', ...more })).status).toBe(422);
    expect(github.checkRuns(headSha)).toEqual([]);
  });
});
