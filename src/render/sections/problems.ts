/** What was wrong with evidence and surroundings, what to do about it, and every row that had a say in the outcome. */
import type { RootContent } from 'mdast';
import { asksNothing, PROBLEM_CODES, type Problem, type ProblemCode } from '../../model/problem.ts';
import { codeSpan, text } from '../untrusted.ts';
import { isOwn } from './doubts.ts';
import { LIMITS } from './limits.ts';
import { bullets, paragraph, strong, words, type Inline } from './nodes.ts';
import type { Story } from './story.ts';
import { counted, number } from './words.ts';

/** Each with its code and what to do; what asks for nothing after the others. */
export function problemsSection({ audit: { run } }: Story, rest: readonly Inline[], items: number): RootContent[] {
  const notices = run.problems.filter(({ code }) => asksNothing(code));
  return [...problemList(run.problems.filter((problem) => !notices.includes(problem)), rest, items), ...labelledList('Notices', notices, { rest, items })];
}

export function problemList(problems: readonly Problem[], rest: readonly Inline[], items: number): RootContent[] {
  return labelledList('Problems', problems, { rest, items });
}

/** What is wrong with the evidence itself; and what is to be known of the surroundings of the run, if its reader can do something about it. */
export function problemsForAuthor({ audit: { run } }: Story): Readonly<{ evidence: readonly Problem[]; notices: readonly Problem[] }> {
  const isEvidence = ({ code, task }: Problem): boolean => task !== undefined || EVIDENCE.has(code);
  return { evidence: run.problems.filter(isEvidence), notices: run.problems.filter((problem) => !isEvidence(problem) && !asksNothing(problem.code)) };
}

/** Codes of files that were read, or should have been. */
const EVIDENCE: ReadonlySet<ProblemCode> = new Set([
  'NO_EVIDENCE', 'NO_MATCH', 'NOT_A_REPORT', 'EMPTY_REPORT', 'INCOMPLETE', 'MALFORMED', 'DTD_REFUSED', 'BAD_ENCODING', 'BAD_CHARS', 'BAD_BYTES', 'COUNT_MISMATCH', 'NO_TESTS', 'TOOL_ERROR', 'TOOL_WARNING', 'LIMIT_REACHED',
  'PARTS_ELSEWHERE', 'SUPPRESSED', 'TEXT_CUT', 'TOO_MANY_FILES', 'SYMLINK', 'NOT_REGULAR', 'FILE_CHANGED', 'PATH_OUTSIDE', 'RETIRED_RAN', 'NOTES_UNREADABLE', 'UNKNOWN_WORD',
]);

type Shape = Readonly<{ rest: readonly Inline[]; items: number }>;

export function labelledList(label: 'Problems' | 'Notices', problems: readonly Problem[], { rest, items }: Shape): RootContent[] {
  if (problems.length === 0) return [];
  const lines = problems.slice(0, items).map(problemLine);
  const hidden = problems.length - lines.length;
  return [paragraph(strong(words(label))), bullets(hidden === 0 ? lines : [...lines, [words(`${lines.length === 0 ? '' : 'and '}${number(hidden)} more `), ...rest]])];
}

function problemLine({ code, message, path }: Problem): Inline[] {
  const where: Inline[] = path === undefined || path === '' || message.includes(path) ? [] : [codeSpan(path, LIMITS.path), words(': ')];
  return [{ type: 'inlineCode', value: code }, words(' '), ...where, ...text(message, LIMITS.message), words(' '), ...text(PROBLEM_CODES[code].fix, LIMITS.message)];
}

/** Every row that applied, the worst first. `idItems`: how many ids a row names, none where they stand elsewhere. */
export function rowsSection({ audit: { comparison, verdict } }: Story, idItems: number): RootContent[] {
  if (verdict.rows.length === 0) return [];
  const own = new Map([...comparison.opened, ...comparison.reopened].filter(({ seen }) => isOwn(seen)).map(({ known, seen }) => [known.id, seen.task]));
  const lines = verdict.rows.map(({ rule, outcome, reason, findings }): Inline[] => [
    { type: 'inlineCode', value: outcome }, words(' '), ...text(reason, LIMITS.reason), ...aboutItself(findings, own), words(' ('), codeSpan(rule, LIMITS.rule), words(')'), ...idsOf(findings, idItems),
  ]);
  return [paragraph(strong(words('What decided'))), bullets(lines)];
}

/** What we state about a check is listed nowhere as a finding: its row says what it is about. */
function aboutItself(findings: readonly string[], own: ReadonlyMap<string, string>): Inline[] {
  if (!findings.some((id) => own.has(id))) return [];
  const [first = '', ...more] = new Set(findings.flatMap((id) => own.get(id) ?? []));
  const isAll = findings.every((id) => own.has(id));
  return [words(isAll ? ', about ' : ', some about '), ...text(first, LIMITS.task), words(more.length === 0 ? ' itself' : ` and ${counted(more.length, 'other check')} themselves`)];
}

const IDS = 10;

function idsOf(findings: readonly string[], items: number): Inline[] {
  const shown = findings.slice(0, Math.min(items, IDS));
  const hidden = findings.length - shown.length;
  if (shown.length === 0) return [];
  return [...shown.flatMap((id, at): Inline[] => [words(at === 0 ? ': ' : ', '), codeSpan(id, LIMITS.name)]), ...(hidden === 0 ? [] : [words(` and ${number(hidden)} more`)])];
}
