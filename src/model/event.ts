/** Finding events: what a run did to the ledger. The ledger is the fold of the events of all runs. */
import type { Ledger, LedgerFinding } from './ledger.ts';
import { compareText } from './order.ts';
import type { FindingEvent } from './schema/event.ts';

export type { FindingEvent } from './schema/event.ts';

/** Applies the events of one run in their order. Ids that the ledger does not know are passed over. */
export function applyEvents(ledger: Ledger, events: readonly FindingEvent[]): Ledger {
  const findings = new Map(ledger.findings.map((finding) => [finding.id, finding]));
  const orders = new Map<string, readonly string[]>();
  for (const event of events) {
    if (event.kind === 'ordered') orders.set(event.path, event.ids);
    else applyEvent(findings, event);
  }
  return { branch: ledger.branch, findings: inLedgerOrder([...findings.values()], orders) };
}

function applyEvent(findings: Map<string, LedgerFinding>, event: Exclude<FindingEvent, { kind: 'ordered' }>): void {
  if (event.kind === 'opened' || event.kind === 'adopted') {
    findings.set(event.finding.id, event.finding);
    return;
  }
  const known = findings.get(event.id);
  if (known === undefined) return;
  switch (event.kind) {
    case 'updated':
      findings.set(event.id, withChanges(known, event.set));
      return;
    case 'reopened': {
      const { closed: _closed, ...open } = known;
      // Re-inserted, so that it stands behind those that stayed open.
      findings.delete(event.id);
      findings.set(event.id, withChanges({ ...open, state: 'open', reopened: (known.reopened ?? 0) + 1 }, event.set));
      return;
    }
    case 'closed':
      findings.set(event.id, { ...known, state: 'closed', closed: event.closed });
      return;
    case 'forgotten':
      findings.delete(event.id);
      return;
    default:
      event satisfies never;
  }
}

function withChanges(known: LedgerFinding, set: Extract<FindingEvent, { kind: 'updated' }>['set']): LedgerFinding {
  const given = Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined));
  return { ...known, ...given };
}

/** By path; in a path the open ones in their order, then the closed ones by id. */
function inLedgerOrder(findings: readonly LedgerFinding[], orders: ReadonlyMap<string, readonly string[]>): LedgerFinding[] {
  const ranks = new Map([...orders.values()].flatMap((ids) => ids.map((id, rank): [string, number] => [id, rank])));
  const arrival = new Map(findings.map((finding, at) => [finding.id, at]));
  const rank = (finding: LedgerFinding): number => ranks.get(finding.id) ?? arrival.get(finding.id) ?? 0;
  return [...findings].sort((a, b) =>
    compareText(a.path ?? '', b.path ?? '')
    || compareText(b.state, a.state)
    || (a.state === 'closed' ? 0 : rank(a) - rank(b))
    || compareText(a.id, b.id));
}
