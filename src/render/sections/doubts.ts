/** What an audit could not prove: tasks that did not finish, contradict themselves or did not run, and what that means for known findings. */
import type { Audit } from '../../model/audit.ts';
import { evidenceCheck, OWN_RULES, stepCheck, type Finding } from '../../model/finding.ts';
import type { Run } from '../../model/run.ts';
import type { Task } from '../../model/task.ts';
import { failedUnexplained, leftNoEvidence } from '../../model/verdict.ts';
import { codeSpan, link, text } from '../untrusted.ts';
import { LIMITS } from './limits.ts';
import { words, type Inline } from './nodes.ts';
import { counted } from './words.ts';

export type Doubt = Readonly<{
  task: string;
  /** Absent for a task that was not part of this run. */
  kind?: Task['kind'];
  required: boolean;
  what: 'unfinished' | 'unexplained' | 'cancelled' | 'skipped' | 'absent' | 'held' | 'contradicts';
  /** How the task's step ended, where that is known. */
  step?: Task['step'];
  /** Reports were expected. */
  reports?: true;
  /** What we stated about its evidence ourselves. */
  statements: readonly Finding[];
  /** Known findings of the task that this run could not check. */
  carried: number;
}>;

/** In the order of the tasks, absent ones last. */
export function doubtsOf({ run, comparison }: Audit): readonly Doubt[] {
  const carried = new Map<string, number>();
  for (const { known } of comparison.unverified) carried.set(known.task, (carried.get(known.task) ?? 0) + 1);
  const held = new Set(comparison.unverified.filter(({ known }) => comparison.heldChecks.includes(known.check)).map(({ known }) => known.task));
  const own = run.tasks.flatMap((task): Doubt[] => {
    const statements = run.findings.filter((finding) => finding.task === task.name && isOwn(finding));
    const what = doubtOf(task, run) ?? (held.has(task.name) ? 'held' : statements.length > 0 ? 'contradicts' : undefined);
    if (what === undefined) return [];
    return [{ task: task.name, kind: task.kind, required: task.required, what, ...(task.step === undefined ? {} : { step: task.step }), ...(task.reported === undefined ? {} : { reports: true as const }), statements, carried: carried.get(task.name) ?? 0 }];
  });
  const absent = comparison.absentTasks.map((task): Doubt => ({ task, required: true, what: 'absent', statements: [], carried: carried.get(task) ?? 0 }));
  return [...own, ...absent];
}

/** A finding that we state ourselves about a task's step or evidence. */
export function isOwn({ check, task }: Pick<Finding, 'check' | 'task'>): boolean {
  return check === evidenceCheck(task) || check === stepCheck(task);
}

function doubtOf(task: Task, run: Run): Doubt['what'] | undefined {
  if (task.outcome === 'cancelled') return 'cancelled';
  if (leftNoEvidence(task, run)) return 'unfinished';
  if (failedUnexplained(task, run)) return 'unexplained';
  return task.outcome === 'skipped' ? 'skipped' : undefined;
}

/** In three words, why an unfinished task proves nothing: a report may be missing although all went well. */
export function unfinishedWords({ what, step, reports }: Doubt): string {
  if (what === 'cancelled') return 'was cancelled';
  if (step === 'failed') return 'did not finish';
  return reports === true ? 'left no usable report' : 'has no known result';
}

/** What happened to the task, as whole sentences that do not name it; with what it means, and what to do. */
export function doubtSentences(doubt: Doubt, audit: Audit): Inline[] {
  const { links } = audit;
  return [
    ...happened(doubt, audit),
    ...(links.run === undefined || doubt.what === 'absent' ? [] : [words(' ('), ...link([words('log')], links.run), words(')')]),
    words('. '),
    ...(doubt.carried === 0 ? [] : [words(`${counted(doubt.carried, 'known finding')} ${doubt.carried === 1 ? 'is' : 'are'} carried unchecked; none counts as fixed. `)]),
    words(TO_DO[doubt.what]),
  ];
}

const TO_DO: Readonly<Record<Doubt['what'], string>> = {
  unfinished: 'Repair or re-run.',
  unexplained: 'See its log, repair it or let it write a report.',
  cancelled: 'Run it again.',
  skipped: 'Nothing is known of what it looks at.',
  absent: 'Name its report or outcome again, or retire it in the configuration.',
  held: 'The next complete run confirms them, or finds them again.',
  contradicts: 'The worse of the two counts.',
};

const HAPPENED: Readonly<Record<Doubt['what'], string>> = {
  unfinished: 'No report of it can be used',
  unexplained: 'It failed, and no report says why',
  cancelled: 'It was cancelled',
  skipped: 'It was skipped',
  absent: 'It was part of earlier runs and not of this one',
  held: 'Too many of its findings vanished at once to believe it',
  contradicts: 'Step and report disagree',
};

function happened({ what, statements, step }: Doubt, audit: Audit): Inline[] {
  const told = statements.filter(({ rule }) => what !== 'unfinished' || rule === OWN_RULES.noReport).slice(0, 3);
  if (told.length === 0 || what === 'cancelled' || what === 'skipped' || what === 'held') return [words(HAPPENED[what])];
  const stated = told.flatMap((finding, at) => [...(at === 0 ? [] : [words('; ')]), ...statement(finding, audit)]);
  if (what !== 'unfinished') return stated;
  if (step === 'failed') return [...stated, words(' and the step failed')];
  return step === 'passed' ? [...stated, words(' although the step succeeded')] : stated;
}

/** The title as a sentence without the task's name in front and the stop at its end; the report's path in it as code. */
function statement({ title, task }: Finding, { run }: Audit): Inline[] {
  const bare = title.replace(/\.$/, '');
  if (bare.startsWith(`${task} `)) return text(`It ${bare.slice(task.length + 1)}`, LIMITS.title);
  if (!bare.startsWith(`${task}: `)) return text(bare.charAt(0).toUpperCase() + bare.slice(1), LIMITS.title);
  const told = bare.slice(task.length + 2);
  const path = run.problems.find((problem) => problem.path !== undefined && problem.path !== '' && /^[ :]/.test(told.startsWith(problem.path) ? told.slice(problem.path.length) : ''))?.path;
  if (path === undefined) return text(told.charAt(0).toUpperCase() + told.slice(1), LIMITS.title);
  const rest = told.slice(path.length);
  return [codeSpan(path, LIMITS.path), words(rest.startsWith(':') ? ': ' : ' '), ...text(rest.replace(/^:/, ''), LIMITS.title)];
}
