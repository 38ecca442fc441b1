import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GitHub } from '../../../src/host/github/client.ts';
import { gitHubLogStore, type GitHubLogStoreOptions } from '../../../src/host/github/log-store.ts';
import { readSnapshot } from '../../../src/host/github/snapshot.ts';
import type { FileWrite } from '../../../src/host/ports.ts';
import { namedCommits, type NamedStore } from '../named-commits.ts';
import { failureOf } from './failure.ts';
import { bytesAt, messagesOf, opened, plant, type Opened } from './opened.ts';

const LOG = 'docs/AUDIT_RUN_LOG.md';
const LEDGER = 'docs/audit/branches/main/findings.ndjson';
const RECORD = 'docs/audit/runs/2026/11/RUN-002.json';
const TEMPLATE = '# Run log\n\nbegun\n';

function storeOn(client: GitHub, more: Partial<GitHubLogStoreOptions> = {}): NamedStore {
  return namedCommits(gitHubLogStore({ client, logBranch: 'audit-log', logPath: LOG, seed: Buffer.from(TEMPLATE), ...more }), 'Record RUN-002');
}

const write = (path: string, text: string, more: Partial<FileWrite> = {}): FileWrite => ({ path, bytes: Buffer.from(text), ...more });
const record = (text = '{}'): FileWrite => write(RECORD, text, { once: true });

async function withLog(text: string | Uint8Array = 'log\n'): Promise<Opened & Readonly<{ head: string }>> {
  const world = await opened();
  await world.double.push('main', { 'README.md': 'hello\n' });
  return { ...world, head: await world.double.push('audit-log', { [LOG]: text }) };
}

describe('reading', () => {
  it('answers with the head and the files at that very commit, in one call', async () => {
    const { double, client, calls } = await withLog();
    const head = await double.push('audit-log', { [LEDGER]: '{}\n' });
    calls();
    const state = await storeOn(client).read([LOG, LEDGER, 'docs/audit/absent.json']);
    expect(state.head).toBe(head);
    expect([...state.files].map(([path, bytes]) => [path, Buffer.from(bytes).toString()])).toEqual([[LOG, 'log\n'], [LEDGER, '{}\n']]);
    expect(calls()).toBe(1);
  });

  it.each([
    ['a byte order mark and CRLF', Buffer.from('\uFEFF# Log\r\n\r\ntext \t\r\n')],
    ['no line end', Buffer.from('# Log')],
    ['nothing', Buffer.from('')],
    ['bytes that are not UTF-8', Buffer.from([0x23, 0x20, 0xe9, 0xff, 0xfe, 0x0a])],
    ['NUL bytes', Buffer.from([0x23, 0x00, 0x01, 0x0a])],
    ['a replacement character of its own', Buffer.from('a \uFFFD b\n')],
    ['more than the text of an answer holds', Buffer.from('é line\n'.repeat(80_000))],
    ['a character across the place where text is cut', Buffer.from(`${'x'.repeat(511_999)}é\n`)],
  ])('keeps %s to the byte', async (_, bytes) => {
    const { client } = await withLog(bytes);
    const { files } = await storeOn(client).read([LOG]);
    expect(Buffer.compare(files.get(LOG) ?? Buffer.from('absent'), bytes)).toBe(0);
  });

  it('keeps any bytes', async () => {
    const { double, client } = await withLog();
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      await double.push('audit-log', { [LOG]: bytes });
      expect(Buffer.from((await storeOn(client).read([LOG])).files.get(LOG) ?? [1])).toEqual(Buffer.from(bytes));
    }), { numRuns: 15 });
  });

  it('takes no text that is not the file', async () => {
    const { double, client } = await withLog('the log\n');
    const oid = createHash('sha1').update('blob 8\0the log\n').digest('hex');
    double.fault({
      when: { graphql: /query Log/, times: 1 },
      then: { kind: 'reply', status: 200, body: { data: { repository: { defaultBranchRef: null, log: { target: { oid: await double.head('audit-log'), f0: { mode: 33188, type: 'blob', oid, object: { byteSize: 8, isTruncated: false, text: 'the lug\n' } }, d0: null } } } } } },
    });
    expect(Buffer.from((await storeOn(client).read([LOG])).files.get(LOG) ?? []).toString()).toBe('the log\n');
  });

  it.each([
    ['a symbolic link', '120000', 'elsewhere.md'], ['a submodule', '160000', '1'.repeat(40)],
  ] as const)('refuses %s in place of the log', async (what, mode, content) => {
    const { double, client } = await withLog();
    await plant(double, 'audit-log', [{ path: LOG, mode, content }]);
    const error = await failureOf(storeOn(client).read([LOG]));
    expect([error.code, error.path]).toEqual(['LOG_NOT_REGULAR', LOG]);
    expect(error.message).toContain(what);
  });

  it('refuses a folder in place of the log', async () => {
    const { double, client } = await withLog();
    await plant(double, 'audit-log', [{ path: `${LOG}/inner.md`, mode: '100644', content: 'x' }]);
    expect((await failureOf(storeOn(client).read([LOG]))).message).toContain('it is a folder');
  });

  it('refuses a log below a link, which git would replace by a folder', async () => {
    const { double, client } = await withLog();
    await plant(double, 'audit-log', [{ path: 'docs', mode: '120000', content: '/etc' }]);
    const error = await failureOf(storeOn(client).read([LOG]));
    expect(error.code).toBe('LOG_NOT_REGULAR');
    expect(error.message).toContain('`docs` is no folder, it is a symbolic link');
  });

  it('reads data beside a log that it refuses', async () => {
    const { double, client } = await withLog();
    await plant(double, 'audit-log', [{ path: LOG, mode: '120000', content: 'x' }, { path: LEDGER, mode: '100644', content: '{}\n' }]);
    expect([...(await storeOn(client).read([LEDGER])).files.keys()]).toEqual([LEDGER]);
  });

  it.each(['../AUDIT.md', '/etc/passwd', 'docs//a.md', '.git/config', 'a\nb.md'])('does not ask for the path %j', async (path) => {
    const { client, calls } = await withLog();
    calls();
    expect((await failureOf(storeOn(client).read([path]))).code).toBe('LOG_PATH');
    expect(calls()).toBe(0);
  });

  it('puts nothing of a path or a branch into the text of a query', async () => {
    const world = await opened();
    await world.double.push('main', { a: 'x' });
    const path = 'docs/"}{ evil(x).md';
    await world.double.push('log"}{$x', { [path]: 'log\n' });
    const store = storeOn(world.client, { logBranch: 'log"}{$x', logPath: path });
    expect([...(await store.read([path])).files.keys()]).toEqual([path]);
  });

  it('goes on at the commit that was read, and looks anew after a commit', async () => {
    const { double, client, head, calls } = await withLog();
    const store = storeOn(client);
    await store.read([LOG]);
    const newer = await double.push('audit-log', { [LEDGER]: 'newer\n' });
    calls();
    const same = await store.read([LOG, LEDGER]);
    expect([same.head, same.files.has(LEDGER), calls()]).toEqual([head, false, 1]);
    expect(await store.commit(head, [write(LOG, 'log\nentry\n')])).toEqual({ state: 'moved' });
    const anew = await store.read([LOG, LEDGER]);
    expect([anew.head, anew.files.has(LEDGER)]).toEqual([newer, true]);
  });

  it('begins with what the snapshot saw, without a call', async () => {
    const { double, client, head, calls } = await withLog();
    const tested = await double.head('main') ?? '';
    const log = { branch: 'audit-log', logPath: LOG, files: [LOG, LEDGER] };
    const { log: first } = await readSnapshot(client, { tested, pullRequest: null }, { log, config: null, workflow: null });
    calls();
    const state = await storeOn(client, { first }).read([LOG, LEDGER]);
    expect([state.head, [...state.files.keys()], calls()]).toEqual([head, [LOG], 0]);
  });

  it('needs two calls for a recording: the snapshot and the commit', async () => {
    const { double, client, head, calls } = await withLog();
    const tested = await double.head('main') ?? '';
    const listings = ['docs/audit/runs/2026/11'];
    calls();
    const { log: first } = await readSnapshot(client, { tested, pullRequest: null }, { log: { branch: 'audit-log', logPath: LOG, files: [LOG, LEDGER], listings }, config: null, workflow: null });
    const store = storeOn(client, { first, listings });
    await store.read([LEDGER]);
    await store.read([LOG, LEDGER]);
    expect(await store.commit(head, [write(LOG, 'log\nentry\n'), record(), write(LEDGER, '{}\n')])).toMatchObject({ state: 'committed' });
    expect(calls()).toBe(2);
  });

  it('does not take another branch for what the snapshot saw', async () => {
    const { double, client } = await withLog();
    const tested = await double.head('main') ?? '';
    const other = await double.push('other-log', { [LOG]: 'other\n' });
    const { log: first } = await readSnapshot(client, { tested, pullRequest: null }, { log: { branch: 'audit-log', logPath: LOG, files: [LOG] }, config: null, workflow: null });
    expect((await storeOn(client, { first, logBranch: 'other-log' }).read([LOG])).head).toBe(other);
  });

  it('reads more files than one query holds at one commit', async () => {
    const { double, client } = await withLog();
    const paths = Array.from({ length: 120 }, (_, at) => `docs/audit/commits/${at}.json`);
    const head = await double.push('audit-log', Object.fromEntries(paths.map((path, at) => [path, `${at}`])));
    const state = await storeOn(client).read([LOG, ...paths]);
    expect(state.head).toBe(head);
    expect(paths.map((path) => Buffer.from(state.files.get(path) ?? []).toString())).toEqual(paths.map((_, at) => `${at}`));
  });

  it.each([
    ['answers 404', { status: 404, body: { message: 'Not Found' } }],
    ['knows no such repository', { status: 200, body: { data: { repository: null }, errors: [{ type: 'NOT_FOUND', path: ['repository'], message: 'Could not resolve to a Repository.' }] } }],
    ['refuses the branch', { status: 200, body: { data: { repository: { defaultBranchRef: null, log: null } }, errors: [{ type: 'FORBIDDEN', path: ['repository', 'log'], message: 'Resource not accessible by integration' }] } }],
  ])('SEC-115: takes it for no missing branch when GitHub %s', async (_, answer) => {
    const { double, client } = await withLog();
    double.fault({ when: { graphql: /query Log/, times: 9 }, then: { kind: 'reply', ...answer } });
    expect(['NOT_FOUND_ON_GITHUB', 'PERMISSION_MISSING']).toContain((await failureOf(storeOn(client).read([LOG]))).code);
  });

  it('says that a failed reading may be repeated, and looks anew then', async () => {
    const { double, client, head } = await withLog();
    const store = storeOn(client);
    double.fault({ when: { graphql: /query Log/, times: 3 }, then: { kind: 'drop-before' } });
    expect((await failureOf(store.read([LOG]))).retry).toEqual({ afterMs: null });
    expect((await store.read([LOG])).head).toBe(head);
  });
});

describe('committing', () => {
  it('adds all files in one commit on the head that was read', async () => {
    const { double, client, head, calls } = await withLog();
    const store = storeOn(client, { listings: ['docs/audit/runs/2026/11'] });
    await store.read([LOG, LEDGER]);
    const answer = await store.commit(head, [write(LOG, 'log\nentry\n'), record(), write(LEDGER, '{}\n', { replaces: null })]);
    expect(answer).toMatchObject({ state: 'committed', id: await double.head('audit-log'), url: expect.stringContaining('/commit/') });
    expect(await double.list('audit-log')).toEqual([LOG, LEDGER, RECORD]);
    expect(await double.show('audit-log', LOG)).toBe('log\nentry\n');
    expect(await messagesOf(double, 'audit-log')).toHaveLength(2);
    expect((await messagesOf(double, 'audit-log'))[0]).toBe('Record RUN-002');
    expect(calls()).toBe(2);
  });

  it('keeps every byte of what it writes', async () => {
    const { double, client, head } = await withLog();
    const bytes = Buffer.from([0xef, 0xbb, 0xbf, 0x0d, 0x0a, 0x00, 0xff, 0xc3, 0x0a]);
    await storeOn(client).commit(head, [{ path: LOG, bytes }]);
    expect(await bytesAt(double, 'audit-log', LOG)).toEqual(bytes);
  });

  it('leaves files of others as they are', async () => {
    const { double, client } = await withLog();
    const head = await plant(double, 'audit-log', [{ path: LOG, mode: '100644', content: 'log\n' }, { path: 'tool.sh', mode: '100755', content: '#!/bin/sh\n' }, { path: 'link', mode: '120000', content: 'tool.sh' }]);
    await storeOn(client).commit(head, [write(LOG, 'log\nentry\n')]);
    expect(await double.list('audit-log')).toEqual([LOG, 'link', 'tool.sh']);
    expect(await double.show('audit-log', 'link')).toBe('tool.sh');
  });

  it('says that the log moved when somebody wrote meanwhile, and writes nothing', async () => {
    const { double, client, head } = await withLog();
    const store = storeOn(client);
    await store.read([LOG]);
    const newer = await double.push('audit-log', { [LOG]: 'log\ntheirs\n' });
    expect(await store.commit(head, [write(LOG, 'log\nours\n'), record()])).toEqual({ state: 'moved' });
    expect(await double.head('audit-log')).toBe(newer);
    expect((await store.read([LOG])).head).toBe(newer);
  });

  it('SEC-111: says that the log moved when the branch was forced to another history', async () => {
    const { double, client, head } = await withLog();
    const forced = await double.push('audit-log', { [LOG]: 'another\n' }, { force: true });
    expect(await storeOn(client).commit(head, [write(LOG, 'log\nours\n')])).toEqual({ state: 'moved' });
    expect(await double.head('audit-log')).toBe(forced);
  });

  it('SEC-112: does not make a branch anew that was deleted between reading and writing, and names it', async () => {
    const { double, client, head } = await withLog();
    const store = storeOn(client);
    await store.read([LOG]);
    await double.deleteBranch('audit-log');
    expect(await store.commit(head, [write(LOG, 'log\nours\n')])).toEqual({ state: 'moved' });
    await expect(store.read([LOG])).rejects.toMatchObject({ code: 'LOG_BRANCH_GONE', retry: null });
    expect(await double.head('audit-log')).toBeUndefined();
  });

  it('sends only what differs, and nothing where nothing does', async () => {
    const { double, client, head, calls } = await withLog();
    const store = storeOn(client);
    await store.read([LOG]);
    calls();
    expect(await store.commit(head, [write(LOG, 'log\n')])).toEqual({ state: 'committed', id: head });
    expect([calls(), await double.head('audit-log')]).toEqual([0, head]);
  });

  it('refuses a record that is there with other content', async () => {
    const { double, client } = await withLog();
    const head = await double.push('audit-log', { [RECORD]: '{"other":true}' });
    const store = storeOn(client);
    await store.read([LOG]);
    const error = await failureOf(store.commit(head, [write(LOG, 'log\nentry\n'), record()]));
    expect([error.code, error.path]).toEqual(['RECORD_EXISTS', RECORD]);
    expect(await double.head('audit-log')).toBe(head);
  });

  it('accepts a record that is there with the same content', async () => {
    const { double, client } = await withLog();
    const head = await double.push('audit-log', { [RECORD]: '{}' });
    expect(await storeOn(client).commit(head, [write(LOG, 'log\nentry\n'), record()])).toMatchObject({ state: 'committed' });
    expect(await double.show('audit-log', RECORD)).toBe('{}');
  });

  it('sees a record by the names of its folder', async () => {
    const { double, client } = await withLog();
    const head = await double.push('audit-log', { [RECORD]: '{"other":true}' });
    const store = storeOn(client, { listings: ['docs/audit/runs/2026/11'] });
    await store.read([LOG]);
    expect((await failureOf(store.commit(head, [write(LOG, 'log\nentry\n'), record()]))).code).toBe('RECORD_EXISTS');
  });

  it('puts no folder in the place of a link', async () => {
    const { double, client } = await withLog();
    const head = await plant(double, 'audit-log', [{ path: LOG, mode: '100644', content: 'log\n' }, { path: 'docs/audit', mode: '120000', content: '/tmp' }]);
    const store = storeOn(client, { listings: ['docs/audit/runs/2026/11'] });
    await store.read([LOG]);
    expect((await failureOf(store.commit(head, [write(LOG, 'log\nentry\n'), record()]))).code).toBe('LOG_NOT_REGULAR');
    expect(await double.head('audit-log')).toBe(head);
  });

  it.each(['../x.json', '.git/hooks/pre-commit', '/x'])('writes no path %j', async (path) => {
    const { client, head, calls } = await withLog();
    calls();
    expect((await failureOf(storeOn(client).commit(head, [write(LOG, 'a'), write(path, 'b')]))).code).toBe('LOG_PATH');
    expect(calls()).toBe(0);
  });

  it('refuses more than GitHub takes before anything is sent', async () => {
    const { double, client, head } = await withLog();
    const large = { path: LEDGER, bytes: Buffer.alloc(29 * 1024 * 1024, 0x61) };
    const store = storeOn(client);
    await store.read([LOG, LEDGER]);
    const before = double.exchanges.length;
    const error = await failureOf(store.commit(head, [write(LOG, 'log\nentry\n'), large]));
    expect([error.code, error.path]).toEqual(['CHANGE_TOO_LARGE', LEDGER]);
    expect(double.exchanges.length).toBe(before);
  });

  it('writes what is just within the budget', async () => {
    const { double, client, head } = await withLog();
    const large = { path: LEDGER, bytes: Buffer.alloc(28 * 1024 * 1024, 0x61) };
    expect(await storeOn(client).commit(head, [write(LOG, 'log\nentry\n'), large])).toMatchObject({ state: 'committed' });
    expect(await bytesAt(double, 'audit-log', LEDGER)).toHaveLength(large.bytes.length);
  }, 30_000);
});

describe('many writers at once', () => {
  it('lose nothing, and write nothing twice', async () => {
    const { double, client, head } = await withLog();
    const writers = Array.from({ length: 8 }, (_, at) => at);
    await Promise.all(writers.map(async (writer) => {
      const store = storeOn(client);
      for (;;) {
        const state = await store.read([LOG]);
        const log = Buffer.from(state.files.get(LOG) ?? []).toString();
        const answer = await store.commit(state.head, [write(LOG, `${log}entry ${writer}\n`), { ...record(`{"w":${writer}}`), path: `docs/audit/runs/2026/11/RUN-${writer}.json` }]);
        if (answer.state === 'committed') return;
        expect(answer.state).toBe('moved');
      }
    }));
    const lines = (await double.show('audit-log', LOG) ?? '').trimEnd().split('\n');
    expect(lines.toSorted()).toEqual([...writers.map((writer) => `entry ${writer}`), 'log']);
    expect(await messagesOf(double, `${head}..audit-log`)).toHaveLength(8);
    expect((await double.list('audit-log')).filter((path) => path.includes('/runs/'))).toHaveLength(8);
  }, 30_000);
});

describe('answers that are lost or refused', () => {
  const commit = { graphql: /createCommitOnBranch/, times: 1 };

  it.each([['apply-then-drop'], ['apply-then-reply']] as const)('SEC-108: does not know of a commit whose answer is lost (%s), and finds it by reading', async (kind) => {
    const { double, client, head } = await withLog();
    const store = storeOn(client);
    double.fault({ when: commit, then: kind === 'apply-then-reply' ? { kind, status: 502 } : { kind } });
    expect(await store.commit(head, [write(LOG, 'log\nentry\n')])).toMatchObject({ state: 'unknown', problem: { code: 'GITHUB_UNAVAILABLE' } });
    const state = await store.read([LOG]);
    expect(Buffer.from(state.files.get(LOG) ?? []).toString()).toBe('log\nentry\n');
    expect(state.head).toBe(await double.head('audit-log'));
  });

  it('does not know whether a request that got no answer did anything', async () => {
    const { double, client, head } = await withLog();
    double.fault({ when: commit, then: { kind: 'drop-before' } });
    expect(await storeOn(client).commit(head, [write(LOG, 'log\nentry\n')])).toMatchObject({ state: 'unknown' });
    expect(await double.head('audit-log')).toBe(head);
  });

  it.each([
    ['is 202', { kind: 'reply', status: 202 }], ['is 504', { kind: 'reply', status: 504, body: '<html>' }], ['is cut off', { kind: 'truncate' }],
    ['holds no data', { kind: 'reply', status: 200, body: { data: null } }], ['holds no commit', { kind: 'reply', status: 200, body: { data: { createCommitOnBranch: { commit: null } } } }],
    ['says that something went wrong', { kind: 'reply', status: 200, body: { data: null, errors: [{ message: 'Something went wrong while executing your query.' }] } }],
  ] as const)('SEC-118: does not know of a commit whose answer %s', async (_, then) => {
    const { double, client, head } = await withLog();
    double.fault({ when: commit, then });
    expect(await storeOn(client).commit(head, [write(LOG, 'log\nentry\n')])).toMatchObject({ state: 'unknown' });
  });

  it('says when to come back after a limit', async () => {
    const { double, client, head } = await withLog();
    double.fault({ when: commit, then: { kind: 'reply', status: 403, headers: { 'retry-after': '7' }, body: { message: 'You have exceeded a secondary rate limit.' } } });
    expect(await storeOn(client).commit(head, [write(LOG, 'log\nentry\n')])).toMatchObject({ state: 'later', afterMs: 7_000, problem: { code: 'RATE_LIMITED' } });
  });

  it.each([
    ['BRANCH_PROTECTED', { type: 'BRANCH_PROTECTION_RULE_VIOLATION', message: 'Repository rule violations found' }],
    ['PERMISSION_MISSING', { type: 'FORBIDDEN', message: 'Resource not accessible by integration' }],
  ])('throws %s, after which no repeat helps', async (code, error) => {
    const { double, client, head } = await withLog();
    double.fault({ when: commit, then: { kind: 'reply', status: 200, body: { data: { createCommitOnBranch: null }, errors: [{ ...error, path: ['createCommitOnBranch'] }] } } });
    expect((await failureOf(storeOn(client).commit(head, [write(LOG, 'log\nentry\n')]))).code).toBe(code);
  });

  it.each([['apply-then-hang'], ['hang']] as const)('SEC-119: does not wait for ever (%s)', async (kind) => {
    const { double, as, head } = await withLog();
    const store = storeOn(await as(double.token(), 300));
    double.fault({ when: commit, then: { kind } });
    expect(await store.commit(head, [write(LOG, 'log\nentry\n')])).toMatchObject({ state: 'unknown', problem: { code: 'GITHUB_UNAVAILABLE' } });
    expect(await double.show('audit-log', LOG)).toBe(kind === 'hang' ? 'log\n' : 'log\nentry\n');
  });

  it('is refused by a rule of the repository, which is told', async () => {
    const { double, client, head } = await withLog();
    double.protect('audit-log');
    expect((await failureOf(storeOn(client).commit(head, [write(LOG, 'log\nentry\n')]))).code).toBe('BRANCH_PROTECTED');
    expect(await double.head('audit-log')).toBe(head);
  });

  it('names the permission that a token lacks', async () => {
    const { double, as, head } = await withLog();
    const client = await as(double.token({ contents: 'read' }));
    const error = await failureOf(storeOn(client).commit(head, [write(LOG, 'log\nentry\n')]));
    expect(error.code).toBe('PERMISSION_MISSING');
    expect(error.message).toContain('`contents: write`');
    expect(await double.head('audit-log')).toBe(head);
  });

  it('SEC-110: commits on a stale reading as on any other: GitHub says that the branch moved', async () => {
    const { double, client, head } = await withLog();
    await double.push('audit-log', { [LOG]: 'log\ntheirs\n' });
    double.fault({ when: { graphql: /query Log/, times: 1 }, then: { kind: 'stale-read' } });
    const store = storeOn(client);
    const state = await store.read([LOG]);
    expect(state.head).toBe(head);
    expect(await store.commit(state.head, [write(LOG, 'log\nours\n')])).toEqual({ state: 'moved' });
    expect(await double.show('audit-log', LOG)).toBe('log\ntheirs\n');
  });
});
