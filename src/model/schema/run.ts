/** The schema of a run: versioned, and complete. */
import * as z from 'zod/mini';
import { PROBLEM_CODES, type Problem, type ProblemCode } from '../problem.ts';
import { CheckRunSchema, FindingSchema } from './finding.ts';
import { NotesSchema } from './notes.ts';
import { TaskSchema } from './task.ts';

export const ProblemSchema = z.object({
  code: z.enum(Object.keys(PROBLEM_CODES) as [ProblemCode, ...ProblemCode[]]),
  message: z.string(),
  path: z.optional(z.string()),
  task: z.optional(z.string()),
}) satisfies z.ZodMiniType<Problem>;

export const ChangedFileSchema = z.object({
  path: z.string(),
  status: z.enum(['added', 'modified', 'deleted', 'renamed']),
  /** The former path of a renamed file. */
  from: z.optional(z.string()),
  /** The change, or a part of it, is not committed yet. */
  uncommitted: z.boolean(),
});
export type ChangedFile = Readonly<z.infer<typeof ChangedFileSchema>>;

export const TriggerSchema = z.enum(['local', 'pull_request', 'push', 'schedule', 'workflow_dispatch', 'merge_group']);

const sha = z.string().check(z.regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/));
/** UTC, whole seconds: `2026-02-19T02:52:21Z`. */
const utc = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/));

export const RunContextSchema = z.object({
  trigger: TriggerSchema,
  auditName: z.string(),
  /** `null` when HEAD is detached. */
  branch: z.nullable(z.string()),
  defaultBranch: z.string(),
  /** The branch whose ledger the run is compared with; where it has none, the default branch's. */
  baselineBranch: z.string(),
  /** Whether the run writes that ledger. Pull requests, merge groups and other branches only compare. */
  keepsLedger: z.boolean(),
  commit: sha,
  /** The commit that was checked out, where it is another one: the test merge of a pull request. */
  tested: z.optional(sha),
  /** Of the commit that was checked out. */
  tree: sha,
  /** Set when the run was repeated: which attempt this is. */
  attempt: z.optional(z.int().check(z.gt(1))),
  /** The commit from which files touched are counted, and why that one. Absent: nothing to compare with. */
  base: z.optional(z.object({ commit: sha, how: z.enum(['last-recorded', 'merge-base', 'pull-request', 'before-push', 'merge-group']) })),
  pullRequest: z.optional(z.object({ number: z.int().check(z.positive()), baseBranch: z.string() })),
  start: z.optional(utc),
  end: utc,
  operator: z.string(),
  mode: z.enum(['audit-only', 'audit+fix']),
  /** What the caller said was in scope; else the entry derives it. */
  scope: z.array(z.string()),
});
export type RunContext = Readonly<z.infer<typeof RunContextSchema>>;

export const RunSchema = z.object({
  schema: z.literal(1),
  /** Tells this recording from every other one; letters, digits, `.`, `_`, `-`. */
  key: z.string().check(z.regex(/^[A-Za-z0-9._-]{1,200}$/)),
  context: RunContextSchema,
  tasks: z.array(TaskSchema),
  checks: z.array(CheckRunSchema),
  findings: z.array(FindingSchema),
  files: z.array(ChangedFileSchema),
  /** Of the paths in which open findings of the baseline stand: those that are no longer in the tree. Sorted. */
  gonePaths: z.array(z.string()),
  /** Tasks that the configuration says are gone for good. */
  retiredTasks: z.array(z.string()),
  notes: NotesSchema,
  problems: z.array(ProblemSchema),
});
export type Run = Readonly<z.infer<typeof RunSchema>>;
