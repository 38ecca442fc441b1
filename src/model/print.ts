/** Prints: the hashes by which a finding is recognised in a later run. They are kept for years; golden vectors in the tests hold them. */
import { createHash } from 'node:crypto';
import type { KeyPrint, LinePrint } from './finding.ts';

const WHITE_SPACE = /\p{White_Space}+/gu;
/** Nothing but brackets and separators: tells no place from another. */
const ONLY_BRACES = /^[{}[\]();,]*$/;
/** Names, numbers, quoted texts, and every other sign by itself: in ASCII, which most lines are. */
const ASCII_TOKEN = /[A-Za-z_$][\w$]*|\d[\w.]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[^\s\w]/g;
/** The same in any text. Classes of Unicode cost as much as hundreds of lines to load: made when a line needs them. */
const TOKEN_OF_ANY_TEXT = String.raw`[\p{L}_$][\p{L}\p{N}_$]*|\p{N}[\p{L}\p{N}_.]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[^\s\p{L}\p{N}_]`;
let anyToken: RegExp | undefined;
const TAB_COLUMNS = 8;
const ENCLOSING_HEADERS = 4;
const SKETCH_TOKENS = 24;

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function hash8(text: string): string {
  return sha256(text).slice(0, 8);
}

/** Identity by name: the parts are joined so that no two different lists give the same text. 16 hex digits, for up to millions of tests. */
export function keyPrint(parts: readonly string[]): KeyPrint {
  return { v: 1, key: sha256(JSON.stringify(parts)).slice(0, 16) };
}

/**
 * Prepares one file's text; the returned function gives the print of a line (counted from 1). Lines outside the file print as empty.
 * Blanks are removed before hashing, so that a formatter's indentation does not change a print.
 */
export function linePrinter(text: string): (line: number) => LinePrint {
  const lines = text.split(/\r\n|\n|\r/);
  const bare = lines.map((line) => line.replace(WHITE_SPACE, ''));
  const telling = bare.map((line) => !ONLY_BRACES.test(line));
  const parents = enclosingLines(lines, telling);
  const known = new Map<number, LinePrint>();
  return (line) => {
    const found = known.get(line);
    if (found !== undefined) return found;
    const at = line - 1;
    const before = neighbours({ bare, telling, from: at, step: -1 });
    const after = neighbours({ bare, telling, from: at, step: 1 });
    const print: LinePrint = {
      v: 1,
      L: hash8(bare[at] ?? ''),
      E: hash8(headers(bare, parents, at).join('\n')),
      P: hash8(before.join('\n')),
      N: hash8(after.join('\n')),
      p1: hash8(before[0] ?? ''),
      n1: hash8(after[0] ?? ''),
      sk: sketch(lines[at] ?? ''),
    };
    known.set(line, print);
    return print;
  };
}

type Neighbourhood = Readonly<{ bare: readonly string[]; telling: readonly boolean[]; from: number; step: 1 | -1 }>;

/** The two nearest telling lines in one direction, nearest first. */
function neighbours({ bare, telling, from, step }: Neighbourhood): string[] {
  const found: string[] = [];
  for (let at = from + step; at >= 0 && at < bare.length && found.length < 2; at += step) {
    if (telling[at] === true) found.push(bare[at] ?? '');
  }
  return found;
}

function indentColumns(line: string): number {
  let columns = 0;
  for (const character of line) {
    if (character === ' ') columns += 1;
    else if (character === '\t') columns += TAB_COLUMNS - (columns % TAB_COLUMNS);
    else break;
  }
  return columns;
}

/** For each line the nearest earlier telling line that is indented less, or -1: one pass with a stack of open indents. */
function enclosingLines(lines: readonly string[], telling: readonly boolean[]): number[] {
  const open: { at: number; indent: number }[] = [];
  return lines.map((line, at) => {
    const indent = indentColumns(line);
    let top = open.length - 1;
    while (top >= 0 && (open[top]?.indent ?? 0) >= indent) top -= 1;
    const parent = open[top]?.at ?? -1;
    if (telling[at] === true) {
      open.length = top + 1;
      open.push({ at, indent });
    }
    return parent;
  });
}

function headers(bare: readonly string[], parents: readonly number[], from: number): string[] {
  const chain: string[] = [];
  for (let at = parents[from] ?? -1; at >= 0 && chain.length < ENCLOSING_HEADERS; at = parents[at] ?? -1) chain.push(bare[at] ?? '');
  return chain;
}

/** The same few hundred tokens make up most lines of a project. Bounded: beyond this, tokens are hashed each time. */
const TOKEN_BYTES = new Map<string, number>();
const TOKENS_KEPT = 10_000;

function tokenByte(token: string): number {
  const known = TOKEN_BYTES.get(token);
  if (known !== undefined) return known;
  const byte = Number.parseInt(sha256(token).slice(0, 2), 16);
  if (TOKEN_BYTES.size < TOKENS_KEPT) TOKEN_BYTES.set(token, byte);
  return byte;
}

function tokensOf(line: string): RegExpStringIterator<RegExpExecArray> {
  return line.matchAll(/^[\0-\x7f]*$/.test(line) ? ASCII_TOKEN : anyToken ??= new RegExp(TOKEN_OF_ANY_TEXT, 'gu'));
}

/** One byte for each of the first tokens, sorted, as hex: two lines with many equal bytes are edits of each other. */
function sketch(line: string): string {
  const bytes: number[] = [];
  for (const [token] of tokensOf(line)) {
    if (bytes.length === SKETCH_TOKENS) break;
    bytes.push(tokenByte(token));
  }
  return bytes.sort((a, b) => a - b).map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
