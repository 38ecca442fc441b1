/** The record of an earlier run, read back. Loaded only when a recorded run is told again. */
import { conforming, parseJson } from './json-document.ts';
import { RecordSchema, type RunRecord } from './schema/record.ts';

/** Throws LEDGER_CORRUPT. */
export function parseRecord(text: string, path: string): RunRecord {
  return conforming(RecordSchema, parseJson(text, path), path);
}
