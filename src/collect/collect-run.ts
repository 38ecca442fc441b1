/** Collecting: everything one run has to show, as one value. */
import type { Repository, FileSource } from '../host/ports.ts';
import type { Baseline } from '../model/baseline.ts';
import { evidenceCheck, stepCheck } from '../model/finding.ts';
import type { Notes } from '../model/notes.ts';
import { compareText } from '../model/order.ts';
import type { Problem } from '../model/problem.ts';
import type { Run, RunContext } from '../model/run.ts';
import type { TaskKind } from '../model/task.ts';
import { collectChangedFiles } from './changed-files.ts';
import { collectFindings, placeReport } from './findings.ts';
import type { Folders } from './place.ts';
import { readReports, type ReadReport } from './read-reports.ts';
import type { ReportSpec, StepEnd } from './report-specs.ts';
import { taskKind } from './task-kind.ts';
import { evidenceProblems, joinTask, taskChecks, taskFindings, type TaskEvidence } from './tasks.ts';

/** What the configuration says of a task. */
export type TaskSettings = Readonly<{ kind?: TaskKind | undefined; required?: boolean | undefined; commands?: readonly string[] | undefined; retired?: boolean | undefined }>;

export type RunRequest = Readonly<{
  key: string;
  specs: readonly ReportSpec[];
  ends: ReadonlyMap<string, StepEnd>;
  settings: ReadonlyMap<string, TaskSettings>;
  logPath: string;
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
  return {
    schema: 1,
    key: request.key,
    context: { ...request.context, branch, defaultBranch, commit, tree, ...(touched.base === undefined ? {} : { base: touched.base }) },
    tasks: joined.map(({ task }) => task),
    checks: joined.flatMap(({ evidence, task }) => taskChecks(evidence, task, usualChecks(from.baseline, task.name))),
    findings: [...joined.flatMap(({ evidence, task }) => taskFindings(evidence, task)), ...reported],
    files: [...touched.files],
    gonePaths: await goneFrom(from),
    retiredTasks: [...request.settings].flatMap(([name, { retired }]) => (retired === true ? [name] : [])).sort(compareText),
    notes: request.notes,
    problems: [...request.problems, ...joined.flatMap(({ evidence }) => evidenceProblems(evidence)), ...touched.problems],
  };
}

/** In the order in which `reports`, then `outcomes`, name them. */
async function collectTasks(request: RunRequest, from: Sources): Promise<TaskEvidence[]> {
  const { reports, unread } = await readReports(request.specs, {
    files: from.files,
    progress: from.progress,
    usualFormat: (task) => usualFormat(from.baseline, task),
    stepPassed: (task) => request.ends.get(task)?.outcome === 'passed',
  });
  const placed = reports.map((report) => placeReport(report, from.folders));
  const names = [...new Set([...request.specs.map(({ task }) => task), ...request.ends.keys()])];
  return names.map((name): TaskEvidence => {
    const own = placed.filter(({ task }) => task === name);
    const settings = request.settings.get(name);
    return {
      name,
      kind: settings?.kind ?? taskKind(name, formatsOf(request.specs, own, name)),
      required: settings?.required ?? true,
      commands: settings?.commands ?? [],
      step: request.ends.get(name),
      expected: request.specs.some(({ task }) => task === name),
      reports: own,
      unread: unread.filter(({ task }) => task === name),
    };
  });
}

function formatsOf(specs: readonly ReportSpec[], reports: readonly ReadReport[], name: string): string[] {
  const forced = specs.flatMap(({ task, format }) => (task === name && format !== null ? [format] : []));
  return [...new Set([...forced, ...reports.map(({ evidence }) => evidence.format)])];
}

/** Checks of the task's reports in earlier runs. */
function usualChecks({ checks }: Baseline, task: string): string[] {
  return Object.entries(checks?.checks ?? {}).flatMap(([check, state]) => (state.task === task && check !== stepCheck(task) && check !== evidenceCheck(task) ? [check] : []));
}

function usualFormat(baseline: Baseline, task: string): string | undefined {
  const [check, ...more] = usualChecks(baseline, task);
  return check === undefined || more.length > 0 ? undefined : check.slice(task.length + 1);
}

/** Of the paths in which open findings stand: those that are no longer in the tree. */
async function goneFrom({ baseline, sources }: Sources): Promise<string[]> {
  const paths = new Set(baseline.ledger?.findings.flatMap(({ path, state }) => (path !== undefined && state === 'open' ? [path] : [])));
  const gone: string[] = [];
  for (const path of paths) if (!await sources.exists(path)) gone.push(path);
  return gone.sort(compareText);
}
