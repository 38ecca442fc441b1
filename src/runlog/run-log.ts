/** The run log as a document: its entries, index, template, order, ids and style, read from its bytes. */
import { AuditError } from '../errors.ts';
import type { EntryStyle } from '../model/entry-style.ts';
import { BUILT_IN_STYLE } from './built-in.ts';
import { readEntries, type Entries, type LogEntry } from './entries.ts';
import { readIndex, type IndexTable } from './index-table.ts';
import { asBuffer, bomLength, decode, isBlankByte } from './line.ts';
import { markersBetween, type PlacedMarker } from './markers.ts';
import { readOrder, type Order } from './order.ts';
import { outcomeReader } from './outcomes.ts';
import { refuseBytes, refuseScan, type Refusal } from './refuse.ts';
import { readIdScheme, type IdScheme } from './run-id.ts';
import { scanLog } from './scan.ts';
import type { Heading, Scan } from './scan-state.ts';
import { readSections } from './sections.ts';
import { readStyle } from './style.ts';
import { readTemplate, type EntryTemplate } from './template.ts';

export type { LogEntry } from './entries.ts';
export type { IndexTable } from './index-table.ts';
export { findEntryByKey, newestIdByMarker, newestMarker, type PlacedMarker } from './markers.ts';
export type { IdScheme } from './run-id.ts';
export type { Order } from './order.ts';

/** What appending needs is read at once; `entries`, `markers` and the rows of the index when they are asked for. */
export type RunLog = Readonly<{
  path: string;
  bytes: Uint8Array;
  /** In file order. */
  entries: readonly LogEntry[];
  /** The same without reading each. */
  places: Entries;
  /** As written, without code span. */
  outcomeOf: (entry: LogEntry) => string | undefined;
  order: Order;
  idScheme: IdScheme;
  index: IndexTable | null;
  template: EntryTemplate | null;
  style: EntryStyle;
  /** Those that stand in an entry, in file order. */
  markers: readonly PlacedMarker[];
  /** The line end of the log: the more common one. */
  eol: '\n' | '\r\n';
  /** Outside of fences, lists and quotes, in file order. */
  headings: readonly Heading[];
  scan: Scan;
  /** By which the entries are ordered, in file order. */
  ranks: readonly (number | undefined)[];
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
  const sections = readSections(bytes, scan);
  const tables = scan.tables.flatMap((table) => readIndex(bytes, scan, table) ?? []);
  const listed = (): ReadonlySet<string> => new Set(tables.flatMap(({ rows }) => rows.map(({ runId }) => runId)));
  const markersIn = (start: number, end: number): PlacedMarker[] => markersBetween(scan, start, end);
  const places = readEntries({ bytes, scan, sections, markersIn, listed, level: builtIn.level });
  const index = tables.find(({ start }) => places.positionOf(start) < 0) ?? null;
  const template = readTemplate({ bytes, scan, sections }, places) ?? null;
  const ranks = places.ranks();
  const order = readOrder(preamble(bytes, places), ranks);
  const style = readStyle({ level: levelOf(places, template, builtIn), template: template?.text, newest: newestTexts(bytes, places, order), builtIn });
  let entries: readonly LogEntry[] | undefined;
  return {
    path, bytes, scan, places, index, template, order, style, ranks,
    get entries() { return (entries ??= Array.from({ length: places.count }, (_, position) => places.at(position)).filter((entry) => entry !== undefined)); },
    get markers() { return markersIn(0, bytes.length).filter(({ start }) => places.positionOf(start) >= 0); },
    headings: sections.headings,
    outcomeOf: outcomeReader({ bytes, blocks: scan.blocks, labels: style.labels }),
    idScheme: readIdScheme(places, index, template?.text),
    eol: scan.eol,
  };
}

/** Whether nothing stands in the file but blanks, line ends and a byte order mark: a log without anything to go by, like one that is not there. */
export function isBlank(bytes: Uint8Array): boolean {
  let at = bomLength(bytes);
  while (at < bytes.length && (isBlankByte(bytes[at]) || bytes[at] === 10 || bytes[at] === 13)) at += 1;
  return at >= bytes.length;
}

function preamble(bytes: Uint8Array, places: Entries): string {
  return decode(bytes, 0, Math.min(places.at(0)?.start ?? bytes.length, PREAMBLE_BYTES)).replace(/\s+/g, ' ');
}

function levelOf({ count, level }: Entries, template: EntryTemplate | null, builtIn: EntryStyle): number {
  return count > 0 ? level : (template?.level ?? builtIn.level);
}

function newestTexts(bytes: Uint8Array, { at, count }: Entries, order: Order): string[] {
  return Array.from({ length: Math.min(NEWEST, count) }, (_, step) => at(order === 'newest-first' ? step : -1 - step)).flatMap((entry) => (entry === undefined ? [] : [decode(bytes, entry.start, entry.end)]));
}

/** The last one that was written, by its place. */
export function newestEntry({ places, order }: RunLog): LogEntry | undefined {
  return places.at(order === 'newest-first' ? 0 : -1);
}
