/** Small runs for tests: everything is given a plain value unless the test says otherwise. */
import type { Baseline } from '../../src/model/baseline.ts';
import { compareRun, type Compared } from '../../src/model/compare.ts';
import type { CheckRun, Finding } from '../../src/model/finding.ts';
import { NO_NOTES } from '../../src/model/notes.ts';
import { keyPrint, linePrinter } from '../../src/model/print.ts';
import type { Run, RunContext } from '../../src/model/run.ts';
import { NO_COUNTS, type Task } from '../../src/model/task.ts';

export const COMMIT = 'a'.repeat(40);

export function aContext(overrides: Partial<RunContext> = {}): RunContext {
  return {
    trigger: 'local', auditName: 'Audit', branch: 'main', defaultBranch: 'main', baselineBranch: 'main', keepsLedger: overrides.pullRequest === undefined && overrides.trigger !== 'merge_group', commit: COMMIT, tree: 'b'.repeat(40),
    end: '2026-11-22T14:07:31Z', operator: 'octocat', mode: 'audit-only', scope: [], ...overrides,
  };
}

export function aRun(overrides: Partial<Run> = {}): Run {
  return {
    schema: 1, key: 'k1', context: aContext(), tasks: [], checks: [], findings: [], files: [], gonePaths: [], retiredTasks: [], notes: NO_NOTES, problems: [], ...overrides,
  };
}

export function aTask(name: string, overrides: Partial<Task> = {}): Task {
  return { name, kind: name === 'lint' ? 'lint' : 'test', required: true, outcome: 'passed', reported: 'passed', counts: NO_COUNTS, commands: [], evidence: [], ...overrides };
}

export function aCheck(check: string, overrides: Partial<CheckRun> = {}): CheckRun {
  return { check, task: check.split('/')[0] ?? '', status: 'complete', scope: 'all', covered: [], notAnalysed: [], evidence: [], ...overrides };
}

export function failingTest(test: string, overrides: Partial<Finding> = {}): Finding {
  return {
    check: 'test/junit', task: 'test', kind: 'test', rule: 'test', severity: 'P1', title: `${test} failed`, place: { test }, print: keyPrint(['test/junit', test]), ...overrides,
  };
}

/** A lint finding in a line of `source`. */
export function lintFinding(source: string, line: number, overrides: Partial<Finding> & { path?: string } = {}): Finding {
  const { path = 'src/a.ts', ...rest } = overrides;
  return {
    check: 'lint/eslint', task: 'lint', kind: 'lint', rule: 'no-unused-vars', severity: 'P2', title: 'unused', place: { path, line }, print: linePrinter(source)(line), ...rest,
  };
}

export function aBaseline(overrides: Partial<Baseline> = {}): Baseline {
  return { branch: 'main', ledger: null, checks: null, ...overrides };
}

/** The baseline that stands after a run was compared. */
export function baselineAfter(compared: Compared): Baseline {
  return { branch: compared.comparison.ledger.branch, ledger: compared.comparison.ledger, checks: compared.checks };
}

/** Compares runs one after the other, as RUN-001, RUN-002, …, and gives the last comparison. */
export function compareInTurn(...runs: readonly Run[]): Compared {
  let baseline = aBaseline();
  let compared: Compared | undefined;
  for (const [at, run] of runs.entries()) {
    compared = compareRun(run, baseline, `RUN-${String(at + 1).padStart(3, '0')}`);
    baseline = baselineAfter(compared);
  }
  if (compared === undefined) throw new Error('no run given');
  return compared;
}
