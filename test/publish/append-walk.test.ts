import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { APPEND_START, nextStep, type AppendEvent, type AppendStep, type Retries } from '../../src/publish/append-protocol.ts';

const RETRIES: Retries = { baseMs: 2_000, capMs: 30_000, tries: 12, deadlineMs: 600_000, settleMs: 10_000 };

const problem = fc.constantFrom({ code: 'GITHUB_UNAVAILABLE', message: 'no answer' } as const, { code: 'RATE_LIMITED', message: 'too many' } as const);
const afterMs = fc.option(fc.nat({ max: 700_000 }), { freq: 2 });
const head = fc.constantFrom('h1', 'h2', 'h3');

const looking = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('looked' as const), head, found: fc.constant('absent' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('looked' as const), head, found: fc.constant('recorded' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('look-failed' as const), problem, retry: fc.option(fc.record({ afterMs }), { freq: 4 }) }) },
);
const writing = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ kind: 'moved' as const }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('later' as const), problem, afterMs }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('unknown' as const), problem, afterMs }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'committed' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('refused' as const), problem }) },
);
const turn = fc.record({ looking, writing, random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), ms: fc.nat({ max: 3_000 }) });
type Turn = typeof turn extends fc.Arbitrary<infer T> ? T : never;

type Walk = Readonly<{
  end: Extract<AppendStep, { do: 'end' }>;
  /** The head that each was on, and the one that was read last before it. */
  writes: readonly Readonly<{ on: string; seen: string | null }>[];
  /** When each began, and how long it was. */
  waits: readonly Readonly<{ from: number; ms: number }>[];
  /** What was read last; `null` if that failed. */
  seen: string | null;
  /** Heads of writes without an answer. */
  open: ReadonlySet<string>;
}>;

/** Carries out whatever the protocol asks for: each look begins a turn, which says what comes of it and of the write after it. */
function walk(turns: readonly Turn[]): Walk {
  const [writes, waits, open]: [Walk['writes'][number][], Walk['waits'][number][], Set<string>] = [[], [], new Set()];
  const left = [...turns];
  let [now, seen, elapsedMs]: [Turn | undefined, string | null, number] = [undefined, null, 0];
  let next = nextStep(APPEND_START, { kind: 'started', elapsedMs: 0, random: 0 }, RETRIES);
  while (next.step.do !== 'end') {
    const { step } = next;
    let event: AppendEvent;
    if (step.do === 'wait') {
      waits.push({ from: elapsedMs, ms: step.ms });
      elapsedMs += step.ms;
      event = { kind: 'waited', elapsedMs, random: 0 };
    } else {
      if (step.do === 'look') now = left.shift();
      if (now === undefined) throw new Error('it looks for ever');
      if (step.do === 'look') seen = now.looking.kind === 'looked' ? now.looking.head : null;
      if (step.do === 'write' && now.writing.kind === 'unknown') open.add(step.head);
      const came = step.do === 'look' ? now.looking : now.writing.kind === 'unknown' ? { ...now.writing, head: step.head } : now.writing;
      if (step.do === 'write') writes.push({ on: step.head, seen });
      elapsedMs += now.ms;
      event = { ...came, elapsedMs, random: now.random };
    }
    next = nextStep(next.state, event, RETRIES);
  }
  return { writes, waits, seen, open, end: next.step };
}

/** What was said agrees with what is known: no, only where nothing can land any more; unknown, only where something may have. */
function isTruthful({ end, open, seen }: Walk): boolean {
  if (end.recorded === true) return true;
  if (end.recorded === 'unknown') return open.size > 0;
  return open.size === 0 || (seen !== null && !open.has(seen));
}

describe('the append protocol, whatever comes', () => {
  it('ends within its tries and its time, writes only on what it has just read, and says no only where nothing can land any more', () => {
    const told = new Map<unknown, number>();
    fc.assert(fc.property(fc.array(turn, { minLength: 13, maxLength: 13 }), (turns) => {
      const walked = walk(turns);
      const { end, writes, waits } = walked;
      told.set(end.recorded, (told.get(end.recorded) ?? 0) + 1);
      expect(writes.length).toBeLessThanOrEqual(RETRIES.tries);
      expect(writes.filter(({ on, seen }) => on !== seen)).toEqual([]);
      // All but the one before the last look.
      expect(waits.filter(({ from, ms }) => ms !== RETRIES.settleMs && from + ms > RETRIES.deadlineMs)).toEqual([]);
      expect(walked).toSatisfy(isTruthful);
    }), { numRuns: 2_000 });
    for (const recorded of [true, false, 'unknown']) expect(told.get(recorded)).toBeGreaterThan(100);
  });
});
