import { describe, expect, it } from 'vitest';
import { asked, errorType, type Asked } from './asking.ts';
import type { LoopbackOptions } from './loopback.ts';

const PLACE = { owner: 'octo', repo: 'widgets' };

async function withPull(changes: Readonly<Record<string, string | null>>, options: LoopbackOptions & Readonly<{ before?: Readonly<Record<string, string>> }> = {}): Promise<Asked & Readonly<{ number: number; baseSha: string; headSha: string }>> {
  const { before = {}, ...rest } = options;
  const opened = await asked(rest);
  await opened.github.push('main', { keep: 'x', ...before });
  await opened.github.push('work', changes, { from: 'main' });
  return { ...opened, ...await opened.github.openPull({ head: 'work', base: 'main' }) };
}

function many(count: number, text = 'x\n'): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`f/${String(at).padStart(5, '0')}`, text]));
}

describe('the files of a pull request', () => {
  it('are told with what became of them', async () => {
    const text = Array.from({ length: 20 }, (_, at) => `line ${at}\n`).join('');
    const { octokit, number, github } = await withPull({ 'a.txt': 'a\nb\n', 'gone.txt': null, 'old.txt': null, 'new.txt': text, 'ä/ö ü.txt': 'x\n' }, { before: { 'a.txt': 'a\n', 'gone.txt': 'g\n', 'old.txt': text } });
    const { data } = await octokit.rest.pulls.listFiles({ ...PLACE, pull_number: number });
    expect(data.map(({ filename, status, previous_filename: from, additions, deletions, patch }) => ({ filename, status, from, additions, deletions, patch }))).toEqual([
      { filename: 'a.txt', status: 'modified', from: undefined, additions: 1, deletions: 0, patch: '@@ -1 +1,2 @@\n a\n+b' },
      { filename: 'gone.txt', status: 'removed', from: undefined, additions: 0, deletions: 1, patch: '@@ -1 +0,0 @@\n-g' },
      { filename: 'new.txt', status: 'renamed', from: 'old.txt', additions: 0, deletions: 0, patch: undefined },
      { filename: 'ä/ö ü.txt', status: 'added', from: undefined, additions: 1, deletions: 0, patch: '@@ -0,0 +1 @@\n+x' },
    ]);
    expect(data[1]?.sha).toBe((await github.git('rev-parse', 'main:gone.txt')).trim());
  });

  it('end at 3,000, while the pull request says how many there are', async () => {
    const { octokit, graphql, number } = await withPull(many(3_001));
    const files = await octokit.paginate(octokit.rest.pulls.listFiles, { ...PLACE, pull_number: number, per_page: 100 });
    expect(files).toHaveLength(3_000);
    const { body } = await graphql('query($n: Int!) { repository(owner: "octo", name: "widgets") { pullRequest(number: $n) { changedFiles } } }', { n: number });
    expect(body).toEqual({ data: { repository: { pullRequest: { changedFiles: 3_001 } } } });
  });

  it('have no counts past 20,000 lines of one answer, and right ones in smaller answers', async () => {
    const { octokit, number } = await withPull(many(3, 'line\n'.repeat(9_000)));
    const counts = async (perPage: number, page: number): Promise<readonly (readonly [number, boolean])[]> => {
      const { data } = await octokit.rest.pulls.listFiles({ ...PLACE, pull_number: number, per_page: perPage, page });
      return data.map(({ additions, patch }) => [additions, patch !== undefined]);
    };
    expect(await counts(100, 1)).toEqual([[9_000, true], [9_000, true], [0, false]]);
    expect(await counts(1, 3)).toEqual([[9_000, true]]);
  });
});

describe('a comparison', () => {
  it('tells at most 300 files, on its first page only', async () => {
    const { octokit, baseSha, headSha } = await withPull(many(301));
    const page = async (number: number) => (await octokit.rest.repos.compareCommitsWithBasehead({ ...PLACE, basehead: `${baseSha}...${headSha}`, page: number, per_page: 100 })).data;
    expect((await page(1)).files).toHaveLength(300);
    expect(await page(2)).toMatchObject({ files: [], status: 'ahead', ahead_by: 1, total_commits: 1 });
  });

  it('runs from the merge base, between names of branches too', async () => {
    const { github, octokit, rest } = await withPull({ 'w.txt': 'w\n' });
    const base = await github.head('main');
    await github.push('main', { 'm.txt': 'm\n' });
    await github.push('v1.0/x', { 'v.txt': 'v\n' }, { from: 'work' });
    const { data } = await octokit.rest.repos.compareCommitsWithBasehead({ ...PLACE, basehead: 'main...octo:v1.0/x' });
    expect(data).toMatchObject({ status: 'diverged', ahead_by: 2, behind_by: 1, merge_base_commit: { sha: base }, commits: [{ sha: await github.head('work') }, { sha: await github.head('v1.0/x') }] });
    expect(data.files?.map(({ filename }) => filename)).toEqual(['v.txt', 'w.txt']);
    expect((await rest('GET /compare/main...none')).status).toBe(404);
    await github.push('alone', { x: 'x' });
    expect(await rest('GET /compare/main...alone')).toMatchObject({ status: 404, body: { message: 'No common ancestor between main and alone.' } });
  });
});

describe('comments over REST', () => {
  it('come in pages that lead to one another', async () => {
    const { github, octokit, number } = await withPull({ a: 'a' });
    for (let at = 0; at < 250; at += 1) github.addComment(number, `${at}`, 'mona');
    const asking = { ...PLACE, issue_number: number };
    const second = await octokit.rest.issues.listComments({ ...asking, per_page: 100, page: 2 });
    expect([...(second.headers.link ?? '').matchAll(/[?&]page=(\d+)[^>]*>; rel="(\w+)"/g)].map(([, page, rel]) => `${rel} ${page}`)).toEqual(['prev 1', 'next 3', 'last 3', 'first 1']);
    expect(second.headers.link).toContain(`/repositories/${github.repositoryId}/issues/${number}/comments`);
    expect((await octokit.paginate(octokit.rest.issues.listComments, { ...asking, per_page: 100 })).map(({ body }) => body)).toEqual(Array.from({ length: 250 }, (_, at) => `${at}`));
  });

  it('are 30 to a page unless asked otherwise, and 100 at most', async () => {
    const { github, octokit, number } = await withPull({ a: 'a' });
    for (let at = 0; at < 120; at += 1) github.addComment(number, `${at}`, 'mona');
    const count = async (more: object): Promise<number> => (await octokit.rest.issues.listComments({ ...PLACE, issue_number: number, ...more })).data.length;
    expect([await count({}), await count({ per_page: 1_000 }), await count({ per_page: 0 }), await count({ page: 9 })]).toEqual([30, 100, 30, 0]);
  });

  it('go to a pull request that is closed, to none that is locked, and to none that is not there', async () => {
    const { github, rest, number } = await withPull({ a: 'a' });
    await github.updatePull(number, { state: 'closed' });
    expect((await rest(`POST /issues/${number}/comments`, { body: 'x' })).status).toBe(201);
    await github.updatePull(number, { locked: true });
    expect(await rest(`POST /issues/${number}/comments`, { body: 'x' })).toMatchObject({ status: 403, body: { message: 'Unable to create comment because issue is locked.' } });
    expect((await rest('POST /issues/99/comments', { body: 'x' })).status).toBe(404);
    expect((await rest('GET /issues/99/comments')).status).toBe(404);
  });
});

describe('comments over GraphQL', () => {
  const PAGE = 'query($n: Int!, $first: Int, $after: String) { repository(owner: "octo", name: "widgets") { pullRequest(number: $n) { state comments(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { body viewerDidAuthor } } } } }';
  type Page = Readonly<{ data: { repository: { pullRequest: { state: string; comments: { totalCount: number; pageInfo: { hasNextPage: boolean; endCursor: string | null }; nodes: readonly { body: string; viewerDidAuthor: boolean }[] } } } } }>;

  it('come in pages that no removal shifts', async () => {
    const { github, rest, graphql, number } = await withPull({ a: 'a' });
    const made = Array.from({ length: 5 }, (_, at) => github.addComment(number, `${at}`, at === 4 ? 'github-actions[bot]' : 'mona'));
    const page = async (after: string | null) => ((await graphql(PAGE, { n: number, first: 2, after })).body as Page).data.repository.pullRequest.comments;
    const first = await page(null);
    expect(first).toMatchObject({ totalCount: 5, nodes: [{ body: '0', viewerDidAuthor: false }, { body: '1' }], pageInfo: { hasNextPage: true } });
    await rest(`DELETE /issues/comments/${made[0]?.id}`);
    const second = await page(first.pageInfo.endCursor);
    expect(second.nodes.map(({ body }) => body)).toEqual(['2', '3']);
    expect(await page(second.pageInfo.endCursor)).toMatchObject({ nodes: [{ body: '4', viewerDidAuthor: true }], pageInfo: { hasNextPage: false } });
  });

  it('are refused without a bound, past 100, and after what is no cursor', async () => {
    const { graphql, number } = await withPull({ a: 'a' });
    expect(errorType(await graphql(PAGE, { n: number }))).toBe('MISSING_PAGINATION_BOUNDARIES');
    expect(errorType(await graphql(PAGE, { n: number, first: 101 }))).toBe('EXCESSIVE_PAGINATION');
    expect(errorType(await graphql(PAGE, { n: number, first: 1, after: 'x' }))).toBe('INVALID_CURSOR_ARGUMENTS');
  });

  it('stand at a pull request with the state that it has', async () => {
    const { github, graphql, number } = await withPull({ a: 'a' });
    const state = async () => ((await graphql(PAGE, { n: number, first: 1 })).body as Page).data.repository.pullRequest.state;
    expect(await state()).toBe('OPEN');
    await github.updatePull(number, { state: 'merged' });
    expect(await state()).toBe('MERGED');
  });
});

describe('pull requests that conflict', () => {
  it('have no test merge, and keep the one that they had', async () => {
    const { github } = await asked();
    await github.push('main', { a: 'a\n' });
    await github.push('work', { a: 'b\n' }, { from: 'main' });
    const { number, mergeSha } = await github.openPull({ head: 'work', base: 'main' });
    await github.push('main', { a: 'c\n' });
    expect((await github.updatePull(number)).mergeSha).toBe(mergeSha);
    expect((await github.openPull({ head: 'work', base: 'main', number: 20 })).mergeSha).toBe('');
  });
});

describe('jobs and check runs', () => {
  it('are not found where nobody made them', async () => {
    const { github, rest } = await withPull({ a: 'a' });
    const { id, runId } = github.job({ name: 'audit' });
    expect(await rest(`GET /actions/jobs/${id}`)).toMatchObject({ status: 200, body: { id, name: 'audit', run_id: runId } });
    expect((await rest('GET /actions/jobs/1')).status).toBe(404);
    expect(await rest(`GET /actions/runs/${runId}/attempts/1/jobs`)).toMatchObject({ body: { total_count: 1, jobs: [{ id }] } });
    expect((await rest(`GET /actions/runs/${runId}/attempts/2/jobs`)).status).toBe(404);
    expect((await rest(`GET /commits/${'1'.repeat(40)}/check-runs`)).status).toBe(422);
    expect((await rest('PATCH /check-runs/1', { conclusion: 'success' })).status).toBe(404);
  });

  it('of one name: the newest is told, or all of them; annotations add up and the output is replaced', async () => {
    const { github, rest, headSha } = await withPull({ a: 'a' });
    const note = (message: string) => ({ path: 'a', start_line: 1, end_line: 1, annotation_level: 'notice', message });
    const post = async (conclusion: string) => (await rest('POST /check-runs', { name: 'Audit', head_sha: headSha, status: 'completed', conclusion, output: { title: 't', summary: 's', text: 'x', annotations: [note('1')] } })).body as { id: number };
    await post('failure');
    const { id } = await post('success');
    expect((await rest(`GET /commits/${headSha}/check-runs?check_name=Audit`)).body).toMatchObject({ total_count: 1, check_runs: [{ id }] });
    expect((await rest(`GET /commits/work/check-runs?check_name=Audit&filter=all`)).body).toMatchObject({ total_count: 2, check_runs: [{ id }, { conclusion: 'failure' }] });
    await rest(`PATCH /check-runs/${id}`, { conclusion: 'neutral', output: { title: 'u', summary: 'v', annotations: [note('2')] } });
    expect(github.checkRuns(headSha)[1]).toMatchObject({ conclusion: 'neutral', title: 'u', summary: 'v', text: null, annotations: [{ message: '1' }, { message: '2' }] });
  });
});
