/** Headings: the id and date that make one the start of an entry. */

export type IdKind = 'counter' | 'dated-counter' | 'stamp' | 'word-counter';

/** An id as written: `prefix` and `digits` make `text` (`RUN-` and `001`; `#` and `004`; `RUN-2026-01-21-` and `03`). */
export type HeadingId = Readonly<{ kind: IdKind; text: string; prefix: string; digits: string; at: number }>;

export type HeadingText = Readonly<{
  text: string;
  id: HeadingId | undefined;
  /** A number behind a word (`Iteration 12`), which is an id only where no heading of the log has a better one. */
  words: readonly HeadingId[];
  /** Date or time as written, and where it stands in the text. */
  date: string | undefined;
  dateAt: number;
  /** The text of a template: never an entry. */
  placeholder: boolean;
}>;

/** Longer headings are read to here; no id stands further in. */
const LONGEST_HEADING = 300;
const DATE = /(?<![\w-])\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z| ?UTC| ?[+-]\d{2}:?\d{2})?)?(?![\w-])/;
/** `RUN-`, `SEC-AUDIT-`, `RUN_`: capital first, so that `utf-8` in a title is none. */
const PREFIX = String.raw`[A-Z][A-Za-z]*(?:[-_][A-Z][A-Za-z]*){0,4}[-_]`;
const DATED = new RegExp(String.raw`^(${PREFIX}(?:\d{4}-\d{2}-\d{2}|\d{8})[-_])(\d{1,3})$`);
const STAMP = new RegExp(String.raw`^(${PREFIX})(\d{8}[-_T]?\d{4,6}Z?)$`);
const COUNTER = new RegExp(`^(${PREFIX}|#)(\\d{1,15})$`);
const WORD_NUMBER = /(?<![\w-])([A-Za-z]{3,20}) (\d{1,6})(?![\w.:-])/g;
const PLACEHOLDER = /<[^<>]{1,40}>|\bN{2,}\b|\bX{2,}\b|\bYYYY\b|\[(?:DATE|X|N|ID|TITLE)\]|\{\{?\w{1,30}\}?\}|###/;

/** The form of our own headings, read at once: a log may hold ten thousand of them. */
const PLAIN = /^([A-Z]{1,20}-|#)(\d{1,15})[ :|–—-]{1,5}(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z)$/;

/** `text`: the heading without its marks. */
export function readHeading(text: string): HeadingText {
  const [, prefix, digits, plainDate] = PLAIN.exec(text) ?? [];
  if (prefix !== undefined && digits !== undefined && plainDate !== undefined) {
    return { text, id: { kind: 'counter', text: prefix + digits, prefix, digits, at: 0 }, words: [], date: plainDate, dateAt: text.length - plainDate.length, placeholder: false };
  }
  const head = text.slice(0, LONGEST_HEADING);
  const date = DATE.exec(head);
  const id = idNear(head, date?.[0]);
  return {
    text, id,
    words: id === undefined ? wordNumbers(head) : [],
    date: date?.[0],
    dateAt: date?.index ?? -1,
    // A title may speak of `<input>`; what holds an id and a date is filled in.
    placeholder: PLACEHOLDER.test(head) && (id === undefined || date === null) && PLACEHOLDER.test(head.slice(0, placeholderReach(id))),
  };
}

/** Whether a text holds a mark that is to be replaced by hand: `<NNN>`, `YYYY`, `[DATE]`. */
export function isPlaceholder(text: string): boolean {
  return PLACEHOLDER.test(text);
}

/** Where the heading has an id, only what follows it at once can be the template's date. */
function placeholderReach(id: HeadingId | undefined): number {
  return id === undefined ? LONGEST_HEADING : id.at + id.text.length + 20;
}

/** The id stands first, or behind the date, or behind a word or two (`Run #004`). */
function idNear(head: string, date: string | undefined): HeadingId | undefined {
  let words = 0;
  for (const { 0: token, index } of head.matchAll(/[^\s,;()[\]|:*`]+/g)) {
    const id = readId(token, index);
    if (id !== undefined) return id;
    if (date?.includes(token) === true || /^[-–—+]*$/.test(token) || /^[+-]\d/.test(token)) continue;
    words += 1;
    if (words > 1) return undefined;
  }
  return undefined;
}

/** `undefined` for a token that is no id. */
export function readId(token: string, at = 0): HeadingId | undefined {
  if (token.length > 80) return undefined;
  for (const [kind, pattern] of [['dated-counter', DATED], ['stamp', STAMP], ['counter', COUNTER]] as const) {
    const found = pattern.exec(token);
    if (found?.[1] !== undefined && found[2] !== undefined) return { kind, text: token, prefix: found[1], digits: found[2], at };
  }
  return undefined;
}

function wordNumbers(head: string): HeadingId[] {
  return [...head.matchAll(WORD_NUMBER)].map(({ 0: text, 1: word = '', 2: digits = '', index }) => ({ kind: 'word-counter', text, prefix: `${word} `, digits, at: index }));
}

/** Milliseconds, or `undefined`. A time without a zone counts as UTC. */
export function instantOf(date: string | undefined): number | undefined {
  if (date === undefined) return undefined;
  const found = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)\d*(Z| ?UTC| ?[+-]\d{2}:?\d{2})?)?$/.exec(date.trim());
  if (found === null) return undefined;
  const [, day = '', time = '00:00', zone = 'Z'] = found;
  const offset = zone.trim().replace('UTC', 'Z').replace(/^([+-]\d{2}):?(\d{2})$/, '$1:$2');
  const value = Date.parse(`${day}T${time}${offset}`);
  return Number.isNaN(value) ? undefined : value;
}

/** What ids are ordered by: their number; a dated counter, with its date before its number, comes behind all others. */
export function idRank({ kind, prefix, digits }: HeadingId): number {
  const number = Number(digits.replace(/\D/g, ''));
  return kind === 'dated-counter' ? 1e15 + Number(prefix.replace(/\D/g, '')) * 1_000 + number : number;
}
