import { describe, expect, it } from 'vitest';
import { openGitHubRepository } from '../../../src/host/github/repository.ts';
import type { Repository } from '../../../src/host/ports.ts';
import { opened, type Opened } from './opened.ts';

function repositoryOf({ client }: Pick<Opened, 'client'>, commit: string, branch = 'main'): Repository {
  return openGitHubRepository({ client, run: { commit, branch, defaultBranch: 'main', base: null, pullRequest: null, trigger: 'schedule' }, snapshot: { testedTree: '2'.repeat(40), defaultHead: null, pull: null }, root: '/workspace' });
}

describe('checkout', () => {
  it('says where the run stands', async () => {
    const { client } = await opened();
    const base = { commit: '3'.repeat(40), how: 'pull-request' } as const;
    const run = { commit: '1'.repeat(40), branch: 'topic', defaultBranch: 'main', base, pullRequest: null, trigger: 'merge_group' } as const;
    const { checkout } = openGitHubRepository({ client, run, snapshot: { testedTree: '2'.repeat(40), defaultHead: null, pull: null }, root: '/workspace' });
    expect(checkout).toEqual({ root: '/workspace', commit: '1'.repeat(40), tree: '2'.repeat(40), branch: 'topic', defaultBranch: 'main', base });
  });
});

describe('the order of commits', () => {
  const following = ({ client }: Pick<Opened, 'client'>, place: Readonly<{ commit: string; head?: string; before?: string; branch?: string }>, last: string) => openGitHubRepository({
    client,
    run: { commit: place.commit, branch: place.branch ?? 'main', defaultBranch: 'main', base: place.before === undefined ? null : { commit: place.before, how: 'before-push' }, pullRequest: null, trigger: 'push' },
    snapshot: { testedTree: '2'.repeat(40), defaultHead: place.head ?? null, pull: null }, root: '/workspace',
  }).follows(last);

  it('is told by the history: after, before, beside', async () => {
    const world = await opened();
    const first = await world.double.push('main', { a: '1' });
    const beside = await world.double.push('topic', { b: '1' }, { from: 'main' });
    const second = await world.double.push('main', { a: '2' });
    expect(await following(world, { commit: second }, first)).toBe('yes');
    expect(await following(world, { commit: first }, second)).toBe('no');
    expect(await following(world, { commit: second }, beside)).toBe('no');
    expect(await following(world, { commit: second }, second)).toBe('yes');
  });

  it('is not asked for where the branch or the push shows it, also after a branch was moved back', async () => {
    const world = await opened();
    const first = await world.double.push('main', { a: '1' });
    const second = await world.double.push('main', { a: '2' });
    world.double.fault({ when: { path: /compare/, times: 99 }, then: { kind: 'reply', status: 422 } });
    expect(await following(world, { commit: first, head: first }, second)).toBe('yes');
    expect(await following(world, { commit: second, before: first }, first)).toBe('yes');
    expect(await following(world, { commit: first, head: first, branch: 'topic' }, second)).toBe('unknown');
  });

  it('is not known where GitHub does not say', async () => {
    const world = await opened();
    const first = await world.double.push('main', { a: '1' });
    const second = await world.double.push('main', { a: '2' });
    world.double.fault({ when: { path: /compare/, times: 9 }, then: { kind: 'reply', status: 422 } });
    expect(await following(world, { commit: second }, first)).toBe('unknown');
    expect(await following(world, { commit: second, head: second }, '4'.repeat(40))).toBe('yes');
  });
});

describe('ancestors', () => {
  it('knows a commit behind this one, this one, and one beside it', async () => {
    const world = await opened();
    const root = await world.double.push('main', { a: '1' });
    const beside = await world.double.push('topic', { b: '1' }, { from: 'main' });
    const commit = await world.double.push('main', { a: '2' });
    const repository = repositoryOf(world, commit);
    expect(await Promise.all([root, commit, beside].map((other) => repository.isAncestor(other)))).toEqual([true, true, false]);
  });

  it('knows none that is not in the repository, and asks for no text that is not an id', async () => {
    const world = await opened();
    const repository = repositoryOf(world, await world.double.push('main', { a: '1' }));
    expect(await repository.isAncestor('4'.repeat(40))).toBe(false);
    world.calls();
    expect(await repository.isAncestor('../../user')).toBe(false);
    expect(world.calls()).toBe(0);
  });

  it('does not say that a commit is gone because GitHub does not answer: the missing files are told', async () => {
    const world = await opened();
    const root = await world.double.push('main', { a: '1' });
    const repository = repositoryOf(world, await world.double.push('main', { a: '2' }));
    world.double.fault({ when: { path: /compare/, times: 3 }, then: { kind: 'reply', status: 503 } });
    expect(await repository.isAncestor(root)).toBe(true);
    expect((await repository.changedFiles(root, () => false)).problems).toMatchObject([{ code: 'FILES_UNKNOWN' }]);
  });

  it('has no merge base where GitHub does not tell the default branch', async () => {
    const world = await opened();
    await world.double.push('main', { a: '1' });
    const commit = await world.double.push('topic', { b: '1' }, { from: 'main' });
    world.double.fault({ when: { path: /git\/ref\//, times: 3 }, then: { kind: 'drop-before' } });
    expect(await repositoryOf(world, commit, 'topic').mergeBase()).toBeUndefined();
  });
});

describe('paths at a commit', () => {
  it('knows files of a commit, and no folders', async () => {
    const world = await opened();
    const commit = await world.double.push('main', { 'src/a.ts': '1', 'wild "}{$x.ts': '1', 'ünï/cöde.ts': '1' });
    const found = await repositoryOf(world, commit).pathsAt(commit, ['src/a.ts', 'src', 'src/b.ts', 'wild "}{$x.ts', 'ünï/cöde.ts']);
    expect([...found].sort()).toEqual(['src/a.ts', 'wild "}{$x.ts', 'ünï/cöde.ts']);
  });

  it('asks in batches of 50', async () => {
    const world = await opened();
    const paths = Array.from({ length: 120 }, (_, at) => `f${at}`);
    const commit = await world.double.push('main', Object.fromEntries(paths.filter((_, at) => at % 2 === 0).map((path) => [path, 'x'])));
    world.calls();
    expect((await repositoryOf(world, commit).pathsAt(commit, paths)).size).toBe(60);
    expect(world.calls()).toBe(3);
  });

  it('takes nothing for gone when it cannot look: all is still here, and nothing was there before', async () => {
    const world = await opened();
    const before = await world.double.push('main', { a: '1' });
    const commit = await world.double.push('main', { a: null, b: '1' });
    const repository = repositoryOf(world, commit);
    world.double.fault({ when: { graphql: /query Paths/, times: 6 }, then: { kind: 'drop-before' } });
    expect([...await repository.pathsAt(commit, ['a'])]).toEqual(['a']);
    expect([...await repository.pathsAt(before, ['a'])]).toEqual([]);
  });

  it('knows no path of a commit that is not there', async () => {
    const world = await opened();
    const repository = repositoryOf(world, await world.double.push('main', { a: '1' }));
    expect([...await repository.pathsAt('5'.repeat(40), ['a'])]).toEqual([]);
    expect([...await repository.pathsAt('main', ['a'])]).toEqual([]);
  });
});
