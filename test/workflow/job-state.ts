/** What a job and its steps hold while they run. */
import type { Scope } from './expression.ts';
import type { Permissions } from './permissions.ts';
import type { StepRecord } from './record.ts';
import type { JobResult, Outcome, RunRequest, StepResult } from './types.ts';
import type { Job, Step, Workflow } from './workflow-file.ts';

export type Folders = Readonly<{ workspace: string; temp: string; home: string; tools: string }>;

/** A job before it runs. */
export type JobPlan = Readonly<{ key: string; job: Job; workflow: Workflow; workflowPath: string; request: RunRequest; needs: ReadonlyMap<string, JobResult>; checkRunId: number }>;

export type JobState = JobPlan & Readonly<{
  folders: Folders;
  token: string;
  permissions: Permissions;
  /** What the log shows as ***. */
  masks: Set<string>;
  /** `env` of workflow and job, and what steps added through GITHUB_ENV. */
  env: Map<string, string>;
  /** What steps added through GITHUB_PATH, the last first. */
  path: string[];
  /** Steps with an id that have ended. */
  steps: Map<string, Readonly<{ outputs: ReadonlyMap<string, string>; outcome: Outcome; conclusion: Outcome }>>;
  /** To run when all steps have ended, the last first. */
  posts: Stage[];
  results: StepResult[];
  /** Process groups of its steps, ended with the job. */
  groups: number[];
  cancel: AbortSignal;
}> & { status: 'success' | 'failure' | 'cancelled' };

/** A step, or what an action registered to run after all steps. */
export type Stage = Readonly<{
  kind: 'main' | 'post';
  step: Step;
  /** GITHUB_ACTION: the id, or a made-up one that starts with `__`. */
  key: string;
  name: string;
  condition: string | undefined;
  /** Kept from main to post. */
  state: Map<string, string>;
  execute: Execute;
}>;

export type Execute = (run: StageRun) => Promise<void>;

/** A stage while it runs. */
export type StageRun = Readonly<{
  job: JobState;
  stage: Stage;
  /** `env` of job and step. */
  env: Readonly<Record<string, string>>;
  scope: Scope;
  record: StepRecord;
  stop: AbortSignal;
}>;
