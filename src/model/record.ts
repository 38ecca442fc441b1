/** The record of a run, for machines: what the entry was made of and what it did to the ledger. Written once, never changed. */
import type { Run } from './run.ts';
import type { RunRecord } from './schema/record.ts';

export type { RunRecord } from './schema/record.ts';

/** A broken build can break every test: of so many the details are kept, of the others the title. */
const DETAILS_KEPT = 1_000;

/** `news`: the findings that opened or reopened in this run. */
export function recordedRun(run: Run, news: Run['findings']): RunRecord['run'] {
  return {
    ...run,
    checks: run.checks.map(({ rules, suppressed, ...check }) => ({
      ...check, covered: check.covered.length, notAnalysed: check.notAnalysed.length,
      ...(rules === undefined ? {} : { rules: rules.length }),
      ...(suppressed === undefined ? {} : { suppressed: suppressed.length }),
    })),
    findings: news.map(({ detail, ...finding }, at) => (detail === undefined || at >= DETAILS_KEPT ? finding : { ...finding, detail })),
    findingsSeen: run.findings.length,
  };
}

/** One line of JSON for each part, so that two records differ in few lines. Ends with `\n`. */
export function formatRecord(record: RunRecord): string {
  return `${JSON.stringify(record, undefined, 1)}\n`;
}
