import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareRun } from '../../src/model/compare.ts';
import { applyEvents } from '../../src/model/event.ts';
import type { Finding } from '../../src/model/finding.ts';
import { formatLedger } from '../../src/model/ledger-file.ts';
import { keyPrint } from '../../src/model/print.ts';
import type { Run } from '../../src/model/run.ts';
import { parseLedger } from '../../src/model/stored-baseline.ts';
import { aBaseline, aCheck, aContext, aRun, aTask, baselineAfter, compareInTurn, failingTest, lintFinding } from './run-builder.ts';

function testRun(failing: readonly string[], passing: readonly string[] = [], overrides: Partial<Run> = {}): Run {
  return aRun({
    tasks: [aTask('test', failing.length > 0 ? { outcome: 'failed', reported: 'failed' } : {})],
    checks: [aCheck('test/junit', { scope: 'tests', covered: [...passing].sort() })],
    findings: failing.map((name) => failingTest(name)),
    ...overrides,
  });
}

function lintRun(findings: readonly Finding[], overrides: Partial<Run> = {}): Run {
  return aRun({
    tasks: [aTask('lint', findings.length > 0 ? { outcome: 'failed', reported: 'failed' } : {})],
    checks: [aCheck('lint/eslint', { scope: 'files', covered: ['src/a.ts', 'src/b.ts'] })],
    findings: [...findings],
    ...overrides,
  });
}

const ids = (pairs: readonly { known: { id: string } }[]): string[] => pairs.map(({ known }) => known.id);
const SOURCE = 'function a() {\n  const x = 1;\n}\nfunction b() {\n  const x = 1;\n}\nfunction c() {\n  const x = 1;\n}\n';

describe('opening and closing', () => {
  it('opens a failing test, and its fix closes the same id', () => {
    const broken = compareInTurn(testRun([], ['cart adds tax']), testRun(['cart adds tax']));
    const mended = compareRun(testRun([], ['cart adds tax']), baselineAfter(broken), 'RUN-003');
    expect(ids(mended.comparison.closed)).toEqual(ids(broken.comparison.opened));
    expect(mended.comparison.closed[0]?.evidence).toBe('the test ran and passed');
  });

  it('opens a failing test in the first run too, and adopts lint findings there', () => {
    const first = compareInTurn(aRun({ ...testRun(['t']), findings: [failingTest('t'), lintFinding(SOURCE, 2)] }));
    expect(first.comparison.firstRun).toBe(true);
    expect(first.comparison.opened.map(({ seen }) => seen.kind)).toEqual(['test']);
    expect(first.comparison.adopted.map(({ seen }) => seen.kind)).toEqual(['lint']);
  });

  it('gives a test that fails again after its fix the same id, as reopened', () => {
    const again = compareInTurn(testRun(['t']), testRun([], ['t']), testRun(['t']));
    const first = compareInTurn(testRun(['t']));
    expect(ids(again.comparison.reopened)).toEqual(ids(first.comparison.opened));
    expect(again.comparison.opened).toEqual([]);
    expect(again.comparison.ledger.findings[0]?.reopened).toBe(1);
  });

  it('tells a finding that returns by what it says now', () => {
    const again = compareInTurn(testRun(['t']), testRun([], ['t']), testRun([], [], { findings: [failingTest('t', { title: 'other' })] }));
    expect(again.comparison.reopened[0]?.known.title).toBe('other');
  });

  it('opens a returning finding anew once it was closed for more than 90 days', () => {
    const late = testRun(['t'], [], { context: aContext({ end: '2027-03-01T00:00:00Z' }) });
    const again = compareInTurn(testRun(['t']), testRun([], ['t']), late);
    expect(again.comparison.reopened).toEqual([]);
    expect(again.comparison.opened).toHaveLength(1);
    expect(again.comparison.ledger.findings).toHaveLength(1);
  });

  it('takes over the findings of a check that runs for the first time instead of opening them', () => {
    const first = compareInTurn(testRun([], ['t']));
    const both = aRun({ ...lintRun([lintFinding(SOURCE, 2)]), tasks: [aTask('test'), aTask('lint')], checks: [...testRun([], ['t']).checks, ...lintRun([]).checks] });
    const second = compareRun(both, baselineAfter(first), 'RUN-002');
    expect(second.comparison.opened).toEqual([]);
    expect(second.comparison.adopted).toHaveLength(1);
    expect(second.comparison.newChecks).toEqual(['lint/eslint']);
    const third = compareRun(aRun({ ...both, findings: [lintFinding(SOURCE, 2), lintFinding(SOURCE, 5)] }), baselineAfter(second), 'RUN-003');
    expect(third.comparison.opened).toHaveLength(1);
  });
});

describe('what does not close', () => {
  const before = compareInTurn(testRun(['t']));
  const unverified = (run: Run): string[] => {
    const { comparison } = compareRun(run, baselineAfter(before), 'RUN-002');
    expect(comparison.closed).toEqual([]);
    expect(comparison.ledger.findings[0]?.state).toBe('open');
    return comparison.unverified.map(({ reason }) => reason);
  };

  it.each([
    ['its check was not part of the run', aRun(), 'its check was not part of this run'],
    ['its report is missing', testRun([], [], { checks: [aCheck('test/junit', { status: 'missing', scope: 'tests' })] }), 'its check left no usable report'],
    ['its report was cut', testRun([], [], { checks: [aCheck('test/junit', { status: 'failed', scope: 'tests', covered: ['t'] })] }), 'its check did not run to the end'],
    ['its step was skipped', testRun([], [], { checks: [aCheck('test/junit', { status: 'skipped', scope: 'tests', covered: ['t'] })] }), 'its check was skipped'],
    ['the test was skipped', testRun([], [], { checks: [aCheck('test/junit', { scope: 'tests', notAnalysed: ['t'] })] }), 'the test was skipped'],
    ['the test was not part of the run', testRun([], ['other']), 'the test was not part of this run'],
    ['the check does not say what it looked at', testRun([], [], { checks: [aCheck('test/junit', { scope: 'unknown' })] }), 'its check does not say what it looked at'],
    ['a whole-project check was only partial', testRun([], [], { checks: [aCheck('test/junit', { status: 'partial', scope: 'all' })] }), 'its check could not analyse everything'],
  ])('does not close a finding when %s', (_, run, reason) => {
    expect(unverified(run)).toEqual([reason]);
  });

  it('does not close a failing test that passed only on retry', () => {
    const flaky = failingTest('t', { rule: 'flaky-test', severity: 'P2', flaky: true, print: keyPrint(['test/junit', 't', 'flaky']) });
    expect(unverified(testRun([], ['t'], { findings: [flaky] }))).toEqual(['the test passed only after a failure in the same run']);
  });

  it('says for how many runs a finding was not checked', () => {
    const third = compareRun(aRun(), baselineAfter(compareRun(aRun(), baselineAfter(before), 'RUN-002')), 'RUN-003');
    expect(third.comparison.unverified[0]?.reason).toBe('its check was not part of this run (not checked for 2 runs)');
  });

  it('does not close a lint finding whose file was not analysed', () => {
    const base = compareInTurn(lintRun([lintFinding(SOURCE, 2)]));
    const { comparison } = compareRun(lintRun([], { checks: [aCheck('lint/eslint', { scope: 'files', covered: ['src/b.ts'] })] }), baselineAfter(base), 'RUN-002');
    expect(comparison.unverified).toHaveLength(1);
  });

  it('holds findings that vanish at once while their files did not change, and lets the next complete run confirm', () => {
    const many = Array.from({ length: 12 }, (_, at) => lintFinding(SOURCE, 2, { rule: `rule-${at}` }));
    const base = compareInTurn(lintRun(many));
    const held = compareRun(lintRun([]), baselineAfter(base), 'RUN-002');
    expect(held.comparison.closed).toEqual([]);
    expect(held.comparison.heldChecks).toEqual(['lint/eslint']);
    const partial = compareRun(lintRun([], { checks: [aCheck('lint/eslint', { scope: 'files', covered: ['src/a.ts'], status: 'partial' })] }), baselineAfter(held), 'RUN-003');
    expect(partial.comparison.closed).toEqual([]);
    const confirmed = compareRun(lintRun([]), baselineAfter(partial), 'RUN-004');
    expect(confirmed.comparison.closed).toHaveLength(12);
  });
});

describe('a file that is gone', () => {
  const base = compareInTurn(lintRun([lintFinding(SOURCE, 2)]));
  const after = (overrides: Partial<Run>) => compareRun(lintRun([], { checks: [aCheck('lint/eslint', { scope: 'files', covered: ['src/b.ts'] })], gonePaths: ['src/a.ts'], ...overrides }), baselineAfter(base), 'RUN-002');

  it('does not close its findings when it was renamed and not analysed, and they move along', () => {
    const { comparison } = after({ files: [{ path: 'src/new.ts', from: 'src/a.ts', status: 'renamed', uncommitted: false }] });
    expect(comparison.closed).toEqual([]);
    expect(comparison.unverified[0]?.reason).toBe('its file was renamed, and its file was not among those analysed');
    expect(comparison.ledger.findings[0]?.path).toBe('src/new.ts');
  });

  it('does not close its findings while an added file of its kind was not analysed', () => {
    const added = (path: string) => after({ files: [{ path, status: 'added', uncommitted: true }] }).comparison;
    expect(added('src/new.ts').closed).toEqual([]);
    expect(added('src/b.ts').closed).toHaveLength(1);
    expect(added('docs/new.md').closed).toHaveLength(1);
  });
});

describe('what closes without being seen fixed', () => {
  it('closes a finding as removed when its file is gone', () => {
    const base = compareInTurn(lintRun([lintFinding(SOURCE, 2)]));
    const { comparison } = compareRun(lintRun([], { checks: [aCheck('lint/eslint', { scope: 'files', covered: ['src/b.ts'] })], gonePaths: ['src/a.ts'] }), baselineAfter(base), 'RUN-002');
    expect(comparison.closed.map(({ how }) => how)).toEqual(['removed']);
  });

  it('closes the findings of a task that the configuration retired, and expects it no longer', () => {
    const base = compareInTurn(lintRun([lintFinding(SOURCE, 2)]));
    const { comparison, checks } = compareRun(aRun({ retiredTasks: ['lint'] }), baselineAfter(base), 'RUN-002');
    expect(comparison.closed.map(({ how }) => how)).toEqual(['retired']);
    expect(comparison.absentTasks).toEqual([]);
    expect(checks.tasks).toEqual({});
  });

  it('names tasks of earlier runs that were not part of this one', () => {
    const base = compareInTurn(lintRun([]));
    expect(compareRun(testRun([], ['t']), baselineAfter(base), 'RUN-002').comparison.absentTasks).toEqual(['lint']);
  });
});

describe('identity', () => {
  const base = compareInTurn(lintRun([lintFinding(SOURCE, 2), lintFinding(SOURCE, 5), lintFinding(SOURCE, 8)]));
  const [first, second, third] = base.comparison.ledger.findings.map(({ id }) => id);

  it('keeps ids when lines are inserted above', () => {
    const moved = `// one\n// two\n${SOURCE}`;
    const { comparison, events } = compareRun(lintRun([lintFinding(moved, 4), lintFinding(moved, 7), lintFinding(moved, 10)]), baselineAfter(base), 'RUN-002');
    expect(ids(comparison.persisting)).toEqual([first, second, third]);
    expect(comparison.opened).toEqual([]);
    expect(events.filter(({ kind }) => kind !== 'updated')).toEqual([]);
  });

  it('tells equal lines apart by what surrounds them: the one that was mended closes', () => {
    const mended = SOURCE.replace('function b() {\n  const x = 1;', 'function b() {\n  use(1);');
    const { comparison } = compareRun(lintRun([lintFinding(mended, 2), lintFinding(mended, 8)]), baselineAfter(base), 'RUN-002');
    expect(ids(comparison.closed)).toEqual([second]);
    expect(ids(comparison.persisting)).toEqual([first, third]);
  });

  it('follows a file that git saw renamed', () => {
    const run = lintRun([2, 5, 8].map((line) => lintFinding(SOURCE, line, { path: 'src/b.ts' })), { files: [{ path: 'src/b.ts', from: 'src/a.ts', status: 'renamed', uncommitted: false }], gonePaths: ['src/a.ts'] });
    const { comparison } = compareRun(run, baselineAfter(base), 'RUN-002');
    expect(ids(comparison.persisting)).toEqual([first, second, third]);
    expect(comparison.ledger.findings.map(({ path }) => path)).toEqual(['src/b.ts', 'src/b.ts', 'src/b.ts']);
  });

  it('follows a renamed file without git by the findings that moved with it', () => {
    const run = lintRun([2, 5, 8].map((line) => lintFinding(SOURCE, line, { path: 'lib/a.ts' })), { gonePaths: ['src/a.ts'] });
    expect(ids(compareRun(run, baselineAfter(base), 'RUN-002').comparison.persisting)).toEqual([first, second, third]);
  });

  it('pairs by rule and file where a source cannot be read, and closes none of them', () => {
    const blind = lintFinding(SOURCE, 2, { print: keyPrint(['lint/eslint', 'no-unused-vars', 'src/a.ts', 'unused']) });
    const { comparison } = compareRun(lintRun([blind]), baselineAfter(base), 'RUN-002');
    expect(comparison.persisting).toHaveLength(1);
    expect(comparison.unverified).toHaveLength(2);
    expect(comparison.ledger.findings.every(({ print }) => 'L' in print)).toBe(true);
  });

  it('does not depend on the order of reports', () => {
    fc.assert(fc.property(fc.shuffledSubarray([2, 5, 8], { minLength: 3 }), (lines) => {
      const shuffled = compareInTurn(lintRun(lines.map((line) => lintFinding(SOURCE, line))));
      expect(formatLedger(shuffled.comparison.ledger)).toBe(formatLedger(base.comparison.ledger));
    }));
  });
});

describe('the ledger', () => {
  const rules = fc.constantFrom('no-a', 'no-b', 'no-c');
  const finding = fc.record({ rule: rules, line: fc.integer({ min: 1, max: 9 }), path: fc.constantFrom('src/a.ts', 'src/b.ts', 'src/c.ts') })
    .map(({ rule, line, path }) => lintFinding(SOURCE, line, { rule, path }));
  const run = fc.record({ findings: fc.array(finding, { maxLength: 12 }), covered: fc.subarray(['src/a.ts', 'src/b.ts', 'src/c.ts']), status: fc.constantFrom('complete' as const, 'failed' as const) })
    .map(({ findings, covered, status }) => lintRun(findings, { checks: [aCheck('lint/eslint', { scope: 'files', covered, status })] }));

  it('is the fold of the events of all runs, and reads back from its file as it was written', () => {
    fc.assert(fc.property(fc.array(run, { minLength: 1, maxLength: 6 }), (runs) => {
      let baseline = aBaseline();
      let folded = { branch: 'main', findings: [] as never[] } as ReturnType<typeof applyEvents>;
      for (const [at, one] of runs.entries()) {
        const compared = compareRun(one, baseline, `RUN-${at}`);
        folded = applyEvents(folded, compared.events);
        expect(folded).toEqual(compared.comparison.ledger);
        expect(parseLedger(formatLedger(folded), 'findings.ndjson')).toEqual(folded);
        baseline = baselineAfter(compared);
      }
    }), { numRuns: 200 });
  });

  it('keeps every finding of the run and the ledger in exactly one list', () => {
    fc.assert(fc.property(run, run, (one, two) => {
      const base = compareInTurn(one);
      const { comparison } = compareRun(two, baselineAfter(base), 'RUN-002');
      const now = [...comparison.opened, ...comparison.adopted, ...comparison.persisting, ...comparison.reopened];
      expect(now).toHaveLength(two.findings.length);
      const known = [...comparison.persisting, ...comparison.closed, ...comparison.unverified];
      expect(known).toHaveLength(base.comparison.ledger.findings.length);
      expect(new Set(ids([...now, ...comparison.closed, ...comparison.unverified])).size).toBe(now.length + comparison.closed.length + comparison.unverified.length);
    }), { numRuns: 200 });
  });

  it('changes nothing when the same run is compared again', () => {
    fc.assert(fc.property(run, (one) => {
      const base = compareInTurn(one);
      const again = compareRun(one, baselineAfter(base), 'RUN-002');
      expect(again.events).toEqual([]);
      expect(again.comparison.ledger).toEqual(base.comparison.ledger);
    }), { numRuns: 200 });
  });
});
