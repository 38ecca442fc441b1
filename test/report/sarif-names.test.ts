import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INVISIBLE } from '../../src/model/visible.ts';
import { plainName } from '../../src/report/sarif-names.ts';

describe('a plain name', () => {
  it.each(['CodeQL', 'Semgrep OSS', '.github/workflows/scan.yml:scan/language:go', 'naïve ☃ 名', 'a'.repeat(100)])('is the name itself where it is one line of visible text: %s', (name) => {
    expect(plainName(name, 100)).toBe(name);
  });

  it.each([
    ['a line end', 'a\n::set-output name=x::y'], ['white space around it', ' a'], ['white space of another kind', 'a\u00a0b'], ['an invisible character', 'a\u202eb'], ['a colour', '\u001b[31ma'], ['half a character', 'a\ud800'],
    ['more than the cap', 'a'.repeat(101)], ['the look of a changed one', 'a~01234567'],
  ])('says by a hash that it was changed: with %s', (_, name) => {
    expect(plainName(name, 100)).toMatch(/^[^\n]*~[0-9a-f]{8}$/);
  });

  it('is nothing for a blank one', () => {
    for (const name of ['', ' ', '\n\t', '\u00a0']) expect(plainName(name, 100)).toBe('');
  });

  it('is one line within the cap, and never that of another name', () => {
    const raw = fc.array(fc.constantFrom('a', 'b', ' ', '\n', '~', '01234567', '\u200b', '\ud800', 'é', '%', '/'), { maxLength: 24 }).map((list) => list.join(''));
    fc.assert(fc.property(raw, raw, (one, other) => {
      const plain = plainName(one, 20);
      expect(plain.length).toBeLessThanOrEqual(20);
      expect(plain).toBe(plain.trim());
      expect(plain.replace(INVISIBLE, '')).toBe(plain);
      expect(plain).not.toMatch(/[\n\t]/);
      const isOther = one !== other && one.trim() !== '';
      expect(isOther && plainName(other, 20) === plain).toBe(false);
      expect(plainName(plainName(one, 20), 20) === plain).toBe(!/~[0-9a-f]{8}$/.test(plain));
    }), { numRuns: 2_000 });
  });
});
