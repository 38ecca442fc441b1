/** Publishing the entry: read the log, plan on what was read, write only on that; again when it moved meanwhile. */
import { AuditError } from '../errors.ts';
import type { FileWrite, LogState, LogStore } from '../host/ports.ts';

/** What a plan answers for one state of the log. */
export type Planned = Readonly<{ state: 'new'; files: readonly FileWrite[] } | { state: 'recorded' } | { state: 'unread'; paths: readonly string[] }>;

export type RecordRequest<P extends Planned> = Readonly<{
  store: LogStore;
  /** What the plan needs to see, the log first. */
  paths: readonly string[];
  /** A function of values: it is called again for every state. */
  plan(state: LogState & Readonly<{ paths: readonly string[] }>): P | Promise<P>;
  /** Waits between tries; `random` is from 0 to 1. */
  wait(milliseconds: number): Promise<void>;
  random(): number;
}>;

/** As in the append protocol (security reference, 5.2): tries, and full jitter between them. */
const TRIES = 12;
const BASE_MS = 20;
const CAP_MS = 2_000;

/** The plan whose files are now in the log, or that found them there. Throws what the store and the plan throw, and LOG_CHANGED when every try met a log that had moved. */
export async function recordEntry<P extends Planned>(request: RecordRequest<P>): Promise<Exclude<P, { state: 'unread' }>> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    if (tried > 0) await request.wait(request.random() * Math.min(CAP_MS, BASE_MS * 2 ** tried));
    const { head, planned } = await planOnce(request);
    if (planned.state === 'recorded') return planned;
    const answer = await request.store.commit(head, filesOf(planned));
    if (answer.state === 'committed') return planned;
  }
  throw new AuditError('LOG_CHANGED', { message: `The run log was written by others each of ${TRIES} times that this run tried.`, path: request.paths[0] ?? '' });
}

/** Plans without writing anything. */
export async function planOnce<P extends Planned>({ store, paths, plan }: Pick<RecordRequest<P>, 'store' | 'paths' | 'plan'>): Promise<{ head: string; planned: Exclude<P, { state: 'unread' }> }> {
  let asked = paths;
  for (;;) {
    const state = await store.read(asked);
    const planned = await plan({ ...state, paths: asked });
    if (isComplete(planned)) return { head: state.head, planned };
    const more = planned.state === 'unread' ? planned.paths.filter((path) => !asked.includes(path)) : [];
    if (more.length === 0) throw new Error('a plan asked for files that it has been given');
    asked = [...asked, ...more];
  }
}

function isComplete<P extends Planned>(planned: P): planned is Exclude<P, { state: 'unread' }> {
  return planned.state !== 'unread';
}

function filesOf(planned: Planned): readonly FileWrite[] {
  return planned.state === 'new' ? planned.files : [];
}
