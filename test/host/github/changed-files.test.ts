import { describe, expect, it } from 'vitest';
import type { GitHubRun } from '../../../src/host/github/event.ts';
import { openGitHubRepository } from '../../../src/host/github/repository.ts';
import type { Repository } from '../../../src/host/ports.ts';
import type { PullNow } from '../../../src/host/github/snapshot.ts';
import type { ChangedFile } from '../../../src/model/run.ts';
import { opened, type Opened } from './opened.ts';

type Place = Partial<Pick<GitHubRun, 'commit' | 'branch' | 'defaultBranch' | 'base' | 'pullRequest' | 'trigger'>>;
const TREE = '2'.repeat(40);
const counted = (): boolean => false;

function repositoryOf({ client }: Pick<Opened, 'client'>, place: Place, pull: PullNow | null = null): Repository {
  const run = { commit: '1'.repeat(40), branch: 'main', defaultBranch: 'main', base: null, pullRequest: null, trigger: 'push', ...place } as const;
  return openGitHubRepository({ client, run, snapshot: { testedTree: TREE, defaultHead: null, pull }, root: '/workspace' });
}

const shown = (files: readonly ChangedFile[]): string[] => files.map(({ path, status, from }) => `${status} ${path}${from === undefined ? '' : ` < ${from}`}`);

type PullWorld = Opened & Readonly<{ place(more?: Partial<NonNullable<GitHubRun['pullRequest']>>): Place; now(more?: Partial<PullNow>): PullNow; base: string; head: string; number: number }>;

/** A pull request of these changes. */
async function withPull(before: Readonly<Record<string, string>>, changes: Readonly<Record<string, string | null>>): Promise<PullWorld> {
  const world = await opened();
  await world.double.push('main', { keep: 'x', ...before });
  await world.double.push('topic', changes, { from: 'main' });
  const { number, baseSha: base, headSha: head } = await world.double.openPull({ head: 'topic', base: 'main' });
  return {
    ...world, base, head, number,
    place: (more = {}) => ({
      trigger: 'pull_request', commit: head, branch: 'topic', base: { commit: base, how: 'pull-request' },
      pullRequest: { number, baseBranch: 'main', baseSha: base, headBranch: 'topic', headSha: head, fork: false, changedFiles: null, ...more },
    }),
    now: (more = {}) => ({ headSha: head, baseBranch: 'main', state: 'open', locked: false, changedFiles: Object.keys(changes).length, comments: { pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] }, ...more }),
  };
}

const many = (count: number): Record<string, string> => Object.fromEntries(Array.from({ length: count }, (_, at) => [`src/${String(at).padStart(4, '0')}.ts`, `${at}\n`]));
const LONG = 'line\n'.repeat(50);

describe('of a pull request', () => {
  it('lists what was added, changed, deleted and renamed, sorted by path', async () => {
    const world = await withPull({ 'b.ts': 'b\n', 'old.ts': LONG, 'c.ts': 'c\n' }, { 'a.ts': 'a\n', 'b.ts': 'B\n', 'c.ts': null, 'old.ts': null, 'new.ts': LONG });
    const { files, problems } = await repositoryOf(world, world.place(), world.now({ changedFiles: 4 })).changedFiles(world.base, counted);
    expect(shown(files)).toEqual(['added a.ts', 'modified b.ts', 'deleted c.ts', 'renamed new.ts < old.ts']);
    expect(files.every(({ uncommitted }) => !uncommitted)).toBe(true);
    expect(problems).toEqual([]);
  });

  it('reads all pages', async () => {
    const world = await withPull({}, many(250));
    world.calls();
    const { files, problems } = await repositoryOf(world, world.place(), world.now()).changedFiles(world.base, counted);
    expect([files.length, problems, world.calls()]).toEqual([250, [], 3]);
    expect(files.map(({ path }) => path)).toEqual(Object.keys(many(250)));
  });

  it('is asked for before anybody waits for it, and once', async () => {
    const world = await withPull({}, { 'a.ts': 'a\n' });
    const repository = repositoryOf(world, world.place(), world.now());
    await repository.changedFiles(world.base, counted);
    world.calls();
    await repository.changedFiles(world.base, counted);
    expect(world.calls()).toBe(0);
  });

  it('tells which part is missing when a later page fails', async () => {
    const world = await withPull({}, many(250));
    world.double.fault({ when: { path: /pulls\/\d+\/files.*[?&]page=2\b/, times: 3 }, then: { kind: 'reply', status: 500 } });
    const { files, problems } = await repositoryOf(world, world.place(), world.now()).changedFiles(world.base, counted);
    expect(files).toHaveLength(100);
    expect(problems).toMatchObject([{ code: 'FILES_UNKNOWN', message: expect.stringContaining('Only 100 of the files of pull request') }]);
  });

  it('tells that rows are missing by the number that GitHub states', async () => {
    const world = await withPull({}, { 'a.ts': 'a\n' });
    const { problems } = await repositoryOf(world, world.place(), world.now({ changedFiles: 4_000 })).changedFiles(world.base, counted);
    expect(problems).toMatchObject([{ code: 'FILES_CUT', message: expect.stringContaining('GitHub lists 1 of 4000') }]);
  });

  it('takes the number from the event where the pull request cannot be read', async () => {
    const world = await withPull({}, { 'a.ts': 'a\n' });
    const { problems } = await repositoryOf(world, world.place({ changedFiles: 2 })).changedFiles(world.base, counted);
    expect(problems).toMatchObject([{ code: 'FILES_CUT' }]);
  });

  it('stops at 3,000 and tells', async () => {
    const world = await withPull({}, { 'a.ts': 'a\n' });
    const row = (at: number): unknown => ({ sha: null, filename: `f${at}`, status: 'added', additions: 0, deletions: 0, changes: 0, blob_url: 'https://x/b', raw_url: 'https://x/r', contents_url: 'https://x/c' });
    for (let page = 1; page <= 31; page += 1) {
      world.double.fault({ when: { path: new RegExp(`pulls/\\d+/files.*[?&]page=${page}\\b`) }, then: { kind: 'reply', status: 200, headers: { link: `<${world.double.apiUrl}/x?page=9>; rel="next"` }, body: Array.from({ length: 100 }, (_, at) => row(page * 100 + at)) } });
    }
    world.calls();
    const { files, problems } = await repositoryOf(world, world.place(), world.now({ changedFiles: 3_100 })).changedFiles(world.base, counted);
    expect([files.length, world.calls()]).toEqual([3_000, 30]);
    expect(problems).toMatchObject([{ code: 'FILES_CUT', message: expect.stringContaining('of 3100') }]);
  });

  it('compares the commits of the event when the pull request has moved on, and tells', async () => {
    const world = await withPull({}, { 'a.ts': 'a\n' });
    const newer = await world.double.push('topic', { 'later.ts': 'l\n' });
    await world.double.updatePull(world.number);
    const { files, problems } = await repositoryOf(world, world.place(), world.now({ headSha: newer, changedFiles: 2 })).changedFiles(world.base, counted);
    expect(shown(files)).toEqual(['added a.ts']);
    expect(problems).toMatchObject([{ code: 'SUPERSEDED' }]);
  });

  it('compares the commits where the token may not read pull requests', async () => {
    const world = await withPull({}, { 'a.ts': 'a\n' });
    const client = await world.as(world.double.token({ contents: 'read' }));
    const { files, problems } = await repositoryOf({ client }, world.place()).changedFiles(world.base, counted);
    expect([shown(files), problems]).toEqual([['added a.ts'], []]);
  });

  it('knows no files where GitHub answers neither way, and tells', async () => {
    const world = await withPull({}, { 'a.ts': 'a\n' });
    world.double.fault({ when: { path: /\/(?:files|compare)/, times: 6 }, then: { kind: 'drop-before' } });
    const { files, problems } = await repositoryOf(world, world.place(), world.now()).changedFiles(world.base, counted);
    expect(files).toEqual([]);
    expect(problems).toMatchObject([{ code: 'FILES_UNKNOWN', message: expect.stringContaining('None of the files') }]);
  });

  it('leaves out the log and its data, and keeps what a rename across that line does', async () => {
    const world = await withPull({ 'src/in.ts': LONG, 'docs/audit/out.ts': `${LONG}2\n` }, {
      'docs/audit/x.json': '{}', 'src/in.ts': null, 'docs/audit/in.ts': LONG, 'docs/audit/out.ts': null, 'src/out.ts': `${LONG}2\n`,
    });
    const { files } = await repositoryOf(world, world.place(), world.now({ changedFiles: 3 })).changedFiles(world.base, (path) => path.startsWith('docs/audit/'));
    expect(shown(files)).toEqual(['deleted src/in.ts', 'added src/out.ts']);
  });

  it.each([
    ['copied', 'added a.ts'], ['changed', 'modified a.ts'], ['something-new', 'modified a.ts'], ['renamed', 'added a.ts'],
  ])('takes a file that is %s for %s', async (status, expected) => {
    const world = await withPull({}, { 'a.ts': 'a\n' });
    const run = { ...world.place(), commit: world.head, branch: 'topic', base: { commit: world.base, how: 'pull-request' }, pullRequest: world.place().pullRequest ?? null, trigger: 'pull_request' } as const;
    const client = { ...world.client, pullFiles: () => Promise.resolve({ items: [{ filename: 'a.ts', status }, { filename: 'same.ts', status: 'unchanged' }], hasNext: false }) };
    const repository = openGitHubRepository({ client, run: { ...run, defaultBranch: 'main' }, snapshot: { testedTree: TREE, defaultHead: null, pull: world.now() }, root: '/' });
    expect(shown((await repository.changedFiles(world.base, counted)).files)).toEqual([expected]);
  });
});

describe('of a push', () => {
  it('compares with the commit before', async () => {
    const world = await opened();
    const before = await world.double.push('main', { a: '1', b: '1' });
    const commit = await world.double.push('main', { a: '2', b: null, c: '3' });
    const { files, problems } = await repositoryOf(world, { commit, base: { commit: before, how: 'before-push' } }).changedFiles(before, counted);
    expect([shown(files), problems]).toEqual([['modified a', 'deleted b', 'added c'], []]);
  });

  it('tells that a comparison lists 300 files at most', async () => {
    const world = await opened();
    const before = await world.double.push('main', { a: '1' });
    const commit = await world.double.push('main', many(350));
    const { files, problems } = await repositoryOf(world, { commit, base: { commit: before, how: 'before-push' } }).changedFiles(before, counted);
    expect(files).toHaveLength(300);
    expect(problems).toMatchObject([{ code: 'FILES_CUT' }]);
  });

  it('counts from the merge base when history was rewritten, and tells', async () => {
    const world = await opened();
    const root = await world.double.push('main', { a: '1' });
    const before = await world.double.push('left', { b: '1' }, { from: 'main' });
    const commit = await world.double.push('main', { c: '1' });
    const { files, problems } = await repositoryOf(world, { commit, base: { commit: before, how: 'before-push' } }).changedFiles(before, counted);
    expect(shown(files)).toEqual(['added c']);
    expect(problems).toMatchObject([{ code: 'FILES_UNKNOWN', message: expect.stringContaining(root.slice(0, 7)) }]);
  });

  it('tells that the commit before is not there', async () => {
    const world = await opened();
    const commit = await world.double.push('main', { a: '1' });
    const gone = '3'.repeat(40);
    const { files, problems } = await repositoryOf(world, { commit, base: { commit: gone, how: 'before-push' } }).changedFiles(gone, counted);
    expect(files).toEqual([]);
    expect(problems).toMatchObject([{ code: 'FILES_UNKNOWN', message: expect.stringContaining('What changed from 3333333') }]);
  });

  it('counts a new branch from where it left the default branch', async () => {
    const world = await opened();
    const root = await world.double.push('main', { a: '1' });
    const commit = await world.double.push('topic', { b: '1' }, { from: 'main' });
    await world.double.push('main', { c: '1' });
    const repository = repositoryOf(world, { commit, branch: 'topic' });
    expect(await repository.mergeBase()).toBe(root);
    const before = world.double.exchanges.length;
    expect(shown((await repository.changedFiles(root, counted)).files)).toEqual(['added b']);
    expect(world.double.exchanges.length).toBe(before);
  });
});

describe('of other events', () => {
  it('counts a schedule from the last recorded commit, with one comparison', async () => {
    const world = await opened();
    const last = await world.double.push('main', { a: '1' });
    const commit = await world.double.push('main', { b: '1' });
    const repository = repositoryOf(world, { commit, trigger: 'schedule' });
    world.calls();
    expect(await repository.isAncestor(last)).toBe(true);
    expect(shown((await repository.changedFiles(last, counted)).files)).toEqual(['added b']);
    expect(world.calls()).toBe(1);
  });

  it('asks for nothing where nothing was committed since', async () => {
    const world = await opened();
    const commit = await world.double.push('main', { a: '1' });
    world.calls();
    expect(await repositoryOf(world, { commit, trigger: 'schedule' }).changedFiles(commit, counted)).toEqual({ files: [], problems: [] });
    expect(world.calls()).toBe(0);
  });

  it('has nothing to count from on the default branch without a record, and tells', async () => {
    const world = await opened();
    const repository = repositoryOf(world, { commit: await world.double.push('main', { a: '1' }), trigger: 'workflow_dispatch' });
    expect(await repository.mergeBase()).toBeUndefined();
    const { files, problems } = await repository.changedFiles(undefined, counted);
    expect(files).toEqual([]);
    expect(problems).toMatchObject([{ code: 'NO_START', message: expect.stringContaining('no files touched are listed') }]);
  });

  it('compares a merge group with the commit that it is built on', async () => {
    const world = await opened();
    const base = await world.double.push('main', { a: '1' });
    const commit = await world.double.push('gh-readonly-queue/main/pr-1', { b: '1' }, { from: 'main' });
    const { files } = await repositoryOf(world, { commit, trigger: 'merge_group', base: { commit: base, how: 'merge-group' } }).changedFiles(base, counted);
    expect(shown(files)).toEqual(['added b']);
  });
});
