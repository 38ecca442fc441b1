import { describe, expect, it } from 'vitest';
import { asked, COMMIT, commitVariables, type Asked } from './asking.ts';
import type { Fault } from './loopback.ts';

async function world(): Promise<Asked & Readonly<{ head: string; comment(body: string): Promise<unknown>; bodies(): readonly string[] }>> {
  const opened = await asked();
  const head = await opened.github.push('main', { a: 'a\n' });
  await opened.github.push('work', { a: 'b\n' }, { from: 'main' });
  const { number } = await opened.github.openPull({ head: 'work', base: 'main' });
  return { ...opened, head, comment: (body) => opened.rest(`POST /issues/${number}/comments`, { body }), bodies: () => opened.github.comments(number).map(({ body }) => body) };
}

const POST: Fault['when'] = { method: 'POST', path: /\/comments$/ };

describe('a request that meets a fault', () => {
  it.each<[string, Fault['then'], readonly string[]]>([
    ['dropped before', { kind: 'drop-before' }, []],
    ['dropped after', { kind: 'apply-then-drop' }, ['once']],
    ['cut off', { kind: 'truncate' }, ['once']],
  ])('%s taking effect has no answer', async (_, then, left) => {
    const { github, comment, bodies } = await world();
    github.fault({ when: POST, then });
    await expect(comment('once')).rejects.toThrow(/fetch failed|terminated/);
    expect(bodies()).toEqual(left);
    expect(github.exchanges.at(-1)).toMatchObject({ method: 'POST', status: then.kind === 'truncate' ? 201 : 0 });
  });

  it.each<[string, Fault['then'], readonly string[]]>([['before', { kind: 'hang' }, []], ['after', { kind: 'apply-then-hang' }, ['once']]])('left hanging %s taking effect is never answered', async (_, then, left) => {
    const { github, comment, bodies } = await world();
    github.fault({ when: POST, then });
    const answer = comment('once').catch(() => 'ended');
    await expect.poll(() => github.exchanges).toMatchObject([{ method: 'POST', status: 0 }]);
    expect(await Promise.race([answer, new Promise((done) => { setTimeout(done, 50, 'still waiting'); })])).toBe('still waiting');
    expect(bodies()).toEqual(left);
  });

  it('is answered as scripted, with or without having taken effect', async () => {
    const { github, comment, bodies } = await world();
    github.fault({ when: POST, then: { kind: 'reply', status: 429, headers: { 'retry-after': '7' }, body: { message: 'slow down' } } });
    github.fault({ when: POST, then: { kind: 'apply-then-reply', status: 502 } });
    const first = await comment('first');
    expect(first).toMatchObject({ status: 429, body: { message: 'slow down' } });
    expect((first as { headers: Headers }).headers.get('retry-after')).toBe('7');
    expect(bodies()).toEqual([]);
    expect(await comment('second')).toMatchObject({ status: 502 });
    expect(bodies()).toEqual(['second']);
    expect(await comment('third')).toMatchObject({ status: 201 });
  });

  it('is one of those that match: the nth, and so many times', async () => {
    const { github, rest, graphql } = await world();
    github.fault({ when: { path: /git\/ref/, nth: 2, times: 2 }, then: { kind: 'reply', status: 500 } });
    github.fault({ when: { graphql: /query Named/ }, then: { kind: 'reply', status: 503 } });
    const statuses: number[] = [];
    for (let at = 0; at < 4; at += 1) statuses.push((await rest('GET /git/ref/heads/main')).status);
    expect(statuses).toEqual([200, 500, 500, 200]);
    expect((await graphql('query Other { __typename }')).status).toBe(200);
    expect((await graphql('query Named { __typename }')).status).toBe(503);
  });

  it('comes after whatever was to be done just before it', async () => {
    const { github, graphql, head } = await world();
    github.fault({ when: { graphql: /createCommitOnBranch/ }, then: { kind: 'do', run: async () => void await github.push('main', { a: 'theirs\n' }) } });
    const commit = commitVariables(github, { branch: 'main', head, add: { a: 'ours\n' } });
    expect((await graphql(COMMIT, commit)).body).toMatchObject({ data: { createCommitOnBranch: null }, errors: [{ type: 'STALE_DATA', message: `Expected branch to point to "${head}" but it did not.  Pull and try again.` }] });
    expect(await github.show('main', 'a')).toBe('theirs\n');
  });
});

describe('a read that trails', () => {
  const READ = 'query Read { repository(owner: "octo", name: "widgets") { defaultBranchRef { target { oid } } ref(qualifiedName: "refs/heads/main") { target { oid ... on Commit { file(path: "a") { object { ... on Blob { text } } } } } } object(expression: "main:a") { ... on Blob { text } } } }';
  const seen = (oid: string | undefined, text: string) => ({ data: { repository: { defaultBranchRef: { target: { oid } }, ref: { target: { oid, file: { object: { text } } } }, object: { text } } } });

  it('sees a branch and its files one move behind, in GraphQL and in REST', async () => {
    const { github, rest, graphql, head } = await world();
    await github.push('main', { a: 'second\n' });
    const third = await github.push('main', { a: 'third\n' });
    expect(third).not.toBe(head);
    github.fault({ when: { graphql: /query Read/ }, then: { kind: 'stale-read' } });
    github.fault({ when: { path: /git\/ref/ }, then: { kind: 'stale-read' } });
    const second = (await github.git('rev-parse', 'main~1')).trim();
    expect((await graphql(READ)).body).toEqual(seen(second, 'second\n'));
    expect((await rest('GET /git/ref/heads/main')).body).toMatchObject({ object: { sha: second } });
    expect((await graphql(READ)).body).toEqual(seen(third, 'third\n'));
    expect((await rest('GET /git/ref/heads/main')).body).toMatchObject({ object: { sha: third } });
  });

  it('trails alone: another one at the same time does not', async () => {
    const { github, graphql, head } = await world();
    const second = await github.push('main', { a: 'second\n' });
    github.fault({ when: { graphql: /query Read/ }, then: { kind: 'stale-read' } });
    const answers = await Promise.all([graphql(READ), graphql(READ.replace('query Read', 'query Fresh'))]);
    expect(answers.map(({ body }) => body)).toEqual([seen(head, 'a\n'), seen(second, 'second\n')]);
  });

  it('trails behind what the API itself wrote', async () => {
    const { github, rest, graphql, head } = await world();
    await graphql(COMMIT, commitVariables(github, { branch: 'main', head, add: { a: 'ours\n' } }));
    github.fault({ when: { path: /git\/ref/ }, then: { kind: 'stale-read' } });
    expect((await rest('GET /git/ref/heads/main')).body).toMatchObject({ object: { sha: head } });
  });

  it('does not see a new branch yet, and still sees one that is gone', async () => {
    const { github, rest, head } = await world();
    await github.push('new', { b: 'b' }, { from: 'main' });
    await github.deleteBranch('work');
    github.fault({ when: { path: /git\/ref/, times: 2 }, then: { kind: 'stale-read' } });
    expect((await rest('GET /git/ref/heads/new')).status).toBe(404);
    expect((await rest('GET /git/ref/heads/work')).status).toBe(200);
    expect((await rest('GET /git/ref/heads/work')).status).toBe(404);
    expect(await github.head('main')).toBe(head);
  });

  it('lets no write go by: the head that counts is the one that is', async () => {
    const { github, graphql, head } = await world();
    await github.push('main', { a: 'theirs\n' });
    github.fault({ when: { graphql: /createCommitOnBranch/ }, then: { kind: 'stale-read' } });
    expect((await graphql(COMMIT, commitVariables(github, { branch: 'main', head, add: { a: 'ours\n' } }))).body).toMatchObject({ errors: [{ type: 'STALE_DATA' }] });
    expect(await github.show('main', 'a')).toBe('theirs\n');
  });
});
