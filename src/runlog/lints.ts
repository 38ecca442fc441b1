/** The rules that a run log is checked by. */
import type { EntryField } from '../model/entry-style.ts';
import { changedEntries, missingEntries } from './chain.ts';
import type { CheckLevel } from './check.ts';
import { instantOf } from './heading.ts';
import type { IndexCells, IndexRow } from './index-table.ts';
import { isHint, listLines, plainValue, readLabels, type Label } from './labels.ts';
import { decode } from './line.ts';
import { outOfOrder } from './order.ts';
import { isCounted } from './run-id.ts';
import type { LogEntry, RunLog } from './run-log.ts';

export type LintProblem = Readonly<{ line: number; message: string }>;
type Lint = Readonly<{ rule: string; level: CheckLevel; check: (log: RunLog) => LintProblem[] }>;

export const LINTS: readonly Lint[] = [
  { rule: 'duplicate-id', level: 'error', check: duplicateIds },
  { rule: 'missing-index-row', level: 'error', check: missingRows },
  { rule: 'index-mismatch', level: 'error', check: mismatches },
  { rule: 'entry-changed', level: 'error', check: changedEntries },
  { rule: 'entry-missing', level: 'error', check: missingEntries },
  { rule: 'index-row-without-entry', level: 'warning', check: rowsWithoutEntry },
  { rule: 'order', level: 'warning', check: misplaced },
  { rule: 'placeholder-left', level: 'warning', check: placeholders },
];

/** Ids that count or name a run; timestamps and dates may repeat. */
function duplicateIds(log: RunLog): LintProblem[] {
  if (!isCounted(log.idScheme) && log.idScheme.kind !== 'stamp') return [];
  const first = new Map<string, number>();
  return log.entries.flatMap(({ id, line }) => {
    if (id === null) return [];
    const before = first.get(id);
    if (before !== undefined) return [{ line, message: `${id} already stands in line ${before}` }];
    first.set(id, line);
    return [];
  });
}

function rowsById({ index }: RunLog): ReadonlyMap<string, IndexRow> {
  return new Map((index?.rows ?? []).map((row) => [row.runId, row]));
}

function missingRows(log: RunLog): LintProblem[] {
  if (log.index === null) return [];
  const rows = rowsById(log);
  const indexLine = log.scan.lineOf(log.index.start);
  return log.entries.flatMap(({ id, line }) => (id === null || rows.has(id) ? [] : [{ line, message: `${id} has no row in the index of line ${indexLine}` }]));
}

function rowsWithoutEntry(log: RunLog): LintProblem[] {
  const ids = new Set(log.entries.map(({ id }) => id));
  const rows = (log.index?.rows ?? []).filter((row) => !ids.has(row.runId) && !isBootstrap(log.index?.cellsOf(row) ?? {}));
  return rows.map(({ runId, line }) => ({ line, message: `the row of ${runId} has no entry` }));
}

/** A row that stands for "no run yet": neither time nor commit. */
function isBootstrap(cells: IndexCells): boolean {
  const told = [cells.start, cells.end, cells.date, cells.commit].filter((cell) => cell !== undefined);
  return told.length > 0 && told.every(isEmptyMark);
}

function isEmptyMark(value: string): boolean {
  return /^(?:n\/?a|none|-|–|—|)$/i.test(value.trim());
}

const COMPARED = ['branch', 'commit', 'mode', 'outcome'] as const;

function mismatches(log: RunLog): LintProblem[] {
  if (log.index === null) return [];
  const rows = rowsById(log);
  const { cellsOf } = log.index;
  return log.entries.flatMap((entry) => {
    const row = entry.id === null ? undefined : rows.get(entry.id);
    if (row === undefined) return [];
    const labels = labelsOf(log, entry);
    const cells = cellsOf(row);
    const fields = COMPARED.flatMap((field) => difference(field, cells[field], valueOf(labels, field)));
    const end = difference('end', cells.end, valueOf(labels, 'end') ?? entry.date);
    return [...fields, ...end].map((told) => ({ line: row.line, message: `${row.runId}: ${told}; the entry stands in line ${entry.line}` }));
  });
}

function difference(field: EntryField, listed: string | undefined, stated: string | undefined): string[] {
  if (listed === undefined || stated === undefined || stated === '' || isEmptyMark(listed) || isHint(stated)) return [];
  return isSameValue(field, listed, stated) ? [] : [`${field} is ${shorten(listed)} in the index and ${shorten(stated)} in the entry`];
}

function isSameValue(field: EntryField, listed: string, stated: string): boolean {
  if (field === 'end') {
    const [a, b] = [instantOf(listed), instantOf(stated)];
    const isDay = listed.length <= 10 || stated.length <= 10;
    return a === undefined || b === undefined || a === b || (isDay && listed.slice(0, 10) === stated.slice(0, 10));
  }
  const [a, b] = [listed, stated].map((value) => plainValue(value).toLowerCase().replace(/\s+/g, ' '));
  if (a === undefined || b === undefined || a === b) return true;
  if (field === 'commit') return a.length >= 7 && b.length >= 7 && (a.startsWith(b) || b.startsWith(a));
  // An entry may give the reason behind the word.
  return field === 'outcome' && stated.length > listed.length && /^[\s`*_]*[(,;:.–—-]/.test(afterWord(stated, listed));
}

function afterWord(stated: string, listed: string): string {
  const text = stated.replace(/^[`*_]+/, '');
  const word = plainValue(listed);
  return text.toLowerCase().startsWith(word.toLowerCase()) ? text.slice(word.length) : '';
}

function shorten(value: string): string {
  return value.length > 60 ? `${value.slice(0, 59)}…` : value;
}

function labelsOf(log: RunLog, { start, end, line }: LogEntry): Label[] {
  return readLabels(listLines(decode(log.bytes, start, end), line), 'entry');
}

function valueOf(labels: readonly Label[], field: EntryField): string | undefined {
  const value = labels.find((label) => label.field === field)?.value;
  return value === undefined ? undefined : plainValue(value);
}

function misplaced({ entries, order, ranks }: RunLog): LintProblem[] {
  return outOfOrder(order, ranks).flatMap((at) => {
    const [before, entry] = [entries[at - 1], entries[at]];
    if (entry === undefined) return [];
    return [{ line: entry.line, message: `${nameOf(entry)} stands behind ${before === undefined ? 'a later one' : nameOf(before)}, but the log is written ${order}` }];
  });
}

function nameOf({ id, heading }: LogEntry): string {
  return id ?? shorten(heading);
}

const LEFT = /^`?(?:TBD|TODO|TBC|YYYY-MM-DD|\.{3}|…|<(?!https?:|\/|!|br\b|details\b|summary\b|img\b|a\b)[^<>@]{1,60}>)`?\.?$/i;

/** Values and whole lines that a person was to replace; a word like that inside a sentence is none. */
function placeholders(log: RunLog): LintProblem[] {
  return log.entries.flatMap((entry) => listLines(decode(log.bytes, entry.start, entry.end), entry.line).flatMap(({ text, line }) => {
    const value = /^[^`:]{1,60}:(?:\*\*|__)?[ \t]+(.+)$/.exec(text)?.[1] ?? text;
    return LEFT.test(value) || isEnumHint(value) ? [{ line, message: `${nameOf(entry)} still holds ${shorten(value)}` }] : [];
  }));
}

function isEnumHint(value: string): boolean {
  return /^`[^`]+`(?:\s*\|\s*`[^`]+`)+$/.test(value);
}
