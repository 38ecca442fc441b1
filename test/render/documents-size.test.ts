import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/model/audit.ts';
import { keyPrint } from '../../src/model/print.ts';
import { renderCheckRun } from '../../src/render/check-run.ts';
import { renderComment } from '../../src/render/comment.ts';
import { renderSummary } from '../../src/render/summary.ts';
import { failingTest } from '../model/run-builder.ts';
import { aRunWith, anAuditOf, BEFORE, situation, toolFinding } from './document-situations.ts';
import { TEMPLATES } from './document-templates.ts';

const MANY = 20_000;
const WIDE = '界'.repeat(3_000);

function compared(): Audit {
  const findings = Array.from({ length: MANY }, (_, at) => toolFinding('ruff', { path: `src/f${at}.ts`, line: 1, rule: 'r', title: `t${at}` }, { severity: at % 3 === 0 ? 'P1' : 'P2' }));
  const broken = Array.from({ length: 200 }, (_, at) => failingTest(`t${at}`, { check: 'pytest/junit', task: 'pytest', detail: `${WIDE}\n`.repeat(50), print: keyPrint([`b${at}`]) }));
  return anAuditOf([BEFORE], aRunWith([...findings, ...broken]), 'pull-request');
}

const COMPARED = compared();

/** Filled with `text` only after the comparison: matching 20,000 texts of this size is not what is looked at here. */
function floods(text: string): Audit {
  const { comparison, run } = COMPARED;
  const wide = comparison.opened.map(({ known, seen }) => ({ known: { ...known, title: text }, seen: { ...seen, title: text, rule: text, place: { ...seen.place, path: `${seen.place.path ?? ''}${text.slice(0, 300)}` } } }));
  const closed = wide.slice(0, 5_000).map(({ known }) => ({ known, how: 'fixed' as const, evidence: text }));
  const unverified = wide.slice(0, 5_000).map(({ known }, at) => ({ known, reason: `${at} ${text}` }));
  return {
    ...COMPARED,
    run: {
      ...run,
      files: Array.from({ length: 5_000 }, (_, at) => ({ path: `${at}${text}`, status: 'added' as const, uncommitted: false })),
      problems: Array.from({ length: 3_000 }, () => ({ code: 'MALFORMED' as const, message: text, path: text })),
      tasks: Array.from({ length: 300 }, (_, at) => ({ ...run.tasks[at % 5], name: `${at}${text}`, commands: [text, text, text, text] }) as (typeof run.tasks)[number]),
    },
    comparison: { ...comparison, opened: wide, closed, unverified },
  };
}

describe('a flood of 20,000 findings', () => {
  it.each([['short texts', 'matter'], ['huge texts', WIDE]])('keeps every size with %s, the outcome above all, and says what is not shown', (_, text) => {
    const audit = floods(text);
    const comment = renderComment(audit, TEMPLATES, { failOn: 'failed' });
    const check = renderCheckRun(audit, TEMPLATES, { failOn: 'failed' });
    const summary = renderSummary(audit, TEMPLATES, { failOn: 'failed' });
    expect(Buffer.byteLength(comment)).toBeLessThanOrEqual(60_000);
    expect(Buffer.byteLength(check.summary)).toBeLessThanOrEqual(60_000);
    expect(Buffer.byteLength(check.text)).toBeLessThanOrEqual(60_000);
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1_000_000);
    expect(check.title).toBe('Failed: 200 tests broke here');
    expect(check.conclusion).toBe('failure');
    expect(comment.split('\n')[1]).toBe('### ❌ Failed: 200 tests broke here');
    expect(summary.split('\n')[0]).toBe('## ❌ Failed: 200 tests broke here');
    const hidden = (markdown: string): boolean => /and [\d,]+ more \(.*P2\) in /.test(markdown);
    expect([comment, check.text, summary].map(hidden)).toEqual([true, true, true]);
    expect(comment).toMatch(/and 190 more \(P1\) in the \[check\]/);
  }, 30_000);

  it('never cuts inside a table: every row has four cells', () => {
    const rows = renderSummary(floods(WIDE), TEMPLATES, { failOn: 'failed' }).split('\n').filter((line) => line.startsWith('|'));
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) expect(row.split(/(?<!\\)\|/)).toHaveLength(6);
  }, 30_000);

  it('says what was left out as a whole, and where it is', () => {
    const audit = situation('crashed-linter', 'pull-request');
    const [first] = audit.comparison.unverified;
    if (first === undefined) throw new Error('the situation has nothing unverified');
    const unverified = Array.from({ length: 200 }, (_, at) => ({ reason: `${at} ${'why '.repeat(60)}`, known: { ...first.known, title: `${'matter '.repeat(20)}${at}`, path: `${'folder/'.repeat(40)}${at}` } }));
    const { text, title } = renderCheckRun({ ...audit, comparison: { ...audit.comparison, unverified } }, TEMPLATES, { failOn: 'failed' });
    expect(text).toContain('Left out here for its size: what was not checked. All of it is in the [summary of the run](https://github.com/octo/shop/actions/runs/7001/attempts/1).');
    expect(text).toContain('`EMPTY_REPORT`');
    expect(title).toBe('Failed: eslint did not finish, so it proves nothing');
  });
});
