/** The job of a workflow run as GitHub tells it, and the steps that its workflow file states. */

/** Times are UTC, whole seconds, as `2026-02-19T02:52:21Z`; `null` where it has not happened. `status` and `conclusion` are GitHub's words and may be new ones. */
export type JobStep = Readonly<{
  name: string;
  /** From 1, in the order of the log page; numbers may be left out. */
  number: number;
  status: string;
  conclusion: string | null;
  startedAt: string | null;
  completedAt: string | null;
}>;

export type Job = Readonly<{
  id: number;
  /** As the page of the run shows it: `caller / callee (matrix values)`. */
  name: string;
  status: string;
  conclusion: string | null;
  startedAt: string | null;
  completedAt: string | null;
  /** By their number. */
  steps: readonly JobStep[];
}>;

/** One step of a workflow file, expressions as written. `index` counts from 0 within the job. */
export type WorkflowStep = Readonly<{ index: number; id?: string; name?: string; run?: string; uses?: string }>;
