/** Entries: which headings of a log begin one, and how far each reaches. */
import type { EntryMarker } from '../model/marker.ts';
import { countBefore } from './ascending.ts';
import { chooseRule, type EntryRule, type RuleSource } from './entry-rule.ts';
import { idRank, instantOf, type HeadingId } from './heading.ts';
import { isBlankByte } from './line.ts';
import type { PlacedMarker } from './markers.ts';
import type { Scan } from './scan-state.ts';
import type { Sections } from './sections.ts';
import type { Tally } from './tally.ts';

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

/** Where the entries lie. What one says is read when it is asked for: of ten thousand, appending needs a few. */
export type Entries = Readonly<{
  level: number;
  count: number;
  /** The entry at this position in file order, from 0; negative ones count from the end. */
  at: (position: number) => LogEntry | undefined;
  /** Position of the entry that holds the line at this offset, which is neither blank nor a rule; -1 where none does. */
  positionOf: (offset: number) => number;
  /** Positions of the headings that stand in no entry. */
  outside: readonly number[];
  /** The ids: numbers by prefix, and those of another form. */
  families: readonly Tally[];
  otherIds: readonly OtherId[];
  /** As written, in file order. */
  dates: () => (string | undefined)[];
  /** What the entries are ordered by, in file order: their numbers if most have one, else their times. `undefined` where there is neither. */
  ranks: () => (number | undefined)[];
}>;

/** `section`: position of its heading; `entry`: of its entry. */
type OtherId = Readonly<{ id: HeadingId; section: number; entry: number }>;

export type EntrySource = Omit<RuleSource, 'title'> & Readonly<{
  bytes: Uint8Array;
  scan: Scan;
  markersIn: (start: number, end: number) => readonly PlacedMarker[];
}>;

/** By entry: the position of its heading, and where the next section of its level or a higher one starts. */
type Places = Readonly<{ sections: number[]; stops: number[]; otherIds: OtherId[]; outside: number[] }>;

export function readEntries(source: EntrySource): Entries {
  const { sections } = source;
  const rule = chooseRule({ ...source, title: titleOf(sections) });
  const places = findPlaces(source, rule);
  const count = places.sections.length;
  const startOf = (position: number): number => sections.headings[places.sections[position] ?? -1]?.start ?? Infinity;
  const families = sections.families.filter(({ level }) => level === rule.level);
  const dates = (): (string | undefined)[] => places.sections.map((at) => sections.said(at).date);
  return {
    level: rule.level, count, families, dates,
    otherIds: places.otherIds, outside: places.outside,
    at: (position) => entryAt(source, places, position < 0 ? count + position : position),
    positionOf: (offset) => {
      const position = countBefore(count, (before) => startOf(before) <= offset) - 1;
      return (places.stops[position] ?? -1) > offset ? position : -1;
    },
    ranks: () => readRanks({ sections, places, families, dates }),
  };
}

/** Position of the title, which is no entry; -1 where there is none. */
function titleOf({ headings }: Sections): number {
  return headings[0]?.level === 1 && headings.findIndex(({ level }, at) => at > 0 && level === 1) < 0 ? 0 : -1;
}

function findPlaces(source: EntrySource, rule: EntryRule): Places {
  const { headings, familyAt } = source.sections;
  const title = titleOf(source.sections);
  const places: Places = { sections: [], stops: [], otherIds: [], outside: [] };
  const { level } = rule;
  for (let at = 0, reach = 0; at < headings.length; at += 1) {
    if (headings[at]?.level === level && at !== title) {
      let next = at + 1;
      while ((headings[next]?.level ?? 0) > level) next += 1;
      const stop = headings[next]?.start ?? source.bytes.length;
      if (familyAt[at] !== undefined || isEntry(source, rule, { at, stop, places })) {
        places.sections.push(at);
        places.stops.push(stop);
        reach = stop;
      }
    }
    if ((headings[at]?.start ?? 0) >= reach) places.outside.push(at);
  }
  return places;
}

type Candidate = Readonly<{ at: number; stop: number; places: Places }>;

/** Of a heading without a number; keeps its id if it has one. */
function isEntry({ sections, markersIn }: EntrySource, rule: EntryRule, { at, stop, places }: Candidate): boolean {
  const said = sections.said(at);
  if (said.placeholder) return false;
  const id = rule.idOf(said);
  if (id !== undefined) places.otherIds.push({ id, section: at, entry: places.sections.length });
  return id !== undefined || rule.isDated(said) || markersIn(sections.headings[at]?.start ?? 0, stop).length > 0;
}

function entryAt({ bytes, scan, sections, markersIn }: EntrySource, { sections: found, stops, otherIds }: Places, position: number): LogEntry | undefined {
  const at = found[position] ?? -1;
  const heading = sections.headings[at];
  const stop = stops[position];
  if (heading === undefined || stop === undefined) return undefined;
  const { start } = heading;
  const said = sections.said(at);
  const id = sections.familyAt[at] === undefined ? otherIds[countBefore(otherIds.length, (before) => (otherIds[before]?.entry ?? 0) < position)] : { id: said.id, entry: position };
  return {
    id: (id?.entry === position ? id.id?.text : undefined) ?? (said.date !== undefined && said.date.length > 10 ? said.date : null),
    heading: said.text,
    get line() { return scan.lineOf(start); },
    start,
    end: contentEnd(bytes, { start, end: stop, rules: scan.rules }),
    date: said.date,
    marker: markersIn(start, stop)[0]?.marker,
  };
}

type RankSource = Readonly<{ sections: Sections; places: Places; families: readonly Tally[]; dates: Entries['dates'] }>;

function readRanks({ sections, places, families, dates }: RankSource): (number | undefined)[] {
  const counted = places.otherIds.filter(({ id }) => id.kind !== 'stamp');
  const numbered = families.reduce((sum, { count }) => sum + count, counted.length);
  if (numbered * 2 <= places.sections.length) return dates().map(instantOf);
  const ranks = places.sections.map((at) => (sections.familyAt[at] === undefined ? undefined : sections.numbers[at]));
  for (const { id, entry } of counted) ranks[entry] = idRank(id);
  return ranks;
}

/** Behind the last line of a range that is neither blank nor a rule: blank lines and rules stand between entries, not in them. `rules` ascend. */
export function contentEnd(bytes: Uint8Array, { start, end, rules }: Readonly<{ start: number; end: number; rules: readonly number[] }>): number {
  let at = end;
  while (at > start) {
    const line = lineStart(bytes, start, at);
    if (!isBlank(bytes, line, at) && !isRuleAt(rules, line)) return at;
    at = line;
  }
  return start;
}

/** Whether a rule starts at this offset. */
export function isRuleAt(rules: readonly number[], offset: number): boolean {
  return rules[countBefore(rules.length, (before) => (rules[before] ?? 0) < offset)] === offset;
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
