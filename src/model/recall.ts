/** Recalling a recorded audit: what happened in a run that is in the log already, so that it is told again as it was. */
import type { Compared } from './compare.ts';
import type { ClosedFinding, Comparison, SeenFinding } from './comparison.ts';
import type { FindingEvent } from './event.ts';
import type { RunRecord } from './record.ts';

/** `now`: the same run compared with the ledger that already knows it. Its findings go back to the lists that the record's events name. */
export function recallComparison({ comparison: now }: Compared, record: RunRecord): Comparison {
  const firstRun = record.rows.some(({ rule }) => rule === 'first-run');
  if (leftLedgerAlone(record)) return { ...now, firstRun };
  const seen = [...now.opened, ...now.reopened, ...now.adopted, ...now.persisting];
  const pick = (ids: ReadonlySet<string>): SeenFinding[] => seen.filter(({ known }) => ids.has(known.id));
  const opened = idsOf(record.events, 'opened');
  const adopted = idsOf(record.events, 'adopted');
  const reopened = idsOf(record.events, 'reopened');
  const known = new Map(now.ledger.findings.map((finding) => [finding.id, finding]));
  const closed = record.events.flatMap((event): ClosedFinding[] => {
    const finding = event.kind === 'closed' ? known.get(event.id) : undefined;
    return event.kind === 'closed' && finding !== undefined ? [{ known: finding, how: event.closed.how, evidence: event.evidence }] : [];
  });
  return {
    ...now,
    firstRun,
    opened: pick(opened),
    adopted: pick(adopted),
    reopened: pick(reopened),
    persisting: seen.filter(({ known: { id } }) => !opened.has(id) && !adopted.has(id) && !reopened.has(id)),
    closed,
  };
}

/** A pull request, say: it has no events, and what it was compared with does not know it now either. */
function leftLedgerAlone({ events, rows, run }: RunRecord): boolean {
  return events.length === 0 && (!run.context.keepsLedger || rows.some(({ rule }) => rule === 'cancelled'));
}

function idsOf(events: readonly FindingEvent[], kind: 'opened' | 'adopted' | 'reopened'): ReadonlySet<string> {
  return new Set(events.flatMap((event) => {
    if (event.kind !== kind) return [];
    return [event.kind === 'reopened' ? event.id : event.finding.id];
  }));
}
