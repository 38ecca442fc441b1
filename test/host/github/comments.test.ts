import { describe, expect, it } from 'vitest';
import { gitHubComments } from '../../../src/host/github/comments.ts';
import { readSnapshot } from '../../../src/host/github/snapshot.ts';
import type { CommentThread } from '../../../src/host/ports.ts';
import { failureOf } from './failure.ts';
import { opened, type Opened } from './opened.ts';

type Conversation = Opened & Readonly<{ number: number; thread: CommentThread; bodies(): string[] }>;

async function conversation(pull: Readonly<{ locked?: boolean; state?: 'open' | 'closed' }> = {}): Promise<Conversation> {
  const world = await opened();
  await world.double.push('main', { a: '1' });
  await world.double.push('topic', { b: '1' }, { from: 'main' });
  const { number } = await world.double.openPull({ head: 'topic', base: 'main', ...pull });
  return { ...world, number, thread: gitHubComments({ client: world.client, pull: number, first: null }), bodies: () => world.double.comments(number).map(({ body }) => body) };
}

describe('listing', () => {
  it('SEC-137: tells ours from those of others by who wrote them, oldest first', async () => {
    const { double, number, thread } = await conversation();
    double.addComment(number, 'theirs', 'mona');
    await thread.create('ours');
    double.addComment(number, 'ours', 'eve');
    expect((await thread.list()).map(({ body, ours }) => [body, ours])).toEqual([['theirs', false], ['ours', true], ['ours', false]]);
  });

  it('reads all pages', async () => {
    const { double, number, thread, calls } = await conversation();
    for (let at = 0; at < 205; at += 1) double.addComment(number, `${at}`, 'mona');
    calls();
    expect((await thread.list()).map(({ body }) => body)).toEqual(Array.from({ length: 205 }, (_, at) => `${at}`));
    expect(calls()).toBe(3);
  });

  it('begins with the page that the snapshot saw, once', async () => {
    const { double, client, number, calls } = await conversation();
    for (let at = 0; at < 120; at += 1) double.addComment(number, `${at}`, 'mona');
    const tested = await double.head('main') ?? '';
    const pullRequest = { number, baseBranch: 'main', baseSha: tested, headBranch: 'topic', headSha: tested, fork: false, changedFiles: null };
    const { pull } = await readSnapshot(client, { tested, pullRequest }, { log: { branch: 'audit-log', logPath: 'L.md', files: ['L.md'] }, config: null, workflow: null });
    const thread = gitHubComments({ client, pull: number, first: pull?.comments ?? null });
    calls();
    expect([(await thread.list()).length, calls()]).toEqual([120, 1]);
    double.addComment(number, 'new', 'mona');
    expect([(await thread.list()).length, calls()]).toEqual([121, 2]);
  });

  it('tells the pull request as it is now, with the first page of the next listing in the same call', async () => {
    const { double, number, thread, calls } = await conversation({ locked: true });
    const headSha = await double.push('topic', { b: '2' });
    await double.updatePull(number, { state: 'closed' });
    double.addComment(number, 'hello', 'mona');
    calls();
    expect(await thread.pull()).toEqual({ headSha, state: 'closed', locked: true });
    expect([(await thread.list()).map(({ body }) => body), calls()]).toEqual([['hello'], 1]);
    await thread.list();
    expect(calls()).toBe(1);
  });

  it('SEC-121: fails as a whole when a later page does: what is not seen could be ours', async () => {
    const { double, number, thread } = await conversation();
    for (let at = 0; at < 120; at += 1) double.addComment(number, `${at}`, 'mona');
    double.fault({ when: { graphql: /query Comments/, nth: 2, times: 3 }, then: { kind: 'reply', status: 502 } });
    expect((await failureOf(thread.list())).code).toBe('GITHUB_UNAVAILABLE');
  });

  it.each([['where it began', 'same'], ['and not where', null]])('SEC-121: ends when GitHub says that more follow %s', async (why, endCursor) => {
    const { double, thread } = await conversation();
    const page = { pageInfo: { hasNextPage: true, endCursor }, nodes: [] };
    double.fault({ when: { graphql: /query Comments/, times: 99 }, then: { kind: 'reply', status: 200, body: { data: { repository: { pullRequest: { headRefOid: 'a'.repeat(40), state: 'OPEN', locked: false, comments: page } } } } } });
    const error = await failureOf(thread.list());
    expect([error.code, error.message.includes(why)]).toEqual(['ANSWER_UNUSABLE', true]);
  });

  it('SEC-121: finds ours on the last of 50 pages, and no further', async () => {
    const { double, number, thread, calls } = await conversation();
    for (let at = 0; at < 4_999; at += 1) double.addComment(number, `${at}`, 'mona');
    await thread.create('ours');
    calls();
    expect([(await thread.list()).findIndex(({ ours }) => ours), calls()]).toEqual([4_999, 50]);
    double.addComment(number, 'one more', 'mona');
    expect((await failureOf(thread.list())).code).toBe('ANSWER_UNUSABLE');
  });

  it('tells that the pull request is not there', async () => {
    const { client } = await conversation();
    expect((await failureOf(gitHubComments({ client, pull: 999, first: null }).list())).code).toBe('NOT_FOUND_ON_GITHUB');
  });
});

describe('writing', () => {
  it('sends the body as it is', async () => {
    const { thread, bodies, calls } = await conversation();
    const body = '<!-- audit:Audit -->\n**Failed** `x` &amp; "q" \u2028 é\n\n| a |\n';
    calls();
    const made = await thread.create(body);
    expect(made).toMatchObject({ body, ours: true, url: expect.stringContaining('http') });
    expect([bodies(), calls()]).toEqual([[body], 1]);
  });

  it('updates in place, and removes', async () => {
    const { thread, bodies } = await conversation();
    const first = await thread.create('one');
    const second = await thread.create('two');
    expect(await thread.update(first.id, 'changed')).toMatchObject({ id: first.id, body: 'changed' });
    await thread.remove(second.id);
    expect(bodies()).toEqual(['changed']);
  });

  it.each([
    ['is lost after it took effect', { kind: 'apply-then-drop' }], ['is an error after it took effect', { kind: 'apply-then-reply', status: 502 }],
    ['breaks off before it took effect', { kind: 'drop-before' }], ['is an error before it took effect', { kind: 'reply', status: 500 }],
  ] as const)('makes one comment when an answer %s', async (_, then) => {
    const { double, thread, bodies } = await conversation();
    double.fault({ when: { method: 'POST', path: /issues\/\d+\/comments/, times: 1 }, then });
    const made = await thread.create('ours');
    expect(bodies()).toEqual(['ours']);
    expect((await thread.list()).map(({ id }) => id)).toEqual([made.id]);
  });

  it('tries to make it twice at most', async () => {
    const { double, thread, bodies } = await conversation();
    double.fault({ when: { method: 'POST', path: /issues\/\d+\/comments/, times: 9 }, then: { kind: 'drop-before' } });
    expect((await failureOf(thread.create('ours'))).code).toBe('GITHUB_UNAVAILABLE');
    expect(bodies()).toEqual([]);
    expect(double.exchanges.filter(({ method, path }) => method === 'POST' && path.includes('/comments'))).toHaveLength(2);
  });

  it('does not take the same words of another for what it made', async () => {
    const { double, number, thread, bodies } = await conversation();
    double.addComment(number, 'ours', 'eve');
    double.fault({ when: { method: 'POST', path: /issues\/\d+\/comments/, times: 1 }, then: { kind: 'drop-before' } });
    await thread.create('ours');
    expect(bodies()).toEqual(['ours', 'ours']);
  });

  it.each([['apply-then-drop'], ['drop-before']] as const)('repeats an update whose answer is lost (%s)', async (kind) => {
    const { double, thread, bodies } = await conversation();
    const { id } = await thread.create('one');
    double.fault({ when: { method: 'PATCH', times: 1 }, then: { kind } });
    expect(await thread.update(id, 'two')).toMatchObject({ id, body: 'two' });
    expect(bodies()).toEqual(['two']);
  });

  it('names the permission that the token lacks', async () => {
    const { double, as, number, bodies } = await conversation();
    const thread = gitHubComments({ client: await as(double.token({ 'pull-requests': 'read' })), pull: number, first: null });
    const error = await failureOf(thread.create('ours'));
    expect(error.code).toBe('PERMISSION_MISSING');
    expect(error.message).toContain('`pull-requests: write`');
    expect(bodies()).toEqual([]);
  });

  it('tells that the conversation is locked', async () => {
    const { thread, bodies } = await conversation({ locked: true });
    expect((await failureOf(thread.create('ours'))).code).toBe('CONVERSATION_LOCKED');
    expect(bodies()).toEqual([]);
  });

  it('comments on a closed pull request too', async () => {
    const { thread, bodies } = await conversation({ state: 'closed' });
    await thread.create('ours');
    expect(bodies()).toEqual(['ours']);
  });

  it('tells that a comment is gone', async () => {
    const { thread } = await conversation();
    const { id } = await thread.create('one');
    await thread.remove(id);
    expect((await failureOf(thread.update(id, 'two'))).code).toBe('NOT_FOUND_ON_GITHUB');
    expect((await failureOf(thread.remove(id))).code).toBe('NOT_FOUND_ON_GITHUB');
  });
});
