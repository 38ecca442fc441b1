/**
 * The event that started a workflow run, as one value: what the runner's variables and the event file say of where the run stands.
 * `context` of `@actions/github` holds the same variables and the same file, but its package has one entry that loads undici and Octokit with it:
 * in a bundle 415 million instructions against 92 for an empty script, and 89 for reading them here (Node 24.21, cachegrind). So they are read here.
 */
import { readEventFile } from './event-file.ts';
import { eventOf, type EventPlace, type GitHubTrigger } from './event-place.ts';
import { addressVariable, formedVariable, numberVariable, shaVariable, shownVariable, type Environment } from './event-variables.ts';
import { jobWorkflow, readJobInputs, type JobInputs, type WorkflowPlace } from './event-workflow.ts';

export type { Environment } from './event-variables.ts';
export type { JobInputs, WorkflowPlace } from './event-workflow.ts';

/** `fork`, `dependabot`: whose run gets a token that may only read. */
export type ReadOnly = 'fork' | 'dependabot';

export type GitHubRun = Omit<EventPlace, 'fork'> & Readonly<{
  /** Addresses have no slash at their end. */
  apiUrl: string;
  graphqlUrl: string;
  serverUrl: string;
  repository: Readonly<{ owner: string; name: string; id: number }>;
  /** The commit that the runner checks out: on a pull request its test merge. */
  tested: string;
  runId: number;
  attempt: number;
  /** Key of the job in its workflow file. */
  job: string;
  /** Id of the job in the jobs API; `null` on servers that do not tell it. */
  checkRunId: number | null;
  /** Place in the matrix; 0 of 1 without one. */
  jobIndex: number;
  jobTotal: number;
  /** How the job stands so far, in GitHub's words; `null` where that was not given. */
  jobStatus: string | null;
  /** The file that defines the job; `null` on servers that do not tell it. */
  workflow: WorkflowPlace | null;
  /** Path of the workflow that the event started: another one where the job's is called. Empty where it is not told. */
  callerPath: string;
  /** Whether the job's workflow is called by that one; `null` on servers that do not tell it. */
  called: boolean | null;
  workflowName: string;
  actor: string;
  /** For the entry: who started the run, and what ran. */
  operator: string;
  readOnly: ReadOnly | null;
  runnerName: string;
  /** What stands in `uses` of a step of this action, without its ref. */
  ownActions: readonly string[];
  runUrl: string;
  /** A path appended to it shows the file at the commit. */
  filesUrl: string;
}>;

const REPOSITORY = { pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/, expected: '`owner/name`' };
const JOB = { pattern: /^[A-Za-z0-9_-]{1,200}$/, expected: 'the key of a job' };

/** Reads the event file too. Throws AuditError: EVENT_UNUSABLE, EVENT_NOT_SUPPORTED, NOTHING_TO_AUDIT, exit code 2. */
export async function openEvent(env: Environment, job: JobInputs = {}): Promise<GitHubRun> {
  // Told before the file is read: an event of another kind may hold anything.
  eventOf(env);
  return readGitHubRun(env, await readEventFile(env['GITHUB_EVENT_PATH']), job);
}

/** `payload`: the parsed event file, of which nothing is believed that the runner's variables contradict. Throws as `openEvent`. */
export function readGitHubRun(env: Environment, payload: unknown, job: JobInputs = {}): GitHubRun {
  const { fork, ...place } = eventOf(env)(env, payload);
  const [owner = '', name = ''] = formedVariable(env, 'GITHUB_REPOSITORY', REPOSITORY).split('/');
  const apiUrl = addressVariable(env, 'GITHUB_API_URL', 'https://api.github.com');
  const serverUrl = addressVariable(env, 'GITHUB_SERVER_URL', 'https://github.com');
  const runId = numberVariable(env, 'GITHUB_RUN_ID');
  const attempt = numberVariable(env, 'GITHUB_RUN_ATTEMPT');
  const actor = shownVariable(env, 'GITHUB_ACTOR');
  const workflow = jobWorkflow(env, job);
  return {
    ...place,
    apiUrl,
    graphqlUrl: addressVariable(env, 'GITHUB_GRAPHQL_URL', apiUrl.endsWith('/api/v3') ? apiUrl.replace(/v3$/, 'graphql') : `${apiUrl}/graphql`),
    serverUrl,
    repository: { owner, name, id: numberVariable(env, 'GITHUB_REPOSITORY_ID') },
    tested: shaVariable(env, 'GITHUB_SHA'),
    runId,
    attempt,
    job: formedVariable(env, 'GITHUB_JOB', JOB),
    ...readJobInputs(job),
    ...workflow,
    actor,
    operator: operatorOf(env, actor),
    readOnly: fork ? 'fork' : isDependabot(place.trigger, actor) ? 'dependabot' : null,
    runnerName: env['RUNNER_NAME'] ?? '',
    ownActions: ownActions(env['GITHUB_ACTION_REPOSITORY'] ?? '', workflow.workflow),
    runUrl: `${serverUrl}/${owner}/${name}/actions/runs/${runId}/attempts/${attempt}`,
    filesUrl: `${serverUrl}/${owner}/${name}/blob/${place.commit}/`,
  };
}

/** These events give Dependabot's runs a token that may only read unless `permissions` ask for more, also when a person repeats them. https://docs.github.com/code-security/reference/supply-chain-security/dependabot-on-actions */
function isDependabot(trigger: GitHubTrigger, actor: string): boolean {
  return actor === 'dependabot[bot]' && (trigger === 'pull_request' || trigger === 'push');
}

/** `$/` is the repository of the workflow file, `./` the one that is checked out: ours only where the runner names no other. */
function ownActions(repository: string, workflow: WorkflowPlace | null): string[] {
  if (repository === '') return ['./'];
  return workflow !== null && `${workflow.owner}/${workflow.repository}`.toLowerCase() === repository.toLowerCase() ? [repository, '$/'] : [repository];
}

function operatorOf(env: Environment, actor: string): string {
  const again = shownVariable(env, 'GITHUB_TRIGGERING_ACTOR');
  const workflow = shownVariable(env, 'GITHUB_WORKFLOW');
  return [actor === '' ? 'unknown' : actor, ...(again === '' || again === actor ? [] : [`repeated by ${again}`]), ...(workflow === '' ? [] : [`workflow ${workflow}`])].join(', ');
}
