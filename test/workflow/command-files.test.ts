import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPairs } from './command-files.ts';

const pairsOf = (text: string): [string, string][] => {
  const pairs: [string, string][] = [];
  readPairs(text, (name, value) => pairs.push([name, value]));
  return pairs;
};

describe('a file of pairs', () => {
  it('has a name and a value on a line, up to the first equals sign', () => {
    expect(pairsOf('a=1\n\nb=x=y\r\nc=\n')).toEqual([['a', '1'], ['b', 'x=y'], ['c', '']]);
  });

  it('has blocks that end at their delimiter alone on a line', () => {
    expect(pairsOf('a<<EOF\none\n EOF\n\ntwo\nEOF\nb=1\n')).toEqual([['a', 'one\n EOF\n\ntwo'], ['b', '1']]);
    expect(pairsOf('a<<E\nE\nb<<E\n\nE')).toEqual([['a', ''], ['b', '']]);
    expect(pairsOf('a<<E=1\nx\nE=1\n')).toEqual([['a', 'x']]);
    expect(pairsOf('a=<<E\n')).toEqual([['a', '<<E']]);
  });

  it('keeps what came before a fault, and says the fault', () => {
    const taken: string[] = [];
    expect(() => readPairs('a=1\nb<<EOF\nx\n', (name) => taken.push(name))).toThrow('Matching delimiter not found');
    expect(taken).toEqual(['a']);
    expect(() => pairsOf('no pair\n')).toThrow('Invalid format');
    expect(() => pairsOf('<<EOF\nx\nEOF\n')).toThrow('Name must not be empty');
  });

  it('gives every text back that a block can hold', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,5}$/), fc.string({ unit: fc.constantFrom('a', '\n', '\r', '=', '<', ' ', 'é') })), { maxLength: 4 }), (pairs) => {
      // A carriage return before the delimiter's line would join its newline.
      const writable = pairs.filter(([, value]) => !value.endsWith('\r'));
      expect(pairsOf(writable.map(([name, value]) => `${name}<<DELIMITER-1\n${value}\nDELIMITER-1\n`).join(''))).toEqual(writable);
    }));
  });
});
