/** Block starts: what the first characters of a line begin. https://spec.commonmark.org/0.31.2/#block-structure */
import { htmlBlockAt } from './html-block.ts';
import { isBlankByte, isDelimiterRow, isRule, isUnderline, readListMark, runLength } from './line.ts';
import { closeBlock, startBlock, type ScanState } from './scan-state.ts';

/** Reads the block starts of a line, list marks first. False if what remains is text. */
export function opensBlock(s: ScanState, continues: boolean): boolean {
  let inText = continues;
  let at = s.first;
  let column = s.indent;
  for (;;) {
    if (column - (s.depth === 0 ? 0 : (s.items[s.depth - 1] ?? 0)) >= 4) return isIndentedCode(s, inText);
    const byte = s.bytes[at] ?? 0;
    // Text of a natural language is most of a log: letters and bytes beyond ASCII start no block.
    if (byte >= 128 || (byte >= 97 && byte <= 122) || (byte >= 65 && byte <= 90)) return false;
    if (opensLeaf(s, at, inText)) return true;
    const { mark } = s;
    mark.at = at;
    mark.column = column;
    if (!readListMark(s.bytes, s.end, mark) || (inText && (mark.empty || !mark.interrupts))) return false;
    startBlock(s);
    s.items[s.depth] = mark.content;
    s.depth += 1;
    s.hollow = mark.empty;
    if (mark.empty) return true;
    inText = false;
    at = mark.at;
    column = mark.column;
  }
}

function isIndentedCode(s: ScanState, inText: boolean): boolean {
  if (inText || s.quoted || s.paragraph >= 0 || s.table !== null) return false;
  startBlock(s);
  return true;
}

function opensLeaf(s: ScanState, at: number, inText: boolean): boolean {
  switch (s.bytes[at]) {
    case 35: return opensHeading(s, at);
    case 62: return opensQuote(s, at);
    case 96: case 126: return opensFence(s, at);
    case 60: return opensHtml(s, at);
    case 45: case 58: case 124: return opensTable(s, at, inText) || (s.bytes[at] === 45 && opensRule(s, at, inText));
    case 61: case 42: case 95: return opensRule(s, at, inText);
    default: return false;
  }
}

function opensHeading(s: ScanState, at: number): boolean {
  const level = runLength(s.bytes, at, 35);
  const after = at + level;
  if (level > 6 || (after < s.end && !isBlankByte(s.bytes[after]))) return false;
  startBlock(s);
  if (s.depth === 0) s.headings.push({ level, underlined: false, start: s.at, end: s.next });
  return true;
}

/** A quote is opaque: no block of it reaches beyond its lines. */
function opensQuote(s: ScanState, at: number): boolean {
  startBlock(s);
  const inner = s.text.slice(at, s.end).replace(/^[> \t]+/, '');
  s.quoted = /^[^#~`<|=*+_\-\d]/.test(inner);
  return true;
}

function opensFence(s: ScanState, at: number): boolean {
  const fence = s.bytes[at] ?? 0;
  const length = runLength(s.bytes, at, fence);
  if (length < 3 || (fence === 96 && s.text.slice(at + length, s.end).includes('`'))) return false;
  startBlock(s);
  s.block = { kind: 'fence', start: s.at, depth: s.depth, fence, length, html: undefined };
  return true;
}

function opensHtml(s: ScanState, at: number): boolean {
  const text = s.text.slice(at, s.end);
  const html = htmlBlockAt(text, s.paragraph >= 0 || s.quoted ? 'text' : 'block');
  if (html === undefined) return false;
  startBlock(s);
  s.block = { kind: html.kind, start: s.at, depth: s.depth, fence: 0, length: 0, html };
  if (html.isEnd(text)) closeBlock(s, s.next);
  return true;
}

function opensTable(s: ScanState, at: number, inText: boolean): boolean {
  if (!inText || s.depth > 0) return false;
  const header = s.text.slice(s.lastText, s.at).trimEnd();
  if (/^(?: {4}| {0,3}\t)/.test(header) || !isDelimiterRow(s.text.slice(at, s.end), header)) return false;
  const { lastText } = s;
  startBlock(s);
  s.table = { start: lastText, rows: s.next, end: s.next };
  return true;
}

function opensRule(s: ScanState, at: number, inText: boolean): boolean {
  const byte = s.bytes[at];
  if (inText && (byte === 45 || byte === 61) && isUnderline(s.bytes, at, s.end)) {
    const { paragraph } = s;
    startBlock(s);
    if (s.depth === 0) s.headings.push({ level: byte === 61 ? 1 : 2, underlined: true, start: paragraph, end: s.next });
    return true;
  }
  if (byte === 61 || !isRule(s.bytes, at, s.end)) return false;
  startBlock(s);
  if (s.depth === 0) s.rules.push(s.at);
  return true;
}
