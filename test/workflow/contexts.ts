/** The contexts that expressions see, and the part of them that a step finds in its environment. */
import { dirname } from 'node:path';
import { substitute, type Scope, type Value } from './expression.ts';
import type { Folders, JobPlan, JobState } from './job-state.ts';
import type { Step } from './workflow-file.ts';

export const RUNNER_NAME = 'GitHub Actions 1';
const NO_FOLDERS: Folders = { workspace: '', temp: '', home: '', tools: '' };
/** Of a job without a matrix. */
const STRATEGY: Value = { 'fail-fast': true, 'job-index': 0, 'job-total': 1, 'max-parallel': 1 };

/** Before a job has a runner: its condition and its name. */
export function planContexts(plan: JobPlan): Record<string, Value> {
  const { request, needs } = plan;
  return {
    github: githubContext(plan, { token: '', folders: NO_FOLDERS }), inputs: dispatchInputs(plan), vars: request.vars ?? {},
    needs: Object.fromEntries([...needs].map(([id, { result, outputs }]) => [id, { result, outputs }])),
  };
}

/** For the `env` of workflow and job. */
export function jobContexts(plan: JobPlan, { token, folders }: Pick<JobState, 'token' | 'folders'>): Record<string, Value> {
  return { ...planContexts(plan), github: githubContext(plan, { token, folders }), secrets: { ...plan.request.secrets, GITHUB_TOKEN: token }, strategy: STRATEGY, matrix: null };
}

/** For what a step says. `env` is that of its job and its own. */
export function stepScope(job: JobState, env: Readonly<Record<string, string>> = Object.fromEntries(job.env)): Scope {
  return { contexts: { ...jobContexts(job, job), runner: runnerContext(job.folders), job: jobContext(job), steps: stepsContext(job), env } };
}

/** For the `if` of a step, which alone has the status functions. */
export function conditionScope(job: JobState, env: Readonly<Record<string, string>>): Scope {
  return { ...stepScope(job, env), status: { success: () => job.status === 'success', failure: () => job.status === 'failure', cancelled: () => job.status === 'cancelled' } };
}

/** `env` of workflow and job, of GITHUB_ENV, and of the step, whose values do not see one another. */
export function stepEnvironment(job: JobState, step: Step): Record<string, string> {
  const common = Object.fromEntries(job.env);
  const scope = stepScope(job, common);
  return { ...common, ...Object.fromEntries(Object.entries(step.env).map(([name, value]) => [name, substitute(value, scope)])) };
}

/** GITHUB_* and RUNNER_*; `more` is what holds for one step alone. The token and the event are not in the environment. */
export function contextVariables(job: JobState, more: Readonly<Record<string, string>>): Record<string, string> {
  const { token: _, ...github } = githubContext(job, job);
  return { ...variablesOf('GITHUB', { ...github, ...more }), ...variablesOf('RUNNER', runnerContext(job.folders)) };
}

function variablesOf(prefix: string, context: Readonly<Record<string, Value>>): Record<string, string> {
  return Object.fromEntries(Object.entries(context).flatMap(([name, value]) => (typeof value === 'string' || typeof value === 'boolean' ? [[`${prefix}_${name.toUpperCase()}`, String(value)]] : [])));
}

function runnerContext({ temp, tools, workspace }: Folders): Record<string, string> {
  return { os: 'Linux', arch: 'X64', name: RUNNER_NAME, environment: 'github-hosted', temp, tool_cache: tools, workspace: dirname(workspace) };
}

function githubContext({ request, workflow, workflowPath, key }: JobPlan, { token, folders }: Pick<JobState, 'token' | 'folders'>): Record<string, Value> {
  const { repository: { fullName, id }, event, ref, sha, actor, github: { apiUrl, serverUrl } } = request;
  const pull = pullOf(request);
  return {
    token, job: key, ref, sha, repository: fullName, repository_id: String(id), repository_owner: fullName.split('/')[0] ?? '', repository_owner_id: '1',
    run_id: String(request.runId), run_number: String(request.runNumber ?? 1), run_attempt: String(request.attempt ?? 1), retention_days: '90', actor, actor_id: '2', triggering_actor: actor,
    workflow: workflow.name ?? workflowPath, workflow_ref: `${fullName}/${workflowPath}@${ref}`, workflow_sha: sha, head_ref: pull?.head.ref ?? '', base_ref: pull?.base.ref ?? '',
    event_name: event.name, event: event.payload, server_url: serverUrl, api_url: apiUrl, graphql_url: `${apiUrl}/graphql`,
    ref_name: ref.replace(/^refs\/(?:heads|tags|pull)\//, ''), ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch', ref_protected: false,
    workspace: folders.workspace, event_path: `${folders.temp}/_github_workflow/event.json`,
  };
}

type Pull = Readonly<{ head: Readonly<{ ref: string; sha: string }>; base: Readonly<{ ref: string }> }>;

/** The pull request of an event that is one. */
export function pullOf({ event }: Pick<JobPlan['request'], 'event'>): Pull | undefined {
  return event.name.startsWith('pull_request') ? (event.payload['pull_request'] as Pull | undefined) : undefined;
}

/** What a person gave to workflow_dispatch over the defaults, as the types that the workflow declares. */
function dispatchInputs({ request, workflow }: JobPlan): Value {
  if (request.event.name !== 'workflow_dispatch') return {};
  const given = (request.event.payload['inputs'] ?? {}) as Readonly<Record<string, string>>;
  const declared = workflow.on.get('workflow_dispatch')?.inputs ?? {};
  return Object.fromEntries(Object.entries(declared).map(([name, input]) => [name, typed(given[name] ?? input?.default ?? '', input?.type)]));
}

function typed(value: string, type: string | undefined): Value {
  if (type === 'boolean') return value === 'true';
  return type === 'number' ? Number(value) : value;
}

function jobContext({ checkRunId, status, request: { repository: { fullName }, ref, sha }, workflowPath }: JobState): Value {
  return { check_run_id: checkRunId, status, workflow_ref: `${fullName}/${workflowPath}@${ref}`, workflow_sha: sha, workflow_repository: fullName, workflow_file_path: workflowPath };
}

function stepsContext({ steps }: JobState): Value {
  return Object.fromEntries([...steps].map(([id, { outputs, ...rest }]) => [id, { outputs: Object.fromEntries(outputs), ...rest }]));
}
