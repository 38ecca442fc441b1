/** The record of a run, for machines: what the entry was made of and what it did to the ledger. Written once, never changed. */
import { z } from 'zod';
import { EventSchema } from './event.ts';
import { CheckRunSchema } from './finding.ts';
import { conforming, parseJson } from './json-document.ts';
import { OutcomeSchema } from './outcome.ts';
import { RunSchema, type Run } from './run.ts';

/**
 * A run as it is kept for years. The events hold every finding that changed, so of the findings only those are kept that are news, with their detail;
 * of what a check covered, which may be a hundred thousand names, only how much it was.
 */
const RecordedRunSchema = RunSchema.omit({ checks: true }).extend({
  checks: z.array(CheckRunSchema.extend({ covered: z.number().int().nonnegative(), notAnalysed: z.number().int().nonnegative() })),
  findingsSeen: z.number().int().nonnegative(),
});
type RecordedRun = Readonly<z.infer<typeof RecordedRunSchema>>;

/** A broken build can break every test: of so many the details are kept, of the others the title. */
const DETAILS_KEPT = 1_000;

/** `news`: the findings that opened or reopened in this run. */
export function recordedRun(run: Run, news: Run['findings']): RecordedRun {
  return {
    ...run,
    checks: run.checks.map((check) => ({ ...check, covered: check.covered.length, notAnalysed: check.notAnalysed.length })),
    findings: news.map(({ detail, ...finding }, at) => (detail === undefined || at >= DETAILS_KEPT ? finding : { ...finding, detail })),
    findingsSeen: run.findings.length,
  };
}

export const RecordSchema = z.object({
  schema: z.literal(1),
  runId: z.string(),
  /** Counts the entries of the log that were made by this product, from 1. */
  sequence: z.number().int().positive(),
  outcome: OutcomeSchema,
  reason: z.string(),
  rows: z.array(z.object({ rule: z.string(), outcome: OutcomeSchema, reason: z.string(), findings: z.array(z.string()) })),
  /** The ledger that the events apply to, when it is not the branch's own: that of another branch after its newest run. */
  startsFrom: z.object({ branch: z.string(), run: z.string() }).optional(),
  events: z.array(EventSchema),
  run: RecordedRunSchema,
});
export type RunRecord = Readonly<z.infer<typeof RecordSchema>>;

/** One line of JSON for each part, so that two records differ in few lines. Ends with `\n`. */
export function formatRecord(record: RunRecord): string {
  return `${JSON.stringify(record, undefined, 1)}\n`;
}

/** Throws LEDGER_CORRUPT. */
export function parseRecord(text: string, path: string): RunRecord {
  return conforming(RecordSchema, parseJson(text, path), path);
}
