import { describe, expect, it } from 'vitest';
import { asked, type Asked } from './asking.ts';
import { answerViolations, describedOperation } from './contract/contract.ts';

async function world(): Promise<Asked & Readonly<{ number: number; sha: string }>> {
  const opened = await asked({ violations: 'expected' });
  const sha = await opened.github.push('main', { a: 'a\n' });
  await opened.github.push('work', { a: 'b\n' }, { from: 'main' });
  const { number } = await opened.github.openPull({ head: 'work', base: 'main' });
  return { ...opened, number, sha };
}

describe('a request over REST', () => {
  it("that breaks GitHub's description is refused, and noted", async () => {
    const { github, rest, sha } = await world();
    const told = await rest('POST /check-runs', { name: 'Audit', head_sha: sha, conclusion: 'fine' });
    expect(told).toMatchObject({ status: 422, body: { message: expect.stringContaining('Invalid request.') as string } });
    expect(github.violations()).toEqual([expect.stringMatching(/^request of POST .*\/check-runs: \/conclusion must be equal to one of the allowed values/)]);
    expect(github.checkRuns(sha)).toEqual([]);
  });

  it('without a body that is needed is noted', async () => {
    const { github, rest, number } = await world();
    expect((await rest(`POST /issues/${number}/comments`)).status).toBe(422);
    expect(github.violations()).toHaveLength(1);
  });

  it('for an operation that the product has no need of is not found, and noted', async () => {
    const { github, rest } = await world();
    expect((await rest('GET /branches')).status).toBe(404);
    expect(github.violations()).toEqual(['GET /repos/octo/widgets/branches is no operation that the double knows']);
  });

  it('that keeps to it is noted nowhere, whatever its answer', async () => {
    const { github, rest, number } = await world();
    const paths = ['', '/git/ref/heads/main', '/git/ref/heads/none', `/pulls/${number}/files`, `/issues/${number}/comments`, '/compare/main...work', '/actions/jobs/1', '/commits/main/check-runs'];
    for (const path of paths) await rest(`GET ${path}`);
    expect(github.violations()).toEqual([]);
  });

  it('that is no JSON, or no object, is told so', async () => {
    const { rest, number } = await world();
    expect(await rest(`POST /issues/${number}/comments`, '{"body":')).toMatchObject({ status: 400, body: { message: 'Problems parsing JSON' } });
    expect(await rest(`POST /issues/${number}/comments`, '[]')).toMatchObject({ status: 400, body: { message: 'Body should be a JSON object' } });
  });
});

describe('an answer over REST', () => {
  it("that breaks GitHub's description is noted", async () => {
    const operation = describedOperation('GET', '/repos/octo/widgets/git/ref/heads/main');
    if (operation === undefined) throw new Error('the description must know this operation');
    const whole = { ref: 'refs/heads/main', node_id: 'x', url: 'https://example.org/', object: { type: 'commit', sha: '1'.repeat(40), url: 'https://example.org/' } };
    expect(answerViolations(operation, 200, whole)).toEqual([]);
    expect(answerViolations(operation, 200, { ...whole, ref: 7 })).toEqual([expect.stringContaining('/ref must be string')]);
    expect(answerViolations(operation, 200, { ...whole, object: { type: 'commit' } })).toEqual([expect.stringContaining("must have required property 'sha'")]);
    expect(answerViolations(operation, 204, undefined)).toEqual(['GET /repos/{owner}/{repo}/git/ref/{ref} answers no 204']);
  });

  it('of the double itself is noted, when what a test planted breaks it', async () => {
    const { github, rest } = await world();
    const { id } = github.job({ completedAt: 'yesterday' });
    await rest(`GET /actions/jobs/${id}`);
    expect(github.violations()).toEqual([expect.stringContaining('completed_at must match format "date-time"')]);
  });
});

describe('a request over GraphQL', () => {
  const READ = 'query($owner: String!, $oid: GitObjectID) { repository(owner: $owner, name: "widgets") { object(oid: $oid) { oid } } }';
  const COMMIT = 'mutation($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }';
  const BRANCH = { branch: { repositoryNameWithOwner: 'octo/widgets', branchName: 'main' }, message: { headline: 'x' } };

  it.each<[string, string, Readonly<Record<string, unknown>>]>([
    ['asks for a field that there is not', '{ repository(owner: "octo", name: "widgets") { nonsense } }', {}],
    ['is no GraphQL', '{ repository(', {}],
    ['gives a variable of the wrong type', READ, { owner: 7 }],
    ['leaves out a variable that is needed', READ, {}],
    ['gives an id that is none', READ, { owner: 'octo', oid: 'main' }],
    ['gives an unknown field of an input', COMMIT, { input: { ...BRANCH, expectedHeadOid: '1'.repeat(40), author: 'me' } }],
    ['leaves out the head that it expects', COMMIT, { input: BRANCH }],
    ['gives contents that are not base64', COMMIT, { input: { ...BRANCH, expectedHeadOid: '1'.repeat(40), fileChanges: { additions: [{ path: 'a', contents: 'no base64!' }] } } }],
  ])('that %s is answered 200 with errors and no data, and noted', async (_, query, variables) => {
    const { github, graphql, sha } = await world();
    const { status, body } = await graphql(query, variables);
    expect(status).toBe(200);
    expect(body).toEqual({ errors: [expect.objectContaining({ message: expect.any(String) as string })] });
    expect(github.violations()).toHaveLength(1);
    expect(await github.head('main')).toBe(sha);
  });

  it('that is refused by the repository breaks nothing', async () => {
    const { github, graphql } = await world();
    await graphql(COMMIT, { input: { ...BRANCH, expectedHeadOid: '1'.repeat(40) } });
    await graphql(READ, { owner: 'nobody' });
    expect(github.violations()).toEqual([]);
  });

  it('without a query is told so', async () => {
    const { github } = await world();
    const answer = await fetch(`${github.apiUrl}/graphql`, { method: 'POST', headers: { authorization: `token ${github.token()}` }, body: '{}' });
    expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ message: 'A query attribute must be specified and must be a string.' })]);
  });
});
