import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMarker, parseMarker, type EntryMarker } from '../../src/model/marker.ts';
import { EntryMarkerSchema } from '../../src/model/schema/marker.ts';

const letters = (all: string) => fc.constantFrom(...all.split(''));
const hex = (length: number) => fc.string({ unit: letters('0123456789abcdef'), minLength: length, maxLength: length });
const word = fc.string({ unit: letters('abcXYZ019._-'), minLength: 1, maxLength: 200 });
const count = fc.integer({ min: 1, max: 999_999_999_999 });
const objectId = fc.oneof(hex(40), hex(64));
const marker: fc.Arbitrary<EntryMarker> = fc.record(
  { key: word, sequence: count, commit: objectId, tree: objectId, pullRequest: count, job: hex(16), attemptOf: word, content: hex(16), prev: hex(64), digest: hex(64) },
  { requiredKeys: ['key', 'sequence', 'commit', 'tree', 'content', 'digest'] },
);

describe('markers', () => {
  it('come back as they were written, and agree with their schema', () => {
    fc.assert(fc.property(marker, (value) => {
      expect(parseMarker(formatMarker(value))).toEqual(value);
      expect(EntryMarkerSchema.safeParse(value).success).toBe(true);
    }));
  });

  it('are one comment on one line, closed only at its end', () => {
    fc.assert(fc.property(marker, (value) => {
      expect(formatMarker(value)).toMatch(/^<!-- [\w .=:-]+ -->$/);
      expect(formatMarker(value).indexOf('-->')).toBe(formatMarker(value).length - 3);
    }));
  });

  it('are read only if every character is as it is written', () => {
    const value: EntryMarker = { key: 'r1.2.1.audit', sequence: 7, commit: 'a'.repeat(40), tree: 'b'.repeat(40), content: 'c'.repeat(16), digest: 'd'.repeat(64) };
    const line = formatMarker(value);
    expect(parseMarker(line)).toEqual(value);
    const spoilt = [
      ` ${line}`, `${line} `, `> ${line}`, `${line}\n`, line.replace('v1', 'v2'), line.replace('seq=7', 'seq=0'), line.replace('seq=7', 'seq=7e1'), line.replace('seq=7', 'seq=07'),
      line.replace('key=r1.2.1.audit', 'key='), line.replace('key=', 'key=x key='), line.replace(' digest=', ' note=x digest='), line.replace('commit=a', 'commit='), line.replace('-->', '-- >'),
    ];
    for (const other of spoilt) expect(parseMarker(other), other).toBeUndefined();
  });

  it('fall to no change of a single character unseen', () => {
    fc.assert(fc.property(marker, fc.nat(), letters('aZ0 .-=\n<>!'), (value, place, character) => {
      const line = formatMarker(value);
      const at = place % line.length;
      const changed = line.slice(0, at) + character + line.slice(at + 1);
      const read = parseMarker(changed);
      expect(read === undefined ? changed : formatMarker(read)).toBe(changed);
    }));
  });
});
