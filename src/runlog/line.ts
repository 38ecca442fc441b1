/** What single lines of a log are, seen as bytes: rules, underlines, table delimiters, list marks. */

export function isBlankByte(byte: number | undefined): boolean {
  return byte === 32 || byte === 9;
}

const BOM = [0xef, 0xbb, 0xbf];

/** Bytes of a byte order mark at the start: 3 or 0. */
export function bomLength(bytes: Uint8Array): number {
  return BOM.every((byte, at) => bytes[at] === byte) ? 3 : 0;
}

/** How many times `byte` stands in a row from `at`. */
export function runLength(bytes: Uint8Array, at: number, byte: number): number {
  let end = at;
  while (bytes[end] === byte) end += 1;
  return end - at;
}

/** The same bytes as a Buffer: no copy. Small texts are read from it several times faster than through a TextDecoder. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The bytes as Latin-1: one character for each byte, whatever they are. Enough for all that Markdown's syntax is made of. */
export function lineText(bytes: Uint8Array, start: number, end: number): string {
  return asBuffer(bytes).toString('latin1', start, end);
}

/** The bytes as UTF-8; what is not valid becomes U+FFFD. */
export function decode(bytes: Uint8Array, start = 0, end = bytes.length): string {
  return asBuffer(bytes).toString('utf8', start, end);
}

/** A thematic break: three or more of one of `-*_`, blanks between them allowed. */
export function isRule(bytes: Uint8Array, from: number, end: number): boolean {
  const mark = bytes[from];
  let count = 0;
  for (let at = from; at < end; at += 1) {
    if (bytes[at] === mark) count += 1;
    else if (!isBlankByte(bytes[at])) return false;
  }
  return count >= 3;
}

/** A setext underline: `=` or `-` only, blanks behind it allowed. */
export function isUnderline(bytes: Uint8Array, from: number, end: number): boolean {
  let at = from + runLength(bytes, from, bytes[from] ?? 0);
  while (at < end && isBlankByte(bytes[at])) at += 1;
  return at >= end;
}

/** GFM: a row of dashes with as many cells as its header. https://github.github.com/gfm/#tables-extension- */
export function isDelimiterRow(line: string, header: string): boolean {
  if (!line.includes('|') || !/^[\s|:-]+$/.test(line)) return false;
  const cells = splitCells(line);
  return cells.every((cell) => /^:?-+:?$/.test(cell)) && cells.length === splitCells(header).length;
}

/** Cells of a table row, trimmed; escaped pipes stay in their cell, as written. */
export function splitCells(line: string): string[] {
  const row = line.trim();
  const cells: string[] = [];
  let from = row.startsWith('|') ? 1 : 0;
  for (let at = from; at < row.length; at += 1) {
    if (row[at] === '\\') at += 1;
    else if (row[at] === '|') {
      cells.push(row.slice(from, at).trim());
      from = at + 1;
    }
  }
  if (from < row.length) cells.push(row.slice(from).trim());
  return cells;
}

/** A list mark, and where what follows it begins. `at` and `column` go in as the place of the mark and come out as the first byte behind it and its blanks. */
export type ListMark = {
  at: number;
  column: number;
  /** Column at which the item's content starts. */
  content: number;
  empty: boolean;
  /** May end a paragraph without a blank line before it. */
  interrupts: boolean;
};

/** False, with `mark` spoilt, if no list mark stands there. https://spec.commonmark.org/0.31.2/#list-items */
export function readListMark(bytes: Uint8Array, end: number, mark: ListMark): boolean {
  const from = mark.at;
  const width = markWidth(bytes, from);
  if (width === 0) return false;
  let at = from + width;
  const markEnd = mark.column + width;
  let column = markEnd;
  if (at < end && !isBlankByte(bytes[at])) return false;
  for (; at < end && isBlankByte(bytes[at]); at += 1) column += bytes[at] === 9 ? 4 - (column % 4) : 1;
  mark.at = at;
  mark.column = column;
  mark.empty = at >= end;
  mark.content = mark.empty || column - markEnd > 4 ? markEnd + 1 : column;
  mark.interrupts = width === 1 || (width === 2 && bytes[from] === 49);
  return true;
}

function markWidth(bytes: Uint8Array, from: number): number {
  const byte = bytes[from];
  if (byte === 45 || byte === 43 || byte === 42) return 1;
  let at = from;
  while (at - from < 9 && isDigit(bytes[at])) at += 1;
  if (at === from || (bytes[at] !== 46 && bytes[at] !== 41)) return 0;
  return at - from + 1;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57;
}
