/** Run ids: how a log numbers its entries, and the number that comes next. */
import type { Entries } from './entries.ts';
import { readId, type HeadingId } from './heading.ts';
import type { IndexTable } from './index-table.ts';
import type { RunLog } from './run-log.ts';

/** `RUN-001`: prefix `RUN-`, width 3. Only the first three kinds have a number that can be counted on. */
export type IdScheme = Readonly<{
  kind: 'counter' | 'word-counter' | 'dated-counter' | 'stamp' | 'timestamp' | 'date' | 'none';
  prefix: string;
  /** Digits at least. */
  width: number;
}>;

const BUILT_IN: IdScheme = { kind: 'counter', prefix: 'RUN-', width: 3 };

/** From the entries, else the index, else the template, else the built-in one. */
export function readIdScheme({ entries, ids }: Entries, index: IndexTable | null, template: string | undefined): IdScheme {
  const known = ids.filter((id) => id !== undefined);
  const rows = index?.rows ?? [];
  const newest = mostCommonKind(known.length > 0 ? known : rows.flatMap(({ runId }) => readId(runId) ?? []));
  if (newest !== undefined) {
    const { kind, prefix } = newest;
    const listed = rows.flatMap(({ runId }) => (runId.startsWith(prefix) ? [runId.slice(prefix.length)] : [])).filter((digits) => /^\d+$/.test(digits));
    return { kind, prefix, width: widthOf([...known.filter((id) => id.prefix === prefix).map(({ digits }) => digits), ...listed]) };
  }
  if (entries.some(({ date }) => date !== undefined && date.length > 10)) return { kind: 'timestamp', prefix: '', width: 0 };
  if (entries.some(({ date }) => date !== undefined)) return { kind: 'date', prefix: '', width: 0 };
  return entries.length > 0 ? { kind: 'none', prefix: '', width: 0 } : (templateScheme(template) ?? BUILT_IN);
}

/** The last id of the most common prefix; dated prefixes are one. */
function mostCommonKind(ids: readonly HeadingId[]): HeadingId | undefined {
  const counts = new Map<string, { count: number; id: HeadingId }>();
  for (const id of ids) {
    const key = id.kind === 'counter' ? id.prefix : `${id.kind} ${id.prefix.replace(/\d[\d-]*[-_]$/, '')}`;
    const before = counts.get(key);
    const newest = before === undefined || id.prefix >= before.id.prefix ? id : before.id;
    counts.set(key, { count: (before?.count ?? 0) + 1, id: newest });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count)[0]?.id;
}

/** Leading zeros show the width; without any, numbers are written as they come. */
function widthOf(numbers: readonly string[]): number {
  let padded = 0;
  let shortest = Infinity;
  for (const digits of numbers) {
    if (digits.startsWith('0')) padded = Math.max(padded, digits.length);
    shortest = Math.min(shortest, digits.length);
  }
  return padded > 0 ? padded : shortest;
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
export function nextRunId(log: Pick<RunLog, 'entries' | 'index' | 'idScheme'>, known?: string): string {
  const { prefix, width } = isCounted(log.idScheme) ? log.idScheme : BUILT_IN;
  let highest = 0;
  const see = (id: string | null | undefined): void => {
    const digits = id?.startsWith(prefix) === true ? id.slice(prefix.length) : '';
    if (/^\d{1,15}$/.test(digits)) highest = Math.max(highest, Number(digits));
  };
  for (const { id } of log.entries) see(id);
  for (const { runId } of log.index?.rows ?? []) see(runId);
  see(known);
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
