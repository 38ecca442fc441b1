/** What a run of a workflow is given, and what it answers with. */
import type { Seen } from './commands.ts';
import type { WorkflowEvent } from './event-filter.ts';
import type { Permissions } from './permissions.ts';

export type Outcome = 'success' | 'failure' | 'cancelled' | 'skipped';

export type RunRequest = Readonly<{
  /** The workflow file's text. */
  yaml: string;
  /** Where it stands; `.github/workflows/audit.yml` if left out. */
  path?: string;
  event: WorkflowEvent;
  repository: Readonly<{ gitDir: string; fullName: string; id: number }>;
  github: Readonly<{ apiUrl: string; serverUrl: string }>;
  /** GITHUB_SHA and GITHUB_REF of the event: on pull_request the test merge and `refs/pull/N/merge`. */
  sha: string;
  ref: string;
  actor: string;
  /** Makes a job's token. Every scope is told, so one that is not granted is `none`. */
  token(permissions: Permissions): string;
  /** What a job has that names no permissions; `read` (contents and packages) if left out, as in new repositories. */
  defaultPermissions?: 'read' | 'write';
  /** The folder of action.yml and dist for `./` and `<owner>/audit-run-log@<ref>`. */
  actionFolder: string;
  /** Folders of other actions, by what stands after `uses:`. */
  actions?: Readonly<Record<string, string>>;
  runId: number;
  attempt?: number;
  runNumber?: number;
  secrets?: Readonly<Record<string, string>>;
  vars?: Readonly<Record<string, string>>;
  /** Needed where `on:` filters by path. */
  changedPaths?: readonly string[];
  /** A folder in front of PATH: programs that stand in for npm and the like. */
  tools?: string;
  /** A new temporary folder of the test if left out. */
  folder?: string;
  /** Called before the first step of a job, to lay files into its workspace. A job without actions/checkout starts with an empty one. */
  prepare?(job: Readonly<{ id: string; workspace: string }>): void | Promise<void>;
  /** Called with the whole job, as the jobs API tells it, at its start, around each step and at its end. */
  onJob?(job: JobReport): void | Promise<void>;
  clock?(): Date;
  /** Cancels the run: the step that runs is stopped, the rest is skipped unless its `if` holds. */
  cancel?: AbortSignal;
}>;

/** What GET actions/jobs/{id} tells, in the names of the stand-in for GitHub: `onJob: (job) => { github.job(job); }`. */
export type JobReport = Readonly<{
  id: number; runId: number; attempt: number; name: string; headSha: string; headBranch: string; workflowName: string; runnerName: string; labels: readonly string[];
  status: ReportStatus; conclusion: Outcome | null; createdAt: string; startedAt: string; completedAt: string | null; steps: readonly StepReport[];
}>;
export type ReportStatus = 'queued' | 'in_progress' | 'completed';
export type StepReport = Readonly<{ name: string; number: number; status: ReportStatus; conclusion: Outcome | null; started_at: string | null; completed_at: string | null }>;

export type Annotation = Readonly<{
  level: 'error' | 'warning' | 'notice';
  message: string;
  /** `file`, `line`, `endLine`, `col`, `endColumn`, `title`. */
  properties: Readonly<Record<string, string>>;
  /** Who made it: a command in the output of a step, or the runner itself (as after an exit code that is not 0). */
  by: 'command' | 'runner';
}>;

export type StepResult = Readonly<{
  /** Only an id that the workflow gives. */
  id?: string;
  name: string;
  stage: 'main' | 'post';
  /** Before `continue-on-error`. */
  outcome: Outcome;
  /** After it. */
  conclusion: Outcome;
  outputs: Readonly<Record<string, string>>;
  /** The bytes as the process wrote them, secrets and all. */
  stdout: string;
  stderr: string;
  /** What GitHub shows: masked, without the lines that were commands. */
  log: string;
  /** `null`: no process, or one that could not be started. */
  exitCode: number | null;
  /** At most ten of a level, messages of at most 4,096 characters, as GitHub keeps them. */
  annotations: readonly Annotation[];
  /** Every line that the runner took for a command, in turn. */
  commands: readonly Seen[];
  /** The step's part of the job summary, masked; empty if it was over 1 MiB. */
  summary: string;
}>;

export type JobResult = Readonly<{
  name: string;
  result: Outcome;
  /** Without those that hold a masked value. */
  outputs: Readonly<Record<string, string>>;
  /** In the order in which they ran, post steps included. */
  steps: readonly StepResult[];
  annotations: readonly Annotation[];
  permissions: Permissions;
  /** Empty for a job that did not run. */
  workspace: string;
  checkRunId: number;
}>;

export type WorkflowResult = Readonly<{
  /** False where `on:` does not take the event; then there are no jobs. */
  started: boolean;
  conclusion: Outcome | null;
  jobs: Readonly<Record<string, JobResult>>;
  name: string;
  concurrency: Readonly<{ group: string; cancelInProgress: string; queue: string }> | null;
}>;
