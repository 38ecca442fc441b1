/** Tasks from the steps of the job: which step speaks for which task, and how it ended. */
import type { Job, JobStep, WorkflowStep } from '../model/job.ts';
import type { Problem } from '../model/problem.ts';
import { joinOutcomes, type TaskOutcome } from '../model/task.ts';
import { commandInName, commandLines, knowStep, namesOf, wordsOf, writesReport, type KnownStep } from './job-steps.ts';
import type { ReportSpec, StepEnd } from './report-specs.ts';
import { taskKind } from './task-kind.ts';

/** The task of everything that failed and is no task of its own. */
export const JOB_TASK = 'job';

export type JobTasksRequest = Readonly<{
  /** `null` where it could not be read. */
  job: Job | null;
  /** Steps of the workflow file by the number of the job's step; `null` where the file was not read. */
  fileSteps: ReadonlyMap<number, WorkflowStep> | null;
  /** Task names in `reports`, `outcomes` and the configuration. */
  names: readonly string[];
  /** A step that writes the report of a task is the task's. */
  specs: readonly ReportSpec[];
  /** Tasks of earlier runs. */
  known: readonly string[];
  /** From the input `outcomes`. */
  ends: ReadonlyMap<string, StepEnd>;
  /** `${{ job.status }}`: how the job stood when our step began. */
  jobStatus: string | null;
  /** What stands in `uses` of steps of this action, without the ref: they are no tasks. */
  ownActions: readonly string[];
}>;

export type JobTasks = Readonly<{ ends: ReadonlyMap<string, StepEnd>; problems: readonly Problem[] }>;

/** The ends of `outcomes` stay, joined with what the steps say: the worse of both. */
export function jobTasks(request: JobTasksRequest): JobTasks {
  const steps = knownSteps(request);
  const claims = claimSteps(steps, request);
  const ends = new Map(request.ends);
  for (const [task, claimed] of claims) {
    const end = endOf(claimed);
    const given = request.ends.get(task);
    if (end !== undefined) ends.set(task, given === undefined ? end : { ...joinEnds(end, given), ...(given.empty === undefined ? {} : { empty: { otherwise: end.outcome } }) });
  }
  const claimed = new Set([...claims.values()].flat());
  const rest = restOfJob(request, steps, claimed) ?? (wantsPass(request, ends) && restPassed(request, steps, claimed) ? { outcome: 'passed' as const } : undefined);
  const job = ends.get(JOB_TASK);
  if (rest !== undefined) ends.set(JOB_TASK, job === undefined ? rest : joinEnds(rest, job));
  return { ends, problems: behindProblems(steps) };
}

function joinEnds(end: StepEnd, given: StepEnd): StepEnd {
  return { ...end, ...given, outcome: joinOutcomes([end.outcome, given.outcome]) };
}

/** Whether the workflow file tells more than the names of the steps: an id that a caller may mean, or a command. */
export function wantsWorkflowFile(request: Omit<JobTasksRequest, 'fileSteps'>): boolean {
  const steps = knownSteps({ ...request, fileSteps: null });
  const claims = claimSteps(steps, request);
  const isOpen = request.names.some((name) => !claims.has(name));
  const claimed = [...claims.values()].flat();
  return isOpen || claimed.some(({ step }) => outcomeOf(step) !== undefined && commandInName(step) === undefined) || steps.some(({ step, part }) => part !== 'added' && outcomeOf(step) === 'failed');
}

function knownSteps({ job, fileSteps, ownActions }: JobTasksRequest): KnownStep[] {
  return [...(job?.steps ?? [])].sort((a, b) => a.number - b.number).map((step) => knowStep(step, fileSteps?.get(step.number), ownActions));
}

/** Each step goes to one task: the one that a caller named by id or name, else the one whose report it writes, else the named task whose words it holds, else one of its own. */
function claimSteps(steps: readonly KnownStep[], { names, specs }: Pick<JobTasksRequest, 'names' | 'specs'>): ReadonlyMap<string, KnownStep[]> {
  const claims = new Map<string, KnownStep[]>();
  const claim = (task: string, step: KnownStep): void => void claims.set(task, [...(claims.get(task) ?? []), step]);
  const open = steps.filter((step) => {
    if (step.part === 'added' || step.part === 'own') return false;
    const name = names.find((one) => namesOf(step).includes(one.toLowerCase())) ?? taskOfReport(step, specs);
    if (name === undefined) return true;
    claim(name, step);
    return false;
  });
  const unmet = names.filter((name) => !claims.has(name));
  for (const step of open.filter(({ part }) => part === 'task')) {
    const task = likeliestTask(step, unmet) ?? (step.standsAlone ? step.label : undefined);
    if (task !== undefined) claim(task, step);
  }
  return claims;
}

/** Of the tasks whose reports the step writes, the one of the longest path: `out/a.xml` stands in `app/out/a.xml`. */
function taskOfReport(step: KnownStep, specs: readonly ReportSpec[]): string | undefined {
  const written = specs.flatMap(({ task, patterns }) => patterns.map((pattern) => ({ task, length: writesReport(step, pattern) })));
  return written.filter(({ length }) => length > 0).toSorted((a, b) => b.length - a.length)[0]?.task;
}

/** Of the named tasks of the step's kind, the one of which the step holds all words, and most. */
function likeliestTask(step: KnownStep, names: readonly string[]): string | undefined {
  const held = new Set(wordsOf(step.label).map(singular));
  const fitting = names.filter((name) => taskKind(name, []) === step.kind && wordsOf(name).every((word) => held.has(singular(word))));
  return fitting.toSorted((a, b) => wordsOf(b).length - wordsOf(a).length)[0];
}

function singular(word: string): string {
  return word.length > 3 ? word.replace(/(?<!s)s$/, '') : word;
}

/** `undefined` while none of the steps has ended. */
function endOf(steps: readonly KnownStep[]): StepEnd | undefined {
  const ended = steps.flatMap(({ step }) => outcomeOf(step) ?? []);
  if (ended.length === 0) return undefined;
  // A part that is switched off does not make the task a skipped one.
  const ran = ended.filter((outcome) => outcome !== 'skipped');
  const commands = steps.flatMap(commandsOf);
  const seconds = steps.reduce<number | undefined>((sum, { step }) => plus(sum, secondsOf(step)), undefined);
  return {
    outcome: joinOutcomes(ran.length > 0 ? ran : ended),
    ...(commands.length === 0 ? {} : { commands }),
    ...(seconds === undefined ? {} : { durationSeconds: seconds }),
  };
}

function commandsOf({ step, file }: KnownStep): string[] {
  if (file?.run !== undefined) return commandLines(file.run);
  const shown = file === undefined ? commandInName(step) : undefined;
  return shown === undefined ? [] : commandLines(shown);
}

function plus(sum: number | undefined, more: number | undefined): number | undefined {
  return more === undefined ? sum : (sum ?? 0) + more;
}

function secondsOf({ startedAt, completedAt, conclusion }: JobStep): number | undefined {
  if (startedAt === null || completedAt === null || conclusion === 'skipped') return undefined;
  const seconds = (Date.parse(completedAt) - Date.parse(startedAt)) / 1_000;
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}

/** `null` in the API once more than `completed`: a word that is not known is no success. https://docs.github.com/rest/actions/workflow-jobs */
const CONCLUSIONS: Readonly<Record<string, TaskOutcome>> = {
  success: 'passed', failure: 'failed', timed_out: 'failed', startup_failure: 'failed', cancelled: 'cancelled', skipped: 'skipped',
};

/** `undefined` for a step that has not ended. */
function outcomeOf({ status, conclusion }: JobStep): TaskOutcome | undefined {
  if (status !== 'completed' || conclusion === null) return undefined;
  return Object.hasOwn(CONCLUSIONS, conclusion) ? CONCLUSIONS[conclusion] : 'unknown';
}

/** What failed or was cancelled outside of the tasks: in steps that are none, or in one that the API does not tell yet. */
function restOfJob({ job, jobStatus, ends }: JobTasksRequest, steps: readonly KnownStep[], claimed: ReadonlySet<KnownStep>): StepEnd | undefined {
  const rest = steps.filter((one) => !claimed.has(one) && one.part !== 'own');
  const failed = rest.filter(({ step }) => outcomeOf(step) === 'failed');
  // What a caller says may be of a step that failed without failing the job.
  const told = job === null ? [...ends.values()].map(({ outcome }) => outcome) : steps.flatMap(({ step }) => outcomeOf(step) ?? []);
  if (failed.length > 0) return { ...endOf(failed), outcome: 'failed', failedSteps: failed.map(({ step }) => step.name) };
  if (jobStatus === 'failure' && !told.includes('failed')) return { outcome: 'failed', ...(job === null ? { explainedBy: 'any' as const } : {}) };
  const cancelled = rest.filter(({ step }) => outcomeOf(step) === 'cancelled');
  if (cancelled.length > 0) return { ...endOf(cancelled), outcome: 'cancelled' };
  return jobStatus === 'cancelled' && !told.includes('cancelled') ? { outcome: 'cancelled' } : undefined;
}

/** A finding of the job closes by a job that passed; one that never failed needs no word in every entry. Reports of a task of that name speak for themselves. */
function wantsPass({ known, specs }: JobTasksRequest, ends: ReadonlyMap<string, StepEnd>): boolean {
  return known.includes(JOB_TASK) && !ends.has(JOB_TASK) && !specs.some(({ task }) => task === JOB_TASK);
}

/** Beside a task that failed, a step that was skipped, or of which nothing is told, shows nothing. */
function restPassed({ jobStatus }: JobTasksRequest, steps: readonly KnownStep[], claimed: ReadonlySet<KnownStep>): boolean {
  if (jobStatus === 'success') return true;
  const own = ownNumber(steps);
  return own > 0 && steps.every((one) => one.step.number >= own || claimed.has(one) || one.part === 'own' || outcomeOf(one.step) === 'passed');
}

/** 0 where our step is not told, or cannot be told from others. */
function ownNumber(steps: readonly KnownStep[]): number {
  return steps.findLast(({ step, part }) => part === 'own' && step.status === 'in_progress')?.step.number ?? 0;
}

/** Steps before ours have ended, whatever the API says: it trails the job. */
function behindProblems(steps: readonly KnownStep[]): Problem[] {
  const own = ownNumber(steps);
  return steps.filter((one) => one.part === 'task' && outcomeOf(one.step) === undefined && (one.step.number < own || (one.step.status === 'in_progress' && isSurelyNotOurs(one))))
    .map(({ label }): Problem => ({ code: 'JOB_UNKNOWN', message: `GitHub did not tell yet how the step ${label} ended: it has no voice in this run.` }));
}

/** A step with a heading may be ours under another name, where the workflow file was not read. */
function isSurelyNotOurs({ step, file }: KnownStep): boolean {
  return file !== undefined || commandInName(step) !== undefined;
}
