/** Text as Markdown that shows it: what would act where it stands gets a backslash or becomes a character reference, all else stays as it is. */

/** Where a text stands. `before`, `after`: the character written on either side of it, a line end at the ends of a block. */
export type Place = Readonly<{ within: readonly ('heading' | 'cell' | 'label')[]; before: string; after: string }>;

/** All that may act inside a line, or end it. Underscores by runs. */
const MARKS = /[*[\]`~|]|&(?=[#A-Za-z])|<(?=[!/?A-Za-z])|\\(?=[!-/:-@[-`{-~]|$)|(?<=\])\(|[!#]$|_+|[\t\r\n]+/g;
/** What begins another block at the start of a line, up to the character that makes it one. */
const BLOCK_START = /^ *(?:[#=>]|\+(?=[ \n])|-(?=[ \n:|-])|:(?=-)|\|(?=[ :-])|\d+(?:\)|\.(?=[ \n])))/;
/** The escape of `&` where the same text shows that no entity follows: ordinary words (`R&D`) stay as they are. */
const NEEDLESS = /(?<!\\)((?:\\\\)*)\\&(?=#?\w*[^\w;#])/g;

export function escapeText(value: string, place: Place): string {
  const marked = value.replace(MARKS, (mark, at: number) => (mark.startsWith('_') && isInWord(value, { from: at, to: at + mark.length }, place) ? mark : escapeMark(mark, place)));
  const text = marked.includes('\\&') ? marked.replace(NEEDLESS, '$1&') : marked;
  const started = place.before === '\n' ? escapeStart(text, place.after) : text;
  return place.after === '\n' && started.endsWith(' ') ? encodeLast(started) : started;
}

function escapeMark(mark: string, { within, after }: Place): string {
  switch (mark.charAt(0)) {
    case '|': return within.includes('cell') ? '\\|' : mark;
    case ']': return within.includes('label') ? '\\]' : mark;
    case '(': return within.includes('label') ? mark : '\\(';
    case '!': return after === '[' ? '\\!' : mark;
    case '#': return within.includes('heading') && after === '\n' ? '\\#' : mark;
    case '_': return '\\_'.repeat(mark.length);
    case '\t': case '\r': case '\n': return ' ';
    default: return `\\${mark}`;
  }
}

type Run = Readonly<{ from: number; to: number }>;

/** Underscores between two letters mean nothing; unless a letter might yet become a reference, beside other such marks. */
function isInWord(value: string, { from, to }: Run, { before, after }: Place): boolean {
  if (!isLetter(value.charAt(from - 1)) || !isLetter(value.charAt(to))) return false;
  return !(from === 1 && /[*_]/.test(before)) && !(to === value.length - 1 && /[*_]/.test(after));
}

function escapeStart(text: string, after: string): string {
  const mark = (BLOCK_START.exec(`${text}${after}`)?.[0].length ?? 0) - 1;
  const started = mark < 0 ? text : `${text.slice(0, mark)}\\${text.slice(mark)}`;
  return started.startsWith(' ') ? encodeFirst(started) : started;
}

/** A UTF-16 unit that is neither blank nor punctuation nor symbol, as Markdown sorts what stands beside emphasis. */
export function isLetter(unit: string): boolean {
  return unit !== '' && (/[0-9A-Za-z]/.test(unit) || (unit > '\x7f' && !/[\s\p{P}\p{S}]/u.test(unit)));
}

/** The first character as a reference, so that it is no blank or letter beside what comes before it. */
export function encodeFirst(text: string): string {
  const first = String.fromCodePoint(text.codePointAt(0) ?? 0);
  return `${reference(first)}${text.slice(first.length)}`;
}

/** A backslash in front of it must not begin to act on the reference. */
export function encodeLast(text: string): string {
  const [last = ''] = /.$/su.exec(text) ?? [];
  const rest = text.slice(0, text.length - last.length);
  return `${rest}${/(?<!\\)(?:\\\\)*\\$/.test(rest) ? '\\' : ''}${reference(last)}`;
}

function reference(character: string): string {
  return `&#x${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()};`;
}
