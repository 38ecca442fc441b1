/** Follow-ups of an entry: what remains to be done, by whom and until when. */
import type { LedgerFinding } from '../../model/ledger.ts';
import type { FollowUp } from '../../model/notes.ts';
import type { Severity } from '../../model/severity.ts';
import { codeSpan, text, unstopped } from '../untrusted.ts';
import { findingName, openedFindings, ruleCounts } from './findings.ts';
import { isOwn } from '../sections/doubts.ts';
import { capLines, line, strong, type EntryContext, type Line, type Section } from './line.ts';
import { repairLine } from './problems.ts';

/** Days to mend a finding, from the end of the run that opened it. P3 has no date. */
const DAYS: Readonly<Record<Severity, number | undefined>> = { P0: 7, P1: 30, P2: 90, P3: undefined };
const LISTED = 20;
const REPAIRS_SHOWN = 20;
const NOTED_SHOWN = 50;
const DAY = 86_400_000;

/** What the notes ask for, then evidence to repair, then findings to mend; nothing is asked for twice. A run that is older than the one recorded last asks for nothing of its findings. */
export const followUps: Section = ({ audit }) => {
  const { run, comparison } = audit;
  const isOlder = run.problems.some(({ code }) => code === 'OLDER_COMMIT');
  const spokenFor = new Set([...run.notes.followUps.flatMap(({ finding }) => finding ?? []), ...statedByRepairs(audit)]);
  const adopted = comparison.adopted.map(({ known }) => known).filter(({ severity }) => severity === 'P0' || severity === 'P1');
  const toMend = [...openedFindings(audit).map(({ known }) => known), ...adopted]
    .filter(({ id, severity }) => DAYS[severity] !== undefined && !spokenFor.has(id));
  const recalled = comparison.persisting.map(({ known }) => known).filter(({ id, severity }) => (severity === 'P0' || severity === 'P1') && !spokenFor.has(id));
  const repairs = run.problems.flatMap(repairLine);
  const lines = [
    ...capLines(run.notes.followUps, noted, { limit: NOTED_SHOWN, what: 'follow-ups of the notes' }),
    ...capLines(run.notes.knownIssues, (item) => line('Known issue: ', unstopped(item), '.'), { limit: NOTED_SHOWN, what: 'known issues' }),
    ...capLines(repairs, (what) => line(what, ' ', strong('Owner:'), ' none yet, ', strong('Due:'), ' before the next run.'), { limit: REPAIRS_SHOWN, what: 'repairs' }),
    ...(isOlder ? [] : [...mendLines(toMend, run.context.end), ...mendLines(recalled, run.context.end)]),
  ];
  return lines.length > 0 ? lines : [line(isOlder ? 'No follow-ups: those of the newer run hold.' : 'No follow-ups.')];
};

/** Ids of what the run states of a check whose evidence is to be repaired. */
function statedByRepairs({ run, comparison }: EntryContext['audit']): string[] {
  const repaired = new Set(run.problems.filter((problem) => repairLine(problem).length > 0).map(({ task }) => task));
  return [...comparison.opened, ...comparison.reopened, ...comparison.persisting].filter(({ seen }) => isOwn(seen) && repaired.has(seen.task)).map(({ known }) => known.id);
}

function noted({ text: what, owner, due }: FollowUp): Line {
  const marks = [
    ...(owner === undefined ? [] : [line(strong('Owner:'), ' ', unstopped(owner, 80))]),
    ...(due === undefined ? [] : [line(strong('Due:'), ' ', text(due, 20))]),
  ];
  const [first, second] = marks;
  if (first === undefined) return text(what);
  return line(unstopped(what), ': ', first, second === undefined ? '' : line(', ', second), '.');
}

function mendLines(findings: readonly LedgerFinding[], end: string): Line[] {
  if (findings.length <= LISTED) return findings.map((known) => mendLine(known, end));
  const grave = findings.filter(({ severity }) => severity !== 'P2').slice(0, LISTED);
  const rest = findings.filter((known) => !grave.includes(known));
  return [...grave.map((known) => mendLine(known, end)), line(ruleCounts(rest, 'Mend'), ' ', strong('Owner:'), ' none yet', dueMark(rest, end), '.')];
}

function mendLine(known: LedgerFinding, end: string): Line {
  return line('Mend ', codeSpan(known.id), ` (${known.severity}): `, findingName(known), '; ', strong('Owner:'), ' none yet', dueMark([known], end), '.');
}

/** The earliest date that one of them has, from the run that opened it, and whether that has passed at `end`. */
function dueMark(findings: readonly LedgerFinding[], end: string): Line {
  const times = findings.map(({ severity, opened }) => Date.parse(opened.date) + (DAYS[severity] ?? Number.POSITIVE_INFINITY) * DAY);
  const due = new Date(times.reduce((first, time) => Math.min(first, time), Number.POSITIVE_INFINITY));
  if (Number.isNaN(due.getTime())) return [];
  return line(', ', strong('Due:'), ` ${due.toISOString().slice(0, 10)}${due.getTime() < Date.parse(end) ? ' (overdue)' : ''}`);
}
