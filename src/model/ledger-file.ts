/** The ledger as a file: a header line, then one finding a line. */
import type { Ledger } from './ledger.ts';

export const LEDGER_VERSION = 1;

/** NDJSON, `\n` after every line. The header holds the version and the exact branch name only, so that it never changes. */
export function formatLedger(ledger: Ledger): string {
  return [{ schema: LEDGER_VERSION, branch: ledger.branch }, ...ledger.findings].map((line) => `${JSON.stringify(line)}\n`).join('');
}
