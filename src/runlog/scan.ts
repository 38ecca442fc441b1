/** The line scanner: headings, tables, rules and opaque blocks of a log by CommonMark's block rules, over bytes. */
import { opensBlock } from './block-start.ts';
import { lineNumbers } from './line-numbers.ts';
import { bomLength, isBlankByte, lineText, runLength } from './line.ts';
import { skimSections } from './skim.ts';
import { closeBlock, closeTable, type Block, type OpenBlock, type Scan, type ScanState } from './scan-state.ts';

const LF = 10;
const CR = 13;
/** To the first line that is no plain row of a table. Seven bars would be a conflict mark. */
const NO_ROW = /\n(?!\|(?!\|))/g;

/** One pass, linear in the bytes. */
export function scanLog(bytes: Uint8Array): Scan {
  const text = lineText(bytes, 0, bytes.length);
  const s: ScanState = {
    bytes, text, at: bomLength(bytes), first: 0, end: 0, next: 0, indent: 0, items: [], depth: 0,
    paragraph: -1, lastText: -1, quoted: false, hollow: false, block: null, table: null,
    mark: { at: 0, column: 0, content: 0, empty: false, interrupts: false },
    headings: [], blocks: [], tables: [], rules: [], conflicts: [],
  };
  const hasReturns = text.includes('\r');
  scanLines(s, hasReturns && /\r(?!\n)/.test(text) ? 'every' : 'telling');
  const open = s.block !== null && s.block.depth === 0 && s.block.html?.untilBlank !== true ? openedBlock(s, s.block) : undefined;
  if (s.block !== null) closeBlock(s, s.at);
  closeTable(s);
  const { headings, blocks, tables, rules, conflicts } = s;
  return { text, headings, blocks, tables, rules, conflicts, open, eol: hasReturns ? commonEnd(text) : '\n', lineOf: lineNumbers(text) };
}

/** The patterns that pass over lines know no line that ends in a carriage return alone: a log with such lines is read line by line. */
function scanLines(s: ScanState, which: 'every' | 'telling'): void {
  for (const { length } = s.bytes; s.at < length; s.at = s.next) {
    const known = s.headings.length;
    measureLine(s);
    scanLine(s);
    if (which === 'every') continue;
    if (s.table !== null) passRows(s, s.table);
    // A heading in the first column ends all that was open, but for an HTML block, of which it would be text.
    else if (s.headings.length > known && s.first === s.at && s.headings.at(-1)?.underlined === false) s.next = skimSections(s, s.next);
  }
}

function passRows(s: ScanState, table: Exclude<ScanState['table'], null>): void {
  if (s.text[s.next] !== '|' || s.text[s.next + 1] === '|') return;
  NO_ROW.lastIndex = s.next;
  s.next = NO_ROW.test(s.text) ? NO_ROW.lastIndex : s.text.length;
  table.end = s.next;
}

function commonEnd(text: string): Scan['eol'] {
  let [lines, returns] = [0, 0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    lines += 1;
    if (text.charCodeAt(at - 1) === CR) returns += 1;
  }
  return returns * 2 > lines ? '\r\n' : '\n';
}

function openedBlock(s: ScanState, { kind, start }: OpenBlock): Block {
  return { kind, start, end: s.at, root: true };
}

function measureLine(s: ScanState): void {
  const { bytes } = s;
  let at = s.at;
  let column = 0;
  for (; ; at += 1) {
    if (bytes[at] === 32) column += 1;
    else if (bytes[at] === 9) column += 4 - (column % 4);
    else break;
  }
  s.first = at;
  s.indent = column;
  const length = bytes.length;
  while (at < length && bytes[at] !== LF && bytes[at] !== CR) at += 1;
  s.end = at;
  if (bytes[at] === CR && bytes[at + 1] === LF) at += 1;
  s.next = Math.min(at + 1, length);
}

function scanLine(s: ScanState): void {
  if (s.first === s.end) {
    scanBlank(s);
    return;
  }
  if (s.first === s.at) noteConflict(s);
  if (s.block !== null && staysInBlock(s, s.block)) return;
  const depth = s.depth;
  let keep = 0;
  while (keep < depth && (s.items[keep] ?? 0) <= s.indent) keep += 1;
  const continues = s.paragraph >= 0 && keep === depth;
  const lazy = (s.paragraph >= 0 || s.quoted) && keep < depth;
  s.depth = keep;
  s.hollow = false;
  if (!opensBlock(s, continues)) {
    if (lazy) s.depth = depth;
    addText(s);
  }
}

function scanBlank(s: ScanState): void {
  if (s.block?.html?.untilBlank === true) closeBlock(s, s.at);
  if (s.hollow) s.depth -= 1;
  s.hollow = false;
  s.quoted = false;
  s.paragraph = -1;
  closeTable(s);
}

/** True if the line belongs to the open block; else the block was ended by its list item and the line is to be read anew. */
function staysInBlock(s: ScanState, block: OpenBlock): boolean {
  const base = block.depth === 0 ? 0 : (s.items[block.depth - 1] ?? 0);
  if (s.indent < base) {
    closeBlock(s, s.at);
    return false;
  }
  if (block.html !== undefined) {
    if (block.html.isEnd(s.text.slice(s.first, s.end))) closeBlock(s, s.next);
  } else if (s.bytes[s.first] === block.fence && s.indent - base < 4) {
    const length = runLength(s.bytes, s.first, block.fence);
    if (length >= block.length && isBlankFrom(s, s.first + length)) closeBlock(s, s.next);
  }
  return true;
}

function isBlankFrom(s: ScanState, from: number): boolean {
  let at = from;
  while (at < s.end && isBlankByte(s.bytes[at])) at += 1;
  return at >= s.end;
}

function addText(s: ScanState): void {
  if (s.table !== null && s.depth === 0) {
    s.table.end = s.next;
    return;
  }
  if (s.quoted) return;
  if (s.paragraph < 0) s.paragraph = s.at;
  s.lastText = s.at;
}

function noteConflict(s: ScanState): void {
  const byte = s.bytes[s.at] ?? 0;
  const mark = byte === 60 ? '<' : byte === 61 ? '=' : byte === 62 ? '>' : byte === 124 ? '|' : undefined;
  if (mark === undefined || runLength(s.bytes, s.at, byte) !== 7) return;
  const after = s.at + 7;
  if (after === s.end || (mark !== '=' && s.bytes[after] === 32)) s.conflicts.push({ mark, start: s.at, opaque: s.block !== null });
}
