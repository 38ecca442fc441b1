/** Collecting: everything one run has to show, as one value. */
import type { Repository, FileSource } from '../host/ports.ts';
import type { Baseline } from '../model/baseline.ts';
import { evidenceCheck, stepCheck } from '../model/finding.ts';
import type { Notes } from '../model/notes.ts';
import { compareText } from '../model/order.ts';
import type { Problem } from '../model/problem.ts';
import type { ChangedFile, Run, RunContext } from '../model/run.ts';
import type { TaskKind } from '../model/task.ts';
import { collectChangedFiles } from './changed-files.ts';
import { collectFindings, placeReport, titleOf } from './findings.ts';
import { repositoryPath, type Folders } from './place.ts';
import { readReports, type ReadReport } from './read-reports.ts';
import type { ReportSpec, StepEnd } from './report-specs.ts';
import { taskKind } from './task-kind.ts';
import { evidenceProblems, joinTask, taskChecks, taskFindings, withoutEmpty, type TaskEvidence, type UsualCheck } from './tasks.ts';

/** What the configuration says of a task. */
export type TaskSettings = Readonly<{ kind?: TaskKind | undefined; required?: boolean | undefined; commands?: readonly string[] | undefined; retired?: boolean | undefined }>;

export type RunRequest = Readonly<{
  key: string;
  specs: readonly ReportSpec[];
  ends: ReadonlyMap<string, StepEnd>;
  settings: ReadonlyMap<string, TaskSettings>;
  logPath: string;
  /** Reports written before are of an earlier run; `null` where nobody knows. Milliseconds since 1970, by the clock of the machine. */
  notBefore: number | null;
  notes: Notes;
  /** What was found wrong before, in notes for example. */
  problems: readonly Problem[];
  context: Omit<RunContext, 'base' | 'branch' | 'defaultBranch' | 'commit' | 'tree'>;
}>;

export type Sources = Readonly<{
  repository: Repository;
  /** Rooted where patterns start. */
  files: FileSource;
  /** Rooted at the repository's top. */
  sources: FileSource;
  folders: Folders;
  baseline: Baseline;
  progress(path: string, bytes: number): void;
}>;

export async function collectRun(request: RunRequest, from: Sources): Promise<Run> {
  const tasks = await collectTasks(request, from);
  const touched = await collectChangedFiles(from.repository, from.baseline, request.logPath);
  const { branch, defaultBranch, commit, tree } = from.repository.checkout;
  const kinds = new Map(tasks.map(({ name, kind }) => [name, kind]));
  const reported = await collectFindings(tasks.flatMap(({ reports }) => reports), { folders: from.folders, sources: from.sources, kindOf: (task) => kinds.get(task) ?? 'other' });
  const joined = tasks.map((evidence) => ({ evidence, task: joinTask(evidence) }));
  const retired = [...request.settings].flatMap(([name, settings]) => (settings.retired === true ? [name] : [])).sort(compareText);
  return {
    schema: 1,
    key: request.key,
    context: { ...request.context, branch, defaultBranch, commit, tree, ...(touched.base === undefined ? {} : { base: touched.base }) },
    tasks: joined.map(({ task }) => task),
    checks: joined.flatMap(({ evidence, task }) => taskChecks(evidence, task, usualChecks(from.baseline, task.name))),
    findings: [...joined.flatMap(({ evidence, task }) => taskFindings(evidence, task)), ...reported],
    files: [...touched.files],
    gonePaths: await goneFrom(from, deletedPaths(touched.files)),
    retiredTasks: retired.filter((name) => !kinds.has(name)),
    notes: request.notes,
    problems: [
      ...request.problems, ...emptyOutcomes(request.ends), ...joined.flatMap(({ evidence }) => evidenceProblems(evidence)), ...outsideProblems(tasks, from.folders),
      ...retired.filter((name) => kinds.has(name)).map(retiredProblem), ...(branch === null ? [DETACHED] : []), ...touched.problems,
    ],
  };
}

const DETACHED: Problem = { code: 'DETACHED_HEAD', message: 'HEAD is detached: the entry is compared with the default branch, and what opened or closed here is not remembered.' };

function retiredProblem(name: string): Problem {
  return { code: 'RETIRED_RAN', message: `${name} is retired in the configuration, but is part of this run: nothing of it closes as retired.` };
}

/** Findings whose path cannot be shown as one of the repository keep it in their title. */
function outsideProblems(tasks: readonly TaskEvidence[], folders: Folders): Problem[] {
  return tasks.flatMap(({ name, reports }) => reports.flatMap(({ evidence: { path }, parsed }): Problem[] => {
    const outside = parsed.findings.filter((finding) => finding.path !== undefined && repositoryPath(finding.path, folders) === undefined);
    const [first] = outside;
    return first === undefined ? [] : [{ code: 'PATH_OUTSIDE', message: `${name}: ${path}: ${outside.length} ${outside.length === 1 ? 'finding names a path' : 'findings name paths'} outside of the repository, such as ${titleOf(first.path ?? '')}.`, path, task: name }];
  }));
}

/** In the order in which `reports`, then `outcomes`, then the configuration name them: a task of which nothing comes is unknown, not forgotten. */
async function collectTasks(request: RunRequest, from: Sources): Promise<TaskEvidence[]> {
  const { reports, unread } = await readReports(request.specs, {
    files: from.files,
    progress: from.progress,
    usualFormat: (task) => usualFormat(from.baseline, task),
    stepPassed: (task) => request.ends.get(task)?.outcome === 'passed',
    notBefore: request.notBefore,
  });
  const placed = reports.map((report) => placeReport(report, from.folders));
  const configured = [...request.settings].flatMap(([name, { retired }]) => (retired === true ? [] : [name]));
  const ends = unexplainedEnds(request.ends, placed);
  const names = [...new Set([...request.specs.map(({ task }) => task), ...ends.keys(), ...configured])];
  return names.map((name): TaskEvidence => {
    const own = placed.filter(({ task }) => task === name);
    const settings = request.settings.get(name);
    return withoutEmpty({
      name,
      kind: settings?.kind ?? taskKind(name, formatsOf(request.specs, own, name)),
      required: settings?.required ?? true,
      commands: settings?.commands ?? ends.get(name)?.commands ?? [],
      step: ends.get(name),
      expected: request.specs.some(({ task }) => task === name),
      reports: own,
      unread: unread.filter(({ task }) => task === name),
    });
  });
}

/** Where nobody told which step failed the job, a report that states failures did. */
function unexplainedEnds(ends: RunRequest['ends'], reports: readonly ReadReport[]): RunRequest['ends'] {
  return reports.some(({ parsed }) => parsed.outcome === 'failed') ? new Map([...ends].filter(([, { explainedBy }]) => explainedBy === undefined)) : ends;
}

function emptyOutcomes(ends: RunRequest['ends']): Problem[] {
  return [...ends].flatMap(([task, { empty }]): Problem[] => (empty === undefined ? [] : [{ code: 'OUTCOME_EMPTY', message: `outcomes: nothing stands behind \`${task}:\`: the step that it means has no such id, or did not start.`, task }]));
}

function formatsOf(specs: readonly ReportSpec[], reports: readonly ReadReport[], name: string): string[] {
  const forced = specs.flatMap(({ task, format }) => (task === name && format !== null ? [format] : []));
  return [...new Set([...forced, ...reports.map(({ evidence }) => evidence.format)])];
}

/** Checks of the task's reports in earlier runs. */
function usualChecks({ checks }: Baseline, task: string): UsualCheck[] {
  return Object.entries(checks?.checks ?? {}).flatMap(([check, state]) => (
    state.task === task && check !== stepCheck(task) && check !== evidenceCheck(task) ? [{ check, reports: state.complete?.reports ?? [] }] : []
  ));
}

function usualFormat(baseline: Baseline, task: string): string | undefined {
  const [usual, ...more] = usualChecks(baseline, task);
  return usual === undefined || more.length > 0 ? undefined : usual.check.slice(task.length + 1);
}

/** Deleted, or moved away from: also where that is not committed yet. */
function deletedPaths(files: readonly ChangedFile[]): ReadonlySet<string> {
  return new Set(files.flatMap(({ path, status, from }) => (status === 'deleted' ? [path] : status === 'renamed' && from !== undefined ? [from] : [])));
}

/**
 * Of the paths in which open findings stand: those that were in the tree of the commit that opened one, and are in it and on disk no longer.
 * What was never there, or is only not checked out, is not gone.
 */
async function goneFrom({ baseline, sources, repository }: Sources, deleted: ReadonlySet<string>): Promise<string[]> {
  const open = baseline.ledger?.findings.filter(({ path, state }) => path !== undefined && state === 'open') ?? [];
  const absent = new Map<string, Set<string>>();
  const asked = new Map<string, boolean>();
  for (const { path = '', opened } of open) {
    const isThere = asked.get(path) ?? await sources.exists(path);
    asked.set(path, isThere);
    if (!isThere) absent.set(opened.commit, (absent.get(opened.commit) ?? new Set()).add(path));
  }
  if (absent.size === 0) return [];
  const kept = await repository.pathsAt(repository.checkout.commit, [...new Set([...absent.values()].flatMap((paths) => [...paths]))]);
  const gone = new Set<string>();
  for (const [commit, paths] of absent) {
    for (const path of await repository.pathsAt(commit, [...paths])) if (!kept.has(path) || deleted.has(path)) gone.add(path);
  }
  return [...gone].sort(compareText);
}
