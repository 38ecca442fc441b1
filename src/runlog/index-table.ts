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
}>;

/** Plain text by field, without code spans; unknown columns are left out. */
export type IndexCells = Readonly<Partial<Record<IndexField, string>>>;

export type IndexTable = Readonly<{
  /** Of the header row, from 1. */
  line: number;
  start: number;
  /** Where the first row stands, or would. */
  rowsStart: number;
  style: IndexStyle;
  /** Placeholder rows are left out. */
  rows: readonly IndexRow[];
  /** Split when they are asked for: numbering and appending need the run ids alone. */
  cellsOf: (row: IndexRow) => IndexCells;
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
  const cellsOf = ({ start, end }: Pick<IndexRow, 'start' | 'end'>): IndexCells => readCells(decode(bytes, start, end), columns);
  const { rows, last } = readRows({ bytes, table, isIdFirst: columns[0] === 'run-id', idOf: (row) => cellsOf(row)['run-id'] ?? '' });
  const sample = last === undefined ? header : decode(bytes, last.start, last.end);
  return { line: table.line, start: table.start, rowsStart: table.rows, style: indexStyle(columns, sample.trim()), rows, cellsOf };
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

type RowLine = Readonly<{ start: number; end: number }>;
type RowSource = Readonly<{ bytes: Uint8Array; table: Table; isIdFirst: boolean; idOf: (row: RowLine) => string }>;

/** Lines with a pipe and a run id; `last` may be a placeholder, which shows the style too. */
function readRows({ bytes, table, isIdFirst, idOf }: RowSource): { rows: IndexRow[]; last: RowLine | undefined } {
  const rows: IndexRow[] = [];
  let last: RowLine | undefined;
  let line = table.line + 2;
  for (let start = table.rows; start < table.end; line += 1) {
    let [end, first, second] = [start, -1, -1];
    for (; end < table.end && bytes[end] !== 10 && bytes[end] !== 13; end += 1) {
      if (bytes[end] !== 124 || second >= 0) continue;
      if (first < 0) first = end;
      else second = end;
    }
    const next = Math.min(end + (bytes[end] === 13 && bytes[end + 1] === 10 ? 2 : 1), table.end);
    if (first >= 0) {
      last = { start, end: next };
      const runId = runIdOf(isIdFirst && first === start && second >= 0 ? plainCell(decode(bytes, start + 1, second).trim()) : idOf(last));
      if (runId !== '') rows.push({ runId, line, start, end: next });
    }
    start = next;
  }
  return { rows, last };
}

function readCells(text: string, columns: readonly IndexField[]): IndexCells {
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

/** The id may be a link to its entry, or bold. Empty for a placeholder. */
function runIdOf(cell: string): string {
  if (/^[A-Z]{1,20}-\d{1,15}$/.test(cell)) return cell;
  const text = (/^\[([^\]]*)\]/.exec(cell)?.[1] ?? cell).replace(/[*`]/g, '').trim();
  return isPlaceholder(text) || /^[.…-]*$/.test(text) ? '' : (readId(text)?.text ?? text);
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
