/** The world of a step that could not read GitHub: the workspace of the job and the event, and nothing of what was known before. */
import { jobTasks } from '../collect/job-tasks.ts';
import type { AuditError } from '../errors.ts';
import { entryKeyOf } from '../host/github/entry-key.ts';
import type { GitHubRun } from '../host/github/event.ts';
import type { Workspace } from '../host/github/workspace.ts';
import { localFiles } from '../host/local/files.ts';
import { NO_FILES } from '../host/no-files.ts';
import type { Checkout, Repository } from '../host/ports.ts';
import type { Problem } from '../model/problem.ts';
import type { Options } from '../options.ts';
import type { Host, HostContext, UnreadHost } from './host.ts';
import type { JobFolders } from './job-folders.ts';

export type UnreadRequest = Readonly<{ run: GitHubRun; folders: JobFolders; workspace: Workspace; options: Options; context: HostContext; configuration: UnreadHost['configuration']; cause: AuditError }>;

export function unreadHost({ run, folders, workspace, options, context, configuration, cause }: UnreadRequest): UnreadHost {
  return {
    cause, configuration, options, context,
    key: entryKeyOf(run, { auditName: options.name, entryKey: options.entryKey }),
    repository: unreadRepository(run, folders.workspace),
    files: localFiles(folders.working),
    sources: workspace.sources === 'use' ? localFiles(folders.workspace) : NO_FILES,
    folders: folders.real,
    baseline: { branch: context.baselineBranch, ledger: null, checks: null },
    problems: [...cause.problems, ...(workspace.problem === null ? [] : [workspace.problem])],
    jobStartMs: folders.startMs,
    basePolicy: null,
    readSteps: unreadSteps(run),
    links: { files: run.filesUrl, run: run.runUrl },
    temporary: folders.temporary,
  };
}

/** Which commits and paths there are is asked for known findings only: here are none. */
function unreadRepository({ commit, branch, defaultBranch, base }: GitHubRun, root: string): Repository {
  // The tree is not known without GitHub.
  const checkout: Checkout = { root, commit, tree: '', branch, defaultBranch, ...(base === null ? {} : { base }) };
  return {
    checkout,
    isAncestor: () => Promise.resolve(true),
    follows: () => Promise.resolve('unknown'),
    pathsAt: () => Promise.resolve(new Set()),
    mergeBase: () => Promise.resolve(undefined),
    changedFiles: () => Promise.resolve({ files: [], problems: [FILES_UNREAD] }),
  };
}

const FILES_UNREAD: Problem = { code: 'FILES_UNKNOWN', message: 'The files touched are not known: GitHub could not be read.' };
const STEPS_UNREAD: Problem = { code: 'JOB_UNKNOWN', message: 'How the steps of the job ended is not known: GitHub could not be read.' };

/** What was given, and that the job failed or was cancelled before. */
function unreadSteps({ jobStatus, ownActions }: GitHubRun): Host['readSteps'] {
  return (named) => {
    const tasks = jobTasks({ ...named, job: null, fileSteps: null, jobStatus, ownActions });
    return Promise.resolve({ ends: tasks.ends, problems: [STEPS_UNREAD, ...tasks.problems] });
  };
}
