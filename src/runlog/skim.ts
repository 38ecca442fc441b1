/** Skimming: sections of plain text and lists are passed over by one pattern, which makes long logs cheap to read. */
import { isBlankByte, isRule } from './line.ts';
import type { ScanState } from './scan-state.ts';

/** What begins a line of text, or the text of a list item: no block starts with it. */
const TEXT = String.raw`[!"$%&'(),./;?@A-Z[\\\]^a-z{}\x80-\xff]|\x60(?!\x60\x60)|~(?!~~)|\*{1,2}[A-Za-z]|_{1,2}[A-Za-z]|:[A-Za-z]|\d{1,15}(?:[.)](?![ \t])|(?![\d.)]))`;
const LIST_MARK = String.raw`(?:[-*+]|\d{1,9}[.)]) {1,4}`;
const HEADING_MARK = String.raw`#{1,6}(?=[ \t\r\n]|$)`;
/** To the start of a line that is neither blank, nor text, nor a list item that holds text, nor a heading in the first column. */
const TELLING = new RegExp(String.raw`\n(?!${HEADING_MARK}|[ \t]{0,80}(?:\r?\n|$|(?:${LIST_MARK})?(?:${TEXT})))`, 'g');
const HEADING = new RegExp(HEADING_MARK, 'y');

/**
 * `from`: behind a heading in the first column, where nothing is open. Reads headings, comments and rules there on, and gives the place where a scan
 * of every line has to go on: the end, or the first line of a section in which some line could start a block whose meaning depends on the lines
 * before it. The line ends are `\n` or `\r\n`.
 */
export function skimSections(s: ScanState, from: number): number {
  const telling = skimLines(s, from);
  const section = addHeadings(s, from, telling);
  if (telling >= s.text.length) return telling;
  while ((s.blocks.at(-1)?.start ?? -1) >= section) s.blocks.pop();
  while ((s.rules.at(-1) ?? -1) >= section) s.rules.pop();
  return section;
}

/** The start of the first line that tells more than a comment or a rule. */
function skimLines(s: ScanState, from: number): number {
  for (let line = from; ;) {
    TELLING.lastIndex = line - 1;
    if (!TELLING.test(s.text)) return s.text.length;
    const start = TELLING.lastIndex;
    line = lineEnd(s.text, start);
    if (!readWhole(s, start, line)) return start;
  }
}

/** The headings up to `stop`; gives the place behind the last one. */
function addHeadings({ text, headings }: ScanState, from: number, stop: number): number {
  let section = from;
  // One rare byte is found much faster than two of which the first ends every line.
  for (let at = text.indexOf('#', from); at >= 0 && at < stop; at = text.indexOf('#', at + 1)) {
    HEADING.lastIndex = at;
    if (text.charCodeAt(at - 1) !== 10 || !HEADING.test(text)) continue;
    const level = HEADING.lastIndex - at;
    section = lineEnd(text, at);
    headings.push({ level, underlined: false, start: at, end: section });
    at += level;
  }
  return section;
}

function lineEnd(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  return newline < 0 ? text.length : newline + 1;
}

/** A comment on one line, or a rule behind a blank line: both in the first column, where they end whatever was open. */
function readWhole(s: ScanState, start: number, end: number): boolean {
  const { text, bytes } = s;
  let last = end;
  while (bytes[last - 1] === 10 || bytes[last - 1] === 13) last -= 1;
  if (text.startsWith('--', start) && isRule(bytes, start, last) && isBlankAbove(s, start)) {
    s.rules.push(start);
    return true;
  }
  if (!text.startsWith('<!--', start) || !endsComment(bytes, start + 2, last)) return false;
  s.blocks.push({ kind: 'comment', start, end, root: true });
  return true;
}

/** Below a heading nothing is open either. */
function isBlankAbove({ text, bytes }: ScanState, start: number): boolean {
  let at = start - 2;
  while (at >= 0 && (isBlankByte(bytes[at]) || bytes[at] === 13)) at -= 1;
  if (at < 0 || bytes[at] === 10) return true;
  HEADING.lastIndex = text.lastIndexOf('\n', at) + 1;
  return HEADING.test(text);
}

function endsComment(bytes: Uint8Array, from: number, end: number): boolean {
  let at = end;
  while (at > from && isBlankByte(bytes[at - 1])) at -= 1;
  return at - from >= 3 && bytes[at - 1] === 62 && bytes[at - 2] === 45 && bytes[at - 3] === 45;
}
