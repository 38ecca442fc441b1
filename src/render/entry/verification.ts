/** Verification in an entry: every task with what ran and what came out, and what was not checked, said as such. */
import type { Audit } from '../../model/audit.ts';
import type { EntryField } from '../../model/entry-style.ts';
import type { Task, TaskKind } from '../../model/task.ts';
import { codeSpan, text } from '../untrusted.ts';
import { claimed } from './findings.ts';
import { NOT_AVAILABLE } from './identity.ts';
import { capLines, enumerate, line, proseLines, type EntryContext, type Line, type Section } from './line.ts';
import { otherProblems, problemLine } from './problems.ts';
import { evidenceReasons, otherReasons } from './reasons.ts';
import { resultOf } from './result.ts';

const TASKS_SHOWN = 100;
const COMMANDS_SHOWN = 4;
const PROBLEMS_SHOWN = 200;

/** Where the results of a kind of task stand: the first of these labels that the log has. */
const PLACES: Readonly<Record<TaskKind, readonly EntryField[]>> = {
  test: ['tests', 'verification', 'commands', 'static-checks', 'build'],
  lint: ['static-checks', 'verification', 'tests', 'commands', 'build'],
  typecheck: ['static-checks', 'verification', 'tests', 'commands', 'build'],
  security: ['static-checks', 'verification', 'tests', 'commands', 'build'],
  build: ['build', 'verification', 'static-checks', 'tests', 'commands'],
  other: ['verification', 'static-checks', 'tests', 'commands', 'build'],
};

function placeOf(kind: TaskKind, { fields }: EntryContext): EntryField {
  return PLACES[kind].find((field) => fields.has(field)) ?? 'key-findings';
}

function tasksAt(field: EntryField, context: EntryContext): readonly Task[] {
  return context.audit.run.tasks.filter(({ kind }) => placeOf(kind, context) === field);
}

/** `npm test -> 128 passed, 2 skipped.` */
function taskLine(task: Task, audit: Audit): Line {
  const commands = task.commands.map((command) => codeSpan(command));
  const ran = commands.length === 0 ? line(text(task.name, 80), ' (command not known)') : enumerate(commands, COMMANDS_SHOWN);
  return line(ran, task.required ? '' : ' (optional)', ' -> ', resultOf(task, audit), '.');
}

/**
 * Tasks, problems and absent tasks that have their place under this label. A problem stands with the task whose report it speaks of,
 * all others with the tests; with these also the reasons for the outcome, where the log has no label for key findings.
 */
export function verificationLines(field: EntryField, context: EntryContext): Line[] {
  const { audit } = context;
  const tasks = tasksAt(field, context);
  const problems = otherProblems(context).filter(({ task: name, path }) => {
    const owner = audit.run.tasks.find((task) => task.name === name || (path !== undefined && task.evidence.some((evidence) => evidence.path === path)));
    return placeOf(owner?.kind ?? 'test', context) === field;
  });
  const isMain = placeOf('test', context) === field;
  const absent = isMain ? audit.comparison.absentTasks : [];
  const reasons = isMain && field !== 'key-findings' && !context.fields.has('key-findings') ? [...evidenceReasons(audit.verdict), ...otherReasons(audit)] : [];
  return [
    ...capLines(tasks, (task) => taskLine(task, audit), { limit: TASKS_SHOWN, what: 'tasks' }),
    ...capLines(problems, problemLine, { limit: PROBLEMS_SHOWN, what: 'problems' }),
    ...capLines(absent, (name) => line(text(name, 80), ' -> not run (it was part of earlier runs).'), { limit: TASKS_SHOWN, what: 'tasks that did not run' }),
    ...reasons,
  ];
}

export const tests: Section = (context) => {
  const lines = verificationLines('tests', context);
  const none = context.audit.run.tasks.some(({ kind }) => kind === 'test') ? [] : [line(`${NOT_AVAILABLE} (no tests were part of this run).`)];
  return [...none, ...lines, ...claimed(context.audit.run.notes.tests)];
};

export const staticChecks: Section = (context) => {
  const lines = verificationLines('static-checks', context);
  return lines.length > 0 ? lines : [line(`${NOT_AVAILABLE} (no static checks were part of this run).`)];
};

export const build: Section = (context) => {
  const lines = verificationLines('build', context);
  return lines.length > 0 ? lines : [line(`${NOT_AVAILABLE} (no build was part of this run).`)];
};

/** A verification without labels of its own. */
export const verification: Section = (context) => {
  const lines = verificationLines('verification', context);
  return lines.length > 0 ? lines : [line(`${NOT_AVAILABLE} (nothing was checked in this run).`)];
};

/** All commands that the run knows of, wherever else their results stand, then those that only the notes name. */
export const commands: Section = (context) => {
  const { run } = context.audit;
  const known = run.tasks.filter((task) => task.commands.length > 0 && placeOf(task.kind, context) !== 'commands');
  const lines = [...capLines(known, (task) => taskLine(task, context.audit), { limit: TASKS_SHOWN, what: 'tasks' }), ...verificationLines('commands', context), ...claimed(run.notes.commands)];
  return lines.length > 0 ? lines : [line(`${NOT_AVAILABLE} (no commands are known to this run).`)];
};

export const logs: Section = ({ audit: { run } }) => itemsOr(run.notes.logs, 'no logs given to this run');
export const dbQueries: Section = ({ audit: { run } }) => itemsOr(run.notes.dbQueries, 'not seen by this run');
export const perfNotes: Section = ({ audit: { run } }) => itemsOr(run.notes.perfNotes, 'no performance notes given to this run');
export const verificationSteps: Section = ({ audit: { run } }) => itemsOr(run.notes.verificationSteps, 'no steps given to this run');

function itemsOr(items: readonly string[], why: string): Line[] {
  const lines = proseLines(items);
  return lines.length > 0 ? lines : [line(`${NOT_AVAILABLE} (${why}).`)];
}
