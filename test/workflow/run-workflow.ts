/** Runs a workflow file as GitHub Actions does: does its event start it, then its jobs, each when those it needs have ended. */
import { join } from 'node:path';
import { temporaryFolder } from '../host/local/temporary-repository.ts';
import { startsWorkflow } from './event-filter.ts';
import { holds, substitute, type Scope } from './expression.ts';
import { runJob } from './job.ts';
import { planContexts } from './contexts.ts';
import type { JobPlan } from './job-state.ts';
import { grantedPermissions } from './permissions.ts';
import type { JobResult, Outcome, RunRequest, StepResult, WorkflowResult } from './types.ts';
import { readWorkflow, type Workflow } from './workflow-file.ts';

export type { JobReport, RunRequest, WorkflowResult } from './types.ts';

const DEFAULT_PATH = '.github/workflows/audit.yml';

/** Throws WorkflowError where GitHub would refuse the file or an action, and NotSupportedYet for what this runner cannot do; a step that fails is a result. */
export async function runWorkflow(request: RunRequest): Promise<WorkflowResult> {
  const workflowPath = request.path ?? DEFAULT_PATH;
  const workflow = await readWorkflow(request.yaml, workflowPath);
  const name = workflow.name ?? workflowPath;
  if (!startsWorkflow(workflow.on, request)) return { started: false, conclusion: null, jobs: {}, name, concurrency: null };
  const concurrency = concurrencyOf(workflow, request, workflowPath);
  const folder = request.folder ?? temporaryFolder();
  const running = new Map<string, Promise<JobResult>>();
  for (const [index, key] of inOrder(workflow).entries()) running.set(key, runWhenReady({ workflow, request, workflowPath, key, checkRunId: checkRunId(request, index) }, { running, folder }));
  // A job that throws must not leave another one running in a folder that is about to go.
  const settled = await Promise.allSettled(running.values());
  for (const ended of settled) if (ended.status === 'rejected') throw ended.reason;
  const jobs = Object.fromEntries(await Promise.all([...running].map(async ([key, result]) => [key, await result] as const)));
  return { started: true, conclusion: conclusionOf(Object.values(jobs).map(({ result }) => result)), jobs, name, concurrency };
}

/** The step of that id. */
export function stepOf({ jobs }: WorkflowResult, job: string, id: string): StepResult {
  const found = jobs[job]?.steps.find((step) => step.id === id && step.stage === 'main');
  if (found === undefined) throw new Error(`there is no step ${id} in ${job}`);
  return found;
}

function checkRunId({ runId, attempt = 1 }: RunRequest, index: number): number {
  return runId * 1_000 + attempt * 100 + index;
}

/** Jobs after those they need; GitHub's parser has refused circles. */
function inOrder({ jobs }: Workflow): string[] {
  const done: string[] = [];
  const add = (key: string): void => {
    if (done.includes(key)) return;
    for (const needed of jobs[key]?.needs ?? []) add(needed);
    done.push(key);
  };
  for (const key of Object.keys(jobs)) add(key);
  return done;
}

type Started = Readonly<{ running: ReadonlyMap<string, Promise<JobResult>>; folder: string }>;

async function runWhenReady(start: Omit<JobPlan, 'job' | 'needs'>, { running, folder }: Started): Promise<JobResult> {
  const { workflow, key } = start;
  const job = workflow.jobs[key];
  if (job === undefined) throw new Error(`there is no job ${key}`);
  const results = new Map<string, JobResult>();
  for (const needed of ancestors(workflow, key)) {
    const result = await running.get(needed);
    if (result !== undefined) results.set(needed, result);
  }
  const plan: JobPlan = { ...start, job, needs: new Map([...results].filter(([id]) => job.needs.includes(id))) };
  const name = job.name === undefined ? key : substitute(job.name, { contexts: planContexts(plan) });
  return holds(job.if, planScope(plan, [...results.values()])) ? runJob(plan, name, join(folder, key)) : notRun(plan, name);
}

function ancestors({ jobs }: Pick<Workflow, 'jobs'>, key: string): string[] {
  const needs = jobs[key]?.needs ?? [];
  return [...new Set([...needs, ...needs.flatMap((needed) => ancestors({ jobs }, needed))])];
}

/** success() and failure() of a job speak of everything before it, not of what it needs alone. */
function planScope(plan: JobPlan, before: readonly JobResult[]): Scope {
  const isCancelled = (): boolean => plan.request.cancel?.aborted === true;
  return {
    contexts: planContexts(plan),
    status: { success: () => !isCancelled() && before.every(({ result }) => result === 'success'), failure: () => before.some(({ result }) => result === 'failure'), cancelled: isCancelled },
  };
}

function notRun(plan: JobPlan, name: string): JobResult {
  return { name, result: plan.request.cancel?.aborted === true ? 'cancelled' : 'skipped', outputs: {}, steps: [], annotations: [], permissions: grantedPermissions(plan), workspace: '', checkRunId: plan.checkRunId };
}

function conclusionOf(results: readonly Outcome[]): Outcome {
  if (results.includes('cancelled')) return 'cancelled';
  if (results.includes('failure')) return 'failure';
  return results.every((result) => result === 'skipped') ? 'skipped' : 'success';
}

/** One run alone waits for no other: the group is evaluated and told, and that is all. */
function concurrencyOf(workflow: Workflow, request: RunRequest, workflowPath: string): WorkflowResult['concurrency'] {
  const { concurrency } = workflow;
  if (concurrency === undefined) return null;
  const [key = '', job] = Object.entries(workflow.jobs)[0] ?? [];
  if (job === undefined) return null;
  const scope = { contexts: planContexts({ workflow, request, workflowPath, key, job, needs: new Map(), checkRunId: 0 }) };
  return { group: substitute(concurrency.group, scope), cancelInProgress: substitute(concurrency['cancel-in-progress'], scope), queue: concurrency.queue };
}
