/** Publishing as one comment on the pull request, updated in place. */
import { AuditError } from '../errors.ts';
import type { CommentThread, PostedComment, PullNow } from '../host/ports.ts';
import type { Audit } from '../model/audit.ts';
import type { Problem } from '../model/problem.ts';
import type { Published, Publisher } from './publisher.ts';

export type CommentRequest = Readonly<{
  thread: CommentThread;
  /** `changes`: made when there is news, and from then on always updated. */
  rule: 'changes' | 'always';
  /** Of which the comment would speak. */
  commit: string;
  /** The pull request as it was when the run began; `null` where that is not known. */
  before: PullNow | null;
}>;

export function commentPublisher({ thread, rule, commit, before }: CommentRequest): Publisher {
  return {
    id: 'comment',
    weight: 'best-effort',
    async publish(what) {
      // What was refused to the log would be refused here.
      if (what.recorded.wish === 'read-only token') return { places: [] };
      const body = what.documents.comment();
      const isDue = rule === 'always' || isNews(what);
      const seen = findOurs(await thread.list(), body);
      if (isSettled(seen, { body, isDue })) return seen[0] === undefined ? { places: [] } : shown(seen[0]);
      const known = before === null ? undefined : reasonAgainst(before, { commit, ours: seen });
      if (known !== undefined) return { places: [], problems: [known] };
      // Reports and log take their time: others may have written meanwhile, and the pull request may have moved on.
      const now = await thread.pull();
      const ours = findOurs(await thread.list(), body);
      const refused = reasonAgainst(now, { commit, ours });
      if (refused !== undefined) return { places: [], problems: [refused] };
      if (ours.length > 0) return shown(await updateOne({ thread, body }, ours));
      return isDue ? shown(await makeOne(thread, body)) : { places: [] };
    },
  };
}

type Wanted = Readonly<{ body: string; isDue: boolean }>;

/** Nothing is to be written. An edit that changes nothing would be shown as one. */
function isSettled([oldest, ...copies]: readonly PostedComment[], { body, isDue }: Wanted): boolean {
  return oldest === undefined ? !isDue : copies.length === 0 && normal(oldest.body) === normal(body);
}

type Writing = Readonly<{ commit: string; ours: readonly PostedComment[] }>;

/** An older run does not speak over a newer one; where nobody may speak, nothing is tried; a closed pull request gets no new comment. */
function reasonAgainst({ headSha, state, locked }: PullNow, { commit, ours }: Writing): Problem | undefined {
  if (headSha !== commit) return { code: 'SUPERSEDED', message: `The pull request is at ${headSha.slice(0, 12)} by now: the comment is left to the run of that commit.` };
  if (locked) return { code: 'CONVERSATION_LOCKED', message: 'The conversation of the pull request is locked: the comment was not written.' };
  if (state !== 'open' && ours.length === 0) return { code: 'PULL_CLOSED', message: `The pull request is ${state}: no comment was made.` };
  return undefined;
}

function shown({ url }: PostedComment): Published {
  return { places: [url], links: { comment: url } };
}

/** By who wrote it and by the marker in its first line, never by one of them alone. Oldest first. */
function findOurs(comments: readonly PostedComment[], body: string): readonly PostedComment[] {
  const marker = firstLine(body);
  return comments.filter((comment) => comment.ours && firstLine(comment.body) === marker);
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.trimEnd() ?? '';
}

/** Something that the author of the change has not been told yet. */
function isNews({ audit: { comparison, verdict, overruled } }: Readonly<{ audit: Audit }>): boolean {
  return overruled !== undefined || verdict.outcome !== 'pass' || comparison.firstRun || comparison.opened.length + comparison.reopened.length + comparison.closed.length > 0;
}

/** Two jobs that end together both find none: who made the younger one takes it back. */
async function makeOne(thread: CommentThread, body: string): Promise<PostedComment> {
  const made = await thread.create(body);
  const all = findOurs(await thread.list(), body);
  return all.length > 1 ? updateOne({ thread, body }, all) : made;
}

type Update = Readonly<{ thread: CommentThread; body: string }>;

/** The oldest stays; the others say the same and go. */
async function updateOne({ thread, body }: Update, ours: readonly PostedComment[]): Promise<PostedComment> {
  const [oldest, ...copies] = ours;
  if (oldest === undefined) return thread.create(body);
  const updated = await updateOrRemake({ thread, body }, oldest);
  for (const { id } of copies) await unlessGone(thread.remove(id));
  return updated;
}

async function updateOrRemake({ thread, body }: Update, comment: PostedComment): Promise<PostedComment> {
  if (normal(comment.body) === normal(body)) return comment;
  return await unlessGone(thread.update(comment.id, body)) ?? thread.create(body);
}

/** As the platform gives it back: line ends may have changed, and blanks at the end are dropped. */
function normal(body: string): string {
  return body.replaceAll('\r\n', '\n').trimEnd();
}

/** Somebody may have removed it meanwhile. */
async function unlessGone<T>(done: Promise<T>): Promise<T | undefined> {
  try {
    return await done;
  } catch (error) {
    if (error instanceof AuditError && error.code === 'NOT_FOUND_ON_GITHUB') return undefined;
    throw error;
  }
}
