import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openSkim } from '../../src/report/json-skim.ts';

const KEYS = new Set(['skip', 'a']);

function skimmed(text: string, size = Math.max(text.length, 1)): string | undefined {
  const skim = openSkim({ keys: KEYS, depth: 64 });
  let kept = '';
  for (let at = 0; at < text.length; at += size) kept += skim.write(text.slice(at, at + size));
  return skim.fault() === undefined ? kept : undefined;
}

/** The same on the value. */
function without(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(without);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, KEYS.has(key) && Array.isArray(inner) ? null : without(inner)]));
}

describe('openSkim', () => {
  it('leaves out the lists of the keys it was given, and nothing else', () => {
    expect(skimmed('{"skip":[1,[2]],"keep":[3],"x":"skip","skip" : [ {"y":"]"} ] }')).toBe('{"skip":null,"keep":[3],"x":"skip","skip" : null }');
    expect(skimmed('{"skip":{"b":[1]},"a":"[","c":["skip",[1]]}')).toBe('{"skip":{"b":[1]},"a":"[","c":["skip",[1]]}');
  });

  it('refuses brackets that do not match in what it leaves out', () => {
    expect(skimmed('{"skip":[},"b":1}')).toBeUndefined();
    expect(skimmed('{"skip":[{]}}')).toBeUndefined();
  });

  it('gives the document without these lists, whatever the pieces', () => {
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 4 }, fc.constantFrom<unknown>(1, null, true), fc.string(), fc.constantFrom('"', '\\', '\\"', '[', ']}', 'skip'), fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(fc.constantFrom('skip', 'a', 'b', '"', 'skip\\', ':'), tie('value'), { maxKeys: 4 })),
    }));
    fc.assert(fc.property(value, fc.integer({ min: 1, max: 7 }), fc.constantFrom(0, 2), (document, size, indent) => {
      const text = JSON.stringify(document, undefined, indent);
      expect(JSON.parse(skimmed(text) ?? '')).toEqual(without(document));
      expect(skimmed(text, size)).toBe(skimmed(text));
    }), { numRuns: 3_000 });
  });
});
