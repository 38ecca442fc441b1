/** Publishing the entry: read the log, plan on what was read, write only on that; again when it moved meanwhile. */
import { AuditError } from '../errors.ts';
import type { FileWrite, LogState, LogStore } from '../host/ports.ts';
import type { Problem } from '../model/problem.ts';
import { APPEND_START, nextStep, type AppendEvent, type AppendState, type Looked, type Retries, type Wrote } from './append-protocol.ts';

/** What a plan answers for one state of the log. */
export type Planned = Readonly<{ state: 'new'; files: readonly FileWrite[]; /** Says in one line what is written. */ message: string } | { state: 'recorded' } | { state: 'unread'; paths: readonly string[] }>;
type Complete<P extends Planned> = Exclude<P, { state: 'unread' }>;

export type RecordRequest<P extends Planned> = Readonly<{
  store: LogStore;
  /** What the plan needs to see, the log first. */
  paths: readonly string[];
  /** A function of values: it is called again for every state. */
  plan(state: LogState & Readonly<{ paths: readonly string[] }>): P | Promise<P>;
  retries: Retries;
  wait(milliseconds: number): Promise<void>;
  /** From 0 up to 1. */
  random(): number;
  /** Milliseconds on a clock that never goes back. */
  clock(): number;
  /** Called before what is known of the entry changes: `unknown` while a write is under way or without an answer, `false` once it surely did not land. How it ended is answered. */
  onState?(recorded: false | 'unknown'): Promise<void>;
}>;

/** `planned`: the plan that is in the log; else the newest one, `null` where none could be made. `before`: the entry was there already. */
export type Recording<P extends Planned> = Readonly<{
  planned: Complete<P> | null;
  recorded: true | false | 'unknown';
  before: boolean;
  tries: number;
  /** The commit that holds the entry, where this run saw it made. */
  commit?: Readonly<{ id: string; url?: string }>;
  problem?: Problem;
}>;

/** Throws AuditError where no answer can be made at all, with nothing written. */
export async function recordEntry<P extends Planned>(request: RecordRequest<P>): Promise<Recording<P>> {
  const start = request.clock();
  const seen: { planned: Complete<P> | null; commit?: Readonly<{ id: string; url?: string }> } = { planned: null };
  const tell = teller(request.onState);
  let state = APPEND_START;
  let event: Looked | Wrote | Readonly<{ kind: 'started' | 'waited' }> = { kind: 'started' };
  for (;;) {
    const timed: AppendEvent = { ...event, elapsedMs: request.clock() - start, random: request.random() };
    const next = nextStep(state, timed, request.retries);
    state = next.state;
    const { step } = next;
    if (step.do !== 'end') await tell(step.do === 'write' || state.open.length > 0 ? 'unknown' : false);
    switch (step.do) {
      case 'look': {
        const looked = await look(request, state.open.length > 0 ? 'told' : 'thrown');
        if ('planned' in looked) seen.planned = looked.planned;
        event = looked.event;
        break;
      }
      case 'write': {
        const { committed, ...wrote } = await write(request.store, step.head, seen.planned);
        if (committed !== undefined) seen.commit = committed;
        event = wrote.event;
        break;
      }
      case 'wait':
        await request.wait(step.ms);
        event = { kind: 'waited' };
        break;
      case 'end': {
        const problem = step.recorded === true ? undefined : step.problem ?? othersFirst(request.paths[0] ?? '', state);
        return { planned: seen.planned, recorded: step.recorded, before: step.by === 'before', tries: state.tries, ...(seen.commit === undefined ? {} : { commit: seen.commit }), ...(problem === undefined ? {} : { problem }) };
      }
      default: step satisfies never;
    }
  }
}

/** The same is told once. */
function teller(onState: RecordRequest<Planned>['onState']): (recorded: false | 'unknown') => Promise<void> {
  let told: false | 'unknown' = false;
  return async (recorded) => {
    if (recorded === told) return;
    await onState?.(recorded);
    told = recorded;
  };
}

function othersFirst(path: string, { moves, tries }: AppendState): Problem {
  return { code: 'LOG_CHANGED', message: `Others wrote to the run log first in ${moves} of the ${tries} tries of this run.`, path };
}

type Look<P extends Planned> = Readonly<{ event: Looked; planned: Complete<P> } | { event: Looked }>;

/** `thrown`: an error that leaves no answer goes on up; with a write under way it is told instead. */
async function look<P extends Planned>(request: RecordRequest<P>, unanswerable: 'thrown' | 'told'): Promise<Look<P>> {
  try {
    const { head, planned } = await planOnce(request);
    return { event: { kind: 'looked', head, found: planned.state === 'recorded' ? 'recorded' : 'absent' }, planned };
  } catch (error) {
    if (!(error instanceof AuditError) || (error.exitCode === 2 && unanswerable === 'thrown')) throw error;
    return { event: { kind: 'look-failed', problem: error.problem, retry: error.retry } };
  }
}

async function write(store: LogStore, head: string, planned: Planned | null): Promise<Readonly<{ event: Wrote; committed?: Readonly<{ id: string; url?: string }> }>> {
  if (planned?.state !== 'new') throw new Error('there is nothing planned to be written');
  try {
    const answer = await store.commit(head, planned.files, planned.message);
    switch (answer.state) {
      case 'committed': return { event: { kind: 'committed' }, committed: { id: answer.id, ...(answer.url === undefined ? {} : { url: answer.url }) } };
      case 'moved': return { event: { kind: 'moved' } };
      case 'later': return { event: { kind: 'later', problem: answer.problem, afterMs: answer.afterMs } };
      case 'unknown': return { event: { kind: 'unknown', problem: answer.problem, afterMs: answer.afterMs, head: answer.head ?? head } };
      default: return answer satisfies never;
    }
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    return { event: { kind: error.code === 'WRITE_UNFINISHED' ? 'unfinished' : 'refused', problem: error.problem } };
  }
}

/** Plans without writing anything. */
export async function planOnce<P extends Planned>({ store, paths, plan }: Pick<RecordRequest<P>, 'store' | 'paths' | 'plan'>): Promise<{ head: string; planned: Complete<P> }> {
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

function isComplete<P extends Planned>(planned: P): planned is Complete<P> {
  return planned.state !== 'unread';
}
