/** The world of a step that could not read GitHub: the workspace of the job and the event, and nothing of what was known before. */
import { jobTasks } from '../collect/job-tasks.ts';
import type { AuditError } from '../errors.ts';
import { entryKeyOf } from '../host/github/entry-key.ts';
import type { GitHubRun } from '../host/github/event.ts';
import type { JobFolders } from '../host/github/job-folders.ts';
import { unreadRepository } from '../host/github/unread-repository.ts';
import type { Workspace } from '../host/github/workspace.ts';
import { localFiles } from '../host/local/files.ts';
import { NO_FILES } from '../host/no-files.ts';
import type { Problem } from '../model/problem.ts';
import type { Options } from '../options.ts';
import type { Host, HostContext, UnreadHost } from './host.ts';

export type UnreadRequest = Readonly<{ run: GitHubRun; folders: JobFolders; workspace: Workspace; options: Options; context: HostContext; configuration: UnreadHost['configuration']; cause: AuditError }>;

export function unreadHost({ run, folders, workspace, options, context, configuration, cause }: UnreadRequest): UnreadHost {
  return {
    cause, configuration, options, context,
    key: entryKeyOf(run, { auditName: options.name, entryKey: options.entryKey }),
    repository: unreadRepository(run, folders.checkout),
    files: localFiles(folders.working),
    sources: workspace.sources === 'use' ? localFiles(folders.checkout) : NO_FILES,
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

const STEPS_UNREAD: Problem = { code: 'JOB_UNKNOWN', message: 'How the steps of the job ended is not known: GitHub could not be read.' };

/** What was given, and that the job failed or was cancelled before. */
function unreadSteps({ jobStatus, ownActions }: GitHubRun): Host['readSteps'] {
  return (named) => {
    const tasks = jobTasks({ ...named, job: null, fileSteps: null, jobStatus, ownActions });
    return Promise.resolve({ ends: tasks.ends, problems: [STEPS_UNREAD, ...tasks.problems] });
  };
}
