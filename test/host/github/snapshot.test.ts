import { describe, expect, it } from 'vitest';
import { gitHubLogStore } from '../../../src/host/github/log-store.ts';
import { readSnapshot, type Snapshot, type SnapshotWant } from '../../../src/host/github/snapshot.ts';
import type { GitHubRun } from '../../../src/host/github/event.ts';
import { failureOf } from './failure.ts';
import { opened, plant, type Opened } from './opened.ts';

const LOG = 'docs/AUDIT_RUN_LOG.md';
const CONFIG = '.github/audit-run-log.yml';
const WORKFLOW = '.github/workflows/ci.yml';

type Started = Opened & Readonly<{ base: string; read(more?: Partial<SnapshotWant>, pull?: number): Promise<Snapshot> }>;

async function started(files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<Started> {
  const world = await opened();
  const base = await world.double.push('main', { a: 'x', [CONFIG]: 'name: Audit\n', [WORKFLOW]: 'on: push\n', ...files });
  const read = (more: Partial<SnapshotWant> = {}, pull?: number): Promise<Snapshot> => {
    const pullRequest = pull === undefined ? null : ({ number: pull, baseBranch: 'main', baseSha: base, headBranch: 'topic', headSha: base, fork: false, changedFiles: null } satisfies GitHubRun['pullRequest']);
    return readSnapshot(world.client, { tested: base, pullRequest }, {
      log: { branch: 'audit-log', logPath: LOG, files: [LOG] }, config: { commit: base, path: CONFIG }, workflow: { commit: base, path: WORKFLOW }, ...more,
    });
  };
  return { ...world, base, read };
}

describe('one query', () => {
  it('tells log, configuration, workflow, tree and pull request', async () => {
    const { double, base, read, calls } = await started();
    await double.push('audit-log', { [LOG]: 'log\n' });
    const head = await double.push('topic', { b: 'y' }, { from: 'main' });
    const { number } = await double.openPull({ head: 'topic', base: 'main' });
    double.addComment(number, 'hello', 'mona');
    calls();
    const snapshot = await read({}, number);
    expect(calls()).toBe(1);
    expect(snapshot).toMatchObject({
      config: 'name: Audit\n', workflow: 'on: push\n', defaultHead: base, problems: [],
      pull: { headSha: head, baseBranch: 'main', state: 'open', locked: false, changedFiles: 1, comments: { nodes: [{ body: 'hello', viewerDidAuthor: false }] } },
    });
    expect(snapshot.testedTree).toMatch(/^[0-9a-f]{40}$/);
    expect(snapshot.testedTree).not.toBe(base);
    expect(snapshot.log.found?.commit).toBe(await double.head('audit-log'));
  });

  it('asks for no pull request where there is none', async () => {
    const { read } = await started();
    expect(await read()).toMatchObject({ pull: null, problems: [] });
  });

  it('tells apart a file that is absent from one that is empty', async () => {
    const { base, read } = await started({ 'empty.yml': '' });
    expect((await read({ config: { commit: base, path: 'none.yml' } })).config).toBeNull();
    expect((await read({ config: { commit: base, path: 'empty.yml' } })).config).toBe('');
  });

  it('reads the configuration at the commit that was named, not where the branch is now', async () => {
    const { double, read } = await started();
    await double.push('main', { [CONFIG]: 'name: Changed\n' });
    expect((await read()).config).toBe('name: Audit\n');
  });

  it('reads a configuration that is too long for the text of an answer', async () => {
    const text = `# ${'x'.repeat(600_000)}\nname: Audit\n`;
    const { read } = await started({ [CONFIG]: text });
    expect((await read()).config).toBe(text);
  });

  it.each([
    ['is not UTF-8', Buffer.from([0x61, 0xff])], ['is over a megabyte', Buffer.alloc(1_000_001, 0x61)],
  ])('refuses a configuration that %s', async (_, bytes) => {
    const { read } = await started({ [CONFIG]: bytes });
    const error = await failureOf(read());
    expect([error.code, error.exitCode]).toEqual(['CONFIG_UNREADABLE', 2]);
  });

  it('follows no link to a configuration', async () => {
    const { double, read } = await started();
    const linked = await plant(double, 'linked', [{ path: CONFIG, mode: '120000', content: '../secret' }]);
    expect((await failureOf(read({ config: { commit: linked, path: CONFIG } }))).message).toContain('it is a symbolic link');
  });

  it('takes a base commit that is not there for no missing configuration', async () => {
    const { read } = await started();
    expect((await failureOf(read({ config: { commit: '1'.repeat(40), path: CONFIG } }))).code).toBe('CONFIG_UNREADABLE');
  });

  it('goes on without a workflow file that cannot be read, and tells', async () => {
    const { read } = await started({ [WORKFLOW]: Buffer.from([0xff]) });
    expect(await read()).toMatchObject({ workflow: null, config: 'name: Audit\n', problems: [{ code: 'WORKFLOW_UNREADABLE', path: WORKFLOW }] });
  });

  it('goes on without a pull request that the token may not see, and names the permission', async () => {
    const { double, base, as } = await started();
    await double.push('topic', { b: 'y' }, { from: 'main' });
    const { number } = await double.openPull({ head: 'topic', base: 'main' });
    const client = await as(double.token({ contents: 'read' }));
    const pullRequest = { number, baseBranch: 'main', baseSha: base, headBranch: 'topic', headSha: base, fork: false, changedFiles: null };
    const snapshot = await readSnapshot(client, { tested: base, pullRequest }, { log: { branch: 'audit-log', logPath: LOG, files: [LOG] }, config: { commit: base, path: CONFIG }, workflow: null });
    expect(snapshot).toMatchObject({ pull: null, config: 'name: Audit\n', problems: [{ code: 'PERMISSION_MISSING' }] });
  });

  it('names the permission without which nothing can be read', async () => {
    const { double, base, as } = await started();
    const client = await as(double.token({ 'pull-requests': 'write' }));
    const error = await failureOf(readSnapshot(client, { tested: base, pullRequest: null }, { log: { branch: 'audit-log', logPath: LOG, files: [LOG] }, config: null, workflow: null }));
    expect(error.code).toBe('PERMISSION_MISSING');
    expect(error.message).toContain('`contents: read`');
  });

  it('goes on without a pull request that is not there', async () => {
    const { read } = await started();
    expect(await read({}, 99)).toMatchObject({ pull: null, config: 'name: Audit\n', problems: [{ code: 'NOT_FOUND_ON_GITHUB' }] });
  });

  it('leaves a log that may not be read to whoever reads it', async () => {
    const { double, client, read } = await started();
    await plant(double, 'audit-log', [{ path: LOG, mode: '120000', content: 'x' }]);
    const { log } = await read();
    const store = gitHubLogStore({ client, logBranch: 'audit-log', logPath: LOG, seed: Buffer.from(''), first: log });
    expect((await failureOf(store.read([LOG]))).code).toBe('LOG_NOT_REGULAR');
  });

  it('is tried for longer than other reads: through faults of GitHub, and a limit of which nobody says when it ends', async () => {
    const { double, read } = await started();
    double.fault({ when: { graphql: /query Snapshot/, times: 6 }, then: { kind: 'reply', status: 503 } });
    double.fault({ when: { graphql: /query Snapshot/, times: 1 }, then: { kind: 'reply', status: 403, body: { message: 'You have exceeded a secondary rate limit.' } } });
    expect((await read()).config).toBe('name: Audit\n');
  });

  it('SEC-117: is not waited for past ten minutes', async () => {
    const { double, read, calls } = await started();
    double.fault({ when: { graphql: /query Snapshot/, times: 1 }, then: { kind: 'reply', status: 429, headers: { 'retry-after': '601' } } });
    calls();
    expect((await failureOf(read())).code).toBe('RATE_LIMITED');
    expect(calls()).toBe(1);
  });

  it('fails as a whole when GitHub does, and says that a repeat may help', async () => {
    const { double, read } = await started();
    double.fault({ when: { graphql: /query Snapshot/, times: 12 }, then: { kind: 'reply', status: 502 } });
    const error = await failureOf(read());
    expect([error.code, error.retry]).toEqual(['GITHUB_UNAVAILABLE', { afterMs: null }]);
  });

  it('is read again when an answer is cut off', async () => {
    const { double, read } = await started();
    double.fault({ when: { graphql: /query Snapshot/, times: 1 }, then: { kind: 'truncate' } });
    expect((await read()).config).toBe('name: Audit\n');
  });
});
