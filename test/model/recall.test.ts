import { describe, expect, it } from 'vitest';
import { compareRun } from '../../src/model/compare.ts';
import { contentDigest } from '../../src/model/content-digest.ts';
import { recallComparison } from '../../src/model/recall.ts';
import { formatRecord, recordedRun, type RunRecord } from '../../src/model/record.ts';
import { parseRecord } from '../../src/model/stored-record.ts';
import { judgeAudit } from '../../src/model/verdict.ts';
import { aBaseline, aCheck, aContext, aRun, aTask, baselineAfter, compareInTurn, failingTest, lintFinding } from './run-builder.ts';

const SOURCE = 'a();\nb();\n';
const run = aRun({
  tasks: [aTask('test', { outcome: 'failed', reported: 'failed' }), aTask('lint')],
  checks: [aCheck('test/junit', { scope: 'tests', covered: ['mended'] }), aCheck('lint/eslint', { scope: 'files', covered: ['src/a.ts'] })],
  findings: [failingTest('broken'), lintFinding(SOURCE, 1)],
});
const before = compareInTurn(aRun({ ...run, findings: [failingTest('mended'), lintFinding(SOURCE, 1)] }));
const compared = compareRun(run, baselineAfter(before), 'RUN-002');
const verdict = judgeAudit(run, compared.comparison);
const record: RunRecord = { schema: 1, runId: 'RUN-002', sequence: 2, outcome: verdict.outcome, reason: verdict.reason, rows: verdict.rows.map((row) => ({ ...row, findings: [...row.findings] })), events: [...compared.events], run: recordedRun(run, compared.comparison.opened.map(({ seen }) => seen)) };

describe('recallComparison', () => {
  it('tells a recorded run again as it was, although the ledger knows it by now', () => {
    const again = compareRun(run, baselineAfter(compared), 'RUN-002');
    expect(again.comparison.opened).toEqual([]);
    const recalled = recallComparison(again, record);
    const ids = (list: readonly { known: { id: string } }[]): string[] => list.map(({ known }) => known.id);
    expect(ids(recalled.opened)).toEqual(ids(compared.comparison.opened));
    expect(ids(recalled.closed)).toEqual(ids(compared.comparison.closed));
    expect(ids(recalled.persisting)).toEqual(ids(compared.comparison.persisting));
    expect(recalled.closed[0]?.evidence).toBe('the test ran and passed');
  });

  it('knows that it was a first run', () => {
    const first = compareRun(run, aBaseline(), 'RUN-001');
    const rows = judgeAudit(run, first.comparison).rows.map((row) => ({ ...row, findings: [...row.findings] }));
    const recalled = recallComparison(compareRun(run, baselineAfter(first), 'RUN-001'), { ...record, rows, events: [...first.events] });
    expect(recalled.firstRun).toBe(true);
    expect(recalled.adopted).toHaveLength(1);
  });
});

describe('recallComparison of a run that left the ledger alone', () => {
  it.each([
    ['a pull request', { context: aContext({ keepsLedger: false }) }, []],
    ['a cancelled run', {}, [{ rule: 'cancelled', outcome: 'failed' as const, reason: 'test was cancelled', findings: [] }]],
  ])('tells %s again as it was: what opened is not known by now either', (_, change, rows) => {
    const recalled = recallComparison(compareRun(run, baselineAfter(before), 'RUN-002'), { ...record, events: [], rows, run: { ...record.run, ...change } });
    expect(recalled).toEqual({ ...compared.comparison, firstRun: false });
    expect(recalled.opened).toHaveLength(1);
  });
});

describe('the record', () => {
  it('reads back as it was written', () => {
    expect(parseRecord(formatRecord(record), 'r.json')).toEqual(record);
  });

  it('keeps the detail of what opened, and counts what may be long', () => {
    expect(record.run.findings.map(({ place }) => place.test)).toEqual(['broken']);
    expect(record.run).toMatchObject({ findingsSeen: 2, checks: [{ covered: 1, notAnalysed: 0 }, { covered: 1 }] });
  });

  it.each(['', '{', '{"schema":2}', '[]'])('refuses %j', (text) => {
    expect(() => parseRecord(text, 'r.json')).toThrow(expect.objectContaining({ code: 'LEDGER_CORRUPT' }));
  });
});

describe('contentDigest', () => {
  it('does not change with time, order, counts or lines', () => {
    const moved = { ...run, key: 'other', context: aContext({ end: '2027-01-01T00:00:00Z' }), findings: [...run.findings].reverse().map((finding) => ({ ...finding, title: 'other' })), tasks: [...run.tasks].reverse() };
    expect(contentDigest(moved)).toBe(contentDigest(run));
  });

  it('changes with the commit, an outcome, a finding', () => {
    const others = [
      { ...run, context: aContext({ commit: 'c'.repeat(40) }) },
      { ...run, tasks: run.tasks.map((task) => ({ ...task, outcome: 'passed' as const })) },
      { ...run, findings: run.findings.slice(1) },
    ];
    expect(new Set([run, ...others].map((one) => contentDigest(one))).size).toBe(4);
  });
});
