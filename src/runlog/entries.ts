/** Entries: which headings of a log begin one, and how far each reaches. */
import type { EntryMarker } from '../model/marker.ts';
import { parseMarker } from '../model/marker.ts';
import { idRank, instantOf, readHeading, type HeadingId, type HeadingText } from './heading.ts';
import { decode, isBlankByte, lineText } from './line.ts';
import type { Heading, Scan } from './scan-state.ts';

export type LogEntry = Readonly<{
  /** `null` where the log gives its entries no ids. */
  id: string | null;
  /** The heading's text, without its marks. */
  heading: string;
  /** Of the heading, from 1. */
  line: number;
  /** Byte offsets: the heading's first byte, and behind the last line that is neither blank nor a rule. */
  start: number;
  end: number;
  /** As written. */
  date: string | undefined;
  marker: EntryMarker | undefined;
}>;

/** A marker line at its own place: an HTML comment alone on its line, in an entry, in no fence, list or quote. */
export type PlacedMarker = Readonly<{ marker: EntryMarker; line: number; start: number }>;

/** A heading with what its text says. */
export type Section = Heading & Readonly<{ said: HeadingText }>;

export type Entries = Readonly<{
  level: number;
  entries: readonly LogEntry[];
  /** The ids of the entries, in the same order. */
  ids: readonly (HeadingId | undefined)[];
}>;

const RUN_WORDS = /^(?:run|audit|session|iteration|entry|check|review|qa|log|round|cycle|phase|sprint|wave|pass)/i;
const RUN_PREFIX = /(?:^|[-_])(?:run|audit|session|iteration|entry|check|review|qa|log|act)[-_]?$/i;

const STRUCTURE = /\b(?:template|format|contract|index)\b/i;

/** A line of text above a rule is a heading to Markdown, but seldom to its author: such a heading counts only if its words say so. */
export function readSections(bytes: Uint8Array, headings: readonly Heading[]): Section[] {
  return headings.flatMap((heading) => {
    const text = headingText(bytes, heading);
    if (heading.underlined && (text.length > 40 || !STRUCTURE.test(text))) return [];
    const { level, underlined, line, start, end } = heading;
    return [{ level, underlined, line, start, end, said: readHeading(text) }];
  });
}

/** No blanks or marks to be taken off. */
const PLAIN_HEADING = /^#{1,6} [A-Z#][\w: -]*\w$/;

function headingText(bytes: Uint8Array, { start, end, underlined }: Heading): string {
  const line = decode(bytes, start, end).trim();
  if (PLAIN_HEADING.test(line)) return line.slice(line.indexOf(' ') + 1);
  if (underlined) return line.split(/\r\n|\n|\r/, 1)[0] ?? '';
  return line.replace(/^#{1,6}/, '').replace(/[ \t]#+$/, '').trim();
}

/** Marker lines in file order. */
export function readMarkers(bytes: Uint8Array, { blocks }: Pick<Scan, 'blocks'>): PlacedMarker[] {
  return blocks.flatMap(({ kind, root, line, endLine, start, end }) => {
    if (kind !== 'comment' || !root || line !== endLine) return [];
    const marker = parseMarker(lineText(bytes, start, end).replace(/[\r\n]+$/, ''));
    return marker === undefined ? [] : [{ marker, line, start }];
  });
}

export type EntrySource = Readonly<{
  bytes: Uint8Array;
  scan: Scan;
  sections: readonly Section[];
  markers: readonly PlacedMarker[];
  /** Run ids that tables of the log list. */
  listed: ReadonlySet<string>;
  /** For a log whose headings do not tell. */
  level: number;
}>;

export function readEntries(source: EntrySource): Entries {
  const { sections, markers } = source;
  const title = sections[0]?.level === 1 && sections.filter(({ level }) => level === 1).length === 1 ? sections[0] : undefined;
  const rule = chooseRule(sections.filter((section) => section !== title && !section.said.placeholder), source);
  const found: { section: Section; id: HeadingId | undefined; start: number; stop: number }[] = [];
  sections.forEach((section, at) => {
    if (section.level !== rule.level || section === title || section.said.placeholder) return;
    let next = at + 1;
    while ((sections[next]?.level ?? 0) > rule.level) next += 1;
    const stop = sections[next]?.start ?? source.bytes.length;
    const id = rule.idOf(section.said);
    if (id !== undefined || rule.isDated(section.said) || hasMarker(markers, section.start, stop)) found.push({ section, id, start: section.start, stop });
  });
  const rules = new Set(source.scan.rules);
  const entries = found.map(({ section, id, start, stop }): LogEntry => {
    const { said, line } = section;
    const marker = markers[firstFrom(markers, start)];
    return {
      id: id?.text ?? (said.date !== undefined && said.date.length > 10 ? said.date : null),
      heading: said.text, line, start,
      end: contentEnd(source.bytes, { start, end: stop, rules }),
      date: said.date,
      marker: marker === undefined || marker.start >= stop ? undefined : marker.marker,
    };
  });
  return { level: rule.level, entries, ids: found.map(({ id }) => id) };
}

function hasMarker(markers: readonly PlacedMarker[], start: number, end: number): boolean {
  return (markers[firstFrom(markers, start)]?.start ?? end) < end;
}

/** Index of the first marker at or behind `from`. */
function firstFrom(markers: readonly PlacedMarker[], from: number): number {
  let [low, high] = [0, markers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((markers[middle]?.start ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

type EntryRule = Readonly<{ level: number; idOf: (said: HeadingText) => HeadingId | undefined; isDated: (said: HeadingText) => boolean }>;

/** Coded ids first, then dates, then numbered words; a log without any of them has only entries that carry a marker. */
function chooseRule(sections: readonly Section[], source: EntrySource): EntryRule {
  return ruleByIds(sections, source.listed) ?? ruleByDates(sections) ?? ruleByWords(sections) ?? { level: source.level, idOf: ({ id }) => id, isDated: () => false };
}

/** Ids of one family differ in number and date only. */
function familyOf(id: HeadingId): string {
  if (id.kind === 'counter') return id.prefix;
  return `dated ${id.prefix.replace(/\d[\d-]*[-_]$/, '')}`;
}

/** In a log of dated entries, the first ones that carry an id do not turn the others into structure. */
function ruleByIds(sections: readonly Section[], listed: ReadonlySet<string>): EntryRule | undefined {
  const groups = new Map<string, { level: number; family: string; count: number; listed: number; run: number; dateLed: number }>();
  for (const { level, said } of sections) {
    if (said.id === undefined) continue;
    const family = familyOf(said.id);
    const key = `${level} ${family}`;
    const group = groups.get(key) ?? { level, family, count: 0, listed: 0, run: RUN_PREFIX.test(family) || said.id.prefix === '#' ? 1 : 0, dateLed: 0 };
    groups.set(key, group);
    group.count += 1;
    if (listed.has(said.id.text)) group.listed = 1;
    if (said.dateAt === 0) group.dateLed += 1;
  }
  const [best] = [...groups.values()].sort((a, b) => b.listed - a.listed || b.run - a.run || a.level - b.level || b.count - a.count);
  if (best === undefined) return undefined;
  const dated = sections.filter(({ level, said }) => level === best.level && said.date !== undefined && said.id === undefined).length;
  const isDatedLog = dated > best.count && ruleByDates(sections)?.level === best.level;
  return {
    level: best.level,
    idOf: ({ id, date }) => (id !== undefined && (familyOf(id) === best.family || date !== undefined) ? id : undefined),
    isDated: ({ dateAt, date }) => (dateAt === 0 && best.dateLed * 2 > best.count) || (isDatedLog && date !== undefined),
  };
}

/** A level counts if most of its headings from the first dated one on are dated. */
function ruleByDates(sections: readonly Section[]): EntryRule | undefined {
  for (let level = 1; level <= 6; level += 1) {
    const here = sections.filter((section) => section.level === level);
    const from = here.findIndex(({ said }) => said.date !== undefined);
    const rest = from < 0 ? [] : here.slice(from);
    const dated = rest.filter(({ said }) => said.date !== undefined).length;
    if (dated * 2 > rest.length) return { level, idOf: () => undefined, isDated: ({ date }) => date !== undefined };
  }
  return undefined;
}

/** `Iteration 12`, `SESSION 3`: the word with the most different numbers. */
function ruleByWords(sections: readonly Section[]): EntryRule | undefined {
  const groups = new Map<string, { level: number; prefix: string; numbers: Set<string> }>();
  for (const { level, said } of sections) {
    for (const { prefix, digits } of said.words.filter((word) => RUN_WORDS.test(word.prefix))) {
      const key = `${level} ${prefix}`;
      const group = groups.get(key) ?? { level, prefix, numbers: new Set() };
      groups.set(key, group);
      group.numbers.add(digits);
    }
  }
  const [best] = [...groups.values()].sort((a, b) => b.numbers.size - a.numbers.size || a.level - b.level);
  if (best === undefined) return undefined;
  return { level: best.level, idOf: ({ words }) => words.find(({ prefix }) => prefix === best.prefix), isDated: () => false };
}

/** Behind the last line of a range that is neither blank nor a rule: blank lines and rules stand between entries, not in them. */
export function contentEnd(bytes: Uint8Array, { start, end, rules }: Readonly<{ start: number; end: number; rules: ReadonlySet<number> }>): number {
  let at = end;
  while (at > start) {
    const line = lineStart(bytes, start, at);
    if (!isBlank(bytes, line, at) && !rules.has(line)) return at;
    at = line;
  }
  return start;
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && (isBlankByte(bytes[at]) || bytes[at] === 10 || bytes[at] === 13)) at += 1;
  return at >= end;
}

/** Start of the line that ends at `end`. */
export function lineStart(bytes: Uint8Array, from: number, end: number): number {
  let at = end - 1;
  if (at > from && bytes[at] === 10 && bytes[at - 1] === 13) at -= 1;
  while (at > from && bytes[at - 1] !== 10 && bytes[at - 1] !== 13) at -= 1;
  return at;
}

/** What entries are ordered by, as comparable text: their numbers if most have one, else their times. `undefined` where there is neither. */
export function entryRanks({ entries, ids }: Entries): (string | undefined)[] {
  const numbered = ids.filter((id) => id !== undefined && id.kind !== 'stamp').length;
  if (numbered * 2 > ids.length) return ids.map((id) => (id === undefined || id.kind === 'stamp' ? undefined : idRank(id)));
  return entries.map(({ date }) => {
    const instant = instantOf(date);
    return instant === undefined ? undefined : String(instant).padStart(16, '0');
  });
}
