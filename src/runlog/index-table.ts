/** The run index: the table that lists the runs of a log, one row for each. */
import type { IndexField, IndexStyle } from '../model/entry-style.ts';
import { indexField, labelName } from './fields.ts';
import { isPlaceholder, readId } from './heading.ts';
import { decode, splitCells } from './line.ts';
import type { Order } from './order.ts';
import type { Table } from './scan-state.ts';

export type IndexRow = Readonly<{
  runId: string;
  line: number;
  /** Byte offsets; `end` lies behind the line end. */
  start: number;
  end: number;
  /** Plain text by field, without code spans; unknown columns are left out. */
  cells: Readonly<Partial<Record<IndexField, string>>>;
}>;

export type IndexTable = Readonly<{
  /** Of the header row, from 1. */
  line: number;
  start: number;
  /** Where the first row stands, or would. */
  rowsStart: number;
  style: IndexStyle;
  /** Placeholder rows are left out. */
  rows: readonly IndexRow[];
}>;

/** Columns by which a table of findings is told from an index of runs. */
const FINDING_COLUMNS = new Set(['severity', 'finding', 'priority', 'title', 'description']);

/** `undefined` if the table is no index: it needs a column of run ids, and one that says when or how they went. */
export function readIndex(bytes: Uint8Array, table: Table): IndexTable | undefined {
  const header = decode(bytes, table.start, table.rows).split(/\r\n|\n|\r/, 1)[0] ?? '';
  const names = splitCells(header);
  const columns = uniqueColumns(names);
  const tells = columns.some((column) => column !== 'run-id' && column !== 'unknown');
  if (!columns.includes('run-id') || !tells || names.some((name) => FINDING_COLUMNS.has(labelName(name)))) return undefined;
  const lines = rowLines(bytes, table);
  const rows = lines.flatMap((line) => readRow(bytes, line, columns));
  const last = lines.at(-1);
  const sample = last === undefined ? header : decode(bytes, last.start, last.end);
  return { line: table.line, start: table.start, rowsStart: table.rows, style: indexStyle(columns, sample.trim()), rows };
}

/** The first column of a field is the field; a second of the same name is kept as unknown. */
function uniqueColumns(names: readonly string[]): IndexField[] {
  const seen = new Set<IndexField>();
  return names.map((name) => {
    const field = indexField(name);
    if (seen.has(field)) return 'unknown';
    seen.add(field);
    return field;
  });
}

type RowLine = Readonly<{ line: number; start: number; end: number; pipes: readonly number[] }>;

/** Lines with a pipe. `pipes`: offsets of the first few, for a quick look at the first cells. */
function rowLines(bytes: Uint8Array, table: Table): RowLine[] {
  const lines: RowLine[] = [];
  let line = table.line + 2;
  for (let start = table.rows; start < table.end; line += 1) {
    const pipes: number[] = [];
    let end = start;
    for (; end < table.end && bytes[end] !== 10 && bytes[end] !== 13; end += 1) if (bytes[end] === 124 && pipes.length < 2) pipes.push(end);
    const next = Math.min(end + (bytes[end] === 13 && bytes[end + 1] === 10 ? 2 : 1), table.end);
    if (pipes.length > 0) lines.push({ line, start, end: next, pipes });
    start = next;
  }
  return lines;
}

/** Cells are split when they are asked for: numbering and appending need the run id alone. */
function readRow(bytes: Uint8Array, { line, start, end, pipes }: RowLine, columns: readonly IndexField[]): IndexRow[] {
  const cellsOf = (): IndexRow['cells'] => readCells(decode(bytes, start, end), columns);
  const [first, second] = pipes;
  const isSimple = columns[0] === 'run-id' && first === start && second !== undefined;
  const cell = isSimple ? plainCell(decode(bytes, start + 1, second).trim()) : (cellsOf()['run-id'] ?? '');
  const runId = runIdOf(cell);
  if (runId === '' || isPlaceholder(runId) || /^[.…-]+$/.test(runId)) return [];
  return [{ runId, line, start, end, get cells() { return cellsOf(); } }];
}

function readCells(text: string, columns: readonly IndexField[]): IndexRow['cells'] {
  const values = splitCells(text);
  const cells: Partial<Record<IndexField, string>> = {};
  columns.forEach((column, at) => {
    if (column !== 'unknown') cells[column] = plainCell(values[at] ?? '');
  });
  return cells;
}

function plainCell(cell: string): string {
  return /^`+([^`]+)`+$/.exec(cell)?.[1]?.trim() ?? cell;
}

/** The id may be a link to its entry, or bold. */
function runIdOf(cell: string): string {
  if (/^[A-Z]{1,20}-\d{1,15}$/.test(cell)) return cell;
  const text = (/^\[([^\]]*)\]/.exec(cell)?.[1] ?? cell).replace(/[*`]/g, '').trim();
  return readId(text)?.text ?? text;
}

function indexStyle(columns: readonly IndexField[], sample: string): IndexStyle {
  const cells = splitCells(sample);
  return {
    columns,
    padded: /\|\s/.test(sample) || /\s\|/.test(sample),
    outerPipes: sample.startsWith('|'),
    code: columns.filter((column, at) => column !== 'unknown' && /^`[^`]+`$/.test(cells[at] ?? '')),
  };
}

/** Which end of the table new rows go to: as its own rows go, else as the entries go. */
export function indexOrder(index: IndexTable, entries: Order): Order {
  const numbers = index.rows.flatMap(({ runId }) => {
    const id = readId(runId);
    return id?.kind === 'counter' ? [Number(id.digits)] : [];
  });
  const [first, last] = [numbers[0], numbers.at(-1)];
  if (first === undefined || last === undefined || first === last) return entries;
  return first > last ? 'newest-first' : 'oldest-first';
}
