/** The result of a task in words: counts as the report lists them, and for everything but a pass why it is none. */
import { writesLedger, type Audit } from '../../model/audit.ts';
import type { LedgerFinding } from '../../model/ledger.ts';
import type { Counts, Task } from '../../model/task.ts';
import { codeSpan } from '../untrusted.ts';
import { happened } from './findings.ts';
import { counted, line, shownCount, type Line } from './line.ts';

/** Without a full stop at its end. */
export function resultOf(task: Task, audit: Audit): Line {
  const counts = countsOf(task, audit);
  const shown = counts === '' ? [] : line(codeSpan(counts));
  const state = stateOf(task, counts === '' ? 'bare' : 'counted');
  const exit = task.exitStatus === undefined || task.exitStatus === 0 ? '' : `exit status ${shownExit(task.exitStatus)}`;
  const remarks = [state.why, exit, carried(task, audit)].filter((remark) => remark !== '');
  return line(shown, shown.length > 0 && state.word !== '' ? ': ' : '', state.word, remarks.length === 0 ? '' : ` (${remarks.join('; ')})`);
}

function shownExit(status: number): string {
  return Number.isSafeInteger(status) ? String(status) : 'unknown';
}

type State = Readonly<{ word: string; why: string }>;

/** The word is left out where the counts say it. */
function stateOf(task: Task, form: 'bare' | 'counted'): State {
  const noReport = 'as its step says; no report was given';
  switch (task.outcome) {
    case 'passed': return task.reported === undefined ? { word: 'passed', why: noReport } : { word: form === 'bare' ? 'passed' : '', why: '' };
    case 'failed': return failedState(task, form);
    case 'skipped': return { word: 'skipped', why: task.step === 'skipped' ? 'its step did not run' : '' };
    case 'cancelled': return { word: 'cancelled', why: 'it did not run to its end' };
    case 'unknown': return { word: 'unknown', why: 'no evidence that can be used' };
    default: return task.outcome satisfies never;
  }
}

function failedState(task: Task, form: 'bare' | 'counted'): State {
  switch (task.reported) {
    case undefined: return { word: 'failed', why: 'as its step says; no report was given' };
    case 'failed': return { word: form === 'bare' ? 'failed' : '', why: '' };
    case 'unknown': return { word: 'failed', why: 'its report cannot be used' };
    case 'passed':
    case 'skipped':
    case 'cancelled': return { word: 'failed', why: 'its report does not explain why' };
    default: return task.reported satisfies never;
  }
}

function countsOf(task: Task, audit: Audit): string {
  if (task.counts.tests > 0) return testCounts(task.counts);
  const parts = findingCounts(task, audit);
  if (parts !== '') return parts;
  return task.reported === 'passed' && task.evidence.length > 0 && task.kind !== 'test' && task.kind !== 'build' ? 'no findings' : '';
}

/** What went wrong first. */
function testCounts({ tests, passed, failures, errors, skipped, flaky }: Counts): string {
  const parts: readonly (readonly [number, string])[] = [
    [failures, 'failed'], [errors, errors === 1 ? 'error' : 'errors'], [passed, 'passed'], [skipped, 'skipped'], [flaky, 'flaky'],
  ];
  const shown = parts.filter(([count]) => count !== 0).map(([count, word]) => `${shownCount(count)} ${word}`);
  return shown.length === 0 ? counted(tests, 'test') : shown.join(', ');
}

/** `42 findings: 1 opened, 41 known; 2 closed`; before a merge `42 findings: 1 new, 41 known; 2 close`. */
function findingCounts(task: Task, audit: Audit): string {
  const { comparison } = audit;
  // What we state about a check itself is no finding of the tool.
  const isOf = (known: LedgerFinding): boolean => known.task === task.name && known.kind !== 'check';
  const of = (list: readonly Readonly<{ known: LedgerFinding }>[]): number => list.filter(({ known }) => isOf(known)).length;
  const reopened = of(comparison.reopened);
  const parts = ([
    [of(comparison.opened), writesLedger(audit) ? 'opened' : 'new'], [reopened, verb(audit, reopened, 'reopened')], [of(comparison.adopted), 'already there'],
    [of(comparison.persisting), 'known'], [comparison.waived.filter(isOf).length, 'waived'],
  ] as const).filter(([count]) => count > 0);
  const total = parts.reduce((sum, [count]) => sum + count, 0);
  const closed = of(comparison.closed);
  if (total === 0) return closed === 0 ? '' : `no findings; ${closed} ${verb(audit, closed, 'closed')}`;
  const dropped = task.counts.findings > total ? ` of ${shownCount(task.counts.findings)} reported` : '';
  return `${counted(total, 'finding')}${dropped}: ${parts.map(([count, word]) => `${count} ${word}`).join(', ')}${closed === 0 ? '' : `; ${closed} ${verb(audit, closed, 'closed')}`}`;
}

/** `closed`; before a merge `closes`, `close`. */
function verb(audit: Audit, count: number, past: 'reopened' | 'closed'): string {
  const said = happened(audit)[past].toLowerCase();
  return writesLedger(audit) || count === 1 ? said : said.replace(/s$/, '');
}

function carried(task: Task, { comparison }: Audit): string {
  const count = comparison.unverified.filter(({ known }) => known.task === task.name).length;
  return count === 0 ? '' : `${counted(count, 'known finding')} not checked, still open`;
}
