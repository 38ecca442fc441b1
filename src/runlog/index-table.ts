/** The run index: the table that lists the runs of a log, one row for each. */
import type { IndexField, IndexStyle } from '../model/entry-style.ts';
import { indexField, labelName } from './fields.ts';
import { isPlaceholder, readId } from './heading.ts';
import { decode, splitCells } from './line.ts';
import type { Order } from './order.ts';
import type { Scan, Table } from './scan-state.ts';
import { hasPrefixAt, newTally, prefixAt, tallyNumber, type Tally } from './tally.ts';

export type IndexRow = Readonly<{
  runId: string;
  line: number;
  /** Byte offsets; `end` lies behind the line end. */
  start: number;
  end: number;
}>;

/** `row`: its position among all rows. */
type OtherRow = Readonly<{ runId: string; row: number }>;

/** Plain text by field, without code spans; unknown columns are left out. */
export type IndexCells = Readonly<Partial<Record<IndexField, string>>>;

export type IndexTable = Readonly<{
  start: number;
  /** Where the first row stands, or would, and behind the last one. Placeholder rows are left out, here and below. */
  rowsStart: number;
  rowsEnd: number;
  style: IndexStyle;
  /** The run ids: numbers by prefix, and the others as they are written. */
  tallies: readonly Tally[];
  otherIds: readonly OtherRow[];
  /** As the rows go; `undefined` if they do not tell. */
  order: Order | undefined;
  /** Read when they are asked for, as cells are: numbering and appending need none. */
  rows: readonly IndexRow[];
  cellsOf: (row: IndexRow) => IndexCells;
}>;

/** Columns by which a table of findings is told from an index of runs. */
const FINDING_COLUMNS = new Set(['severity', 'finding', 'priority', 'title', 'description']);

/** `undefined` if the table is no index: it needs a column of run ids, and one that says when or how they went. */
export function readIndex(bytes: Uint8Array, { text, lineOf }: Pick<Scan, 'text' | 'lineOf'>, table: Table): IndexTable | undefined {
  const header = decode(bytes, table.start, table.rows).split(/\r\n|\n|\r/, 1)[0] ?? '';
  const names = splitCells(header);
  const columns = uniqueColumns(names);
  const tells = columns.some((column) => column !== 'run-id' && column !== 'unknown');
  if (!columns.includes('run-id') || !tells || names.some((name) => FINDING_COLUMNS.has(labelName(name)))) return undefined;
  const idOf = idReader({ bytes, text, columns });
  const { starts, tallies, otherIds, last } = readRows({ text, table, isIdFirst: columns[0] === 'run-id', idOf });
  const sample = last === undefined ? header : decode(bytes, last, lineEnd(text, last));
  const lastListed = starts.at(-1);
  let rows: readonly IndexRow[] | undefined;
  return {
    start: table.start,
    rowsStart: starts[0] ?? table.rows,
    rowsEnd: lastListed === undefined ? table.rows : lineEnd(text, lastListed),
    style: indexStyle(columns, sample.trim()),
    tallies, otherIds,
    order: orderOf(starts, idOf),
    get rows() { return (rows ??= starts.map((start) => ({ runId: idOf(start), line: lineOf(start), start, end: lineEnd(text, start) }))); },
    cellsOf: ({ start, end }) => readCells(decode(bytes, start, end), columns),
  };
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

/** `starts`: of the lines with a pipe and a run id; `last`: of the last line with a pipe, which may be a placeholder and shows the style too. */
type Rows = { readonly starts: number[]; readonly tallies: Tally[]; readonly otherIds: OtherRow[]; last: number | undefined };
type RowSource = Readonly<{ text: string; table: Table; isIdFirst: boolean; idOf: (start: number) => string }>;

/** A row whose first cell is a number. More digits may be a timestamp. */
const NUMBERED = /\| ?[A-Z]{1,20}-\d{1,11} ?\|[^\r\n]*(?:\r\n?|\n|$)/y;
const LINE_END = /\r\n?|\n|$/g;

function readRows({ text, table, isIdFirst, idOf }: RowSource): Rows {
  const rows: Rows = { starts: [], tallies: [], otherIds: [], last: undefined };
  let tally: Tally | undefined;
  for (let start = table.rows, end = start; start < table.end; start = end) {
    NUMBERED.lastIndex = start;
    if (isIdFirst && NUMBERED.test(text)) {
      end = NUMBERED.lastIndex;
      const id = start + (text.charCodeAt(start + 1) === 32 ? 2 : 1);
      if (tally === undefined || !hasPrefixAt(tally, text, id)) tally = tallyOf(rows, prefixAt(text, id));
      tallyNumber(tally, text, id + tally.prefix.length);
      rows.starts.push(start);
      rows.last = start;
    } else {
      end = lineEnd(text, start);
      if (text.slice(start, end).includes('|')) addOther(rows, start, idOf(start));
    }
  }
  return rows;
}

/** Behind the line end. */
function lineEnd(text: string, start: number): number {
  LINE_END.lastIndex = start;
  return LINE_END.test(text) ? LINE_END.lastIndex : text.length;
}

function tallyOf({ tallies, starts }: Rows, prefix: string): Tally {
  const known = tallies.find((tally) => tally.prefix === prefix);
  if (known !== undefined) return known;
  const tally = newTally(prefix, 0, starts.length);
  tallies.push(tally);
  return tally;
}

function addOther(rows: Rows, start: number, id: string): void {
  rows.last = start;
  if (id === '') return;
  rows.otherIds.push({ runId: id, row: rows.starts.length });
  rows.starts.push(start);
}

type IdSource = Readonly<{ bytes: Uint8Array; text: string; columns: readonly IndexField[] }>;

/** In the first column no escaped pipe is looked for: an id holds none. */
function idReader({ bytes, text, columns }: IdSource): RowSource['idOf'] {
  const column = columns.indexOf('run-id');
  return (start) => {
    const row = decode(bytes, start, lineEnd(text, start));
    const second = column === 0 && row.startsWith('|') ? row.indexOf('|', 1) : -1;
    return runIdOf(plainCell(second > 0 ? row.slice(1, second).trim() : (splitCells(row)[column] ?? '')));
  };
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

/** By the first and the last number. */
function orderOf(starts: readonly number[], idOf: RowSource['idOf']): Order | undefined {
  const numberOf = (start: number | undefined): number | undefined => {
    const id = start === undefined ? undefined : readId(idOf(start));
    return id?.kind === 'counter' ? Number(id.digits) : undefined;
  };
  const isNumbered = (start: number): boolean => numberOf(start) !== undefined;
  const [first, last] = [numberOf(starts.find(isNumbered)), numberOf(starts.findLast(isNumbered))];
  if (first === undefined || last === undefined || first === last) return undefined;
  return first > last ? 'newest-first' : 'oldest-first';
}
