/** A task: one activity under audit, how it ended, and the evidence for that. */
import { z } from 'zod';

export const TASK_OUTCOMES = ['passed', 'failed', 'skipped', 'cancelled', 'unknown'] as const;
export const TaskOutcomeSchema = z.enum(TASK_OUTCOMES);
export type TaskOutcome = z.infer<typeof TaskOutcomeSchema>;

export const TASK_KINDS = ['test', 'lint', 'typecheck', 'build', 'security', 'other'] as const;
export const TaskKindSchema = z.enum(TASK_KINDS);
export type TaskKind = z.infer<typeof TaskKindSchema>;

const count = z.number().int().nonnegative();

/** Counted from what a report lists, never read from its totals. `failures` and `errors` are apart as in JUnit; `passed` includes flaky tests. */
export const CountsSchema = z.object({
  tests: count,
  passed: count,
  failures: count,
  errors: count,
  skipped: count,
  flaky: count,
  /** Problems that are no test results: lint messages, compiler messages. */
  findings: count,
});
export type Counts = Readonly<z.infer<typeof CountsSchema>>;

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

/** A report we used. `sha256` is of the bytes as read; `path` is relative to the repository, with `/`. */
export const EvidenceSchema = z.object({
  path: z.string(),
  format: z.string(),
  bytes: count,
  sha256: z.string(),
});
export type Evidence = Readonly<z.infer<typeof EvidenceSchema>>;

export const TaskSchema = z.object({
  name: z.string(),
  kind: TaskKindSchema,
  /** A required task that failed or left no evidence fails the audit; an optional one is a gap. */
  required: z.boolean(),
  outcome: TaskOutcomeSchema,
  /** What the step itself said, where that is known. */
  step: TaskOutcomeSchema.optional(),
  /** What the reports alone say; absent when no report was expected. */
  reported: TaskOutcomeSchema.optional(),
  counts: CountsSchema,
  /** The commands of the task where they are known; empty when not. */
  commands: z.array(z.string()),
  exitStatus: z.number().int().optional(),
  durationSeconds: z.number().nonnegative().optional(),
  evidence: z.array(EvidenceSchema),
});
export type Task = Readonly<z.infer<typeof TaskSchema>>;

/** From the best to the worst; joining votes takes the worst. */
const WORSE: Readonly<Record<TaskOutcome, number>> = { passed: 0, skipped: 1, unknown: 2, cancelled: 3, failed: 4 };

/** The worst of all votes. A source that is not there has no vote; no vote at all is `unknown`, never `passed`. */
export function joinOutcomes(votes: readonly TaskOutcome[]): TaskOutcome {
  return votes.reduce<TaskOutcome | undefined>((worst, vote) => (worst !== undefined && WORSE[worst] >= WORSE[vote] ? worst : vote), undefined) ?? 'unknown';
}
