import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTable, median, ratio, verdictOf } from './statistics.mjs';

const numbers = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1, maxLength: 15 });

describe('the median', () => {
  it.each([[[3], 3], [[4, 1], 2.5], [[9, 1, 5], 5], [[10, 9, 2, 1], 5.5]])('of %j is %d', (values, middle) => {
    expect(median(values)).toBe(middle);
  });

  it('does not depend on the order and leaves the list as it is', () => {
    fc.assert(fc.property(numbers, (values) => {
      const before = [...values];
      expect(median(values)).toBe(median(values.toReversed()));
      expect(values).toEqual(before);
    }));
  });

  it('has as many values below as above', () => {
    fc.assert(fc.property(numbers, (values) => {
      const middle = median(values);
      const below = values.filter((value) => value < middle).length;
      expect(below).toBeLessThanOrEqual(values.length / 2);
      expect(values.filter((value) => value > middle).length).toBeLessThanOrEqual(values.length / 2);
    }));
  });

  it('of nothing is an error, not a number', () => {
    expect(() => median([])).toThrow('no values');
  });
});

describe('ratios', () => {
  it('are told only where there is a base', () => {
    expect([ratio(3, 2), ratio(0, 2), ratio(3, 0)]).toEqual([1.5, 0, null]);
  });

  it('are within their target up to it, and nothing is claimed without one', () => {
    expect([verdictOf(1.5, 1.5), verdictOf(1.51, 1.5), verdictOf(1, null), verdictOf(null, 1)]).toEqual(['within', 'over', 'none', 'none']);
  });
});

describe('the table', () => {
  it('lines up its columns: names to the left, numbers to the right', () => {
    expect(formatTable(['case', 'CPU'], [['start', '9'], ['a', '10.5']])).toBe('case    CPU\n-----  ----\nstart     9\na      10.5\n');
  });
});
