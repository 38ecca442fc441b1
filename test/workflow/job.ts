/** One job: its folders and token, its steps in turn, then their post steps, and what the jobs API tells meanwhile. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mainOf, readAction } from './action.ts';
import { jobContexts, stepScope } from './contexts.ts';
import { NotSupportedYet, WorkflowError } from './errors.ts';
import { substitute } from './expression.ts';
import { JobRows } from './job-rows.ts';
import type { Execute, Folders, JobPlan, JobState, Stage } from './job-state.ts';
import { grantedPermissions } from './permissions.ts';
import { masked } from './record.ts';
import { endGroup } from './process.ts';
import { runScript } from './script.ts';
import { runStage } from './stage.ts';
import { standIn } from './stand-ins.ts';
import type { JobResult } from './types.ts';
import type { Step } from './workflow-file.ts';

/** `folder` is the job's own. Throws where an action cannot be loaded, before any step has run. */
export async function runJob(plan: JobPlan, name: string, folder: string): Promise<JobResult> {
  const { job: { steps } } = plan;
  const keys = contextNames(steps);
  const executes = steps.map((step) => executeOf(plan, step));
  const state = startJob(plan, folder);
  try {
    return await runSteps(state, { name, keys, executes });
  } finally {
    for (const group of state.groups) endGroup(group);
  }
}

type Prepared = Readonly<{ name: string; keys: readonly string[]; executes: readonly Execute[] }>;

async function runSteps(state: JobState, { name, keys, executes }: Prepared): Promise<JobResult> {
  const { request, job: { steps }, key } = state;
  const rows = new JobRows(state, name, steps.map((step) => displayName(step, state)));
  await request.prepare?.({ id: key, workspace: state.folders.workspace });
  await rows.tell();
  for (const [index, step] of steps.entries()) {
    const stage: Stage = { kind: 'main', step, key: keys[index] ?? '', name: displayName(step, state), condition: step.if, state: new Map(), execute: executes[index] ?? runScript };
    await runAndTell(state, rows, { number: index + 2, stage });
  }
  // Their numbers are kept from before they are known: the one registered first has the last.
  const posts = state.posts.splice(0).map((stage, index) => ({ number: rows.addPost(stage.name, index), stage }));
  for (const post of posts.reverse()) await runAndTell(state, rows, post);
  const outputs = outputsOf(state);
  await rows.end(state.status);
  const { results, permissions, folders: { workspace }, status, checkRunId } = state;
  return { name, result: status, outputs, steps: results, annotations: results.flatMap(({ annotations }) => annotations), permissions, workspace, checkRunId };
}

async function runAndTell(state: JobState, rows: JobRows, { number, stage }: Readonly<{ number: number; stage: Stage }>): Promise<void> {
  await rows.start(number, stage.name);
  const result = await runStage(state, stage);
  state.results.push(result);
  await rows.finish(number, result.conclusion);
}

function startJob(plan: JobPlan, folder: string): JobState {
  const { request, job, workflow } = plan;
  const folders = makeFolders(folder, request.repository.fullName.split('/')[1] ?? '');
  writeFileSync(join(folders.temp, '_github_workflow', 'event.json'), JSON.stringify(request.event.payload, null, 2));
  const permissions = grantedPermissions(plan);
  const token = request.token(permissions);
  const contexts = jobContexts(plan, { token, folders });
  const env = new Map(Object.entries({ ...workflow.env, ...job.env }).map(([name, value]) => [name, substitute(value, { contexts })]));
  const masks = new Set([token, ...Object.values(request.secrets ?? {})].filter((secret) => secret !== ''));
  return { ...plan, folders, token, permissions, masks, env, path: request.tools === undefined ? [] : [request.tools], steps: new Map(), posts: [], results: [], groups: [], cancel: cancelOf(plan), status: 'success' };
}

/** A job whose time is over is cancelled. */
function cancelOf({ request: { cancel }, job: { 'timeout-minutes': limit = '360' } }: JobPlan): AbortSignal {
  const minutes = Number(limit);
  if (!(minutes > 0)) throw new NotSupportedYet(`timeout-minutes: ${limit}`);
  return AbortSignal.any([AbortSignal.timeout(minutes * 60_000), ...(cancel === undefined ? [] : [cancel])]);
}

function makeFolders(folder: string, repository: string): Folders {
  const folders = { workspace: join(folder, 'work', repository, repository), temp: join(folder, 'work', '_temp'), home: join(folder, 'home'), tools: join(folder, 'tools') };
  for (const path of [...Object.values(folders), join(folders.temp, '_github_workflow')]) mkdirSync(path, { recursive: true });
  return folders;
}

function executeOf({ request }: JobPlan, { uses }: Step): Execute {
  if (uses === undefined) return runScript;
  const isOurs = uses === './' || /^[^/@]+\/audit-run-log@[^@]+$/.test(uses);
  const folder = request.actions?.[uses] ?? (isOurs ? request.actionFolder : undefined);
  if (folder !== undefined) return mainOf({ uses, folder, action: readAction(folder) });
  const known = standIn(uses);
  if (known === undefined) throw new WorkflowError([`uses: ${uses} is not known to this runner; give its folder in \`actions\``]);
  return known;
}

/** GITHUB_ACTION: the id, else `__run`, `__run_2`, `__self`, `__owner_name`. */
function contextNames(steps: readonly Step[]): string[] {
  const used = new Map<string, number>();
  return steps.map(({ id, uses }) => {
    if (id !== undefined) return id;
    const base = uses === undefined ? '__run' : uses.startsWith('./') ? '__self' : `__${(uses.split('@')[0] ?? '').replaceAll(/[^A-Za-z0-9_-]/g, '_')}`;
    const count = (used.get(base) ?? 0) + 1;
    used.set(base, count);
    return count === 1 ? base : `${base}_${count}`;
  });
}

function displayName({ name, run, uses }: Step, state: JobState): string {
  const text = substituteOrKeep(name ?? run ?? uses ?? '', state).trimStart().split(/\r\n|\n|\r/)[0] ?? '';
  return masked(name === undefined ? `Run ${text}` : text, state.masks);
}

/** A name whose expressions cannot be evaluated is shown as written. */
function substituteOrKeep(text: string, state: JobState): string {
  try {
    return substitute(text, stepScope(state));
  } catch (error) {
    if (error instanceof WorkflowError) return text;
    throw error;
  }
}

/** An output that holds a masked value is left out, as GitHub does. */
function outputsOf(state: JobState): Record<string, string> {
  const pairs = Object.entries(state.job.outputs).map(([name, value]) => [name, substitute(value, stepScope(state))] as const);
  return Object.fromEntries(pairs.filter(([, value]) => masked(value, state.masks) === value));
}
