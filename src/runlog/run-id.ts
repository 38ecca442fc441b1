/** Run ids: how a log numbers its entries, and the number that comes next. */
import type { Entries } from './entries.ts';
import { readId, type HeadingId } from './heading.ts';
import type { IndexTable } from './index-table.ts';
import type { RunLog } from './run-log.ts';
import { widthOf } from './tally.ts';

/** `RUN-001`: prefix `RUN-`, width 3. Only the first three kinds have a number that can be counted on. */
export type IdScheme = Readonly<{
  kind: 'counter' | 'word-counter' | 'dated-counter' | 'stamp' | 'timestamp' | 'date' | 'none';
  prefix: string;
  /** Digits at least. */
  width: number;
}>;

/** Of a number that is counted on; with fewer it may not be a time, where ids are times. */
const MOST_DIGITS = 15;
const FEWEST_OF_TIME = 12;
const BUILT_IN: IdScheme = { kind: 'counter', prefix: 'RUN-', width: 3 };

/** From the entries, else the index, else the template, else the built-in one. */
export function readIdScheme(entries: Entries, index: IndexTable | null, template: string | undefined): IdScheme {
  const known = knownIds(entries);
  const newest = mostCommonKind(known.length > 0 ? known : listedIds(index));
  if (newest !== undefined) {
    const { kind, prefix } = newest;
    const listed = (index?.otherIds ?? []).flatMap(({ runId }) => digitsBehind(prefix, runId) ?? []);
    const digits = [...entries.otherIds.filter(({ id }) => id.prefix === prefix).map(({ id }) => id.digits), ...listed];
    const tallies = [...entries.families, ...(index?.tallies ?? [])].filter((tally) => tally.prefix === prefix);
    return { kind, prefix, width: widthOf(tallies, digits) };
  }
  const dates = entries.dates();
  if (dates.some((date) => date !== undefined && date.length > 10)) return { kind: 'timestamp', prefix: '', width: 0 };
  if (dates.some((date) => date !== undefined)) return { kind: 'date', prefix: '', width: 0 };
  return entries.count > 0 ? { kind: 'none', prefix: '', width: 0 } : (templateScheme(template) ?? BUILT_IN);
}

/** Ids of one prefix, or one; `first`: where the first of them stands among all. */
type Ids = Readonly<{ kind: HeadingId['kind']; prefix: string; first: number; count: number }>;

function knownIds({ families, otherIds }: Entries): Ids[] {
  const numbered = families.map(({ prefix, first, count }): Ids => ({ kind: 'counter', prefix, first, count }));
  return [...numbered, ...otherIds.map(({ id, section }) => ({ kind: id.kind, prefix: id.prefix, first: section, count: 1 }))].sort((a, b) => a.first - b.first);
}

function listedIds(index: IndexTable | null): Ids[] {
  const numbered = (index?.tallies ?? []).map(({ prefix, first, count }): Ids => ({ kind: 'counter', prefix, first, count }));
  const others = (index?.otherIds ?? []).flatMap(({ runId, row }): Ids[] => {
    const id = readId(runId);
    return id === undefined ? [] : [{ kind: id.kind, prefix: id.prefix, first: row, count: 1 }];
  });
  return [...numbered, ...others].sort((a, b) => a.first - b.first);
}

/** The last id of the most common prefix; dated prefixes are one. */
function mostCommonKind(ids: readonly Ids[]): Ids | undefined {
  const counts = new Map<string, { count: number; id: Ids }>();
  for (const id of ids) {
    const key = id.kind === 'counter' ? id.prefix : `${id.kind} ${id.prefix.replace(/\d[\d-]*[-_]$/, '')}`;
    const before = counts.get(key);
    const newest = before === undefined || id.prefix >= before.id.prefix ? id : before.id;
    counts.set(key, { count: (before?.count ?? 0) + id.count, id: newest });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count)[0]?.id;
}

/** `undefined` if an id is of another prefix or no number. */
function digitsBehind(prefix: string, id: string): string | undefined {
  const digits = id.startsWith(prefix) ? id.slice(prefix.length) : '';
  return /^\d+$/.test(digits) ? digits : undefined;
}

function templateScheme(template: string | undefined): IdScheme | undefined {
  const { 1: prefix, 2: mark } = /^#{1,6}[ \t]+(?:[A-Za-z]+[ \t]+)?([A-Z][A-Za-z_-]*[-_]|#)(<[^<>]+>|N+|X+)/m.exec(template ?? '') ?? [];
  if (prefix === undefined || mark === undefined) return undefined;
  return { kind: 'counter', prefix, width: Math.min(mark.replace(/[<>]/g, '').length, 6) };
}

/**
 * The highest number + 1 over entries, index rows and `known` (an id that stands elsewhere), of the log's own prefix and width; gaps are never filled.
 * A log whose ids are no numbers gets ids of the built-in form.
 */
export function nextRunId({ places, index, idScheme }: Pick<RunLog, 'places' | 'index' | 'idScheme'>, known = ''): string {
  const { prefix, width } = isCounted(idScheme) ? idScheme : BUILT_IN;
  const most = isCounted(idScheme) ? MOST_DIGITS : FEWEST_OF_TIME - 1;
  let highest = 0;
  for (const tally of [...places.families, ...(index?.tallies ?? [])]) if (tally.prefix === prefix) highest = Math.max(highest, tally.highest);
  const others = [...places.otherIds.map(({ id }) => id.text), ...(index?.otherIds ?? []).map(({ runId }) => runId), known];
  for (const id of others) {
    const digits = digitsBehind(prefix, id) ?? '';
    if (digits.length <= most) highest = Math.max(highest, Number(digits));
  }
  return `${prefix}${String(highest + 1).padStart(width, '0')}`;
}

/** Whether the ids of a log count up, so that the next one follows from the last. */
export function isCounted({ kind }: IdScheme): boolean {
  return kind === 'counter' || kind === 'word-counter' || kind === 'dated-counter';
}

/** The scheme for a reader: `RUN-NNN`, `#NNN`, `timestamp`. */
export function describeScheme({ kind, prefix, width }: IdScheme): string {
  if (kind === 'counter' || kind === 'word-counter') return `${prefix}${'N'.repeat(Math.max(1, width))}`;
  const bare = prefix.replace(/\d{4}-\d{2}-\d{2}[-_]$|\d{8}[-_]$/, '');
  if (kind === 'dated-counter') return `${bare}<date>-${'N'.repeat(Math.max(1, width))}`;
  return kind === 'stamp' ? `${bare}<timestamp>` : kind;
}
