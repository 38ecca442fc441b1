import { describe, expect, it } from 'vitest';
import { AuditError } from '../../src/errors.ts';
import type { CommentThread, PostedComment, PullNow } from '../../src/host/ports.ts';
import { commentPublisher } from '../../src/publish/comment.ts';
import type { Publishable } from '../../src/publish/publisher.ts';
import { anAudit } from '../render/audit-builder.ts';
import { aRun, aTask, failingTest } from '../model/run-builder.ts';

const MARKER = '<!-- audit-run-log:comment:v1 name=audit-12345678 -->';

const COMMIT = 'a'.repeat(40);
const OPEN: PullNow = { headSha: COMMIT, state: 'open', locked: false };

/** A conversation that is what it was told. `between`: what another job does right after ours has made one. `now`: the pull request right before a write. */
function aThread(start: readonly PostedComment[] = [], { between = () => [], now = {} }: Readonly<{ between?: () => PostedComment[]; now?: Partial<PullNow> }> = {}): CommentThread & { comments: PostedComment[]; edits: number; looks: number } {
  const thread = {
    comments: [...start], edits: 0, looks: 0,
    pull() {
      thread.looks += 1;
      return Promise.resolve({ ...OPEN, ...now });
    },
    list: () => Promise.resolve([...thread.comments].sort((a, b) => a.id - b.id)),
    create(body: string) {
      const made = { id: 500 + thread.comments.length, url: `https://example.org/${thread.comments.length}`, body, ours: true };
      thread.comments.push(made, ...between());
      return Promise.resolve(made);
    },
    update(id: number, body: string) {
      const at = thread.comments.findIndex((one) => one.id === id);
      const old = thread.comments[at];
      if (old === undefined) return Promise.reject(new AuditError('NOT_FOUND_ON_GITHUB', { message: 'gone' }));
      thread.edits += 1;
      thread.comments[at] = { ...old, body };
      return Promise.resolve({ ...old, body });
    },
    remove(id: number) {
      thread.comments = thread.comments.filter((one) => one.id !== id);
      return Promise.resolve();
    },
  };
  return thread;
}

const posted = (id: number, body: string, ours = true): PostedComment => ({ id, url: `https://example.org/c${id}`, body, ours });

/** `quiet`: nothing to tell; else a test broke. */
function what(kind: 'quiet' | 'news', text = 'now'): Publishable {
  const passing = aRun({ tasks: [aTask('test')] });
  const audit = kind === 'quiet' ? anAudit([passing, passing]) : anAudit([passing, aRun({ tasks: [aTask('test', { outcome: 'failed' })], findings: [failingTest('adds')] })]);
  const none = (): never => { throw new Error('not shown'); };
  return { audit, entry: '', recorded: { state: true }, documents: { comment: () => `${MARKER}\n${text}\n`, summary: none, checkRunHead: none, checkRun: none, overruled: none } };
}

const publish = (thread: CommentThread, shown: Publishable, rule: 'changes' | 'always' = 'changes', before: PullNow | null = OPEN) => commentPublisher({ thread, rule, commit: COMMIT, before }).publish(shown);

describe('the comment', () => {
  it('is not made while there is nothing to tell, unless always asked for', async () => {
    const thread = aThread();
    expect(await publish(thread, what('quiet'))).toEqual({ places: [] });
    expect(thread.comments).toEqual([]);
    await publish(thread, what('quiet'), 'always');
    expect(thread.comments).toHaveLength(1);
  });

  it('is made when there is news, and from then on updated in place, also when all is well again', async () => {
    const thread = aThread();
    const made = await publish(thread, what('news', 'broke'));
    expect(made.links?.comment).toBe(made.places[0]);
    await publish(thread, what('quiet', 'mended'));
    expect(thread.comments.map(({ body }) => body)).toEqual([`${MARKER}\nmended\n`]);
  });

  it('SEC-137: is never a stranger’s that carries our marker, which stays as it is', async () => {
    const thread = aThread([posted(1, `${MARKER}\nmine`, false)]);
    await publish(thread, what('news'));
    expect(thread.comments.map(({ body, ours }) => [body, ours])).toEqual([[`${MARKER}\nmine`, false], [`${MARKER}\nnow\n`, true]]);
  });

  it('is never another comment of the same author without the marker in its first line', async () => {
    const thread = aThread([posted(1, `about ${MARKER}`), posted(2, `text\n${MARKER}`)]);
    await publish(thread, what('news'));
    expect(thread.comments).toHaveLength(3);
  });

  it('SEC-138: is brought back to the truth when it was edited, and made again when it was deleted between reading and writing', async () => {
    const edited = aThread([posted(1, `${MARKER}\nAll is well`)]);
    await publish(edited, what('news', 'broke'));
    expect(edited.comments.map(({ body }) => body)).toEqual([`${MARKER}\nbroke\n`]);
    const deleted = aThread([posted(1, `${MARKER}\nold`)]);
    deleted.comments = [];
    const trailing: CommentThread = {
      pull: () => Promise.resolve(OPEN),
      list: () => Promise.resolve([posted(1, `${MARKER}\nold`)]),
      create: (body) => deleted.create(body), update: (id, body) => deleted.update(id, body), remove: (id) => deleted.remove(id),
    };
    await publish(trailing, what('news', 'broke'));
    expect(deleted.comments.map(({ body }) => body)).toEqual([`${MARKER}\nbroke\n`]);
  });

  it('becomes one where two of ours stand, the oldest', async () => {
    const thread = aThread([posted(1, `${MARKER}\na`), posted(2, 'other'), posted(3, `${MARKER}\r\nb`)]);
    await publish(thread, what('news'));
    expect(thread.comments.map(({ id, body }) => [id, body])).toEqual([[1, `${MARKER}\nnow\n`], [2, 'other']]);
  });

  it('becomes one when another job made one at the same moment', async () => {
    const thread = aThread([], { between: () => [posted(400, `${MARKER}\ntheirs`)] });
    await publish(thread, what('news', 'ours'));
    expect(thread.comments.map(({ id, body }) => [id, body])).toEqual([[400, `${MARKER}\nours\n`]]);
  });

  it('is not edited where nothing changed', async () => {
    const thread = aThread([posted(1, `${MARKER}\r\nnow`)]);
    await publish(thread, what('news'));
    expect(thread.edits).toBe(0);
  });

  const newer = { headSha: 'b'.repeat(40) };

  it('is left to the run of the newer commit when the pull request had moved on at the start, and that is told', async () => {
    const thread = aThread([posted(1, `${MARKER}\nnewer`)]);
    expect(await publish(thread, what('news'), 'always', { ...OPEN, ...newer })).toMatchObject({ places: [], problems: [{ code: 'SUPERSEDED' }] });
    expect([thread.comments.map(({ body }) => body), thread.looks]).toEqual([[`${MARKER}\nnewer`], 0]);
  });

  it('is left to it also when the pull request moved on while reports were read and the log was written', async () => {
    const thread = aThread([posted(1, `${MARKER}\nnewer`)], { now: newer });
    const { places, problems } = await publish(thread, what('news'));
    expect([places, problems?.map(({ code, message }) => [code, message.includes('bbbbbbbbbbbb')])]).toEqual([[], [['SUPERSEDED', true]]]);
    expect(thread.comments.map(({ body }) => body)).toEqual([`${MARKER}\nnewer`]);
  });

  it('asks for the pull request again only where it would write', async () => {
    const thread = aThread([posted(1, `${MARKER}\nnow`)], { now: newer });
    expect(await publish(thread, what('news'))).toMatchObject({ places: ['https://example.org/c1'] });
    const empty = aThread([], { now: newer });
    expect(await publish(empty, what('quiet'))).toEqual({ places: [] });
    expect([thread.looks, empty.looks]).toEqual([0, 0]);
  });

  it('is not tried in a locked conversation, and that is told', async () => {
    for (const [thread, before] of [[aThread(), { ...OPEN, locked: true }], [aThread([posted(1, `${MARKER}\nold`)], { now: { locked: true } }), OPEN]] as const) {
      const comments = [...thread.comments];
      expect(await publish(thread, what('news'), 'changes', before)).toMatchObject({ places: [], problems: [{ code: 'CONVERSATION_LOCKED' }] });
      expect([thread.comments, thread.edits]).toEqual([comments, 0]);
    }
  });

  it.each(['closed', 'merged'] as const)('is updated on a pull request that is %s, and not made there, and that is told', async (state) => {
    const ours = aThread([posted(1, `${MARKER}\nold`)], { now: { state } });
    await publish(ours, what('news'));
    expect(ours.comments.map(({ body }) => body)).toEqual([`${MARKER}\nnow\n`]);
    for (const [thread, before] of [[aThread(), { ...OPEN, state }], [aThread([], { now: { state } }), OPEN]] as const) {
      expect(await publish(thread, what('news'), 'always', before)).toMatchObject({ places: [], problems: [{ code: 'PULL_CLOSED' }] });
      expect(thread.comments).toEqual([]);
    }
  });

  it('is still written where the pull request was not known at the start', async () => {
    const thread = aThread();
    await publish(thread, what('news'), 'changes', null);
    expect([thread.comments.length, thread.looks]).toEqual([1, 1]);
  });
});
