/** The run log as a document: its entries, index, template, order, ids and style, read from its bytes. */
import { AuditError } from '../errors.ts';
import type { EntryStyle } from '../model/entry-style.ts';
import { BUILT_IN_STYLE } from './built-in.ts';
import { entryRanks, readEntries, readMarkers, readSections, type Entries, type LogEntry, type PlacedMarker, type Section } from './entries.ts';
import { readIndex, type IndexTable } from './index-table.ts';
import { asBuffer, decode } from './line.ts';
import { readOrder, type Order } from './order.ts';
import { outcomeReader } from './outcomes.ts';
import { refuseBytes, refuseScan, type Refusal } from './refuse.ts';
import { readIdScheme, type IdScheme } from './run-id.ts';
import { scanLog } from './scan.ts';
import type { Scan } from './scan-state.ts';
import { readStyle } from './style.ts';
import { readTemplate, type EntryTemplate } from './template.ts';

export type { LogEntry, PlacedMarker } from './entries.ts';
export type { IndexRow, IndexTable } from './index-table.ts';
export type { IdScheme } from './run-id.ts';
export type { Order } from './order.ts';

export type RunLog = Readonly<{
  path: string;
  bytes: Uint8Array;
  /** In file order. */
  entries: readonly LogEntry[];
  /** As written, without code span; searched when it is asked for, since appending needs none. */
  outcomeOf: (entry: LogEntry) => string | undefined;
  order: Order;
  idScheme: IdScheme;
  index: IndexTable | null;
  template: EntryTemplate | null;
  style: EntryStyle;
  /** In file order. */
  markers: readonly PlacedMarker[];
  /** The line end of the log: the more common one. */
  eol: '\n' | '\r\n';
  /** Headings outside of fences, lists and quotes, in file order. */
  sections: readonly Section[];
  scan: Scan;
  /** By which the entries are ordered, in file order; comparable as text. */
  ranks: readonly (string | undefined)[];
}>;

/** Of so many entries, newest first, the ways of writing are read. */
const NEWEST = 8;
/** The rule for the order, if one is stated, stands near the top. */
const PREAMBLE_BYTES = 8_192;

/**
 * `builtIn`: the style of a log that shows none. Throws AuditError: LOG_NUL, LOG_CONFLICT, LOG_ENCODING, LOG_OPEN_BLOCK, LOG_LFS_POINTER, LOG_TOO_LARGE.
 */
export function readRunLog(source: Uint8Array, path: string, builtIn: EntryStyle = BUILT_IN_STYLE): RunLog {
  const bytes = asBuffer(source);
  refuse(refuseBytes(bytes, path), path);
  const scan = scanLog(bytes);
  refuse(refuseScan(scan, path), path);
  return understand({ bytes, path, builtIn, scan });
}

function refuse(refusal: Refusal | undefined, path: string): void {
  if (refusal !== undefined) throw new AuditError(refusal.code, { message: refusal.message, path });
}

type Scanned = Readonly<{ bytes: Uint8Array; path: string; builtIn: EntryStyle; scan: Scan }>;

function understand({ bytes, path, builtIn, scan }: Scanned): RunLog {
  const sections = readSections(bytes, scan.headings);
  const markers = readMarkers(bytes, scan);
  const tables = scan.tables.flatMap((table) => readIndex(bytes, table) ?? []);
  const listed = new Set(tables.flatMap(({ rows }) => rows.map(({ runId }) => runId)));
  const found = readEntries({ bytes, scan, sections, markers, listed, level: builtIn.level });
  const index = tables.find(({ start }) => !found.entries.some((entry) => entry.start <= start && start < entry.end)) ?? null;
  const template = readTemplate({ bytes, scan, sections }, found) ?? null;
  const ranks = entryRanks(found);
  const order = readOrder(preamble(bytes, found), ranks);
  const style = readStyle({ level: levelOf(found, template, builtIn), template: template?.text, newest: newestTexts(bytes, found, order), builtIn });
  return {
    path, bytes, scan, sections, markers: ownMarkers(markers, found), index, template, order, style, ranks,
    entries: found.entries,
    outcomeOf: outcomeReader({ bytes, blocks: scan.blocks, labels: style.labels }),
    idScheme: readIdScheme(found, index, template?.text),
    eol: scan.eol,
  };
}

function preamble(bytes: Uint8Array, { entries }: Entries): string {
  return decode(bytes, 0, Math.min(entries[0]?.start ?? bytes.length, PREAMBLE_BYTES)).replace(/\s+/g, ' ');
}

function levelOf({ entries, level }: Entries, template: EntryTemplate | null, builtIn: EntryStyle): number {
  return entries.length > 0 ? level : (template?.level ?? builtIn.level);
}

function newestTexts(bytes: Uint8Array, { entries }: Entries, order: Order): string[] {
  const newest = order === 'newest-first' ? entries.slice(0, NEWEST) : entries.slice(-NEWEST).reverse();
  return newest.map(({ start, end }) => decode(bytes, start, end));
}

function ownMarkers(markers: readonly PlacedMarker[], { entries }: Entries): PlacedMarker[] {
  let at = 0;
  return markers.filter(({ start }) => {
    while ((entries[at]?.end ?? Infinity) <= start) at += 1;
    return (entries[at]?.start ?? Infinity) <= start;
  });
}

/** The entry that was recorded under this key. Throws DUPLICATE_KEY if two marker lines carry it. */
export function findEntryByKey(log: RunLog, key: string): LogEntry | undefined {
  const [found, second] = log.markers.filter(({ marker }) => marker.key === key);
  if (found === undefined) return undefined;
  if (second !== undefined) {
    throw new AuditError('DUPLICATE_KEY', { message: `${log.path}: the markers in lines ${found.line} and ${second.line} carry one key, ${key}.`, path: log.path });
  }
  return log.entries.find(({ start, end }) => start <= found.start && found.start < end);
}
