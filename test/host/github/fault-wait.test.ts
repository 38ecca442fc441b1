import { describe, expect, it } from 'vitest';
import { AuditError } from '../../../src/errors.ts';
import { FIRST_READ, nextTry, repeatPatiently, shortPatience, type Tried } from '../../../src/host/github/fault-wait.ts';

const FIRST: Tried = { tried: 1, elapsedMs: 0, afterMs: null, random: 0.5 };

describe('the wait before another try', () => {
  it.each<[string, Partial<Tried>, number | null]>([
    ['is a share of a doubled time', { tried: 2 }, 2_000],
    ['is added to what was told', { afterMs: 15_000 }, 16_000],
    ['is none after the third try', { tried: 3 }, null],
    ['is none after half the limit of a request', { elapsedMs: 15_001 }, null],
    ['is none where it would be long', { afterMs: 19_500 }, null],
  ])('of a read %s', (_, tried, ms) => {
    expect(nextTry(shortPatience(30_000), { ...FIRST, ...tried })).toBe(ms);
  });

  it.each<[string, Partial<Tried>, number | null]>([
    ['is doubled with each try', { tried: 4 }, 8_000],
    ['is doubled up to half a minute', { tried: 11 }, 15_000],
    ['is spread over as long as was told, so that those who were turned away together do not come back together', { afterMs: 40_000 }, 60_000],
    ['is spread over a minute at most', { afterMs: 200_000 }, 230_000],
    ['may end with the tenth minute', { elapsedMs: 510_000, afterMs: 60_000 }, 90_000],
    ['may not end after it', { elapsedMs: 510_001, afterMs: 60_000 }, null],
    ['is none after the twelfth try', { tried: 12 }, null],
  ])('of the first read %s', (_, tried, ms) => {
    expect(nextTry(FIRST_READ, { ...FIRST, ...tried })).toBe(ms);
  });
});

describe('what is tried again', () => {
  const later = new AuditError('RATE_LIMITED', { message: 'later', retry: { afterMs: 60_000 } });
  const never = new AuditError('PERMISSION_MISSING', { message: 'never' });

  async function attempts(errors: readonly Error[]) {
    const waits: number[] = [];
    let at = 0;
    const answer = await repeatPatiently(FIRST_READ, { wait: async (ms) => { waits.push(ms); }, random: () => 0 }, async () => {
      const error = errors[at++];
      if (error !== undefined) throw error;
      return at;
    }).catch((error: unknown) => error);
    return { answer, waits };
  }

  it('is tried until it succeeds, after as long as was told', async () => {
    expect(await attempts([later, later])).toEqual({ answer: 3, waits: [60_000, 60_000] });
  });

  it('is not what would fail again, nor a fault of ours', async () => {
    const fault = new Error('a fault');
    expect(await attempts([later, never])).toEqual({ answer: never, waits: [60_000] });
    expect(await attempts([fault])).toEqual({ answer: fault, waits: [] });
  });

  it('is given up after the twelfth try', async () => {
    const { answer, waits } = await attempts(Array.from({ length: 20 }, () => later));
    expect(answer).toBe(later);
    expect(waits).toHaveLength(11);
  });
});
