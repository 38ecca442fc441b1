/** What the line scanner knows between two lines, and how blocks end. */
import type { HtmlBlock } from './html-block.ts';
import type { ListMark } from './line.ts';

/** An ATX or setext heading outside of lists and quotes. `start` and `end` are byte offsets; `end` lies behind the line end. `underlined`: setext. */
export type Heading = Readonly<{ level: number; underlined: boolean; line: number; start: number; end: number }>;
/** Lines whose text is no Markdown. `root`: not inside a list item. `html` ends at a blank line or its own end tag. */
export type Block = Readonly<{ kind: 'fence' | 'comment' | 'html'; line: number; endLine: number; start: number; end: number; root: boolean }>;
/** `start`: of the header row; `rows`: byte offset of the first line behind the delimiter row; `end`: behind the last row. Lines count from 1. */
export type Table = Readonly<{ line: number; start: number; rows: number; end: number }>;
/** A line that git writes into a file with merge conflicts. */
export type ConflictMark = Readonly<{ mark: '<' | '=' | '>' | '|'; line: number; opaque: boolean }>;

export type Scan = Readonly<{
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
}>;

export type OpenBlock = Readonly<{ kind: Block['kind']; line: number; start: number; depth: number; fence: number; length: number; html: HtmlBlock | undefined }>;

/** Where the scanner stands. Columns count tabs to stops of four; -1 means "none". */
export type ScanState = {
  readonly bytes: Uint8Array;
  at: number; first: number; end: number; next: number; line: number; indent: number;
  /** Content columns of the list items that are open; only the first `depth` count. */
  readonly items: number[]; depth: number;
  /** The open paragraph: its first line, and its last one, which may become a table's header. */
  paragraph: number; paragraphLine: number; lastText: number; lastTextLine: number;
  /** The line before was text in a quote, which the next line may continue. */
  quoted: boolean;
  /** The line before was a list mark with nothing behind it. */
  hollow: boolean;
  block: OpenBlock | null;
  table: { line: number; start: number; rows: number; end: number } | null;
  /** The list mark read last; one object for all lines, for speed. */
  readonly mark: ListMark;
  crlf: number; lf: number;
  readonly headings: Heading[]; readonly blocks: Block[]; readonly tables: Table[]; readonly rules: number[]; readonly conflicts: ConflictMark[];
};

export function closeBlock(s: ScanState, end: number): void {
  if (s.block === null) return;
  const { kind, line, start, depth } = s.block;
  s.blocks.push({ kind, line, endLine: end === s.at ? Math.max(line, s.line - 1) : s.line, start, end, root: depth === 0 });
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
