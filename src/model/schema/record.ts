/** The schema of a run's record. */
import * as z from 'zod/mini';
import { OUTCOMES } from '../outcome.ts';
import { EventSchema } from './event.ts';
import { CheckRunSchema } from './finding.ts';
import { RunSchema } from './run.ts';

const count = z.int().check(z.nonnegative());
const outcome = z.enum(OUTCOMES);

/**
 * A run as it is kept for years. The events hold every finding that changed, so of the findings only those are kept that are news, with their detail;
 * of what a check covered, which may be a hundred thousand names, only how much it was.
 */
const RecordedRunSchema = z.extend(z.omit(RunSchema, { checks: true }), {
  checks: z.array(z.extend(CheckRunSchema, { covered: count, notAnalysed: count, rules: z.optional(count), suppressed: z.optional(count) })),
  findingsSeen: count,
});

export const RecordSchema = z.object({
  schema: z.literal(1),
  runId: z.string(),
  /** Counts the entries of the log that were made by this product, from 1. */
  sequence: z.int().check(z.positive()),
  outcome,
  reason: z.string(),
  rows: z.array(z.object({ rule: z.string(), outcome, reason: z.string(), findings: z.array(z.string()) })),
  /** The ledger that the events apply to, when it is not the branch's own: that of another branch after its newest run. */
  startsFrom: z.optional(z.object({ branch: z.string(), run: z.string() })),
  events: z.array(EventSchema),
  run: RecordedRunSchema,
});
export type RunRecord = Readonly<z.infer<typeof RecordSchema>>;
