/** Problems in an entry: each is told once, where the reader looks for what it spoils. */
import { asksNothing, PROBLEM_CODES, type Problem, type ProblemCode } from '../../model/problem.ts';
import type { Run } from '../../model/run.ts';
import { codeSpan, text, unstopped } from '../untrusted.ts';
import { line, type EntryContext, type Line } from './line.ts';

/** Told under the files touched, where an entry has such a label. */
const OF_FILES: readonly ProblemCode[] = ['FILES_UNKNOWN', 'NO_START', 'BASE_GONE'];

/** Whether the list of files touched is whole. */
export function knowsFiles(run: Run): boolean {
  return run.problems.every(({ code }) => code !== 'FILES_UNKNOWN' && code !== 'NO_START');
}

function toldWithFiles({ fields }: EntryContext): boolean {
  return fields.has('files-touched') || fields.has('change-summary');
}

export function fileProblems(context: EntryContext): readonly Problem[] {
  return toldWithFiles(context) ? context.audit.run.problems.filter(({ code }) => OF_FILES.includes(code)) : [];
}

export function otherProblems(context: EntryContext): readonly Problem[] {
  return context.audit.run.problems.filter(({ code }) => !OF_FILES.includes(code) || !toldWithFiles(context));
}

/** `out/eslint.json: the message (EMPTY_REPORT).` */
export function problemLine({ code, message, path }: Problem): Line {
  const named = path === undefined || message.includes(path) ? [] : line(codeSpan(path), ': ');
  return line(named, unstopped(message), ' (', codeSpan(code), ').');
}

/** What somebody must mend, and how. */
export function repairLine({ code, path }: Problem): Line[] {
  // No run can be made to know its files later.
  if (asksNothing(code) || code === 'FILES_UNKNOWN') return [];
  const { title, fix } = PROBLEM_CODES[code];
  const what = path === undefined ? line(title) : line('Repair ', codeSpan(path), ' (', codeSpan(code), ')');
  return [line(what, ': ', text(fix))];
}
