/** The only door for evidence text into Markdown: it comes out as text and code in which nothing is live on GitHub. */
import type { Code, InlineCode, PhrasingContent } from 'mdast';
import { visible } from '../model/visible.ts';

const TEXT_LIMIT = 300;
/** Code units that one grapheme may use on average: the longest families and flags pass, a flood of combining marks does not. */
const UNITS_PER_GRAPHEME = 8;
const BLOCK_LIMITS: BlockLimits = { lines: 40, bytes: 4_000 };
const EMPTY = '(empty)';

/** Prose on one line: white space collapsed, at most `limit` graphemes with the `…` that tells of a cut. Empty for a blank value. */
export function text(value: string, limit: number = TEXT_LIMIT): PhrasingContent[] {
  const pieces = cutPieces(splitCode(oneLine(value)), limit);
  return joinAlike(pieces.flatMap((piece, at) => (piece.code ? [piece] : fenceLive(piece.value, at === 0))))
    .map((piece) => (piece.code ? { type: 'inlineCode', value: piece.value } : { type: 'text', value: piece.value }));
}

/** Evidence prose as the beginning of a sentence of ours: without the full stop at its end. */
export function unstopped(value: string, limit?: number): PhrasingContent[] {
  const trimmed = value.trim();
  return text(trimmed.endsWith('.') && !trimmed.endsWith('..') ? trimmed.slice(0, -1) : trimmed, limit);
}

/** A value on one line as code; `(empty)` for a blank one, which Markdown cannot write. */
export function codeSpan(value: string, limit: number = TEXT_LIMIT): InlineCode {
  const line = oneLine(value);
  const kept = keptLength(line, limit);
  const code = kept === line.length ? line : `${line.slice(0, kept).trimEnd()}…`;
  return { type: 'inlineCode', value: code === '' ? EMPTY : code };
}

/** `bytes` are of UTF-8. */
export type BlockLimits = Readonly<{ lines: number; bytes: number }>;

/** Several lines as code without a language. Whole lines are cut from the end, and the last line tells how many. */
export function codeBlock(value: string, limits: BlockLimits = BLOCK_LIMITS): Code {
  const lines = spelledOut(value).replace(/\n+$/, '').split('\n');
  const kept: string[] = [];
  let bytes = 0;
  for (const line of lines.slice(0, limits.lines)) {
    const left = limits.bytes - bytes;
    // The length in code units is never more than that in bytes: long lines are not encoded to learn that they are too long.
    if (line.length > left || Buffer.byteLength(line) > left) break;
    bytes += Buffer.byteLength(line) + 1;
    kept.push(line);
  }
  const cut = lines.length - kept.length;
  if (cut > 0) kept.push(`… ${cut} more ${cut === 1 ? 'line' : 'lines'}, cut here`);
  const block = kept.join('\n');
  return { type: 'code', lang: null, meta: null, value: block.trim() === '' ? EMPTY : block };
}

/** `url` must be one of the host's own addresses (`Links`), never one from evidence. Anything but a plain `https:` address leaves the label as it is. */
export function link(label: PhrasingContent[], url: string | undefined): PhrasingContent[] {
  if (url === undefined || !/^https:\/\/[!-~]+$/.test(url) || !URL.canParse(url) || new URL(url).username !== '') return label;
  return [{ type: 'link', url, title: null, children: label }];
}

type Piece = Readonly<{ code: boolean; value: string }>;

function spelledOut(value: string): string {
  // A lone surrogate cannot be written as UTF-8.
  return visible(value.replace(/\r\n?/g, '\n').replace(/[\ud800-\udfff]/gu, '\ufffd'));
}

function oneLine(value: string): string {
  return spelledOut(value).replace(/\s+/g, ' ').trim();
}

/** Back-ticked parts as CommonMark reads them: a run of backticks up to the next run of the same length. */
function splitCode(line: string): Piece[] {
  const runs = [...line.matchAll(/`+/g)].map((match) => ({ from: match.index, to: match.index + match[0].length }));
  const closers = closingRuns(runs);
  const pieces: Piece[] = [];
  let done = 0;
  let at = 0;
  while (at < runs.length) {
    const open = runs[at];
    const closer = closers[at];
    const close = closer === undefined ? undefined : runs[closer];
    if (open === undefined || closer === undefined || close === undefined) {
      at += 1;
      continue;
    }
    pieces.push({ code: false, value: line.slice(done, open.from) }, { code: true, value: unpadded(line.slice(open.to, close.from)) });
    done = close.to;
    at = closer + 1;
  }
  pieces.push({ code: false, value: line.slice(done) });
  return pieces.filter(({ value }) => value !== '');
}

/** For each run the index of the next one of its length. */
function closingRuns(runs: readonly Readonly<{ from: number; to: number }>[]): (number | undefined)[] {
  const next = new Map<number, number>();
  const closers: (number | undefined)[] = [];
  for (let at = runs.length - 1; at >= 0; at -= 1) {
    const run = runs[at];
    if (run === undefined) continue;
    closers[at] = next.get(run.to - run.from);
    next.set(run.to - run.from, at);
  }
  return closers;
}

function unpadded(code: string): string {
  return code.startsWith(' ') && code.endsWith(' ') && code.trim() !== '' ? code.slice(1, -1) : code;
}

function cutPieces(pieces: readonly Piece[], limit: number): Piece[] {
  const line = pieces.map(({ value }) => value).join('');
  const kept = keptLength(line, limit);
  if (kept === line.length) return [...pieces];
  const left: Piece[] = [];
  let from = 0;
  for (const { code, value } of pieces) {
    const part = value.slice(0, Math.max(0, kept - from));
    from += value.length;
    if (part !== '') left.push({ code, value: from >= kept ? part.trimEnd() : part });
  }
  return [...left, { code: false, value: '…' }].filter(({ value }) => value !== '');
}

/** How much of a line stays: all of it if it has at most `limit` graphemes, else one less, so that `…` fits. Never inside a grapheme. */
function keptLength(line: string, limit: number): number {
  if (line.length <= limit) return line.length;
  // The segmenter loads data of its own; plain text does without.
  if (/^[ -~]*$/.test(line.slice(0, limit + 1))) return limit - 1;
  const window = line.slice(0, limit * UNITS_PER_GRAPHEME + 1);
  let count = 0;
  let kept = 0;
  for (const { index, segment } of new Intl.Segmenter('en').segment(window)) {
    const end = index + segment.length;
    count += 1;
    if (count > limit || end > limit * UNITS_PER_GRAPHEME) return kept;
    if (count < limit) kept = end;
  }
  return line.length;
}

/** An HTML tag or comment as a whole, else a run of printable ASCII: only those can be live. */
const WORD = /<[A-Za-z/!?][^<>]*>|[!-~]+/g;
/**
 * What GitHub makes live: mention or mail, reference, mathematics, entity, HTML, address, commit, emoji; also what a stop or colon
 * of our own would complete (`www`, `:tada`).
 * https://docs.github.com/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls
 */
const LIVE = new RegExp([
  '@.', '.@', '#\\d', '\\$', '&#?\\w+;', '<[a-z/!?]', '://', '(?<![a-z0-9])www(?![a-z0-9])', '(?:mailto|xmpp):', '(?<![a-z0-9])gh-\\d',
  '(?<![a-z0-9])[0-9a-f]{7,64}(?![a-z0-9])', ':(?:(?=[\\w+-]*[a-z])[\\w+-]+|[+-]1|100|1234):', ':[a-z][\\w+-]*$',
].join('|'), 'i');

/** Words with something live in them become code as a whole, without the quotes, brackets and stops around them. */
function fenceLive(prose: string, atStart: boolean): Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  for (const match of prose.matchAll(WORD)) {
    const [word] = match;
    const isCommand = atStart && match.index === 0 && /^[/\\]/.test(word);
    if (!isCommand && !LIVE.test(word)) continue;
    const [from, to] = isCommand ? [0, word.length] : coreOf(word);
    pieces.push({ code: false, value: prose.slice(done, match.index + from) }, { code: true, value: word.slice(from, to) });
    done = match.index + to;
  }
  return [...pieces, { code: false, value: prose.slice(done) }].filter(({ value }) => value !== '');
}

function coreOf(word: string): [from: number, to: number] {
  let from = 0;
  let to = word.length;
  while (from < to && '"\'([{*~'.includes(word.charAt(from))) from += 1;
  const isEntity = /&#?\w{1,32};$/.test(word);
  while (!isEntity && to > from && '.,;!?\'")]}*~'.includes(word.charAt(to - 1))) to -= 1;
  return [from, to];
}

/** Two code spans side by side would be read as one with other ends. */
function joinAlike(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (last?.code === piece.code) joined.splice(-1, 1, { code: piece.code, value: last.value + piece.value });
    else joined.push(piece);
  }
  return joined;
}
