import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanLog } from '../../src/runlog/scan.ts';
import { readSections } from '../../src/runlog/sections.ts';
import { bytesOf } from './logs.ts';

const sectionsOf = (text: string) => {
  const bytes = bytesOf(text);
  return readSections(bytes, scanLog(bytes));
};

const prefix = fc.constantFrom('RUN-', 'RUN-', 'RUN_', '#', 'F-', 'Run-', 'SEC-AUDIT-', 'RUN-2026-01-02-', 'RUN');
const digits = fc.oneof(fc.integer({ min: 0, max: 1200 }).map(String), fc.constantFrom('001', '007', '0', '00', '20260102030', '202601020304', '1234567890123456'));
const separator = fc.constantFrom(' - ', ' \u2013 ', ' \u2014 ', ': ', ' | ', ' ', '-', '  ', ' -');
const date = fc.constantFrom('2026-01-02', '2026-01-02T03:04:05Z', '2026-01-02 03:04', '2026-01-02T03:04', '2026-01-02x', '2026-1-2', '<date>');
const rest = fc.constantFrom('', ' - fix `<input>`', ' (FAILED)', ' ##', 'Z', ' 12');
const heading = fc.tuple(fc.constantFrom('# ', '## ', '## ', '### ', '##  ', '##'), prefix, digits, separator, date, rest).map((parts) => parts.join(''));

describe('numbered headings', () => {
  it('say, read many at once, what each says read alone', () => {
    let numbered = 0;
    fc.assert(fc.property(fc.array(heading, { minLength: 1, maxLength: 8 }), fc.constantFrom('\n', '\r\n'), (headings, end) => {
      const { familyAt, numbers, families, others, idAt, said } = sectionsOf(['# Log', ...headings, ''].join(`${end}${end}`));
      familyAt.forEach((family, at) => {
        if (family === undefined) return;
        const { id, date: told, placeholder } = said(at);
        expect([id?.kind, id?.text, id?.prefix, Number(id?.digits), told === undefined, placeholder]).toEqual(['counter', idAt(at), family.prefix, numbers[at], false, false]);
        numbered += 1;
      });
      expect(families.reduce((sum, { count }) => sum + count, others.length)).toBe(familyAt.length);
    }), { numRuns: 1_500 });
    expect(numbered).toBeGreaterThan(50);
  });

  it('are tallied by prefix and level', () => {
    const { families } = sectionsOf('# Log\n\n## RUN-002 - 2026-01-02\n\n### F-9 - 2026-01-02\n\n## RUN-010 - 2026-01-03\n\n### RUN-5 - 2026-01-03\n');
    expect(families).toEqual([
      { prefix: 'RUN-', level: 2, first: 1, count: 2, lowest: 2, highest: 10, padded: 3 },
      { prefix: 'F-', level: 3, first: 2, count: 1, lowest: 9, highest: 9, padded: 0 },
      { prefix: 'RUN-', level: 3, first: 4, count: 1, lowest: 5, highest: 5, padded: 0 },
    ]);
  });

  it('are none of a title, whatever it says', () => {
    expect(sectionsOf('# RUN-001 - 2026-01-02\n').families).toEqual([]);
  });
});
