/** The schema of finding events. */
import * as z from 'zod/mini';
import { ClosedSchema, LedgerFindingSchema } from './ledger.ts';

/** What may change about a known finding while it stays the same finding. */
const changes = z.partial(z.pick(LedgerFindingSchema, { severity: true, title: true, path: true, print: true, kind: true }));

export const EventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('opened'), finding: LedgerFindingSchema }),
  /** As `opened`, but there before: a starting point. */
  z.object({ kind: z.literal('adopted'), finding: LedgerFindingSchema }),
  z.object({ kind: z.literal('reopened'), id: z.string(), set: changes }),
  z.object({ kind: z.literal('updated'), id: z.string(), set: changes }),
  z.object({ kind: z.literal('closed'), id: z.string(), closed: ClosedSchema, evidence: z.string() }),
  /** A closed finding left the ledger, out of reach of reopening. */
  z.object({ kind: z.literal('forgotten'), id: z.string() }),
  /** The order of all open findings of a path, where it is not the one that the other events leave. */
  z.object({ kind: z.literal('ordered'), path: z.string(), ids: z.array(z.string()) }),
]);
export type FindingEvent = Readonly<z.infer<typeof EventSchema>>;
