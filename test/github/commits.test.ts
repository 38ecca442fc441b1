import { describe, expect, it } from 'vitest';
import { asked, COMMIT, commitVariables, errorType, type Asked, type CommitWant } from './asking.ts';

type World = Asked & Readonly<{ head: string; commit(want: Omit<CommitWant, 'branch' | 'head'>): Promise<Readonly<Record<string, unknown>>>; modes(): Promise<readonly string[]> }>;

async function world(): Promise<World> {
  const opened = await asked({ now: () => new Date('2026-01-05T10:00:00Z') });
  const { github } = opened;
  await github.push('main', { 'tool.sh': '#!/bin/sh\n', 'a.txt': 'a\n', link: { link: 'a.txt' } });
  const made = await github.git('ls-tree', 'main');
  const tool = /blob (\w+)\ttool.sh/.exec(made)?.[1] ?? '';
  const { rest } = opened;
  const tree = await rest('POST /git/trees', { base_tree: await github.head('main'), tree: [{ path: 'tool.sh', mode: '100755', type: 'blob', sha: tool }] });
  const next = await rest('POST /git/commits', { message: 'Executable', tree: (tree.body as { sha: string }).sha, parents: [await github.head('main')] });
  const head = (next.body as { sha: string }).sha;
  await rest('POST /git/refs', { ref: 'refs/heads/work', sha: head });
  return {
    ...opened, head,
    commit: async (want) => (await opened.graphql(COMMIT, commitVariables(github, { branch: 'work', head, ...want }))).body as Readonly<Record<string, unknown>>,
    modes: async () => (await github.git('ls-tree', '-r', 'work')).trim().split('\n').map((line) => line.replace(/^(\d+) .*\t/, '$1 ')),
  };
}

describe('createCommitOnBranch', () => {
  it('adds and removes in one commit on the head that was expected', async () => {
    const { github, head, commit, modes } = await world();
    const body = await commit({ add: { 'docs/new.md': 'new\n' }, remove: ['a.txt'], headline: 'Record' });
    const oid = await github.head('work');
    expect(body).toEqual({ data: { createCommitOnBranch: { commit: { oid, url: `${github.serverUrl}/octo/widgets/commit/${oid}` } } } });
    expect((await github.git('log', '-1', '--format=%P %s %an %aI', 'work')).trim()).toBe(`${head} Record github-actions[bot] 2026-01-05T10:00:00+00:00`);
    expect(await modes()).toEqual(['100644 docs/new.md', '120000 link', '100755 tool.sh']);
  });

  it('keeps the mode of a file, gives a new one none, and puts a file in the place of a link', async () => {
    const { commit, modes, github } = await world();
    await commit({ add: { 'tool.sh': 'changed\n', 'new.sh': '#!/bin/sh\n', link: 'no link\n' } });
    expect(await modes()).toEqual(['100644 a.txt', '100644 link', '100644 new.sh', '100755 tool.sh']);
    expect(await github.show('work', 'a.txt')).toBe('a\n');
  });

  it('holds bytes of any kind', async () => {
    const { commit, github } = await world();
    const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
    await commit({ add: { bin: bytes } });
    expect(await github.bytes('work', 'bin')).toEqual(Buffer.from(bytes));
  });

  it.each<[string, Omit<CommitWant, 'branch' | 'head'>, RegExp]>([
    ['removes what is not there', { add: { ok: 'x' }, remove: ['none.txt'] }, /^A path was requested for deletion which does not exist as of commit oid `[0-9a-f]{40}`$/],
    ['names a path twice', { add: { 'a.txt': 'x' }, remove: ['a.txt'] }, /unique/],
    ['climbs', { add: { '../x': 'x' } }, /invalid: \.\.\/x/],
    ['begins with a slash', { add: { '/x': 'x' } }, /invalid/],
    ["is git's own", { add: { 'docs/.GIT/config': 'x' } }, /invalid/],
  ])('writes nothing of a change that %s', async (_, want, message) => {
    const { github, head, commit } = await world();
    expect(await commit(want)).toMatchObject({ data: { createCommitOnBranch: null }, errors: [{ type: 'UNPROCESSABLE', message: expect.stringMatching(message) as string }] });
    expect(await github.head('work')).toBe(head);
  });

  it('makes no branch, and moves none that a rule protects', async () => {
    const { github, graphql, head } = await world();
    expect(await graphql(COMMIT, commitVariables(github, { branch: 'none', head, add: { x: 'x' } }))).toMatchObject({ body: { errors: [{ type: 'NOT_FOUND', message: 'Branch not found' }] } });
    github.protect('work');
    const told = await graphql(COMMIT, commitVariables(github, { branch: 'work', head, add: { x: 'x' } }));
    expect(told).toMatchObject({ body: { errors: [{ message: expect.stringContaining('Repository rule violations found') as string }] } });
    expect(await github.head('work')).toBe(head);
  });

  it('refuses a change that is too large as a whole', async () => {
    const { github, graphql } = await asked({ limits: { commitBytes: 100 } });
    const head = await github.push('work', { a: 'a' });
    expect(errorType(await graphql(COMMIT, commitVariables(github, { branch: 'work', head, add: { x: 'x'.repeat(50), y: 'y'.repeat(50) } })))).toBe('UNPROCESSABLE');
    expect(await github.head('work')).toBe(head);
  });
});

describe('git data over REST', () => {
  it('makes a root commit that GitHub signs for an app, unless it names an author', async () => {
    const { github, as, rest } = await world();
    const tree = (await rest('POST /git/trees', { tree: [{ path: 'docs/LOG.md', mode: '100644', type: 'blob', content: 'log\n' }] })).body as { sha: string };
    expect(tree).toMatchObject({ tree: [{ path: 'docs', mode: '040000', type: 'tree' }] });
    const wanted = { message: 'Begin', tree: tree.sha, parents: [] };
    expect(await rest('POST /git/commits', wanted)).toMatchObject({ status: 201, body: { parents: [], verification: { verified: true, reason: 'valid' }, author: { date: '2026-01-05T10:00:00Z' } } });
    expect(await rest('POST /git/commits', { ...wanted, author: { name: 'Mona', email: 'mona@example.org' } })).toMatchObject({ body: { verification: { verified: false, reason: 'unsigned' }, author: { name: 'Mona' } } });
    expect(await as(github.token(undefined, { login: 'mona' })).rest('POST /git/commits', wanted)).toMatchObject({ body: { verification: { verified: false } } });
  });

  it.each<[string, string, unknown, string]>([
    ['an empty tree', '/git/trees', { tree: [] }, 'Invalid tree info'],
    ['a path that climbs', '/git/trees', { tree: [{ path: '../x', mode: '100644', type: 'blob', content: 'x' }] }, 'tree.path contains a malformed path component'],
    ['a blob that is not there', '/git/trees', { tree: [{ path: 'x', mode: '100644', type: 'blob', sha: '1'.repeat(40) }] }, `tree.sha ${'1'.repeat(40)} is not a valid blob`],
    ['a tree that is not there', '/git/commits', { message: 'x', tree: '1'.repeat(40) }, 'Tree SHA does not exist'],
    ['a branch on no commit', '/git/refs', { ref: 'refs/heads/x', sha: '1'.repeat(40) }, 'Object does not exist'],
    ['a branch with a name that git refuses', '/git/refs', { ref: 'refs/heads/a..b', sha: '1'.repeat(40) }, 'refs/heads/a..b is not a valid ref name.'],
  ])('refuses %s', async (_, path, body, message) => {
    const { rest } = await world();
    expect(await rest(`POST ${path}`, body)).toMatchObject({ status: 422, body: { message } });
  });

  it('gives a blob as bytes, or in base64', async () => {
    const { github, octokit, rest } = await world();
    const sha = (await github.git('rev-parse', 'work:a.txt')).trim();
    expect((await rest(`GET /git/blobs/${sha}`)).body).toMatchObject({ content: 'YQo=', encoding: 'base64', size: 2 });
    expect((await octokit.rest.git.getBlob({ owner: 'octo', repo: 'widgets', file_sha: sha, mediaType: { format: 'raw' } })).headers['content-type']).toBe('application/vnd.github.raw+json; charset=utf-8');
    expect((await rest(`GET /git/blobs/${'1'.repeat(40)}`)).status).toBe(404);
  });
});

describe('writing one file', () => {
  const content = Buffer.from('text\n').toString('base64');

  it('is the only way into an empty repository', async () => {
    const { github, rest } = await asked();
    for (const route of ['GET /git/ref/heads/main', 'POST /git/trees', 'POST /git/commits', 'POST /git/refs']) {
      const body = { tree: route.endsWith('trees') ? [] : 'x', message: 'x', ref: 'refs/heads/x', sha: 'x' };
      expect(await rest(route, route.startsWith('GET') ? undefined : body), route).toMatchObject({ status: 409, body: { message: 'Git Repository is empty.' } });
    }
    expect(await rest('PUT /contents/docs/LOG.md', { message: 'Begin', content })).toMatchObject({ status: 201, body: { content: { path: 'docs/LOG.md', size: 5 }, commit: { parents: [], verification: { verified: true } } } });
    expect(await github.show('main', 'docs/LOG.md')).toBe('text\n');
  });

  it('is guarded by the blob that it replaces', async () => {
    const { github, rest } = await world();
    const sha = (await github.git('rev-parse', 'work:a.txt')).trim();
    expect(await rest('PUT /contents/a.txt', { message: 'x', content, branch: 'work' })).toMatchObject({ status: 422, body: { message: expect.stringContaining('"sha" wasn\'t supplied.') as string } });
    expect(await rest('PUT /contents/a.txt', { message: 'x', content, branch: 'work', sha: '1'.repeat(40) })).toMatchObject({ status: 409, body: { message: `a.txt does not match ${'1'.repeat(40)}` } });
    expect((await rest('PUT /contents/a.txt', { message: 'x', content, branch: 'work', sha })).status).toBe(200);
    expect((await rest('PUT /contents/a.txt', { message: 'x', content, branch: 'none' })).status).toBe(404);
    expect(await rest('PUT /contents/x/.git/y', { message: 'x', content, branch: 'work' })).toMatchObject({ status: 422, body: { message: 'path contains a malformed path component' } });
    expect(await github.show('work', 'a.txt')).toBe('text\n');
  });
});
