import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openGitHub, type GitHub } from '../../../src/host/github/client.ts';
import { GitHubFault } from '../../../src/host/github/fault.ts';
import { startGitHub, type Fault, type LoopbackGitHub } from '../../github/loopback.ts';

type World = Readonly<{ loopback: LoopbackGitHub; github: GitHub; main: string }>;

async function openWorld(permissions?: Parameters<LoopbackGitHub['token']>[0]): Promise<World> {
  const loopback = await startGitHub();
  onTestFinished(() => loopback.close());
  const main = await loopback.push('main', { 'src/a.ts': 'a\n', 'docs/AUDIT_RUN_LOG.md': '# Log\n' });
  return { loopback, main, github: await openClient(loopback, loopback.token(permissions)) };
}

async function openClient({ apiUrl, serverUrl }: LoopbackGitHub, token: string): Promise<GitHub> {
  const github = await openGitHub({
    apiUrl, serverUrl, graphqlUrl: `${apiUrl}/graphql`, token, owner: 'octo', name: 'widgets', env: {},
    wait: () => Promise.resolve(), random: () => 0, timeLimitMs: 800,
  });
  onTestFinished(() => github.close());
  return github;
}

async function faultIn(promise: Promise<unknown>): Promise<GitHubFault> {
  const error: unknown = await promise.then(() => undefined, (thrown: unknown) => thrown);
  if (!(error instanceof GitHubFault)) throw new Error('no fault was thrown', { cause: error });
  return error;
}

const CHECK = { status: 'completed', conclusion: 'success', completed_at: '2026-11-25T08:00:00Z', output: { title: 'pass', summary: 'fine' } };
const blobId = (bytes: Uint8Array): string => createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');

const COMMIT = {
  name: 'Writing the log', kind: 'write', permission: 'contents: write',
  text: 'mutation Commit($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid url } } }',
} as const;
const Committed = z.object({ createCommitOnBranch: z.object({ commit: z.object({ oid: z.string(), url: z.string() }) }) });

function commitOn(github: GitHub, { branch, head, text }: Readonly<{ branch: string; head: string; text: string }>): Promise<z.infer<typeof Committed>> {
  const additions = [{ path: 'docs/AUDIT_RUN_LOG.md', contents: Buffer.from(text).toString('base64') }];
  const input = { branch: { repositoryNameWithOwner: 'octo/widgets', branchName: branch }, expectedHeadOid: head, message: { headline: 'Record' }, fileChanges: { additions } };
  return github.graphql({ ...COMMIT, variables: { input } }, Committed);
}

describe('against a double that is held to the description of GitHub', () => {
  it('every call asks and is answered by it', async () => {
    const { loopback, github, main } = await openWorld();
    await loopback.push('topic', { 'src/b.ts': 'b\n', 'src/a.ts': null }, { from: 'main' });
    const pull = await loopback.openPull({ head: 'topic', base: 'main' });
    const job = loopback.job({ headSha: pull.headSha, steps: [{ name: 'Test', number: 1, status: 'completed', conclusion: 'success', started_at: null, completed_at: null }] });

    expect((await github.pullFiles(pull.number, 1)).items.map(({ filename, status }) => `${status} ${filename}`)).toEqual(expect.arrayContaining(['added src/b.ts']));
    expect(await github.compare(main, pull.headSha)).toMatchObject({ status: 'ahead', merge_base_commit: { sha: main } });
    expect(await github.job(job.id)).toMatchObject({ id: job.id, steps: [{ name: 'Test', conclusion: 'success' }] });
    expect((await github.jobs({ id: job.runId, attempt: job.attempt }, 1)).items.map(({ id }) => id)).toEqual([job.id]);

    const bytes = Buffer.from([0xff, 0x00, 0xc3, 0x0a]);
    await loopback.push('main', { 'raw.bin': bytes });
    expect(Buffer.compare(await github.blob(blobId(bytes)), bytes)).toBe(0);

    const comment = await github.createComment(pull.number, 'first');
    await github.updateComment(comment.id, 'second');
    expect((await github.comments(pull.number, 1)).items.map(({ body }) => body)).toEqual(['second']);
    await github.deleteComment(comment.id);
    expect(loopback.comments(pull.number)).toEqual([]);

    const check = await github.createCheckRun({ name: 'Audit', head_sha: pull.headSha, external_id: 'k', ...CHECK });
    await github.updateCheckRun(check.id, { ...CHECK, conclusion: 'failure' });
    expect((await github.checkRuns({ commit: pull.headSha, name: 'Audit' }, 1)).items).toMatchObject([{ id: check.id, conclusion: 'failure', external_id: 'k' }]);
    expect(loopback.violations()).toEqual([]);
  });

  it('makes a branch of its own, and commits on it', async () => {
    const { loopback, github } = await openWorld();
    const tree = await github.createTree([{ path: 'docs/AUDIT_RUN_LOG.md', content: '# Log\n' }]);
    const { sha } = await github.createCommit({ message: 'Begin', tree, parents: [] });
    await github.createBranch('audit-log', sha);
    expect(await github.branchHead('audit-log')).toBe(sha);
    const { createCommitOnBranch: { commit } } = await commitOn(github, { branch: 'audit-log', head: sha, text: '# Log\nRUN-001\n' });
    expect(await loopback.head('audit-log')).toBe(commit.oid);
    expect(await loopback.show('audit-log', 'docs/AUDIT_RUN_LOG.md')).toBe('# Log\nRUN-001\n');
    expect(await loopback.list('audit-log')).toEqual(['docs/AUDIT_RUN_LOG.md']);
    expect(loopback.violations()).toEqual([]);
  });
});

describe('refusals as GitHub words them', () => {
  it('tell a branch that others made or moved', async () => {
    const { loopback, github, main } = await openWorld();
    expect(await faultIn(github.createBranch('main', main))).toMatchObject({ code: 'LOG_CHANGED', effect: 'none', retry: { afterMs: null } });
    const moved = await loopback.push('main', { x: 'y' });
    expect(await faultIn(commitOn(github, { branch: 'main', head: main, text: 'z' }))).toMatchObject({ code: 'LOG_CHANGED', effect: 'none', graphqlType: 'STALE_DATA' });
    expect(await loopback.head('main')).toBe(moved);
  });

  it('tell a branch under rules', async () => {
    const { loopback, github, main } = await openWorld();
    loopback.protect('main');
    expect(await faultIn(commitOn(github, { branch: 'main', head: main, text: 'z' }))).toMatchObject({ code: 'BRANCH_PROTECTED', effect: 'none', retry: null });
  });

  it('tell what is not there', async () => {
    const { github } = await openWorld();
    expect((await faultIn(github.branchHead('audit-log'))).code).toBe('NOT_FOUND_ON_GITHUB');
    expect((await faultIn(github.job(1))).code).toBe('NOT_FOUND_ON_GITHUB');
  });

  it('SEC-114: tell the permission that each sink lacks', async () => {
    const { loopback, github, main } = await openWorld({ contents: 'read', 'pull-requests': 'read' });
    const pull = await loopback.openPull({ head: 'main', base: 'main' });
    const permission = async (call: Promise<unknown>): Promise<unknown> => (await faultIn(call)).permission;
    expect(await permission(github.createComment(pull.number, 'x'))).toBe('pull-requests: write');
    expect(await permission(github.createCheckRun({ name: 'Audit', head_sha: main, ...CHECK }))).toBe('checks: write');
    expect(await permission(github.createTree([{ path: 'a', content: 'b' }]))).toBe('contents: write');
    expect(await permission(commitOn(github, { branch: 'main', head: main, text: 'z' }))).toBe('contents: write');
  });

  it('SEC-113: tell a token that GitHub does not know', async () => {
    const { loopback } = await openWorld();
    const github = await openClient(loopback, 'ghs_unknownunknownunknownunknownunknown1');
    expect(await faultIn(github.branchHead('main'))).toMatchObject({ code: 'TOKEN_REFUSED', retry: null });
    expect(await faultIn(github.graphql({ ...COMMIT, variables: {} }, Committed))).toMatchObject({ code: 'TOKEN_REFUSED', effect: 'none' });
  });

  it('tell a conversation that is locked', async () => {
    const { loopback } = await openWorld();
    await loopback.push('topic', { 'src/b.ts': 'b\n' }, { from: 'main' });
    const pull = await loopback.openPull({ head: 'topic', base: 'main', locked: true });
    const github = await openClient(loopback, loopback.token({ 'pull-requests': 'write' }, { login: 'guest' }));
    expect(await faultIn(github.createComment(pull.number, 'x'))).toMatchObject({ code: 'CONVERSATION_LOCKED', effect: 'none', retry: null });
  });
});

describe('a write whose answer is lost', () => {
  const faults: readonly [string, Fault['then'], boolean][] = [
    ['dropped before it took effect', { kind: 'drop-before' }, false],
    ['dropped after it took effect', { kind: 'apply-then-drop' }, true],
    ['answered 502 after it took effect', { kind: 'apply-then-reply', status: 502 }, true],
    ['cut off', { kind: 'truncate' }, true],
    ['left hanging before it took effect', { kind: 'hang' }, false],
    ['left hanging after it took effect', { kind: 'apply-then-hang' }, true],
  ];

  it.each(faults)('SEC-108: is sent once, and may have taken effect: %s', async (_, then, applied) => {
    const { loopback, github, main } = await openWorld();
    loopback.fault({ when: { graphql: /createCommitOnBranch/ }, then });
    const before = loopback.exchanges.length;
    expect(await faultIn(commitOn(github, { branch: 'main', head: main, text: 'once\n' }))).toMatchObject({ effect: 'unknown', retry: { afterMs: null } });
    expect(loopback.exchanges.length - before).toBe(1);
    expect(await loopback.show('main', 'docs/AUDIT_RUN_LOG.md')).toBe(applied ? 'once\n' : '# Log\n');
  });

  it.each(faults)('SEC-108: is a comment that is sent once: %s', async (_, then, applied) => {
    const { loopback, github } = await openWorld();
    await loopback.push('topic', { 'src/b.ts': 'b\n' }, { from: 'main' });
    const { number } = await loopback.openPull({ head: 'topic', base: 'main' });
    loopback.fault({ when: { method: 'POST', path: /comments/ }, then });
    expect((await faultIn(github.createComment(number, 'once'))).effect).toBe('unknown');
    expect(loopback.comments(number).map(({ body }) => body)).toEqual(applied ? ['once'] : []);
  });

  it.each(faults.filter(([, { kind }]) => kind !== 'hang' && kind !== 'apply-then-hang'))('is a read that is made again: %s', async (_, then) => {
    const { loopback, github } = await openWorld();
    loopback.fault({ when: { path: /git\/ref/ }, then });
    expect(await github.branchHead('main')).toBe(await loopback.head('main'));
    expect(github.calls).toBe(2);
  });
});
