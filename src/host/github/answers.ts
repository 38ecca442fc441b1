/** The parts of GitHub's REST answers that are used, by GitHub's own names (REST 2022-11-28). What is not named here is dropped. */
import * as z from 'zod/mini';

const maybeText = z.optional(z.nullable(z.string()));

export const DiffEntries = z.array(
  z.object({
    filename: z.string(),
    /** added, removed, modified, renamed, copied, changed, unchanged. */
    status: z.string(),
    previous_filename: z.optional(z.string()),
  }),
);
export type DiffEntry = Readonly<z.infer<typeof DiffEntries>[number]>;

export const Comparison = z.object({
  /** ahead, behind, diverged, identical. */
  status: z.string(),
  ahead_by: z.int(),
  behind_by: z.int(),
  total_commits: z.int(),
  merge_base_commit: z.object({ sha: z.string() }),
  /** At most 300, and left out where there is none. */
  files: z.optional(DiffEntries),
});
export type Comparison = Readonly<z.infer<typeof Comparison>>;

export const Job = z.object({
  id: z.int(),
  run_id: z.int(),
  run_attempt: z.optional(z.int()),
  name: z.string(),
  head_sha: z.string(),
  html_url: maybeText,
  workflow_name: maybeText,
  runner_name: maybeText,
  status: z.string(),
  conclusion: z.nullable(z.string()),
  started_at: maybeText,
  completed_at: maybeText,
  steps: z.optional(
    z.array(z.object({ name: z.string(), number: z.int(), status: z.string(), conclusion: z.nullable(z.string()), started_at: maybeText, completed_at: maybeText })),
  ),
});
export type Job = Readonly<z.infer<typeof Job>>;
export const Jobs = z.object({ total_count: z.int(), jobs: z.array(Job) });

export const Reference = z.object({ ref: z.string(), object: z.object({ type: z.string(), sha: z.string() }) });
export const MadeTree = z.object({ sha: z.string() });
export const MadeCommit = z.object({ sha: z.string(), html_url: maybeText, verification: z.optional(z.object({ verified: z.boolean(), reason: z.string() })) });
export type MadeCommit = Readonly<z.infer<typeof MadeCommit>>;

export const Comment = z.object({
  id: z.int(),
  html_url: z.string(),
  body: maybeText,
  created_at: z.string(),
  /** `null` for an account that is gone. */
  user: z.nullable(z.object({ login: z.string(), type: z.string() })),
});
export type Comment = Readonly<z.infer<typeof Comment>>;
export const Comments = z.array(Comment);

export const CheckRun = z.object({
  id: z.int(),
  name: z.string(),
  head_sha: z.string(),
  html_url: maybeText,
  external_id: maybeText,
  status: z.string(),
  conclusion: z.nullable(z.string()),
  started_at: maybeText,
  completed_at: maybeText,
  output: z.object({ title: maybeText, summary: maybeText, text: maybeText, annotations_count: z.int() }),
  app: z.optional(z.nullable(z.object({ id: z.int(), slug: z.optional(z.string()) }))),
});
export type CheckRun = Readonly<z.infer<typeof CheckRun>>;
export const CheckRuns = z.object({ total_count: z.int(), check_runs: z.array(CheckRun) });
