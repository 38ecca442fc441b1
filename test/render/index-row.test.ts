import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IndexStyle } from '../../src/model/entry-style.ts';
import { renderIndexRow } from '../../src/render/index-row.ts';
import { aContext, aRun } from '../model/run-builder.ts';
import { anAudit } from './audit-builder.ts';
import { hostileText, liveTexts, parse, seenOnOneLine, shownText, withoutTicks } from './hostile.ts';
import { INDEX_STYLE } from './seed-style.ts';
import { green } from './situations.ts';

const EVERY_COLUMN: IndexStyle = { ...INDEX_STYLE, columns: ['run-id', 'start', 'end', 'date', 'branch', 'commit', 'operator', 'mode', 'outcome', 'artifacts', 'unknown'] };

/** The cells of a row as a reader of the table sees them. */
function cellsOf(row: string, columns: number): string[] {
  const root = parse(`|${'h|'.repeat(columns)}\n|${'---|'.repeat(columns)}\n${row}\n`);
  const [table, ...rest] = root.children;
  if (table?.type !== 'table' || rest.length > 0 || table.children.length !== 2) throw new Error(`no table of one row: ${row}`);
  expect(liveTexts(table).filter((text) => !/^[0-9a-f]{40}$/.test(text))).toEqual([]);
  return table.children[1]?.children.map(shownText) ?? [];
}

describe('a row of the run index', () => {
  it('is written as the first log writes its rows', () => {
    expect(renderIndexRow(green(), INDEX_STYLE)).toBe('| RUN-002 | 2026-11-24T14:02:09Z | 2026-11-24T14:07:31Z | main | 9f8e7d6c5b4a39281706f5e4d3c2b1a098765432 | audit-only | pass | docs/ |');
  });

  it('marks what is not known, and no code for it', () => {
    const audit = anAudit([aRun({ context: aContext({ branch: null, operator: ' ' }) })], { logPath: 'LOG.md' });
    const cells = cellsOf(renderIndexRow(audit, { ...EVERY_COLUMN, code: EVERY_COLUMN.columns }), 11);
    expect(cells).toEqual(['RUN-001', 'N/A', '2026-11-22T14:07:31Z', '2026-11-22', 'N/A (detached HEAD)', 'a'.repeat(40), 'N/A', 'audit-only', 'failed', './', 'N/A']);
    expect(renderIndexRow(audit, { ...EVERY_COLUMN, code: EVERY_COLUMN.columns })).toContain('| N/A (detached HEAD) |');
  });

  it('follows the blanks and outer pipes of the log', () => {
    const columns = ['run-id', 'outcome'] as const;
    expect(renderIndexRow(green(), { columns, padded: false, outerPipes: true, code: ['outcome'] })).toBe('|RUN-002|`pass`|');
    expect(renderIndexRow(green(), { columns, padded: true, outerPipes: false, code: [] })).toBe('RUN-002 | pass');
  });

  it('SEC-16: keeps its count of cells, on one line, whatever a branch or an operator is called', () => {
    const columns = ['run-id', 'branch', 'operator', 'outcome'] as const;
    fc.assert(fc.property(hostileText, hostileText, fc.boolean(), fc.boolean(), (branch, operator, padded, asCode) => {
      const row = renderIndexRow(anAudit([aRun({ context: aContext({ branch, operator }) })]), { columns, padded, outerPipes: true, code: asCode ? ['branch', 'operator'] : [] });
      expect(row).not.toContain('\n');
      const [id, shownBranch, shownOperator, outcome, ...more] = cellsOf(row, 4);
      expect([id, outcome, more]).toEqual(['RUN-001', 'failed', []]);
      // Inside code in a cell no Markdown can show a backslash before a pipe.
      const words = (value: string): string => withoutTicks(value).replace(/\\+\|/g, '|');
      expect([shownBranch, shownOperator].map((shown) => words(shown ?? ''))).toEqual([branch, operator].map((value) => words(seenOnOneLine(value) || 'N/A')));
    }), { numRuns: 2_000 });
  }, 60_000);
});
