import { describe, expect, it } from 'vitest';
import { failsRun, judgeAudit } from '../../src/model/verdict.ts';
import type { Run } from '../../src/model/run.ts';
import { aCheck, aContext, aRun, aTask, compareInTurn, failingTest, lintFinding } from './run-builder.ts';

const SOURCE = 'const a = 1;\nconst b = 2;\n';
const clean: Run = aRun({ tasks: [aTask('test'), aTask('lint')], checks: [aCheck('test/junit', { scope: 'tests', covered: ['t'] }), aCheck('lint/eslint')] });

function outcomeAfter(...runs: readonly Run[]) {
  const last = runs.at(-1) ?? clean;
  return judgeAudit(last, compareInTurn(...runs).comparison);
}

const lintFailed = aTask('lint', { outcome: 'failed', reported: 'failed' });
const testFailed = aTask('test', { outcome: 'failed', reported: 'failed' });
const onPullRequest = aContext({ trigger: 'pull_request', pullRequest: { number: 7, baseBranch: 'main' } });

describe('judgeAudit', () => {
  it('passes when nothing opened and every check ran to the end', () => {
    expect(outcomeAfter(clean, clean)).toEqual({ outcome: 'pass', reason: 'nothing opened and every check ran to the end', rows: [], cancelled: false });
  });

  it('fails without any task: no evidence is never a pass', () => {
    expect(outcomeAfter(aRun())).toMatchObject({ outcome: 'failed', reason: 'nothing was given that could be audited' });
  });

  it('calls the first run a pass with known gaps', () => {
    expect(outcomeAfter(clean)).toMatchObject({ outcome: 'pass-with-known-gaps', reason: 'first audit: nothing to compare with yet' });
  });

  it.each([
    ['a test breaks', aRun({ ...clean, tasks: [testFailed], findings: [failingTest('t')] }), 'test-broke'],
    ['a required report is missing', aRun({ ...clean, tasks: [aTask('lint', { outcome: 'unknown', reported: 'unknown' })] }), 'task-unfinished'],
    ['a step failed and its report is missing', aRun({ ...clean, tasks: [aTask('lint', { outcome: 'failed', step: 'failed', reported: 'unknown' })] }), 'task-unfinished'],
    ['nothing is known of a task', aRun({ ...clean, tasks: [aTask('lint', { outcome: 'unknown' })] }), 'task-unfinished'],
    ['a step failed although its report is clean', aRun({ ...clean, tasks: [aTask('lint', { outcome: 'failed', step: 'failed', reported: 'passed' })] }), 'task-failed'],
    ['a build fails, whatever its report says', aRun({ ...clean, tasks: [aTask('build', { kind: 'build', outcome: 'failed', reported: 'failed' })] }), 'build-failed'],
    ['a task was cancelled', aRun({ ...clean, tasks: [aTask('lint', { outcome: 'cancelled' })] }), 'cancelled'],
    ['a P1 finding opens', aRun({ ...clean, tasks: [aTask('test'), lintFailed], findings: [lintFinding(SOURCE, 1, { severity: 'P1' })] }), 'opened-p0-p1'],
  ])('fails when %s', (_, run, rule) => {
    const verdict = outcomeAfter(clean, run);
    expect(verdict.outcome).toBe('failed');
    expect(verdict.rows.map((row) => row.rule)).toContain(rule);
  });

  it.each([
    ['a P2 finding opens', aRun({ ...clean, tasks: [aTask('test'), lintFailed], findings: [lintFinding(SOURCE, 1)] }), 'opened-p2'],
    ['a task was skipped', aRun({ ...clean, tasks: [aTask('test'), aTask('lint', { outcome: 'skipped' })] }), 'task-skipped'],
    ['a task of earlier runs is absent', aRun({ ...clean, tasks: [aTask('test')] }), 'task-absent'],
    ['an optional task left no evidence', aRun({ ...clean, tasks: [aTask('test'), aTask('lint', { required: false, outcome: 'unknown', reported: 'unknown' })] }), 'optional-task'],
    ['a flaky test opens', aRun({ ...clean, findings: [failingTest('t', { flaky: true, severity: 'P2' })] }), 'opened-p2'],
  ])('has known gaps when %s', (_, run, rule) => {
    const verdict = outcomeAfter(clean, run);
    expect(verdict.outcome).toBe('pass-with-known-gaps');
    expect(verdict.rows.map((row) => row.rule)).toContain(rule);
  });

  it('never passes a required task that failed without a finding that says why', () => {
    const lint = aTask('lint', { outcome: 'failed', reported: 'failed' });
    expect(outcomeAfter(clean, aRun({ ...clean, tasks: [aTask('test'), lint] }))).toMatchObject({ outcome: 'failed' });
  });

  it('has known gaps when a check of earlier runs left no report, and when an optional task was skipped', () => {
    const missing = aRun({ ...clean, checks: [...clean.checks, aCheck('lint/oxlint', { status: 'missing' })] });
    expect(outcomeAfter(clean, missing).rows.map((row) => row.rule)).toEqual(['check-missing']);
    const skipped = aRun({ ...clean, tasks: [aTask('test'), aTask('lint', { required: false, outcome: 'skipped' })] });
    expect(outcomeAfter(clean, skipped).rows.map((row) => row.rule)).toEqual(['task-skipped']);
  });

  it('claims no more than it saw', () => {
    const partial = aRun({ ...clean, checks: [aCheck('test/junit', { scope: 'tests', covered: ['t'], status: 'partial' })] });
    expect(outcomeAfter(clean, partial).reason).toBe('nothing opened, though not everything could be checked');
  });

  it('passes with a P3 finding, and says that only worse ones count', () => {
    const verdict = outcomeAfter(clean, aRun({ ...clean, findings: [lintFinding(SOURCE, 1, { severity: 'P3' })] }));
    expect(verdict).toMatchObject({ outcome: 'pass', reason: 'nothing opened of P2 or worse and every check ran to the end' });
  });

  it('takes a failing lint step as before when its report explains it by known findings alone', () => {
    const known = aRun({ ...clean, tasks: [aTask('test'), lintFailed], findings: [lintFinding(SOURCE, 1)] });
    expect(outcomeAfter(known, known).outcome).toBe('pass');
  });

  it('fails a branch whose test still fails, but not a pull request that did not break it', () => {
    const broken = aRun({ ...clean, tasks: [testFailed, aTask('lint')], findings: [failingTest('t')] });
    expect(outcomeAfter(broken, broken)).toMatchObject({ outcome: 'failed', reason: '1 test still fails' });
    expect(outcomeAfter(broken, aRun({ ...broken, context: onPullRequest })).outcome).toBe('pass');
  });

  it('has known gaps while a P1 finding of which the check did not run is open', () => {
    const p1 = aRun({ ...clean, tasks: [aTask('test'), lintFailed], findings: [lintFinding(SOURCE, 1, { severity: 'P1' })] });
    const without = aRun({ ...clean, tasks: [aTask('test'), aTask('lint', { outcome: 'skipped' })], checks: [] });
    expect(outcomeAfter(p1, without).rows.map((row) => row.rule)).toContain('unverified-p0-p1');
  });

  it('says of a finding that comes back that it reopened, and of a first run that its tests fail', () => {
    const found = aRun({ ...clean, tasks: [aTask('test'), lintFailed], findings: [lintFinding(SOURCE, 1)] });
    expect(compareInTurn(clean, found, clean, found).comparison.reopened).toHaveLength(1);
    expect(judgeAudit(found, compareInTurn(clean, found, clean, found).comparison).reason).toBe('1 P2 finding reopened');
    expect(judgeAudit(found, compareInTurn(clean, found).comparison).reason).toBe('1 P2 finding opened');
    const failing = aRun({ ...clean, tasks: [testFailed], findings: [failingTest('t')] });
    expect(judgeAudit(failing, compareInTurn(failing).comparison).reason).toBe('1 test fails');
    expect(judgeAudit(failing, compareInTurn(clean, failing).comparison).reason).toBe('1 test broke');
  });

  it('lists every row that applied, the worst first', () => {
    const bad = aRun({ ...clean, tasks: [testFailed, lintFailed], findings: [failingTest('t'), lintFinding(SOURCE, 1)] });
    expect(outcomeAfter(clean, bad).rows.map((row) => row.rule)).toEqual(['test-broke', 'opened-p2']);
  });

  it('is cancelled only when nothing else failed', () => {
    const cancelled = aRun({ ...clean, tasks: [aTask('lint', { outcome: 'cancelled' }), aTask('test')] });
    expect(outcomeAfter(clean, cancelled).cancelled).toBe(true);
    expect(outcomeAfter(clean, aRun({ ...cancelled, tasks: [...cancelled.tasks.slice(0, 1), testFailed], findings: [failingTest('t')] })).cancelled).toBe(false);
  });
});

describe('failsRun', () => {
  const verdict = (outcome: 'pass' | 'pass-with-known-gaps' | 'failed', cancelled = false) => ({ outcome, reason: '', rows: [], cancelled });

  it.each([
    ['failed', 'failed', true], ['pass-with-known-gaps', 'failed', false], ['pass-with-known-gaps', 'gaps', true], ['failed', 'never', false], ['pass', 'gaps', false],
  ] as const)('for %s with fail-on %s answers %s', (outcome, failOn, fails) => {
    expect(failsRun(verdict(outcome), failOn)).toBe(fails);
  });

  it('does not fail a step for a run that was cancelled', () => {
    expect(failsRun(verdict('failed', true), 'gaps')).toBe(false);
  });
});
