/** Why the outcome is what it is, as far as no finding says it. */
import type { Audit } from '../../model/audit.ts';
import { compareText } from '../../model/order.ts';
import type { OutcomeRow, Verdict } from '../../model/outcome.ts';
import { unstopped } from '../untrusted.ts';
import { counted, line, type Line } from './line.ts';

/** Rows that say that evidence is missing or a task went wrong: they stand first. */
const EVIDENCE_ROWS: readonly string[] = ['no-evidence', 'build-failed', 'task-unfinished', 'task-failed', 'cancelled'];
/** Rows whose findings are told one by one, or in a line of their own. */
const TOLD_ROWS: readonly string[] = ['test-broke', 'opened-p0-p1', 'opened-p2', 'first-run', 'unverified-p0-p1'];

export function evidenceReasons(verdict: Verdict): Line[] {
  return verdict.rows.filter(({ rule }) => EVIDENCE_ROWS.includes(rule)).map(rowLine);
}

/** What could not be checked, then the remaining rows. */
export function otherReasons(audit: Audit): Line[] {
  const rows = audit.verdict.rows.filter(({ rule }) => !EVIDENCE_ROWS.includes(rule) && !TOLD_ROWS.includes(rule));
  return [...uncheckedLine(audit), ...rows.map(rowLine)];
}

/** Reasons are ours, but hold names of tasks. */
function rowLine({ outcome, reason }: OutcomeRow): Line {
  return line(outcome === 'failed' ? 'Failed: ' : 'Gap: ', unstopped(reason), '.');
}

function uncheckedLine({ comparison }: Audit): Line[] {
  if (comparison.unverified.length === 0) return [];
  const reasons = new Map<string, number>();
  for (const { reason } of comparison.unverified) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const [first, ...more] = [...reasons].sort((a, b) => b[1] - a[1] || compareText(a[0], b[0]));
  const rest = more.length === 0 ? '' : ` (and ${counted(more.length, 'other reason')})`;
  return [line(`${counted(comparison.unverified.length, 'known finding')} not checked, so still open; reason: `, unstopped(first?.[0] ?? ''), `${rest}.`)];
}
