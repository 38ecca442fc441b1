import { describe, expect, it } from 'vitest';
import { APPEND_START, nextStep, type AppendEvent, type AppendState, type AppendStep, type Retries } from '../../src/publish/append-protocol.ts';

const RETRIES: Retries = { baseMs: 2_000, capMs: 30_000, tries: 12, deadlineMs: 600_000, settleMs: 10_000 };
const PROBLEM = { code: 'GITHUB_UNAVAILABLE', message: 'no answer' } as const;

type Event = AppendEvent extends infer E ? (E extends unknown ? Omit<E, 'elapsedMs' | 'random'> & Partial<Pick<AppendEvent, 'elapsedMs' | 'random'>> : never) : never;

/** The steps that follow the events, one each. */
function script(...events: readonly Event[]): { steps: AppendStep[]; state: AppendState } {
  let state = APPEND_START;
  const steps = events.map((event) => {
    const next = nextStep(state, { elapsedMs: 0, random: 0.5, ...event }, RETRIES);
    state = next.state;
    return next.step;
  });
  return { steps, state };
}

const started: Event = { kind: 'started' };
const waited: Event = { kind: 'waited' };
const absent = (head: string): Event => ({ kind: 'looked', head, found: 'absent' });
const recorded = (head: string): Event => ({ kind: 'looked', head, found: 'recorded' });
const LOST = { code: 'GITHUB_UNAVAILABLE', message: 'the answer was lost' } as const;
const lost = (head: string): Event => ({ kind: 'unknown', problem: LOST, afterMs: null, head });
const moved: Event = { kind: 'moved' };

describe('the append protocol', () => {
  it('reads, writes on what it read, and has recorded', () => {
    expect(script(started, absent('h1'), { kind: 'committed' }).steps).toEqual([{ do: 'look' }, { do: 'write', head: 'h1' }, { do: 'end', recorded: true, by: 'this' }]);
  });

  it('SEC-104: writes nothing where the entry stands already', () => {
    expect(script(started, recorded('h1')).steps.at(-1)).toEqual({ do: 'end', recorded: true, by: 'before' });
  });

  it('SEC-101: reads anew and writes on the new head when somebody was faster', () => {
    expect(script(started, absent('h1'), moved, waited, absent('h2')).steps).toEqual([{ do: 'look' }, { do: 'write', head: 'h1' }, { do: 'wait', ms: 1_000 }, { do: 'look' }, { do: 'write', head: 'h2' }]);
  });

  it('SEC-108: finds its own entry when the answer to its write was lost', () => {
    expect(script(started, absent('h1'), lost('h1'), waited, recorded('h2')).steps.at(-1)).toEqual({ do: 'end', recorded: true, by: 'this' });
  });

  it('waits a random share of a span that doubles with each try, up to its cap', () => {
    let state = APPEND_START;
    const spans = Array.from({ length: 11 }, () => {
      state = nextStep(state, { kind: 'looked', head: 'h', found: 'absent', elapsedMs: 0, random: 1 }, RETRIES).state;
      const next = nextStep(state, { kind: 'moved', elapsedMs: 0, random: 1 }, RETRIES);
      state = next.state;
      return next.step.do === 'wait' ? next.step.ms : NaN;
    });
    expect(spans).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000, 30_000, 30_000, 30_000]);
  });

  it.each([
    ['by as long again, a minute at most, where that is more', 20_000, 0.5, 30_000], ['by as long again, a minute at most, where that is more', 240_000, 0.5, 270_000],
    ['by its share of the span where that is more', 1_000, 0.5, 2_000], ['not at all by the least chance', 60_000, 0, 60_000],
  ])('SEC-116: waits as long as it was told, and longer %s (%d ms)', (_, afterMs, random, ms) => {
    for (const kind of ['later', 'unknown'] as const) expect(script(started, absent('h1'), { kind, problem: PROBLEM, afterMs, head: 'h1', random }).steps.at(-1)).toEqual({ do: 'wait', ms });
    expect(script(started, { kind: 'look-failed', problem: PROBLEM, retry: { afterMs }, random }).steps.at(-1)).toEqual({ do: 'wait', ms });
  });

  it('SEC-117: does not begin a wait that would pass the deadline, but looks once more and says why', () => {
    const { steps } = script(started, absent('h1'), { kind: 'later', problem: PROBLEM, afterMs: 2_400_000 }, absent('h1'));
    expect(steps.slice(-2)).toEqual([{ do: 'look' }, { do: 'end', recorded: false, by: 'none', problem: PROBLEM }]);
  });

  it('SEC-103: gives up after its tries, with one last look', () => {
    const events = Array.from({ length: 12 }, (_, at) => [absent(`h${at}`), moved, waited]).flat();
    const { steps, state } = script(started, ...events.slice(0, -1), absent('h13'));
    expect(state).toMatchObject({ tries: 12, moves: 12 });
    expect(steps.filter((step) => step.do === 'write')).toHaveLength(12);
    expect(steps.at(-1)).toEqual({ do: 'end', recorded: false, by: 'none' });
  });

  describe('SEC-109: when the last answer was lost too', () => {
    const spent = Array.from({ length: 11 }, (_, at) => [absent(`h${at}`), moved, waited]).flat();
    it('waits until readings no longer trail, and looks', () => {
      expect(script(started, ...spent, absent('h12'), lost('h12'), waited).steps.slice(-2)).toEqual([{ do: 'wait', ms: 10_000 }, { do: 'look' }]);
    });
    it('has recorded if the entry is there', () => {
      expect(script(started, ...spent, absent('h12'), lost('h12'), waited, recorded('h13')).steps.at(-1)).toEqual({ do: 'end', recorded: true, by: 'this' });
    });
    it('has not recorded if the log is elsewhere without it: the write can land no more', () => {
      expect(script(started, ...spent, absent('h12'), lost('h12'), waited, absent('h13')).steps.at(-1)).toEqual({ do: 'end', recorded: false, by: 'none', problem: LOST });
    });
    it('does not know while the log is where the write can still land', () => {
      expect(script(started, ...spent, absent('h12'), lost('h12'), waited, absent('h12')).steps.at(-1)).toEqual({ do: 'end', recorded: 'unknown', by: 'none', problem: LOST });
    });
    it('does not know if nobody can look', () => {
      expect(script(started, ...spent, absent('h12'), lost('h12'), waited, { kind: 'look-failed', problem: PROBLEM, retry: { afterMs: null } }).steps.at(-1)).toEqual({ do: 'end', recorded: 'unknown', by: 'none', problem: PROBLEM });
    });
  });

  it('names nothing that went wrong before, where others were first in the end', () => {
    const later: Event = { kind: 'later', problem: PROBLEM, afterMs: null };
    expect(script(started, absent('h1'), later, waited, absent('h1'), { ...moved, elapsedMs: 600_000 }, absent('h2')).steps.at(-1)).toEqual({ do: 'end', recorded: false, by: 'none' });
  });

  it('counts a reading that failed as a try, and ends with one last look', () => {
    const failed: Event = { kind: 'look-failed', problem: PROBLEM, retry: { afterMs: null } };
    const { steps, state } = script(started, ...Array.from({ length: 11 }, () => [failed, waited]).flat(), failed, failed);
    expect(state.tries).toBe(12);
    expect(steps.slice(-3)).toEqual([{ do: 'look' }, { do: 'look' }, { do: 'end', recorded: false, by: 'none', problem: PROBLEM }]);
  });

  it('begins a wait that ends at the deadline, and none that ends after it', () => {
    expect(script(started, absent('h1'), { ...moved, elapsedMs: 599_000 }).steps.at(-1)).toEqual({ do: 'wait', ms: 1_000 });
    expect(script(started, absent('h1'), { ...moved, elapsedMs: 599_001 }).steps.at(-1)).toEqual({ do: 'look' });
  });

  it('does not know of a write that has to find another head than the one that was read, while the log is there', () => {
    const spent = { ...lost('root'), elapsedMs: 600_000 };
    expect(script(started, absent('none yet'), spent, waited, absent('root')).steps.at(-1)).toMatchObject({ do: 'end', recorded: 'unknown' });
    expect(script(started, absent('none yet'), spent, waited, absent('h2')).steps.at(-1)).toMatchObject({ do: 'end', recorded: false });
  });

  it('says by what the answer was lost that leaves it in doubt, whatever came after', () => {
    const later: Event = { kind: 'later', problem: PROBLEM, afterMs: 2_400_000 };
    expect(script(started, absent('h1'), lost('h1'), waited, absent('h1'), later, waited, absent('h1')).steps.at(-1)).toEqual({ do: 'end', recorded: 'unknown', by: 'none', problem: LOST });
  });

  it('SEC-105: writes nothing where the plan refuses: the key stands for other content', () => {
    const reused = { code: 'KEY_REUSED', message: 'other content' } as const;
    expect(script(started, { kind: 'look-failed', problem: reused, retry: null }).steps).toEqual([{ do: 'look' }, { do: 'end', recorded: false, by: 'none', problem: reused }]);
  });

  it('SEC-111: goes on from wherever the branch was forced to', () => {
    expect(script(started, absent('h2'), moved, waited, absent('h1'), { kind: 'committed' }).steps.slice(-2)).toEqual([{ do: 'write', head: 'h1' }, { do: 'end', recorded: true, by: 'this' }]);
  });

  it('SEC-112: ends where the branch is gone after a write found it moved', () => {
    const gone = { code: 'LOG_BRANCH_GONE', message: 'the branch is gone' } as const;
    expect(script(started, absent('h1'), moved, waited, { kind: 'look-failed', problem: gone, retry: null }).steps.at(-1)).toEqual({ do: 'end', recorded: false, by: 'none', problem: gone });
  });

  it('stops at once where the write is refused', () => {
    expect(script(started, absent('h1'), { kind: 'refused', problem: PROBLEM }).steps.at(-1)).toEqual({ do: 'end', recorded: false, by: 'none', problem: PROBLEM });
  });

  it('looks before it says that a refused entry is not there, if an earlier write was left without an answer', () => {
    const refused: Event = { kind: 'refused', problem: PROBLEM };
    expect(script(started, absent('h1'), lost('h1'), waited, absent('h1'), refused, waited, recorded('h2')).steps.slice(-2)).toEqual([{ do: 'look' }, { do: 'end', recorded: true, by: 'this' }]);
    expect(script(started, absent('h1'), lost('h1'), waited, absent('h1'), refused, waited, absent('h1')).steps.at(-1)).toMatchObject({ recorded: 'unknown' });
  });

  it('reads again after a reading that failed for now, and stops after one that failed for good', () => {
    expect(script(started, { kind: 'look-failed', problem: PROBLEM, retry: { afterMs: 1_000 } }).steps.at(-1)).toEqual({ do: 'wait', ms: 2_000 });
    expect(script(started, { kind: 'look-failed', problem: PROBLEM, retry: null }).steps.at(-1)).toEqual({ do: 'end', recorded: false, by: 'none', problem: PROBLEM });
  });

  it('does not know of what is in place by half', () => {
    expect(script(started, absent('h1'), { kind: 'unfinished', problem: PROBLEM }).steps.at(-1)).toMatchObject({ recorded: 'unknown' });
  });
});
