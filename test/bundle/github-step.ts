/** One step of ours alone, as a runner starts it: no arguments, inputs in the environment, files for event, outputs and summary. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LoopbackGitHub } from '../github/loopback.ts';
import { GIT_ENV, temporaryFolder } from '../host/local/temporary-repository.ts';
import type { JobEvent } from './github-events.ts';
import { PROGRAM, type Started } from './program.ts';

export type StepCall = Readonly<{
  double: LoopbackGitHub;
  event: JobEvent;
  /** Laid into the workspace. */
  files?: Readonly<Record<string, string>>;
  inputs?: Readonly<Record<string, string>>;
  token?: string;
  runId?: number;
  attempt?: number;
  /** Key of the job. */
  job?: string;
  actor?: string;
  env?: Readonly<Record<string, string>>;
  /** Called with the process once it runs. */
  onStart?(child: ChildProcess): void;
}>;
/** `order`: outputs as they were written, one by one. `temporary`: RUNNER_TEMP. */
export type Step = Started & Readonly<{ outputs: Readonly<Record<string, string>>; order: readonly string[]; summary: string; temporary: string }>;

export async function runStep(call: StepCall): Promise<Step> {
  const folder = temporaryFolder();
  const paths = { event: join(folder, 'event.json'), output: join(folder, 'output'), summary: join(folder, 'summary'), workspace: join(folder, 'workspace'), temporary: join(folder, 'temp') };
  for (const path of [paths.workspace, paths.temporary]) mkdirSync(path);
  for (const path of [paths.output, paths.summary]) writeFileSync(path, '');
  writeFileSync(paths.event, JSON.stringify(call.event.payload));
  for (const [path, content] of Object.entries(call.files ?? {})) {
    mkdirSync(dirname(join(paths.workspace, path)), { recursive: true });
    writeFileSync(join(paths.workspace, path), content);
  }
  const started = await startProcess(paths.workspace, environmentOf(call, paths), call.onStart);
  const pairs = readOutputs(readFileSync(paths.output, 'utf8'));
  return { ...started, outputs: Object.fromEntries(pairs), order: pairs.map(([name, value]) => `${name}=${value}`), summary: existsSync(paths.summary) ? readFileSync(paths.summary, 'utf8') : '', temporary: paths.temporary };
}

type Paths = Readonly<{ event: string; output: string; summary: string; workspace: string; temporary: string }>;

function environmentOf({ double, event, inputs = {}, token = double.token(), runId = 9_001, attempt = 1, job = 'audit', actor = 'octocat', env = {} }: StepCall, paths: Paths): Record<string, string> {
  const workflow = `${double.fullName}/.github/workflows/audit.yml@${event.ref}`;
  const jobId = jobIdOf(runId, attempt);
  // A step has begun by the time that it runs.
  double.job({ id: jobId, runId, attempt, name: job, headSha: event.sha });
  const given = { 'github-token': token, 'check-run-id': String(jobId), 'job-total': '1', 'job-index': '0', 'job-status': 'success', 'job-workflow': workflow, 'working-directory': '.', ...inputs };
  return {
    ...GIT_ENV, CI: 'true', GITHUB_ACTIONS: 'true', RUNNER_NAME: 'runner 1', RUNNER_TEMP: paths.temporary,
    ...Object.fromEntries(Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    GITHUB_API_URL: double.apiUrl, GITHUB_GRAPHQL_URL: `${double.apiUrl}/graphql`, GITHUB_SERVER_URL: double.serverUrl, GITHUB_REPOSITORY: double.fullName, GITHUB_REPOSITORY_ID: String(double.repositoryId),
    GITHUB_EVENT_NAME: event.name, GITHUB_EVENT_PATH: paths.event, GITHUB_SHA: event.sha, GITHUB_REF: event.ref,
    GITHUB_RUN_ID: String(runId), GITHUB_RUN_ATTEMPT: String(attempt), GITHUB_JOB: job, GITHUB_WORKFLOW: 'Audit', GITHUB_WORKFLOW_REF: workflow, GITHUB_WORKFLOW_SHA: event.sha,
    GITHUB_ACTOR: actor, GITHUB_TRIGGERING_ACTOR: actor, GITHUB_ACTION_REPOSITORY: 'octo/audit-run-log', GITHUB_WORKSPACE: paths.workspace, GITHUB_OUTPUT: paths.output, GITHUB_STEP_SUMMARY: paths.summary,
    ...env,
  };
}

function jobIdOf(runId: number, attempt: number): number {
  return runId * 100 + attempt;
}

async function startProcess(cwd: string, env: Readonly<Record<string, string>>, onStart: StepCall['onStart']): Promise<Started> {
  const child = spawn(process.execPath, [PROGRAM], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 280_000 });
  onStart?.(child);
  const texts = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => { texts.out += text; });
  child.stderr.setEncoding('utf8').on('data', (text: string) => { texts.err += text; });
  const status = await new Promise<number | null>((done, failed) => {
    child.on('error', failed);
    child.on('close', done);
  });
  return { status, ...texts };
}

/** `name<<DELIMITER`, lines, `DELIMITER`. https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#multiline-strings */
function readOutputs(text: string): [string, string][] {
  return [...text.matchAll(/^([^\n=<]+)<<(\S+)\n([\s\S]*?)\n?\2\n/gm)].map(([, name = '', , value = '']) => [name, value]);
}
