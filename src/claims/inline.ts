/** Inline Markdown to plain text: decoration goes, words stay. Linear in the length of the text whatever it holds. */

const WORDS = /[^\\`*_~[\]!<&]+/y;
/** Titles and targets are bounded, so that an opening that never closes costs a constant and not the rest of the text. */
const TARGET = /\(\s{0,100}(?:<([^<>]{0,2000})>|((?:[^\s()<>]|\([^\s()]{0,200}\)){0,2000}))(?:\s{1,100}(?:"[^"]{0,1000}"|'[^']{0,1000}'|\([^()]{0,1000}\)))?\s{0,100}\)/y;
const AUTOLINK = /<((?:https?:\/\/|mailto:)[^\s<>]{1,2000})>/y;
const TAG = /<\/?([a-z][a-z0-9]{0,15})(?:\s[^<>]{0,2000})?\/?>/iy;
const ENTITY = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));/iy;
const ESCAPED = /\\([!-/:-@[-`{-~])/y;
/** Other names in angle brackets are placeholders that people write (`<slug>`): they stay. */
const HTML_TAGS = new Set(('a abbr b blockquote body br center code dd del details div dl dt em font h1 h2 h3 h4 h5 h6 head hr html i img input ins kbd li link '
  + 'mark meta ol p picture pre q s samp script small source span strike strong style sub summary sup table tbody td tfoot th thead title tr tt u ul var video').split(' '));
const ENTITIES: ReadonlyMap<string, string> = new Map([['amp', '&'], ['lt', '<'], ['gt', '>'], ['quot', '"'], ['apos', "'"], ['nbsp', ' ']]);

/** One run of `*`, `_` or `~`; `left` counts the marks that decorate nothing so far. */
type Run = { readonly mark: string; readonly length: number; readonly opens: boolean; readonly closes: boolean; readonly slot: number; left: number };
type Scan = {
  readonly text: string;
  readonly parts: string[];
  readonly runs: Run[];
  /** Slots of opening brackets. */
  readonly brackets: number[];
  readonly nextFence: (from: number, length: number) => number;
  readonly commentEnd: (from: number) => number;
  /** Whether the text so far ends with a blank. */
  blank: boolean;
};

/** One line of plain text, white space folded. Code spans keep their backticks and content, links become `text (target)`. */
export function plainText(source: string): string {
  const text = source.replace(/[\n\r\v\f\u0085\u2028\u2029]+/g, ' ');
  const scan: Scan = { text, parts: [], runs: [], brackets: [], nextFence: fenceFinder(text), commentEnd: endFinder(text, '-->'), blank: false };
  for (let at = 0; at < text.length; ) at = readPart(scan, at);
  matchRuns(scan.runs);
  for (const run of scan.runs) scan.parts[run.slot] = run.mark.repeat(run.left);
  return scan.parts.join('').trim();
}

/** A code span around any one line of text. */
export function codeSpan(text: string): string {
  const longest = (text.match(/`+/g) ?? []).reduce((most, { length }) => Math.max(most, length), 0);
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 ? ' ' : '';
  return `${fence}${pad}${text}${pad}${fence}`;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Reads what stands at `at` and returns where the next part begins. */
function readPart(scan: Scan, at: number): number {
  const { text } = scan;
  const words = matchAt(WORDS, text, at);
  if (words !== null) return addWords(scan, words[0], at + words[0].length);
  switch (text[at]) {
    case '\\': {
      const escaped = matchAt(ESCAPED, text, at);
      return escaped === null ? add(scan, '\\', at + 1) : add(scan, escaped[1] ?? '', at + 2);
    }
    case '`': return readCode(scan, at);
    case '*': case '_': case '~': return readRun(scan, at);
    case '<': return readAngle(scan, at);
    case '&': return readEntity(scan, at);
    case '[': return openBracket(scan, at, '[');
    case '!': return text[at + 1] === '[' ? openBracket(scan, at, '![') : add(scan, '!', at + 1);
    default: return closeBracket(scan, at);
  }
}

function add(scan: Scan, part: string, next: number): number {
  scan.parts.push(part);
  if (part !== '') scan.blank = part.endsWith(' ');
  return next;
}

function addWords(scan: Scan, words: string, next: number): number {
  const folded = words.replace(/\s+/g, ' ');
  return add(scan, scan.blank && folded.startsWith(' ') ? folded.slice(1) : folded, next);
}

function runLength(text: string, at: number): number {
  let end = at;
  while (text[end] === text[at]) end += 1;
  return end - at;
}

function readCode(scan: Scan, at: number): number {
  const length = runLength(scan.text, at);
  const close = scan.nextFence(at + length, length);
  const end = close < 0 ? at + length : close + length;
  return add(scan, scan.text.slice(at, end), end);
}

/** Where the next backtick run of exactly this length begins at or after `from`; asked with rising `from`, it walks each length once. */
function fenceFinder(text: string): (from: number, length: number) => number {
  const starts = new Map<number, { at: number[]; next: number }>();
  for (const match of text.matchAll(/`+/g)) {
    const known = starts.get(match[0].length);
    if (known === undefined) starts.set(match[0].length, { at: [match.index], next: 0 });
    else known.at.push(match.index);
  }
  return (from, length) => {
    const known = starts.get(length);
    if (known === undefined) return -1;
    while ((known.at[known.next] ?? Infinity) < from) known.next += 1;
    return known.at[known.next] ?? -1;
  };
}

/** `indexOf` that remembers once there is none left. */
function endFinder(text: string, mark: string): (from: number) => number {
  let none = false;
  return (from) => {
    const at = none ? -1 : text.indexOf(mark, from);
    none = at < 0;
    return at;
  };
}

function readAngle(scan: Scan, at: number): number {
  if (scan.text.startsWith('<!--', at)) {
    const end = scan.commentEnd(at + 4);
    if (end >= 0) return end + 3;
  }
  const link = matchAt(AUTOLINK, scan.text, at);
  if (link !== null) return add(scan, link[1] ?? '', at + link[0].length);
  const tag = matchAt(TAG, scan.text, at);
  if (tag === null || !HTML_TAGS.has((tag[1] ?? '').toLowerCase())) return add(scan, '<', at + 1);
  return addWords(scan, /^<br/i.test(tag[0]) ? ' ' : '', at + tag[0].length);
}

function readEntity(scan: Scan, at: number): number {
  const entity = matchAt(ENTITY, scan.text, at);
  const [whole, decimal, hex, name] = entity ?? [];
  const decoded = name !== undefined ? ENTITIES.get(name) : decimal !== undefined ? character(Number(decimal)) : hex !== undefined ? character(Number.parseInt(hex, 16)) : undefined;
  return whole === undefined || decoded === undefined ? add(scan, '&', at + 1) : add(scan, decoded, at + whole.length);
}

/** What a character reference stands for; what may not be one becomes U+FFFD (CommonMark 0.31, 2.5), line ends and controls a blank. */
function character(code: number): string {
  if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return '\ufffd';
  const decoded = String.fromCodePoint(code);
  return /[\s\p{Cc}\u2028\u2029]/u.test(decoded) ? ' ' : decoded;
}

function openBracket(scan: Scan, at: number, mark: string): number {
  scan.brackets.push(scan.parts.length);
  return add(scan, mark, at + mark.length);
}

function closeBracket(scan: Scan, at: number): number {
  const slot = scan.brackets.pop();
  const target = slot === undefined ? null : matchAt(TARGET, scan.text, at + 1);
  if (slot === undefined || target === null) return add(scan, ']', at + 1);
  scan.parts[slot] = '';
  const to = target[1] ?? target[2] ?? '';
  // A link whose text is its target says it once. Long texts are not compared: this would add up for brackets in brackets.
  const same = scan.parts.length - slot < 20 && scan.parts.slice(slot).join('').replaceAll('`', '') === to;
  return add(scan, to === '' || same ? '' : ` (${to})`, at + 1 + target[0].length);
}

function readRun(scan: Scan, at: number): number {
  const { text } = scan;
  const mark = text[at] ?? '';
  const length = runLength(text, at);
  const before = /\p{Cs}/u.test(text[at - 1] ?? '') ? text.slice(at - 2, at) : text[at - 1] ?? ' ';
  const code = text.codePointAt(at + length);
  const after = code === undefined ? ' ' : String.fromCodePoint(code);
  // A star after a slash is a glob (`src/**/*.ts`), which CommonMark would take for emphasis.
  if (before === '/') return add(scan, text.slice(at, at + length), at + length);
  const left = flanks(after, before);
  const right = flanks(before, after);
  const opens = mark === '_' ? left && (!right || isPunctuation(before)) : left;
  const closes = mark === '_' ? right && (!left || isPunctuation(after)) : right;
  scan.runs.push({ mark, length, opens, closes, slot: scan.parts.length, left: length });
  scan.blank = false;
  return add(scan, '', at + length);
}

/** CommonMark 0.31, 6.2: a run clings to `near` if that is a word, or punctuation and the other side is none. */
function flanks(near: string, far: string): boolean {
  return !/\s/.test(near) && (!isPunctuation(near) || /\s/.test(far) || isPunctuation(far));
}

function isPunctuation(char: string): boolean {
  return /^[\p{P}\p{S}]/u.test(char);
}

/** Pairs opening and closing runs as CommonMark 0.31 does (appendix, "process emphasis"); the bottoms keep it linear. */
function matchRuns(runs: Run[]): void {
  const open: number[] = [];
  const bottoms = new Map<string, number>();
  for (const [at, closer] of runs.entries()) {
    while (closer.closes && closer.left > 0) {
      const key = `${closer.mark}${closer.opens ? 1 : 0}${closer.mark === '~' ? closer.length : closer.length % 3}`;
      const bottom = bottoms.get(key) ?? -1;
      let top = open.length - 1;
      while (top >= 0 && (open[top] ?? -1) > bottom && !pairs(runs[open[top] ?? -1], closer)) top -= 1;
      const opener = runs[open[top] ?? -1];
      if (opener === undefined || (open[top] ?? -1) <= bottom) {
        bottoms.set(key, open.at(-1) ?? -1);
        break;
      }
      const used = closer.mark === '~' ? closer.length : Math.min(2, opener.left, closer.left);
      opener.left -= used;
      closer.left -= used;
      open.length = opener.left === 0 ? top : top + 1;
    }
    if (closer.opens && closer.left > 0) open.push(at);
  }
}

function pairs(opener: Run | undefined, closer: Run): boolean {
  if (opener === undefined || opener.mark !== closer.mark) return false;
  if (closer.mark === '~') return opener.length === closer.length && closer.length <= 2;
  const mixed = opener.closes || closer.opens;
  return !mixed || (opener.length + closer.length) % 3 !== 0 || (opener.length % 3 === 0 && closer.length % 3 === 0);
}
