import { describe, expect, it } from 'vitest';
import { FIRST_READ, nextTry, shortPatience, type Tried } from '../../../src/host/github/fault-wait.ts';

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
