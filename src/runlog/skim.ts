/** Skimming: a section of plain text and lists is passed over without keeping track of its lists, which makes long logs cheap to read. */
import { isBlankByte, isRule, runLength } from './line.ts';
import type { Block, ScanState } from './scan-state.ts';

type Skim = { at: number; line: number; crlf: number; lf: number; blankBefore: boolean; readonly comments: Block[]; readonly rules: number[] };

/**
 * From a line start with nothing open to the next heading in the first column, or to the end. False, with nothing changed, if some line on
 * the way could start a block whose meaning depends on the lines before it: then the section must be scanned line by line.
 */
export function skimSection(s: ScanState): boolean {
  const { bytes } = s;
  const skim: Skim = { at: s.at, line: s.line, crlf: 0, lf: 0, blankBefore: true, comments: [], rules: [] };
  while (skim.at < bytes.length && !isHeadingAt(bytes, skim.at)) if (!skimLine(bytes, skim)) return false;
  s.at = skim.at;
  s.line = skim.line;
  s.crlf += skim.crlf;
  s.lf += skim.lf;
  for (const comment of skim.comments) s.blocks.push(comment);
  for (const rule of skim.rules) s.rules.push(rule);
  return true;
}

function isHeadingAt(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== 35) return false;
  const after = bytes[at + runLength(bytes, at, 35)];
  return after === undefined || isBlankByte(after) || after === 10 || after === 13;
}

function skimLine(bytes: Uint8Array, skim: Skim): boolean {
  const start = skim.at;
  let at = start;
  while (isBlankByte(bytes[at])) at += 1;
  const first = at;
  const { length } = bytes;
  while (at < length && bytes[at] !== 10 && bytes[at] !== 13) at += 1;
  const end = at;
  if (bytes[at] === 13) {
    if (bytes[at + 1] !== 10) return false;
    at += 1;
    skim.crlf += 1;
  } else if (at < length) skim.lf += 1;
  skim.at = Math.min(at + 1, length);
  skim.line += 1;
  const isBlank = first === end;
  if (!isBlank && !isDull(bytes, first) && !isWhole(bytes, skim, { start, first, end })) return false;
  skim.blankBefore = isBlank;
  return true;
}

/** The line is text or a list item that holds text: it opens nothing that hides a heading or makes one. */
function isDull(bytes: Uint8Array, first: number): boolean {
  const byte = bytes[first];
  let at = first;
  if ((byte === 45 || byte === 42 || byte === 43) && bytes[at + 1] === 32) {
    at += 2;
    while (bytes[at] === 32 && at - first < 5) at += 1;
  }
  return isTextAt(bytes, at);
}

function isTextAt(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at] ?? 0;
  if (byte >= 128 || isLetter(byte)) return true;
  if (byte === 96) return bytes[at + 1] !== 96;
  if (byte === 42) return bytes[at + 1] === 42 && isLetter(bytes[at + 2] ?? 0);
  // A bracket, a quotation mark, a full stop or a slash.
  return byte === 91 || byte === 40 || byte === 34 || byte === 39 || byte === 46 || byte === 47;
}

function isLetter(byte: number): boolean {
  return (byte >= 97 && byte <= 122) || (byte >= 65 && byte <= 90);
}

/** A comment on one line, or a rule behind a blank line: both in the first column, where they end whatever was open. */
function isWhole(bytes: Uint8Array, skim: Skim, { start, first, end }: Readonly<{ start: number; first: number; end: number }>): boolean {
  if (first !== start) return false;
  if (bytes[start] === 45 && bytes[start + 1] === 45 && skim.blankBefore && isRule(bytes, start, end)) {
    skim.rules.push(start);
    return true;
  }
  const opens = bytes[start] === 60 && bytes[start + 1] === 33 && bytes[start + 2] === 45 && bytes[start + 3] === 45;
  if (!opens || !endsComment(bytes, start + 2, end)) return false;
  skim.comments.push({ kind: 'comment', line: skim.line, endLine: skim.line, start, end: skim.at, root: true });
  return true;
}

function endsComment(bytes: Uint8Array, from: number, end: number): boolean {
  let at = end;
  while (at > from && isBlankByte(bytes[at - 1])) at -= 1;
  return at - from >= 3 && bytes[at - 1] === 62 && bytes[at - 2] === 45 && bytes[at - 3] === 45;
}
