/**
 * Many writers on one branch that is far away, under a clock that is only counted. Each of them runs the real recording; the branch takes time, limits
 * writes, loses answers, shows old copies and lets requests land late, as a schedule of chance has it.
 */
import { setImmediate as idle } from 'node:timers/promises';
import { AuditError } from '../../src/errors.ts';
import type { CommitAnswer, LogState, LogStore } from '../../src/host/ports.ts';
import type { Problem } from '../../src/model/problem.ts';
import type { Retries } from '../../src/publish/append-protocol.ts';
import { recordEntry, type Planned } from '../../src/publish/run-log.ts';

/** Shares are from 0 to 1, times in milliseconds. */
export type Faults = Readonly<{
  /** Of requests that get no answer and have no effect. */
  failing: number;
  /** Of writes whose effect is there and whose answer is not. */
  lost: number;
  /** Of writes that land after the writer was told that there is no answer. */
  late: number;
  /** Of reads that show the log as it was up to 10 seconds ago. */
  stale: number;
  /** Somebody else pushes so often; 0 for never. */
  pushesEvery: number;
}>;
export type Schedule = Readonly<{ seed: number; writers: number; retries: Retries; faults: Faults; /** By default each has its own. */ key?: string }>;
export type Told = Readonly<{ key: string; recorded: true | false | 'unknown'; before: boolean; tries: number; ms: number; problem?: Problem }>;
/** `lines`: the log once nothing is under way any more. `pushed`: lines of others, in order. */
export type Played = Readonly<{ told: readonly Told[]; lines: readonly string[]; pushed: readonly string[] }>;

export const NO_FAULTS: Faults = { failing: 0, lost: 0, late: 0, stale: 0, pushesEvery: 0 };

/** As measured: what one call takes, how long a copy may be old, how many writes a minute are let through, and what is said to the next one. */
const LATENCY = [300, 1_500] as const;
const STALE_MS = 10_000;
const LIMIT = { writes: 80, perMs: 60_000, afterMs: 60_000 };
const LATEST_MS = 60_000;

const LOG = 'log';

export async function play({ seed, writers, retries, faults, key }: Schedule): Promise<Played> {
  const random = randomFrom(seed);
  const clock = countedClock();
  const branch = farBranch({ faults, random, clock });
  let running = writers;
  const told = Array.from({ length: writers }, async (_, at): Promise<Told> => {
    const own = key ?? `w${at}`;
    const { recorded, before, tries, problem } = await recordEntry({ store: branch.store, paths: [LOG], plan: (state) => planLine(state, own), retries, wait: clock.sleep, random, clock: clock.now });
    running -= 1;
    return { key: own, recorded, before, tries, ms: clock.now(), ...(problem === undefined ? {} : { problem }) };
  });
  if (faults.pushesEvery > 0) void branch.pushWhile(() => running > 0);
  await clock.run();
  return { told: await Promise.all(told), lines: branch.lines(), pushed: branch.pushed };
}

function planLine({ files }: LogState, key: string): Planned {
  const text = Buffer.from(files.get(LOG) ?? []).toString();
  if (text.split('\n').includes(key)) return { state: 'recorded' };
  return { state: 'new', message: 'Record', files: [{ path: LOG, bytes: Buffer.from(`${text}${key}\n`) }] };
}

/** Mulberry32: from 0 up to 1. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Clock = Readonly<{ now(): number; sleep(ms: number): Promise<void>; /** Until nobody sleeps any more. */ run(): Promise<void> }>;

/** Jumps to whoever wakes next, once all that are awake have come to rest. */
function countedClock(): Clock {
  let now = 0;
  const sleepers = new Set<Readonly<{ at: number; wake(): void }>>();
  return {
    now: () => now,
    sleep: (ms) => new Promise((wake) => { sleepers.add({ at: now + ms, wake }); }),
    async run() {
      for (await idle(); sleepers.size > 0; await idle()) {
        const next = [...sleepers].reduce((a, b) => (b.at < a.at ? b : a));
        sleepers.delete(next);
        now = next.at;
        next.wake();
      }
    },
  };
}

type Place = Readonly<{ faults: Faults; random(): number; clock: Clock }>;
type FarBranch = Readonly<{ store: LogStore; lines(): readonly string[]; pushed: readonly string[]; pushWhile(anybody: () => boolean): Promise<void> }>;

function farBranch(place: Place): FarBranch {
  const { faults: { pushesEvery }, clock } = place;
  const history = aHistory(clock);
  const [read, commit] = [reading(place, history), committing(place, history)];
  const pushed = history.at(0).trimEnd().split('\n');
  return {
    store: { read: () => travel(place, read), commit: (head, [log]) => travel(place, () => commit(head, Buffer.from(log?.bytes ?? []).toString())) },
    lines: () => history.at(-1).trimEnd().split('\n'),
    pushed,
    async pushWhile(anybody) {
      for (await clock.sleep(pushesEvery); anybody(); await clock.sleep(pushesEvery)) {
        const line = `push ${pushed.length}`;
        pushed.push(line);
        history.add(`${history.at(-1)}${line}\n`);
      }
    },
  };
}

/** What the request does happens somewhere on its way. */
async function travel<T>({ clock, random }: Place, act: () => T): Promise<T> {
  const [least, most] = LATENCY;
  const ms = least + random() * (most - least);
  const there = random() * ms;
  await clock.sleep(there);
  const answer = act();
  await clock.sleep(ms - there);
  return answer;
}

/** All that the log ever was; a head is the number of a version. */
type History = Readonly<{ at(version: number): string; add(text: string): void; headAt(time: number): number; /** Whether it was still at the head. */ land(head: string, text: string): boolean }>;

function aHistory(clock: Clock): History {
  const versions = [{ since: 0, text: 'seed\n' }];
  const add = (text: string): void => { versions.push({ since: clock.now(), text }); };
  return {
    at: (version) => versions.at(version)?.text ?? '',
    add,
    headAt: (time) => Math.max(0, versions.findLastIndex(({ since }) => since <= time)),
    land(head, text) {
      if (Number(head) !== versions.length - 1) return false;
      add(text);
      return true;
    },
  };
}

function reading({ faults, random, clock }: Place, history: History): () => LogState {
  return () => {
    if (random() < faults.failing) throw new AuditError('GITHUB_UNAVAILABLE', { message: 'no answer', retry: { afterMs: null } });
    const head = history.headAt(random() < faults.stale ? clock.now() - random() * STALE_MS : clock.now());
    return { head: String(head), files: new Map([[LOG, Buffer.from(history.at(head))]]) };
  };
}

const LOST: CommitAnswer = { state: 'unknown', problem: { code: 'GITHUB_UNAVAILABLE', message: 'no answer' }, afterMs: null };

function committing({ faults, random, clock }: Place, history: History): (head: string, text: string) => CommitAnswer {
  const written: number[] = [];
  return (head, text) => {
    const recent = written.filter((at) => at > clock.now() - LIMIT.perMs);
    if (recent.length >= LIMIT.writes) return { state: 'later', problem: { code: 'RATE_LIMITED', message: 'too many writes' }, afterMs: LIMIT.afterMs };
    written.push(clock.now());
    if (random() < faults.failing) return LOST;
    if (random() < faults.late) {
      void clock.sleep(random() * LATEST_MS).then(() => history.land(head, text));
      return LOST;
    }
    const landed = history.land(head, text);
    if (random() < faults.lost) return LOST;
    return landed ? { state: 'committed', id: String(Number(head) + 1) } : { state: 'moved' };
  };
}
