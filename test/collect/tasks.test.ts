import { describe, expect, it } from 'vitest';
import type { ReadReport, UnreadReport } from '../../src/collect/read-reports.ts';
import { evidenceProblems, joinTask, taskChecks, taskFindings, withoutEmpty, type TaskEvidence } from '../../src/collect/tasks.ts';
import { NO_COUNTS, type TaskOutcome } from '../../src/model/task.ts';
import type { ParsedReport } from '../../src/report/format.ts';

function aReport(overrides: Partial<ParsedReport> = {}, path = 'out/lint.json'): ReadReport {
  const parsed: ParsedReport = { counts: NO_COUNTS, findings: [], outcome: 'passed', scope: 'files', covered: ['src/a.ts'], notAnalysed: [], problems: [], ...overrides };
  return { task: 'lint', evidence: { path, format: 'eslint', bytes: 1, sha256: '' }, parsed };
}

const failing = aReport({ outcome: 'failed', findings: [{ rule: 'no-a', severity: 'P2', message: 'no' }] });
const cut = aReport({ outcome: 'unknown', covered: ['src/z.ts'], problems: [{ code: 'INCOMPLETE', message: 'the report ends before its end', fatal: true }] }, 'out/cut.json');
const missing: UnreadReport = { task: 'lint', format: null, problem: { code: 'NO_MATCH', message: 'lint: no file matches `out/*.json`.' } };

function lint(overrides: Partial<TaskEvidence> = {}): TaskEvidence {
  return { name: 'lint', kind: 'lint', required: true, commands: [], step: undefined, expected: true, reports: [], unread: [], ...overrides };
}

function judge(evidence: TaskEvidence) {
  const task = joinTask(evidence);
  return { task, findings: taskFindings(evidence, task), checks: taskChecks(evidence, task, [{ check: 'lint/eslint', reports: [] }]) };
}

const step = (outcome: TaskOutcome, exitStatus?: number): Pick<TaskEvidence, 'step'> => ({ step: exitStatus === undefined ? { outcome } : { outcome, exitStatus } });

describe('joining step and reports', () => {
  it.each([
    ['a complete clean report alone passes', lint({ reports: [aReport()] }), 'passed'],
    ['a complete failing report alone fails', lint({ reports: [failing] }), 'failed'],
    ['a missing report is unknown beside a step that succeeded', lint({ ...step('passed'), unread: [missing] }), 'unknown'],
    ['a cut report is unknown', lint({ ...step('passed'), reports: [cut] }), 'unknown'],
    ['a failed step fails with a clean report', lint({ ...step('failed'), reports: [aReport()] }), 'failed'],
    ['a report that fails outweighs a step that succeeded', lint({ ...step('passed'), reports: [failing] }), 'failed'],
    ['a skipped step explains the missing report', lint({ ...step('skipped'), unread: [missing] }), 'skipped'],
    ['a cancelled step explains the missing report', lint({ ...step('cancelled'), unread: [missing] }), 'cancelled'],
    ['a step alone has the only vote', lint({ ...step('passed'), expected: false }), 'passed'],
    ['nothing known is unknown', lint({ expected: false }), 'unknown'],
  ] as const)('%s', (_, evidence, outcome) => {
    expect(joinTask(evidence).outcome).toBe(outcome);
  });
});

describe('the time of a task', () => {
  it('is what its reports tell, else how long its step took', () => {
    const timed: TaskEvidence['step'] = { outcome: 'passed', durationSeconds: 9 };
    expect(joinTask(lint({ step: timed, reports: [aReport({ durationSeconds: 2 }), aReport({ durationSeconds: 3 })] })).durationSeconds).toBe(5);
    expect(joinTask(lint({ step: timed, reports: [aReport()] })).durationSeconds).toBe(9);
  });
});

describe('findings about the task itself', () => {
  const rules = (evidence: TaskEvidence): string[] => judge(evidence).findings.map(({ rule, severity }) => `${severity} ${rule}`);

  it.each([
    ['a missing report', lint({ unread: [missing] }), ['P1 no-report']],
    ['a missing report of an optional task', lint({ required: false, unread: [missing] }), ['P2 no-report']],
    ['one cut report among whole ones', lint({ reports: [aReport(), cut] }), ['P1 no-report']],
    ['a failure that a clean report does not explain', lint({ ...step('failed', 2), reports: [aReport()] }), ['P1 step-failed']],
    ['a failure of a step without reports', lint({ ...step('failed'), expected: false }), ['P1 step-failed']],
    ['a failed build', lint({ kind: 'build', ...step('failed'), expected: false }), ['P0 step-failed']],
    ['a report that contradicts its step', lint({ ...step('passed'), reports: [failing] }), ['P2 outcome-contradiction']],
    ['a failure that the report explains', lint({ ...step('failed'), reports: [failing] }), []],
    ['a skipped step without report', lint({ ...step('skipped'), unread: [missing] }), []],
    ['a failed step whose report is missing', lint({ ...step('failed'), unread: [missing] }), ['P1 no-report', 'P1 step-failed']],
    ['totals that state failures which nothing lists', lint({ reports: [aReport({ outcome: 'failed' })] }), ['P1 hidden-failures']],
    ['totals that go beyond the failures listed', lint({ reports: [aReport({ ...failing.parsed, scope: 'unknown', problems: [{ code: 'COUNT_MISMATCH', message: '', fatal: false }] })] }), ['P1 hidden-failures']],
    ['a report beside a skipped step', lint({ ...step('skipped'), reports: [aReport()] }), ['P2 outcome-contradiction']],
  ] as const)('for %s', (_, evidence, expected) => {
    expect(rules(evidence)).toEqual(expected);
  });

  it('says the exit status where it is known', () => {
    expect(judge(lint({ ...step('failed', 2), reports: [aReport()] })).findings[0]?.title).toBe('lint failed with exit status 2, and its report states no problem');
  });
});

describe('a failed step that is no task', () => {
  const titleOf = (...failedSteps: string[]): string | undefined => judge(lint({ name: 'job', expected: false, step: { outcome: 'failed', failedSteps } })).findings[0]?.title;

  it.each([
    [['Notify Slack'], 'step "Notify Slack" failed'],
    [['Notify Slack', 'Run npm ci'], 'steps "Notify Slack" and "Run npm ci" failed'],
    [['a', 'b', 'c', 'd'], 'steps "a", "b" and 2 more failed'],
    [['a\n## b\u202e'], String.raw`step "a ## b\u{202e}" failed`],
  ])('is named: %j', (names, title) => {
    expect(titleOf(...names)).toBe(title);
  });

  it('leaves room for the count behind long names', () => {
    expect(titleOf('x'.repeat(500), '😀'.repeat(500), 'c')).toMatch(/^steps "x{39}…", "😀{19}…" and 1 more failed$/u);
  });
});

describe('an empty outcome', () => {
  const outcomeOf = (otherwise: TaskOutcome | null, rest: Partial<TaskEvidence>) => joinTask(withoutEmpty(lint({ step: { outcome: 'unknown', empty: { otherwise } }, ...rest }))).outcome;

  it('has no vote beside a complete report', () => {
    expect(outcomeOf(null, { reports: [aReport()] })).toBe('passed');
    expect(outcomeOf(null, { reports: [failing] })).toBe('failed');
    expect(outcomeOf('passed', { reports: [aReport()] })).toBe('passed');
    expect(outcomeOf('failed', { reports: [aReport()] })).toBe('failed');
  });

  it.each([
    ['without a report', { expected: false }], ['where the report is missing', { unread: [missing] }], ['where it is cut', { reports: [cut] }], ['where one of two is missing', { reports: [aReport()], unread: [missing] }],
  ] as const)('is unknown %s', (_, rest) => {
    expect(outcomeOf(null, rest)).toBe('unknown');
    expect(outcomeOf('passed', rest)).toBe('unknown');
  });
});

describe('how far a check got', () => {
  const states = (evidence: TaskEvidence): string[] => judge(evidence).checks.map(({ check, status }) => `${check} ${status}`);

  it.each([
    ['complete when every report was read to its end', lint({ reports: [aReport()] }), ['lint/eslint complete', 'lint/evidence complete']],
    ['partial when one of several was cut', lint({ reports: [aReport(), cut] }), ['lint/eslint partial', 'lint/evidence complete']],
    ['partial when another file could not be used', lint({ reports: [aReport()], unread: [missing] }), ['lint/eslint partial', 'lint/evidence complete']],
    ['failed when the only one was cut', lint({ reports: [cut] }), ['lint/eslint failed', 'lint/evidence complete']],
    ['missing when there is none', lint({ ...step('passed'), unread: [missing] }), ['lint/eslint missing', 'lint/evidence complete', 'lint/step failed']],
    ['skipped with its step', lint({ ...step('skipped'), unread: [missing] }), ['lint/eslint skipped', 'lint/evidence skipped', 'lint/step skipped']],
    ['failed when its step was cancelled', lint({ ...step('cancelled'), reports: [aReport()] }), ['lint/eslint failed', 'lint/evidence complete', 'lint/step failed']],
    ['skipped beside a report that its step cannot have written', lint({ ...step('skipped'), reports: [aReport()] }), ['lint/eslint skipped', 'lint/evidence complete', 'lint/step skipped']],
    ['answered by a step that failed only where a report explains it', lint({ ...step('failed'), reports: [aReport()] }), ['lint/eslint complete', 'lint/evidence complete', 'lint/step failed']],
    ['answered by a step that passed only with its reports', lint({ ...step('passed'), reports: [cut] }), ['lint/eslint failed', 'lint/evidence complete', 'lint/step failed']],
  ] as const)('is %s', (_, evidence, expected) => {
    expect(states(evidence)).toEqual(expected);
  });

  it('is partial when a check of the whole project lacks a report that it had', () => {
    const evidence = lint({ reports: [aReport({ scope: 'all' }, 'out/a.json')] });
    const status = (reports: readonly string[]): string | undefined => taskChecks(evidence, joinTask(evidence), [{ check: 'lint/eslint', reports }])[0]?.status;
    expect(status(['out/a.json', 'out/b.json'])).toBe('partial');
    expect(status(['out/a.json'])).toBe('complete');
  });

  it('covers no test that another report of the task has failing or skipped under the same name', () => {
    const one = aReport({ scope: 'tests', covered: ['adds', 'works'] }, 'out/a.xml');
    const two = aReport({ scope: 'tests', covered: [], notAnalysed: ['works'] }, 'out/b.xml');
    expect(judge(lint({ reports: [one, two] })).checks[0]).toMatchObject({ covered: ['adds'], notAnalysed: ['works'] });
  });

  it('covers nothing of a step that did not run to its end', () => {
    expect(judge(lint({ ...step('cancelled'), reports: [aReport()] })).checks[0]?.covered).toEqual([]);
    expect(judge(lint({ ...step('skipped'), reports: [aReport()] })).checks[0]?.covered).toEqual([]);
  });

  it('covers nothing that only a cut report lists', () => {
    expect(judge(lint({ reports: [aReport(), cut] })).checks[0]?.covered).toEqual(['src/a.ts']);
  });
});

describe('problems', () => {
  it('tells unread reports, and what a report says of itself with its path', () => {
    expect(evidenceProblems(lint({ reports: [cut], unread: [missing] }))).toEqual([
      { ...missing.problem, task: 'lint' },
      { code: 'INCOMPLETE', message: 'lint: out/cut.json: the report ends before its end', path: 'out/cut.json', task: 'lint' },
    ]);
  });
});

describe('reports of one task, one for each class', () => {
  const off = aReport({ outcome: 'skipped', scope: 'tests', covered: [] }, 'out/Off.xml');
  const ran = aReport({ outcome: 'passed', scope: 'tests', covered: ['cart > adds'], coveredSuites: ['cart'] }, 'out/Cart.xml');

  it('are not skipped because every test of one of them is', () => {
    expect(joinTask(lint({ reports: [ran, off] })).outcome).toBe('passed');
    expect(joinTask(lint({ reports: [off] })).outcome).toBe('skipped');
    expect(joinTask(lint({ reports: [ran, off], unread: [missing] })).outcome).toBe('unknown');
  });

  it('cover the suites that ran without an error of their own, too', () => {
    expect(judge(lint({ reports: [ran, off] })).checks[0]?.covered).toEqual(['cart', 'cart > adds']);
  });
});
