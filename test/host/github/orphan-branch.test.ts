import { describe, expect, it } from 'vitest';
import type { GitHub } from '../../../src/host/github/client.ts';
import { gitHubLogStore } from '../../../src/host/github/log-store.ts';
import type { FileWrite } from '../../../src/host/ports.ts';
import { failureOf } from './failure.ts';
import { namedCommits, type NamedStore } from '../named-commits.ts';
import { bytesAt, messagesOf, opened, plant, type Opened } from './opened.ts';

const LOG = 'docs/AUDIT_RUN_LOG.md';
const TEMPLATE = '# Run log\r\n\r\nbegun\r\n';
const ENTRY = [{ path: LOG, bytes: Buffer.from('log\nentry\n') }, { path: 'docs/audit/runs/2026/11/RUN-001.json', bytes: Buffer.from('{}'), once: true as const }] satisfies FileWrite[];

function storeOn(client: GitHub): NamedStore {
  return namedCommits(gitHubLogStore({ client, logBranch: 'audit-log', logPath: LOG, seed: Buffer.from(TEMPLATE) }), 'Record RUN-001');
}

async function withoutLog(files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<Opened & Readonly<{ store: NamedStore }>> {
  const world = await opened();
  await world.double.push('main', { 'src/a.ts': 'code\n', ...files });
  return { ...world, store: storeOn(world.client) };
}

describe('a branch that is not there', () => {
  it('reads as the template, and reading makes nothing', async () => {
    const { double, store } = await withoutLog();
    const { head, files } = await store.read([LOG, 'docs/audit/x.json']);
    expect([head, [...files.keys()]]).toEqual(['absent', [LOG]]);
    expect(Buffer.from(files.get(LOG) ?? []).toString()).toBe(TEMPLATE);
    expect(await double.head('audit-log')).toBeUndefined();
  });

  it.each([
    ['text', Buffer.from('# Ours\n\nolder entries\n')],
    ['a byte order mark, CRLF and bytes that are not UTF-8', Buffer.from([0xef, 0xbb, 0xbf, 0x23, 0x0d, 0x0a, 0xe9, 0xff])],
    ['more than the text of an answer holds', Buffer.from('line\n'.repeat(120_000))],
  ])('reads as the log of the default branch: %s', async (_, bytes) => {
    const { double, store } = await withoutLog({ [LOG]: bytes });
    const { head, files } = await store.read([LOG]);
    expect([head, Buffer.compare(files.get(LOG) ?? Buffer.from('absent'), bytes)]).toEqual(['absent', 0]);
    expect(await store.commit(head, ENTRY)).toMatchObject({ state: 'committed' });
    expect(await bytesAt(double, 'audit-log~1', LOG)).toEqual(bytes);
  });

  it('is made as an orphan that holds the log only, and the entry follows in its own commit', async () => {
    const { double, store } = await withoutLog();
    const { head } = await store.read([LOG]);
    expect(await store.commit(head, ENTRY)).toMatchObject({ state: 'committed', id: await double.head('audit-log') });
    expect(await messagesOf(double, 'audit-log')).toEqual(['Record RUN-001', 'Begin the run log']);
    expect(await double.list('audit-log~1')).toEqual([LOG]);
    expect(await double.show('audit-log~1', LOG)).toBe(TEMPLATE);
    expect(await double.list('audit-log')).toEqual([LOG, 'docs/audit/runs/2026/11/RUN-001.json']);
    expect(await double.show('audit-log', LOG)).toBe('log\nentry\n');
    expect(await double.list('main')).toEqual(['src/a.ts']);
  });

  it('costs one reading and four writes', async () => {
    const { store, calls } = await withoutLog();
    calls();
    await store.commit((await store.read([LOG])).head, ENTRY);
    expect(calls()).toBe(5);
  });

  it('is the other one when somebody makes it meanwhile', async () => {
    const { double, store } = await withoutLog();
    const { head } = await store.read([LOG]);
    const theirs = await double.push('audit-log', { [LOG]: 'theirs\n' });
    expect(await store.commit(head, ENTRY)).toEqual({ state: 'moved' });
    expect(await double.head('audit-log')).toBe(theirs);
    expect(Buffer.from((await store.read([LOG])).files.get(LOG) ?? []).toString()).toBe('theirs\n');
  });

  it('is the other one when somebody makes it between its commit and its ref', async () => {
    const { double, store } = await withoutLog();
    double.fault({ when: { method: 'POST', path: /git\/refs$/, times: 1 }, then: { kind: 'do', run: async () => void await double.push('audit-log', { [LOG]: 'theirs\n' }) } });
    expect(await store.commit((await store.read([LOG])).head, ENTRY)).toEqual({ state: 'moved' });
    expect(await double.show('audit-log', LOG)).toBe('theirs\n');
  });

  it('says that the log moved when somebody writes between the first commit and the entry', async () => {
    const { double, store } = await withoutLog();
    double.fault({ when: { graphql: /createCommitOnBranch/, times: 1 }, then: { kind: 'do', run: async () => void await double.push('audit-log', { 'docs/other.md': 'theirs\n' }) } });
    expect(await store.commit((await store.read([LOG])).head, ENTRY)).toEqual({ state: 'moved' });
    expect(await double.show('audit-log', LOG)).toBe(TEMPLATE);
    expect(await double.show('audit-log', 'docs/other.md')).toBe('theirs\n');
  });

  it.each([
    ['the tree', /git\/trees$/], ['the commit', /git\/commits$/], ['the ref', /git\/refs$/],
  ])('comes with the next try when the answer about %s is lost, and holds the entry once', async (_, path) => {
    const { double, store } = await withoutLog();
    double.fault({ when: { method: 'POST', path, times: 1 }, then: { kind: 'apply-then-drop' } });
    expect(await store.commit((await store.read([LOG])).head, ENTRY)).toMatchObject({ state: 'later', problem: { code: 'GITHUB_UNAVAILABLE' } });
    expect(await store.commit((await store.read([LOG])).head, ENTRY)).toMatchObject({ state: 'committed' });
    expect(await messagesOf(double, 'audit-log')).toEqual(['Record RUN-001', 'Begin the run log']);
  });

  it('does not begin with what is no regular file', async () => {
    const { double, store } = await withoutLog();
    await plant(double, 'main', [{ path: LOG, mode: '120000', content: '/etc/passwd' }]);
    const error = await failureOf(store.read([LOG]));
    expect([error.code, error.path]).toEqual(['LOG_NOT_REGULAR', LOG]);
    expect(await double.head('audit-log')).toBeUndefined();
  });

  it('names the permission that a token lacks, and makes nothing', async () => {
    const { double, as } = await withoutLog();
    const store = storeOn(await as(double.token({ contents: 'read' })));
    const error = await failureOf(store.read([LOG]).then(({ head }) => store.commit(head, ENTRY)));
    expect(error.code).toBe('PERMISSION_MISSING');
    expect(error.message).toContain('`contents: write`');
    expect(await double.head('audit-log')).toBeUndefined();
  });

  it('cannot be made in a repository without a commit', async () => {
    const { client } = await opened();
    const store = storeOn(client);
    const { head } = await store.read([LOG]);
    expect(head).toBe('absent');
    expect((await failureOf(store.commit(head, ENTRY))).code).toBe('NO_COMMITS');
  });

  it('is not made for more than GitHub takes', async () => {
    const { double, store } = await withoutLog();
    const { head } = await store.read([LOG]);
    expect((await failureOf(store.commit(head, [{ path: LOG, bytes: Buffer.alloc(29 * 1024 * 1024) }]))).code).toBe('CHANGE_TOO_LARGE');
    expect(await double.head('audit-log')).toBeUndefined();
  });
});
