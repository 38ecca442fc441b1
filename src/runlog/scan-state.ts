/** What the line scanner knows between two lines, and how blocks end. */
import type { HtmlBlock } from './html-block.ts';
import type { LineNumbers } from './line-numbers.ts';
import type { ListMark } from './line.ts';

/** An ATX or setext heading outside of lists and quotes. `start` and `end` are byte offsets; `end` lies behind the line end. `underlined`: setext. */
export type Heading = Readonly<{ level: number; underlined: boolean; start: number; end: number }>;
/** Lines whose text is no Markdown. `root`: not inside a list item. `html` ends at a blank line or its own end tag. */
export type Block = Readonly<{ kind: 'fence' | 'comment' | 'html'; start: number; end: number; root: boolean }>;
/** `start`: of the header row; `rows`: byte offset of the first line behind the delimiter row; `end`: behind the last row. */
export type Table = Readonly<{ start: number; rows: number; end: number }>;
/** A line that git writes into a file with merge conflicts. */
export type ConflictMark = Readonly<{ mark: '<' | '=' | '>' | '|'; start: number; opaque: boolean }>;

/** All in file order. */
export type Scan = Readonly<{
  /** The bytes as Latin-1: one character for each. */
  text: string;
  headings: readonly Heading[];
  blocks: readonly Block[];
  tables: readonly Table[];
  /** Offsets of the lines that are thematic breaks outside of lists, ascending. */
  rules: readonly number[];
  conflicts: readonly ConflictMark[];
  /** The block in which the file ends, if whatever is appended would become part of it. */
  open: Block | undefined;
  /** The more common line end; `\n` in a file without any. */
  eol: '\n' | '\r\n';
  lineOf: LineNumbers;
}>;

export type OpenBlock = Readonly<{ kind: Block['kind']; start: number; depth: number; fence: number; length: number; html: HtmlBlock | undefined }>;

/** Where the scanner stands. Columns count tabs to stops of four; -1 means "none". */
export type ScanState = {
  readonly bytes: Uint8Array;
  readonly text: string;
  at: number; first: number; end: number; next: number; indent: number;
  /** Content columns of the list items that are open; only the first `depth` count. */
  readonly items: number[]; depth: number;
  /** The first line of the open paragraph, and its last one, which may become a table's header. */
  paragraph: number; lastText: number;
  /** The line before was text in a quote, which the next line may continue. */
  quoted: boolean;
  /** The line before was a list mark with nothing behind it. */
  hollow: boolean;
  block: OpenBlock | null;
  table: { start: number; rows: number; end: number } | null;
  /** The list mark read last; one object for all lines, for speed. */
  readonly mark: ListMark;
  readonly headings: Heading[]; readonly blocks: Block[]; readonly tables: Table[]; readonly rules: number[]; readonly conflicts: ConflictMark[];
};

export function closeBlock(s: ScanState, end: number): void {
  if (s.block === null) return;
  const { kind, start, depth } = s.block;
  s.blocks.push({ kind, start, end, root: depth === 0 });
  s.block = null;
}

export function closeTable(s: ScanState): void {
  if (s.table !== null) s.tables.push(s.table);
  s.table = null;
}

/** Ends what text was open; every block start but text passes here. */
export function startBlock(s: ScanState): void {
  s.paragraph = -1;
  s.quoted = false;
  closeTable(s);
}
