/**
 * The append protocol as a step function of values: what to do next, given what came of the step before. It reads no clock, waits for nothing and
 * writes nothing; whoever carries the steps out says what happened.
 */
import type { Problem } from '../model/problem.ts';

/** Full jitter between tries: a random share of `baseMs`, doubled with each further try, at most `capMs`. `tries` in all, which may take `deadlineMs` together. `settleMs`: for so long reads may trail a write. */
export type Retries = Readonly<{ baseMs: number; capMs: number; tries: number; deadlineMs: number; settleMs: number }>;

/** What the plan says of the log that was read at `head`: whether the entry is in it. Without `retry` no further look can succeed. */
export type Looked = Readonly<
  | { kind: 'looked'; head: string; found: 'absent' | 'recorded' }
  | { kind: 'look-failed'; problem: Problem; retry: Readonly<{ afterMs: number | null }> | null }
>;

/** What came of a write. */
export type Wrote = Readonly<
  | { kind: 'committed' }
  | { kind: 'moved' }
  | { kind: 'later'; problem: Problem; afterMs: number | null }
  /** `head`: what the write still has to find if it is to land. */
  | { kind: 'unknown'; problem: Problem; afterMs: number | null; head: string }
  | { kind: 'refused'; problem: Problem }
  /** A part of it is in place, and whoever writes next puts the rest there. */
  | { kind: 'unfinished'; problem: Problem }
>;

export type AppendEvent = (Readonly<{ kind: 'started' }> | Looked | Wrote | Readonly<{ kind: 'waited' }>)
  /** Since the start. `random`: from 0 up to 1, for the next wait. */
  & Readonly<{ elapsedMs: number; random: number }>;

export type AppendStep = Readonly<
  /** Read the log and plan on it. */
  | { do: 'look' }
  /** Write the plan that was made at this head, on the condition that the log is still there. */
  | { do: 'write'; head: string }
  | { do: 'wait'; ms: number }
  | { do: 'end'; recorded: true | false | 'unknown'; /** By whom it was found there: this run just now, or somebody before. */ by: 'this' | 'before' | 'none'; problem?: Problem }
>;

export type AppendState = Readonly<{
  tries: number;
  /** Tries in which others wrote first. */
  moves: number;
  /** Writes whose answer was lost, with the problem that lost it: each may have landed, and can still land while the log is at its head. */
  open: readonly Readonly<{ head: string; problem: Problem }>[];
  /** What the newest try ended with. */
  problem: Problem | null;
  /** Only to look is left. */
  last: boolean;
}>;

export const APPEND_START: AppendState = { tries: 0, moves: 0, open: [], problem: null, last: false };

type Next = Readonly<{ state: AppendState; step: AppendStep }>;

/** Retries are those of the host. A step `end` is the last one. */
export function nextStep(state: AppendState, event: AppendEvent, retries: Retries): Next {
  switch (event.kind) {
    case 'started':
    case 'waited': return { state, step: { do: 'look' } };
    case 'looked': return afterLook(state, event);
    case 'look-failed': return afterFailedLook(state, event, retries);
    case 'committed': return end(state, { recorded: true, by: 'this' });
    case 'moved': return again({ ...state, moves: state.moves + 1, problem: null }, event, retries);
    case 'later': return again({ ...state, problem: event.problem }, event, retries);
    case 'unknown': return again({ ...state, open: [...state.open, { head: event.head, problem: event.problem }], problem: event.problem }, event, retries);
    case 'refused': return state.open.length === 0 ? end({ ...state, problem: event.problem }, { recorded: false, by: 'none' }) : lastLook({ ...state, problem: event.problem }, retries);
    case 'unfinished': return end({ ...state, problem: event.problem }, { recorded: 'unknown', by: 'none' });
    default: return event satisfies never;
  }
}

/** The key is there: whose write it was, an unknown one of ours or that of an earlier run, makes no difference to the log. */
function afterLook(state: AppendState, { head, found }: Readonly<{ head: string; found: 'absent' | 'recorded' }>): Next {
  if (found === 'recorded') return end(state, { recorded: true, by: state.open.length > 0 ? 'this' : 'before' });
  if (!state.last) return { state: { ...state, tries: state.tries + 1 }, step: { do: 'write', head } };
  // A write is guarded by the head it was made on: where the log is elsewhere by now, it cannot land any more. A reading that may trail would not prove that.
  const open = state.open.findLast((write) => write.head === head);
  return open === undefined ? end(state, { recorded: false, by: 'none' }) : end({ ...state, problem: open.problem }, { recorded: 'unknown', by: 'none' });
}

function afterFailedLook(state: AppendState, { problem, retry, ...event }: Extract<Looked, { kind: 'look-failed' }> & Timing, retries: Retries): Next {
  const now = { ...state, problem };
  if (retry === null || state.last) return end(now, { recorded: state.open.length > 0 ? 'unknown' : false, by: 'none' });
  return again({ ...now, tries: state.tries + 1 }, { ...event, afterMs: retry.afterMs }, retries);
}

/** What became of a write without an answer only the log can tell, once its readings no longer trail. */
function lastLook(state: AppendState, { settleMs }: Retries): Next {
  return { state: { ...state, last: true }, step: state.open.length > 0 && settleMs > 0 ? { do: 'wait', ms: settleMs } : { do: 'look' } };
}

type Timing = Readonly<{ elapsedMs: number; random: number; afterMs?: number | null }>;

/** GitHub counts writes by the minute. Those whom it turned away together would come back together, and be in each other's way: they spread over as long. */
const LIMIT_WINDOW_MS = 60_000;

/** Another try after a wait; a last look where tries or time are spent. A wait that would end past the deadline is not begun. */
function again(state: AppendState, { elapsedMs, random, afterMs = null }: Timing, retries: Retries): Next {
  const { baseMs, capMs, tries, deadlineMs } = retries;
  const doubled = Math.min(capMs, baseMs * 2 ** (state.tries - 1));
  const ms = (afterMs ?? 0) + Math.floor(random * Math.max(doubled, Math.min(afterMs ?? 0, LIMIT_WINDOW_MS)));
  if (state.tries >= tries || elapsedMs + ms > deadlineMs) return lastLook(state, retries);
  return { state, step: { do: 'wait', ms } };
}

function end(state: AppendState, { recorded, by }: Readonly<{ recorded: true | false | 'unknown'; by: 'this' | 'before' | 'none' }>): Next {
  return { state, step: { do: 'end', recorded, by, ...(recorded === true || state.problem === null ? {} : { problem: state.problem }) } };
}
