/** Markdown as an outline: headings, list items with what is nested in them, paragraphs, table rows and code, found line by line. */
import { fenceMark, isBreak, isDelimiter, listMarker, measure, splitCells, type Marker } from './block-marks.ts';

/** Marks of nesting (quotes, list markers, indentation) beyond this level are read as if they stood on it. */
export const MAX_NESTING = 16;

/** Texts are Markdown source on one line. */
export type OutlineNode = Readonly<{
  kind: 'item' | 'paragraph' | 'row' | 'code';
  /** Empty for `code` and `row`. */
  text: string;
  task?: 'open' | 'done';
  /** Lines of `code`, cells of `row`. */
  lines: readonly string[];
  /** Header cells above a `row`. */
  header: readonly string[];
  children: readonly OutlineNode[];
}>;
/** A heading of a level from 1 to 6 and all up to the next one; `heading` is null before the first. */
export type OutlinePart = Readonly<{ heading: string | null; level: number; nodes: readonly OutlineNode[] }>;
/** `cuts`: what was not read as it is written, as clauses for a message. */
export type Outline = Readonly<{ parts: readonly OutlinePart[]; cuts: readonly string[] }>;

/** A node in the making: `lines` also gathers the lines of its text. */
type Draft = { readonly kind: OutlineNode['kind']; task?: 'open' | 'done'; lines: string[]; readonly header: readonly string[]; readonly children: Draft[] };
type DraftPart = { readonly heading: string | null; readonly level: number; readonly nodes: Draft[] };
type OpenItem = Readonly<{ node: Draft; indent: number; content: number }>;
type Fence = Readonly<{ mark: string; length: number; content: number; quoted: boolean; node: Draft; line: number }>;
type Reader = {
  readonly lines: string[];
  readonly parts: DraftPart[];
  readonly items: OpenItem[];
  readonly cuts: Set<string>;
  /** The paragraph or item that the next line of text continues. */
  text: Draft | null;
  fence: Fence | null;
  /** Header of the table that is being read. */
  table: readonly string[] | null;
  /** Whether the line before was blank. */
  blank: boolean;
  /** No comment closes after this line. */
  openComment: number | null;
};
/** A line without its quote marks: `indent` in columns, `rest` without indent and trailing blanks. */
type Line = Readonly<{ indent: number; rest: string; quoted: boolean; at: number }>;

/** Line ends are `\n`. Nesting follows CommonMark, but two columns of indent are enough under any list marker, since people write so. */
export function readOutline(text: string): Outline {
  const reader: Reader = { lines: text.split('\n'), parts: [{ heading: null, level: 0, nodes: [] }], items: [], cuts: new Set(), text: null, fence: null, table: null, blank: false, openComment: null };
  for (let at = 0; at < reader.lines.length; ) at = readLine(reader, at);
  if (reader.fence !== null) reader.cuts.add(`the code fence of line ${reader.fence.line} is never closed: all after it was read as code`);
  return { parts: reader.parts.map((part) => ({ ...part, nodes: part.nodes.map((node) => finish(node)) })), cuts: [...reader.cuts] };
}

function finish(node: Draft): OutlineNode {
  const children = node.children.map((child) => finish(child));
  const holdsText = node.kind === 'item' || node.kind === 'paragraph';
  return { ...node, children, text: holdsText ? textOf(node) : '', lines: holdsText ? [] : node.lines };
}

/** A backslash at the end of a line is a line break. */
function textOf(node: Draft): string {
  return node.lines.map((line, at) => (at < node.lines.length - 1 ? line.replace(/\\$/, '') : line)).join(' ').trim();
}

/** Returns the line to go on with. */
function readLine(reader: Reader, at: number): number {
  const line = unquote(reader, at);
  if (reader.fence !== null && inFence(reader, reader.fence, line)) return at + 1;
  if (line.rest === '') {
    reader.blank = true;
    reader.table = null;
    return at + 1;
  }
  if (line.rest.startsWith('<!--')) {
    const next = skipComment(reader, at);
    if (next !== null) return next;
  }
  readBlock(reader, line);
  reader.blank = false;
  return at + 1;
}

function unquote(reader: Reader, at: number): Line {
  const raw = reader.lines[at] ?? '';
  const quotes = reader.fence?.quoted === false ? '' : (QUOTES.exec(raw)?.[0] ?? '');
  const depth = quotes.length - quotes.replaceAll('>', '').length;
  if (depth > MAX_NESTING) noteNesting(reader);
  return { ...measure(raw.slice(quotes.length)), quoted: depth > 0, at };
}

const QUOTES = /^(?: {0,3}> ?)+/;

function noteNesting(reader: Reader): void {
  reader.cuts.add(`nesting deeper than ${MAX_NESTING} levels was read as level ${MAX_NESTING}`);
}

/** True if the line belonged to the fence; a line outside of the fence's list item or quote ends it. */
function inFence(reader: Reader, fence: Fence, { indent, rest, quoted }: Line): boolean {
  if ((rest !== '' && indent < fence.content) || quoted !== fence.quoted) {
    reader.fence = null;
    return false;
  }
  if (rest.startsWith(fence.mark.repeat(fence.length)) && rest.replaceAll(fence.mark, '') === '') reader.fence = null;
  else if (rest !== '') fence.node.lines.push(rest);
  return true;
}

/** Leaves what follows a comment that begins here to be read, and returns its line; null where none closes it, and then its text is read. */
function skipComment(reader: Reader, from: number): number | null {
  if (reader.openComment !== null) return null;
  const begin = (reader.lines[from] ?? '').indexOf('<!--');
  for (let at = from; at < reader.lines.length; at += 1) {
    const line = reader.lines[at] ?? '';
    const end = line.indexOf('-->', at === from ? begin + 2 : 0);
    if (end < 0) continue;
    reader.lines[at] = line.slice(end + 3);
    return at;
  }
  reader.openComment = from;
  reader.cuts.add(`the comment of line ${from + 1} is never closed: it was read as text`);
  return null;
}

function readBlock(reader: Reader, line: Line): void {
  const { rest } = line;
  const heading = line.indent < 4 ? /^(#{1,6})(?:\s+(.*))?$/.exec(rest) : null;
  if (heading !== null) return openPart(reader, heading[1]?.length ?? 1, (heading[2] ?? '').replace(/(?:^|\s)#+$/, ''));
  const under = reader.blank ? null : reader.text;
  if (under?.kind === 'paragraph' && reader.items.length === 0 && /^(?:=+|-+)$/.test(rest)) return underline(reader, under, rest);
  if (isBreak(rest)) return closeLists(reader);
  const fence = fenceMark(rest);
  if (fence !== null) return openFence(reader, line, fence);
  if (readRow(reader, line)) return undefined;
  const marker = listMarker(rest);
  // A number other than 1 at the start of a wrapped line begins no list.
  const wrapped = under?.kind === 'paragraph' && /^\d/.test(rest) && !/^1[.)]/.test(rest);
  return marker === null || wrapped ? readText(reader, line) : readItem(reader, line, marker);
}

function closeLists(reader: Reader): void {
  reader.items.length = 0;
  reader.text = null;
  reader.table = null;
}

function openPart(reader: Reader, level: number, heading: string): void {
  closeLists(reader);
  reader.parts.push({ heading, level, nodes: [] });
}

/** A paragraph turns out to be a heading (`===` or `---` below it). */
function underline(reader: Reader, paragraph: Draft, rest: string): void {
  const nodes = reader.parts.at(-1)?.nodes;
  if (nodes?.at(-1) === paragraph) nodes.pop();
  openPart(reader, rest.startsWith('=') ? 1 : 2, textOf(paragraph));
}

function append(reader: Reader, node: Partial<Draft> & Pick<Draft, 'kind'>): Draft {
  const whole: Draft = { lines: [], header: [], children: [], ...node };
  const siblings = reader.items.at(-1)?.node.children ?? reader.parts.at(-1)?.nodes;
  siblings?.push(whole);
  return whole;
}

/** Closes the items that a line of this indent does not belong to. */
function settle(reader: Reader, indent: number): void {
  while (indent < Math.min(reader.items.at(-1)?.content ?? 0, (reader.items.at(-1)?.indent ?? 0) + 2)) reader.items.pop();
}

function openFence(reader: Reader, line: Line, mark: string): void {
  settle(reader, line.indent);
  reader.text = null;
  const content = Math.min(reader.items.at(-1)?.content ?? 0, line.indent);
  reader.fence = { mark: mark[0] ?? '`', length: mark.length, content, quoted: line.quoted, node: append(reader, { kind: 'code' }), line: line.at + 1 };
}

/** GFM tables: a header line is one that a line of dashes with as many cells follows. */
function readRow(reader: Reader, { rest, indent, at }: Line): boolean {
  if (!rest.includes('|')) {
    reader.table = null;
    return false;
  }
  const cells = splitCells(rest);
  if (reader.table !== null) {
    if (!isDelimiter(cells)) append(reader, { kind: 'row', lines: cells, header: [...reader.table] });
    return true;
  }
  const next = splitCells(measure((reader.lines[at + 1] ?? '').replace(QUOTES, '')).rest);
  if (!isDelimiter(next) || next.length !== cells.length || listMarker(rest) !== null) return false;
  settle(reader, indent);
  reader.text = null;
  reader.table = cells;
  return true;
}

function readItem(reader: Reader, line: Line, first: Marker): void {
  let marker: Marker | null = first;
  let { indent } = line;
  let rest = '';
  settle(reader, indent);
  // Markers may stand in one line (`- - a`): each opens an item in the one before it.
  while (marker !== null) {
    if (reader.items.length >= MAX_NESTING) {
      noteNesting(reader);
      reader.items.length = MAX_NESTING - 1;
    }
    const node = append(reader, { kind: 'item' });
    reader.items.push({ node, indent, content: indent + marker.width });
    reader.text = node;
    indent += marker.width;
    rest = marker.rest.replace(/^(?:> ?)+/, '');
    marker = reader.items.length >= MAX_NESTING || isBreak(rest) ? null : listMarker(rest);
  }
  const fence = fenceMark(rest);
  if (fence !== null) return openFence(reader, { ...line, indent, rest }, fence);
  const task = /^\[([ xX])\](?=\s|$)\s*/.exec(rest);
  if (task !== null && reader.text !== null) reader.text.task = task[1] === ' ' ? 'open' : 'done';
  reader.text?.lines.push(rest.slice(task?.[0].length ?? 0));
  return undefined;
}

/** A line that begins with a bold label begins something new, also where a blank line is missing. */
const BOLD_LABEL = /^(?:\*\*|__)[^*_:]{1,80}(?::(?:\*\*|__)|(?:\*\*|__)(?::|$))/;

function readText(reader: Reader, { indent, rest }: Line): void {
  const fresh = reader.blank || reader.text === null || (indent < 2 && BOLD_LABEL.test(rest));
  if (fresh) {
    settle(reader, indent);
    reader.text = append(reader, { kind: 'paragraph' });
  }
  reader.text?.lines.push(rest);
}
