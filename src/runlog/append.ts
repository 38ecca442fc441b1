/** Appending by splice: where a new entry and its index row go, and the bytes that result. */
import { AuditError } from '../errors.ts';
import { contentEnd, isRuleAt, lineStart } from './entries.ts';
import type { IndexTable } from './index-table.ts';
import { bomLength, lineText } from './line.ts';
import { MAX_WRITTEN_BYTES } from './refuse.ts';
import type { RunLog } from './run-log.ts';

export type Addition = Readonly<{
  /** UTF-8 text with `\n` line ends, ending in one, the marker line included. */
  entry: string;
  /** One row without line end; left out where the log has no index. */
  indexRow?: string;
}>;

/** Bytes to be put in before the byte at `at`. */
export type Insertion = Readonly<{ at: number; text: string }>;

/** The log with the addition; no other byte differs. Throws LOG_TOO_LARGE. */
export function appendEntry(log: RunLog, addition: Addition): Uint8Array {
  const parts: Uint8Array[] = [];
  let from = 0;
  for (const { at, text } of planInsertions(log, addition)) {
    parts.push(log.bytes.subarray(from, at), Buffer.from(text, 'utf8'));
    from = at;
  }
  parts.push(log.bytes.subarray(from));
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  if (size > MAX_WRITTEN_BYTES) {
    throw new AuditError('LOG_TOO_LARGE', { message: `${log.path} would have ${size} bytes with this entry; at most ${MAX_WRITTEN_BYTES} can be pushed.`, path: log.path });
  }
  return Buffer.concat(parts, size);
}

/** In file order; at one place the index row comes first. */
export function planInsertions(log: RunLog, { entry, indexRow }: Addition): Insertion[] {
  const row = indexRow === undefined || log.index === null ? [] : [placeRow(log, log.index, indexRow.replace(/\n+$/, ''))];
  const insertions = [...row, placeEntry(log, entry)].map(({ at, text }) => ({ at, text: text.replaceAll('\n', log.eol) }));
  return insertions.sort((a, b) => a.at - b.at);
}

function placeRow(log: RunLog, index: IndexTable, row: string): Insertion {
  // As its own rows go, else as the entries go.
  const at = (index.order ?? log.order) === 'newest-first' ? index.rowsStart : index.rowsEnd;
  return endsLine(log, at) ? { at, text: `${row}\n` } : { at, text: `\n${row}` };
}

/** Whether a line starts at `at`: the start of the file counts. */
function endsLine({ bytes }: RunLog, at: number): boolean {
  return at <= bomLength(bytes) || bytes[at - 1] === 10 || bytes[at - 1] === 13;
}

function placeEntry(log: RunLog, entry: string): Insertion {
  const first = log.places.at(0);
  if (first !== undefined && log.order === 'newest-first') return { at: first.start, text: `${entry}${separator(log)}` };
  const at = first === undefined ? firstPlace(log) : lastPlace(log);
  if (at <= bomLength(log.bytes)) return { at, text: log.bytes.length <= bomLength(log.bytes) ? entry : `${entry}\n` };
  const apart = first === undefined ? '\n' : separator(log);
  // A heading right below an HTML block would be part of it.
  const gap = !apart.startsWith('\n') && isHtmlAbove(log, at) ? `\n${apart}` : apart;
  const touches = first === undefined && at < log.bytes.length && !isGap(log, at);
  const text = `${gap}${entry}${touches ? '\n' : ''}`;
  // Without a final line end the file stays without one: the new last line ends as the old one did.
  return endsLine(log, at) ? { at, text } : { at, text: `\n${text.replace(/\n$/, '')}` };
}

/** Behind the last entry's text, before a footer line such as "Last updated: …". */
function lastPlace(log: RunLog): number {
  const { bytes } = log;
  const last = log.places.at(-1);
  if (last === undefined) return bytes.length;
  const line = lineStart(bytes, last.start, last.end);
  const isFooter = /^[*_]{0,3}(?:last (?:updated|modified|reviewed)|end of (?:log|file))\b/i.test(lineText(bytes, line, Math.min(last.end, line + 200)));
  const before = contentEnd(bytes, { start: last.start, end: line, rules: log.scan.rules });
  return isFooter && before < line && before > last.start ? before : last.end;
}

/** A log without entries: before its template if that stands last and new entries go below, else at the end. */
function firstPlace(log: RunLog): number {
  const { bytes, template, headings, scan: { rules } } = log;
  const start = bomLength(bytes);
  const heading = headings.find((other) => other.start === template?.start);
  const hasMore = headings.some((other) => heading !== undefined && other.start > heading.start && other.level <= heading.level);
  if (template === null || log.order === 'newest-first' || hasMore) return contentEnd(bytes, { start, end: bytes.length, rules });
  return contentEnd(bytes, { start, end: template.start, rules });
}

/** Whether blank lines, a rule or the end follow. */
function isGap({ bytes, scan }: RunLog, at: number): boolean {
  if (isRuleAt(scan.rules, at)) return true;
  let to = at;
  while (bytes[to] === 32 || bytes[to] === 9) to += 1;
  return to >= bytes.length || bytes[to] === 10 || bytes[to] === 13;
}

/** What stands between two neighbouring entries, with `\n` line ends; one blank line where there are no two. */
function separator(log: RunLog): string {
  const { places, bytes, order } = log;
  const [before, after] = order === 'newest-first' ? [places.at(0), places.at(1)] : [places.at(-2), places.at(-1)];
  if (before === undefined || after === undefined) return loneSeparator(log);
  const gap = lineText(bytes, before.end, after.start).replace(/\r\n?/g, '\n');
  const isStructure = /[^\s*_-]/.test(gap);
  return isStructure ? '\n' : gap;
}

function isHtmlAbove({ scan }: RunLog, at: number): boolean {
  return scan.blocks.some(({ kind, end }) => kind === 'html' && end === at);
}

/** One entry: what stands before it tells, if a rule does and one stands behind it too. */
function loneSeparator({ places, bytes, scan }: RunLog): string {
  const entry = places.at(0);
  if (entry === undefined) return '\n';
  const before = contentEnd(bytes, { start: bomLength(bytes), end: entry.start, rules: scan.rules });
  const behind = scan.rules.some((rule) => rule >= entry.end && lineText(bytes, entry.end, rule).trim() === '');
  return behind && scan.rules.some((rule) => rule >= before && rule < entry.start) ? lineText(bytes, before, entry.start).replace(/\r\n?/g, '\n') : '\n';
}
