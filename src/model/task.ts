/** A task: one activity under audit, how it ended, and the evidence for that. */
import type { Counts } from './schema/task.ts';

export type { Counts, Evidence, Task } from './schema/task.ts';

export const TASK_OUTCOMES = ['passed', 'failed', 'skipped', 'cancelled', 'unknown'] as const;
export type TaskOutcome = (typeof TASK_OUTCOMES)[number];

export const TASK_KINDS = ['test', 'lint', 'typecheck', 'build', 'security', 'other'] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

export const NO_COUNTS: Counts = { tests: 0, passed: 0, failures: 0, errors: 0, skipped: 0, flaky: 0, findings: 0 };

export function addCounts(a: Counts, b: Counts): Counts {
  return {
    tests: a.tests + b.tests,
    passed: a.passed + b.passed,
    failures: a.failures + b.failures,
    errors: a.errors + b.errors,
    skipped: a.skipped + b.skipped,
    flaky: a.flaky + b.flaky,
    findings: a.findings + b.findings,
  };
}

/** From the best to the worst; joining votes takes the worst. */
const WORSE: Readonly<Record<TaskOutcome, number>> = { passed: 0, skipped: 1, unknown: 2, cancelled: 3, failed: 4 };

/** The worst of all votes. A source that is not there has no vote; no vote at all is `unknown`, never `passed`. */
export function joinOutcomes(votes: readonly TaskOutcome[]): TaskOutcome {
  return votes.reduce<TaskOutcome | undefined>((worst, vote) => (worst !== undefined && WORSE[worst] >= WORSE[vote] ? worst : vote), undefined) ?? 'unknown';
}
