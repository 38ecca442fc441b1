/** One line of what the TypeScript compiler prints, told apart by its form. */
import type { Severity } from '../model/severity.ts';

export type Diagnostic = Readonly<{ category: string; rule: string; message: string; path?: string; line?: number; column?: number }>;

export type TscLine =
  | Readonly<{ kind: 'diagnostic'; diagnostic: Diagnostic }>
  /** `Found 3 errors …`. */
  | Readonly<{ kind: 'total'; errors: number }>
  /** Watch mode begins anew: what was said before is over. */
  | Readonly<{ kind: 'restart' }>
  /** Indented, or the source that the pretty form shows; without colours. */
  | Readonly<{ kind: 'continuation'; text: string }>
  | Readonly<{ kind: 'blank' }>
  /** Said by a script runner or in watch mode: no compiler message, and nothing that went wrong. */
  | Readonly<{ kind: 'aside' }>
  | Readonly<{ kind: 'crash' }>
  | Readonly<{ kind: 'other' }>;

/** Longest file name with its line and column that is looked for. */
export const PLACE_LENGTH = 4_200;

const COLOUR = /\u001b\[[0-9;]*[A-Za-z]/g;
const PLACE = '(.{1,4096}?)(?:\\(([0-9]{1,9}),([0-9]{1,9})\\): |:([0-9]{1,9}):([0-9]{1,9}) - )';
const DIAGNOSTIC = new RegExp(`^(?:${PLACE})?(error|warning|message|suggestion) (TS[0-9]{1,6}): (.*)$`, 's');
const TOTAL = /^(?:\[[^\]]{1,40}\] )?Found ([0-9]{1,9}) errors?\b/;
const RESTART = /(?:Starting compilation in watch mode|File change detected\. Starting incremental compilation)\.\.\.$/;
const ASIDE = /^(?:> |npm (?:ERR!|error) |Errors\s+Files$|\[[^\]]{1,40}\] (?:Projects in this build|Building project|Project )|error Command failed|info Visit |yarn run v|\$ |Done in | ?ELIFECYCLE)/;
const CRASH = /^(?:FATAL ERROR|<--- |Segmentation fault|Killed|Bus error|Aborted|Trace\/|(?:.{0,200}\/)?node(?:\.exe)?:|(?:ba|z|da)?sh: |.{0,200}: (?:command )?not found|[A-Za-z]*Error\b|throw |Error: |npm error code ENOENT|Node\.js v[0-9])/;
/** `     2  src/a.ts:3`, below the table's head. */
const TABLE_ROW = /^\s+[0-9]+\s+\S.*:[0-9]+$/;
/** The pretty form's source: its line number is shown inverted. */
const SOURCE = /^(?:\u001b\[7m|[0-9]+ )/;

export function readTscLine(raw: string): TscLine {
  const line = raw.includes('\u001b') ? raw.replace(COLOUR, '') : raw;
  if (line.trim() === '') return { kind: 'blank' };
  const diagnostic = readDiagnostic(line);
  if (diagnostic !== undefined) return { kind: 'diagnostic', diagnostic };
  const total = TOTAL.exec(line)?.[1];
  if (total !== undefined) return { kind: 'total', errors: Number(total) };
  if (RESTART.test(line.slice(-200))) return { kind: 'restart' };
  if (ASIDE.test(line) || TABLE_ROW.test(line.slice(0, 5000))) return { kind: 'aside' };
  if (CRASH.test(line)) return { kind: 'crash' };
  return /^[ \t]/.test(line) || SOURCE.test(raw) ? { kind: 'continuation', text: line } : { kind: 'other' };
}

function readDiagnostic(line: string): Diagnostic | undefined {
  const [, path, row, column, prettyRow, prettyColumn, category, rule, message] = DIAGNOSTIC.exec(line) ?? [];
  if (category === undefined || rule === undefined || message === undefined) return undefined;
  if (path === undefined) return { category, rule, message };
  return { category, rule, message, path, line: Number(row ?? prettyRow), column: Number(column ?? prettyColumn) };
}

export function severityOf({ category }: Diagnostic): Severity {
  return category === 'error' ? 'P2' : 'P3';
}

/** What a message shows of how far the compiler came. */
export type Stage = 'before types' | 'types' | 'either';

/** Codes that the parser itself gives, beside most of TS1000 to TS1199. */
const PARSER_CODES: ReadonlySet<string> = new Set(['TS1351', 'TS1352', 'TS1353', 'TS1434', 'TS1435', 'TS1436', 'TS1440', 'TS1441', 'TS1442', 'TS1472', 'TS17002', 'TS17008', 'TS17014', 'TS17015']);

/**
 * The compiler goes on to the next kind of check only if the one before found nothing: options, then syntax, then types.
 * After a message of an earlier kind, silence about types proves nothing.
 */
export function stageOf({ rule, path }: Diagnostic): Stage {
  if (path === undefined || /^TS1[01][0-9]{2}$/.test(rule) || PARSER_CODES.has(rule)) return 'before types';
  return /^TS1[0-9]{3}$/.test(rule) ? 'either' : 'types';
}
