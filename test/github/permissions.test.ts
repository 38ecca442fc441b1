import { describe, expect, it } from 'vitest';
import { asked, COMMIT, commitVariables, type Asked } from './asking.ts';

async function world(): Promise<Asked & Readonly<{ main: string; number: number }>> {
  const opened = await asked();
  const main = await opened.github.push('main', { a: 'a\n' });
  await opened.github.push('work', { a: 'b\n' }, { from: 'main' });
  const { number } = await opened.github.openPull({ head: 'work', base: 'main' });
  return { ...opened, main, number };
}

const CHECK = { name: 'Audit', status: 'completed', conclusion: 'success', output: { title: 't', summary: 's' } };

describe('a token over REST', () => {
  it('is refused what it was not granted, and told which right would do', async () => {
    const { github, as, main, number } = await world();
    const { rest } = as(github.token({ contents: 'read', 'pull-requests': 'read', checks: 'read' }));
    const refused = { 'POST /git/refs': 'contents=write', [`POST /issues/${number}/comments`]: 'issues=write; pull_requests=write', 'POST /check-runs': 'checks=write', 'GET /actions/jobs/1': 'actions=read' };
    for (const [route, accepted] of Object.entries(refused)) {
      const { status, headers, body } = await rest(route, route.startsWith('GET') ? undefined : { ref: 'refs/heads/x', sha: main, body: 'x', name: 'x', head_sha: main });
      expect([status, headers.get('x-accepted-github-permissions')], route).toEqual([403, accepted]);
      expect(body).toMatchObject({ message: 'Resource not accessible by integration', status: '403' });
    }
    expect(github.comments(number)).toEqual([]);
    expect(github.checkRuns(main)).toEqual([]);
  });

  it.each(['issues', 'pull-requests'] as const)('may comment with %s alone', async (right) => {
    const { github, as, number } = await world();
    expect((await as(github.token({ [right]: 'write' })).rest(`POST /issues/${number}/comments`, { body: 'x' })).status).toBe(201);
  });

  it('that nobody gave out is not taken, and neither is none', async () => {
    const { github, as } = await world();
    expect(await as('ghs_unknown').rest('GET ')).toMatchObject({ status: 401, body: { message: 'Bad credentials' } });
    expect((await fetch(`${github.apiUrl}/repos/octo/widgets`)).status).toBe(401);
  });

  it('may always see the repository, in whatever case its name is written, and no other one', async () => {
    const { github, as } = await world();
    const { octokit } = as(github.token({}));
    expect((await octokit.rest.repos.get({ owner: 'Octo', repo: 'WIDGETS' })).data).toMatchObject({ full_name: 'octo/widgets', default_branch: 'main', id: github.repositoryId });
    await expect(octokit.rest.repos.get({ owner: 'octo', repo: 'other' })).rejects.toMatchObject({ status: 404 });
  });

  it('of a person writes no checks, whatever it was granted', async () => {
    const { github, as, main } = await world();
    const told = await as(github.token(undefined, { login: 'mona' })).rest('POST /check-runs', { ...CHECK, head_sha: main });
    expect(told).toMatchObject({ status: 403, body: { message: 'You must authenticate via a GitHub App.' } });
  });

  it('of another app does not change a check run', async () => {
    const { github, as, rest, main } = await world();
    const { body } = await rest('POST /check-runs', { ...CHECK, head_sha: main });
    const other = as(github.token(undefined, { login: 'other[bot]', app: 'other' }));
    expect((await other.rest(`PATCH /check-runs/${(body as { id: number }).id}`, { conclusion: 'failure' })).status).toBe(403);
    expect(github.checkRuns(main)).toMatchObject([{ conclusion: 'success' }]);
  });

  it('that may write comments changes and removes those of others too', async () => {
    const { github, rest, number } = await world();
    const { id } = github.addComment(number, 'theirs', 'mona');
    expect(await rest(`PATCH /issues/comments/${id}`, { body: 'ours' })).toMatchObject({ status: 200, body: { body: 'ours', user: { login: 'mona' } } });
    expect((await rest(`DELETE /issues/comments/${id}`)).status).toBe(204);
    expect((await rest(`DELETE /issues/comments/${id}`)).status).toBe(404);
  });
});

describe('a token over GraphQL', () => {
  const BOTH = 'query($number: Int!) { repository(owner: "octo", name: "widgets") { ref(qualifiedName: "refs/heads/main") { target { oid } } pull: pullRequest(number: $number) { headRefOid } } }';

  it('without pull-requests gets null for the pull request, and everything else', async () => {
    const { github, as, main, number } = await world();
    expect((await as(github.token({ contents: 'read' })).graphql(BOTH, { number })).body).toEqual({
      data: { repository: { ref: { target: { oid: main } }, pull: null } },
      errors: [{ type: 'FORBIDDEN', path: ['repository', 'pull'], extensions: { saml_failure: false }, locations: [{ line: 1, column: BOTH.indexOf('pull:') + 1 }], message: 'Resource not accessible by integration' }],
    });
  });

  it('without contents gets the pull request, and no branch', async () => {
    const { github, as, number } = await world();
    const { body } = await as(github.token({ 'pull-requests': 'read' })).graphql(BOTH, { number });
    expect(body).toMatchObject({ data: { repository: { ref: null, pull: { headRefOid: await github.head('work') } } }, errors: [{ type: 'FORBIDDEN', path: ['repository', 'ref'] }] });
  });

  it('that may only read commits nothing', async () => {
    const { github, as, main } = await world();
    const told = await as(github.token({ contents: 'read' })).graphql(COMMIT, commitVariables(github, { branch: 'main', head: main, add: { a: 'z' } }));
    expect(told).toMatchObject({ status: 200, body: { data: { createCommitOnBranch: null }, errors: [{ type: 'FORBIDDEN' }] } });
    expect(await github.head('main')).toBe(main);
  });

  it('tells what is not there apart from what may not be seen', async () => {
    const { graphql } = await world();
    expect((await graphql(BOTH, { number: 99 })).body).toMatchObject({ data: { repository: { pull: null } }, errors: [{ type: 'NOT_FOUND', path: ['repository', 'pull'] }] });
    expect((await graphql('{ repository(owner: "octo", name: "other") { id } }')).body).toMatchObject({ data: { repository: null }, errors: [{ type: 'NOT_FOUND', path: ['repository'] }] });
  });
});
