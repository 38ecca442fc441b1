/** The GitHub host of one step: the event, the repository as its API shows it, the workspace of the job, and the options that hold there. */
import { readRunLogTemplate } from '../collect/templates.ts';
import { AuditError } from '../errors.ts';
import { openGitHub, type GitHub } from '../host/github/client.ts';
import { entryKeyOf, jobSlot, type JobSlot } from '../host/github/entry-key.ts';
import { openEvent, type GitHubRun } from '../host/github/event.ts';
import { FIRST_READ, repeatPatiently } from '../host/github/fault-wait.ts';
import { openJobFolders, type JobFolders } from '../host/github/job-folders.ts';
import { gitHubLogStore } from '../host/github/log-store.ts';
import { openGitHubRepository } from '../host/github/repository.ts';
import { readSnapshot, type Snapshot, type SnapshotWant } from '../host/github/snapshot.ts';
import { judgeWorkspace, type Workspace } from '../host/github/workspace.ts';
import { localFiles } from '../host/local/files.ts';
import { NO_FILES } from '../host/no-files.ts';
import type { World } from '../host/world.ts';
import type { Inputs } from '../inputs.ts';
import { readBaseline, type Baseline } from '../model/baseline.ts';
import { dataRoot, recordPath } from '../model/data-paths.ts';
import { parseLogPath } from '../model/log-path.ts';
import { entryAddress } from '../model/links.ts';
import type { Problem, ProblemCode } from '../model/problem.ts';
import type { RunContext } from '../model/run.ts';
import { DEFAULT_CONFIG_PATH, mergeOptions, type Options } from '../options.ts';
import { baselineOf, planPaths } from './data-files.ts';
import { gitHubPublishers } from './github-publishers.ts';
import { gitHubSteps } from './github-steps.ts';
import type { Host, HostContext, UnreadHost } from './host.ts';
import { randomShare, waitTelling } from './waiting.ts';

/** Between tries on a branch that other jobs write: at 16 writers at once each is recorded within 45 s. */
const RETRIES = { baseMs: 2_000, capMs: 30_000, tries: 12, deadlineMs: 600_000, settleMs: 10_000 };

/** What keeps GitHub from being read, and nothing in the repository itself: the reports can be shown. */
const UNREAD: ReadonlySet<ProblemCode> = new Set(['TOKEN_MISSING', 'TOKEN_REFUSED', 'PERMISSION_MISSING', 'NOT_FOUND_ON_GITHUB', 'GITHUB_UNAVAILABLE', 'RATE_LIMITED', 'ANSWER_UNUSABLE', 'REFUSED_BY_GITHUB']);

/** Without a usable token, or where GitHub does not answer, what the reports alone say. Throws AuditError: an event that is not recorded, a matrix, no working directory, an unusable configuration or ledger. */
export async function openGitHubHost(inputs: Inputs, world: World): Promise<Host | UnreadHost> {
  const event = await openEvent(world.env, jobInputs(inputs));
  if (event.jobTotal > 1) throw new AuditError('MATRIX', { message: `The job has ${event.jobTotal} legs, and each of them would record: an audit is one job.`, exitCode: 2 });
  const folders = await openJobFolders(inputs['working-directory'] ?? '.', world);
  const workspace = judgeWorkspace(event, folders.checkedOut);
  const run: GitHubRun = { ...event, tested: workspace.tested };
  const job: Job = { inputs, world, run, workspace, folders, wait: waitTelling(world), random: randomShare(world), configured: {} };
  try {
    return await openWith(job);
  } catch (error) {
    if (!(error instanceof AuditError) || !UNREAD.has(error.code)) throw error;
    const { unreadHost } = await import('./unread-host.ts');
    const options = job.configured.options ?? withLogPath(mergeOptions(inputs, {}));
    return unreadHost({ ...job, options, context: contextOf(run, options), configuration: job.configured.options === undefined ? 'unread' : 'read', cause: error });
  }
}

async function openWith(job: Job): Promise<Host> {
  const { inputs, world, run, wait, random } = job;
  const client = await openGitHub({ ...run, ...run.repository, token: inputs['github-token'] ?? '', secrets: world.secrets, env: world.env, wait, random });
  try {
    return await assemble({ ...job, client });
  } catch (error) {
    if (error instanceof AuditError && !UNREAD.has(error.code)) {
      const { postRefusedCheck } = await import('./refused-check.ts');
      await postRefusedCheck({ client, run, options: job.configured.options ?? mergeOptions(inputs, {}), now: world.now() }, error);
    }
    client.close();
    throw error;
  }
}

function jobInputs(inputs: Inputs): Readonly<Record<string, string>> {
  const names = ['check-run-id', 'job-total', 'job-index', 'job-status', 'job-workflow'] as const;
  return Object.fromEntries(names.flatMap((name) => (inputs[name] === undefined ? [] : [[name, inputs[name]]])));
}

/** `configured`: the options, from when they are known. */
type Job = Readonly<{ inputs: Inputs; world: World; run: GitHubRun; workspace: Workspace; folders: JobFolders; configured: { options?: Options }; wait(milliseconds: number): Promise<void>; random(): number }>;
export type Opened = Job & Readonly<{ client: GitHub }>;

async function assemble(opened: Opened): Promise<Host> {
  const { inputs, world, run, client, wait, random, folders, workspace } = opened;
  const seed = await readRunLogTemplate();
  const { snapshot, options } = await readOptions(opened);
  opened.configured.options = options;
  const context = contextOf(run, options);
  const placed = placedOf(run, { options, context });
  const store = gitHubLogStore({
    client, seed,
    logBranch: options.logBranch,
    logPath: options.logPath,
    first: snapshot.log,
    listings: [recordFolder(options, world)],
  });
  // As patient as the query before: a log may be read by more than that one.
  const { files: data } = await repeatPatiently(FIRST_READ, opened, () => store.read(planPaths(placed)));
  const baseline = await readBaseline(data, baselineOf(placed));
  const { key, slot } = keyOf(run, options);
  return {
    options, store, data, context, key, baseline,
    job: slot.read,
    repository: openGitHubRepository({ client, run, snapshot, root: folders.checkout }),
    files: localFiles(folders.working),
    sources: workspace.sources === 'use' ? localFiles(folders.checkout) : NO_FILES,
    folders: folders.real,
    links: { files: run.filesUrl, run: run.runUrl },
    problems: [...snapshot.problems, ...(workspace.problem === null ? [] : [workspace.problem]), ...leftBehind(options, snapshot), ...ownBranch(options, run, baseline)],
    jobStartMs: folders.startMs,
    basePolicy: run.pullRequest === null ? null : inputs.config ?? DEFAULT_CONFIG_PATH,
    readSteps: gitHubSteps({ client, run, workflow: snapshot.workflow, slot }),
    readOnly: run.readOnly === 'fork' ? readOnlyProblem('a pull request from a fork') : null,
    whenRefused: run.readOnly === 'dependabot' ? readOnlyProblem('Dependabot, whose token may only read where the workflow does not ask for more') : null,
    retries: RETRIES,
    wait, random,
    clock: world.clock,
    entryLink: entryLink(run, options),
    publishers: gitHubPublishers({ ...opened, options, snapshot, key, slot, temporary: folders.temporary }),
    close: () => client.close(),
  };
}

/** `key` tells this recording from every other one, `slot` which recordings take each other's place. */
function keyOf(run: GitHubRun, { name, entryKey }: Options): Readonly<{ key: string; slot: JobSlot }> {
  return { key: entryKeyOf(run, { auditName: name, entryKey }), slot: jobSlot(run, entryKey) };
}

type Configured = Readonly<{ snapshot: Snapshot; options: Options }>;

/** One query for everything, with the places of the log as the inputs say them; another one where the configuration puts them elsewhere. */
async function readOptions(opened: Opened): Promise<Configured> {
  const { inputs, run, client } = opened;
  const config = { commit: configCommit(run), path: inputs.config ?? DEFAULT_CONFIG_PATH };
  const workflow = run.workflow !== null && isOwn(run) && run.workflow.sha !== null ? { commit: run.workflow.sha, path: run.workflow.path } : null;
  const guessed = withLogPath(mergeOptions(inputs, {}));
  const snapshot = await readSnapshot(client, run, { log: logAsked(opened, guessed), config, workflow });
  if (snapshot.config === null) {
    if (inputs.config === undefined) return { snapshot, options: guessed };
    throw new AuditError('CONFIG_UNREADABLE', { message: `The configuration file ${config.path} is not in the commit ${config.commit.slice(0, 12)}.`, path: config.path, exitCode: 2 });
  }
  const { parseConfig } = await import('../config.ts');
  const options = withLogPath(mergeOptions(inputs, parseConfig(snapshot.config, config.path)));
  return { snapshot, options };
}

/** Policy of a pull request and of a merge group is that of the base: what they change in it holds after the merge. */
function configCommit(run: GitHubRun): string {
  if (run.pullRequest !== null) return run.pullRequest.baseSha;
  return run.trigger === 'merge_group' && run.base !== null ? run.base.commit : run.commit;
}

function isOwn({ workflow, repository }: GitHubRun): boolean {
  return workflow?.owner === repository.owner && workflow.repository === repository.name;
}

function withLogPath(options: Options): Options {
  return { ...options, logPath: parseLogPath(options.logPath) };
}

function logAsked({ run, world }: Opened, options: Options): SnapshotWant['log'] {
  const files = planPaths(placedOf(run, { options, context: contextOf(run, options) }));
  return { branch: options.logBranch, logPath: options.logPath, files, listings: [recordFolder(options, world)] };
}

/** Where the record of a run that ends now belongs: its names are read too, so that a new one is known to be new. */
function recordFolder({ logPath }: Options, world: World): string {
  const path = recordPath(logPath, 'RUN-1', world.now().toISOString());
  return path.slice(0, path.lastIndexOf('/'));
}

function placedOf(run: GitHubRun, { options, context }: Readonly<{ options: Options; context: HostContext }>): Parameters<typeof planPaths>[0] {
  const { commit, defaultBranch } = run;
  return { context: { ...context, auditName: options.name, commit, defaultBranch }, logPath: options.logPath };
}

/** Ledgers are those of the default branch and of branches that the configuration names; everything else compares with one of them. */
function contextOf(run: GitHubRun, options: Options): HostContext {
  const hasLedger = (branch: string): boolean => branch === run.defaultBranch || options.ledgerBranches.includes(branch);
  const onBranch = run.trigger !== 'pull_request' && run.trigger !== 'merge_group';
  const target = run.pullRequest?.baseBranch ?? run.mergeGroup?.baseBranch ?? run.branch;
  return {
    trigger: run.trigger,
    operator: options.operator ?? run.operator,
    baselineBranch: hasLedger(target) ? target : run.defaultBranch,
    keepsLedger: onBranch && hasLedger(run.branch),
    ...(run.tested === run.commit ? {} : { tested: run.tested }),
    ...(run.attempt > 1 ? { attempt: run.attempt } : {}),
    ...(run.pullRequest === null ? {} : { pullRequest: { number: run.pullRequest.number, baseBranch: run.pullRequest.baseBranch } satisfies NonNullable<RunContext['pullRequest']> }),
  };
}

/** A log that moves to its branch brings its entries, and not what machines knew beside it. */
function leftBehind({ logBranch, logPath }: Options, { log }: Snapshot): Problem[] {
  if (log.found !== null || log.seed === null) return [];
  return [{ code: 'LOG_BEGUN', message: `The branch ${logBranch} begins with the log of the default branch; what lies beside it in ${dataRoot(logPath)}/ is not taken along, so that this is a first audit there.`, path: logPath }];
}

/** What it costs to keep the log on the branch that it speaks of; told by its first run. */
function ownBranch({ logBranch }: Options, { defaultBranch }: GitHubRun, { checks }: Baseline): Problem[] {
  if (logBranch !== defaultBranch || checks !== null) return [];
  return [{ code: 'LOG_ON_BRANCH', message: `Each recording, of pull requests too, is a commit on ${logBranch}: it starts no workflow, puts open pull requests behind their base, and rules of the branch may refuse it.` }];
}

/** At the commit that holds it, where nothing can move it; at the branch where that commit is not known. */
function entryLink({ serverUrl, repository }: GitHubRun, { logBranch, logPath }: Options): Host['entryLink'] {
  return ({ state, commit }, entry) => {
    const log = `${serverUrl}/${repository.owner}/${repository.name}/blob/${commit ?? logBranch}/`;
    return state === true ? { log, entry: entryAddress({ files: log, logPath, entry }) } : {};
  };
}

function readOnlyProblem(whose: string): Problem {
  return { code: 'READ_ONLY_TOKEN', message: `This is a run of ${whose}: neither the run log nor a comment or check run is written.` };
}
