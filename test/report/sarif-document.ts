/** Small SARIF documents for tests: a successful scan of one rule unless the test says otherwise. */
import { DEFAULT_LIMITS, type ParsedReport, type ReportLimits } from '../../src/report/format.ts';
import { sarif } from '../../src/report/sarif.ts';
import { read } from './reading.ts';

export type Part = Readonly<Record<string, unknown>>;

export function aScan(more: Part = {}, rules: readonly Part[] = [{ id: 'r' }]): Part {
  return { tool: { driver: { name: 'scanner', rules } }, invocations: [{ executionSuccessful: true }], results: [], ...more };
}

export function readScans(scans: readonly unknown[], limits: ReportLimits = DEFAULT_LIMITS): ParsedReport {
  return read(sarif, JSON.stringify({ version: '2.1.0', runs: scans }), 65_536, limits);
}

/** Of a result or a notification. */
export function located(uri: string): Part {
  return { locations: [{ physicalLocation: { artifactLocation: { uri } } }] };
}
