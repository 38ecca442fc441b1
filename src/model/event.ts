/** Finding events: what a run did to the ledger. The ledger is the fold of the events of all runs. */
import { z } from 'zod';
import { LedgerFindingSchema, type Ledger, type LedgerFinding } from './ledger.ts';
import { compareText } from './order.ts';

const closing = LedgerFindingSchema.shape.closed.unwrap();
/** What may change about a known finding while it stays the same finding. */
const changes = LedgerFindingSchema.pick({ severity: true, title: true, path: true, print: true, kind: true }).partial();

export const EventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('opened'), finding: LedgerFindingSchema }),
  /** As `opened`, but there before: a starting point. */
  z.object({ kind: z.literal('adopted'), finding: LedgerFindingSchema }),
  z.object({ kind: z.literal('reopened'), id: z.string(), set: changes }),
  z.object({ kind: z.literal('updated'), id: z.string(), set: changes }),
  z.object({ kind: z.literal('closed'), id: z.string(), closed: closing, evidence: z.string() }),
  /** A closed finding left the ledger, out of reach of reopening. */
  z.object({ kind: z.literal('forgotten'), id: z.string() }),
  /** The order of all open findings of a path, where it is not the one that the other events leave. */
  z.object({ kind: z.literal('ordered'), path: z.string(), ids: z.array(z.string()) }),
]);
export type FindingEvent = Readonly<z.infer<typeof EventSchema>>;

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

function withChanges(known: LedgerFinding, set: z.infer<typeof changes>): LedgerFinding {
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
