/** The schema of a task, and of what its reports counted. */
import * as z from 'zod/mini';
import { TASK_KINDS, TASK_OUTCOMES } from '../task.ts';

export const TaskKindSchema = z.enum(TASK_KINDS);
const outcome = z.enum(TASK_OUTCOMES);
const count = z.int().check(z.nonnegative());

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
  outcome,
  /** What the step itself said, where that is known. */
  step: z.optional(outcome),
  /** What the reports alone say; absent when no report was expected. */
  reported: z.optional(outcome),
  counts: CountsSchema,
  /** The commands of the task where they are known; empty when not. */
  commands: z.array(z.string()),
  exitStatus: z.optional(z.int()),
  durationSeconds: z.optional(z.number().check(z.nonnegative())),
  evidence: z.array(EvidenceSchema),
});
export type Task = Readonly<z.infer<typeof TaskSchema>>;
