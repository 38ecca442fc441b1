/** Outcomes: what each entry of a log says came out of its run. */
import type { EntryLabel } from '../model/entry-style.ts';
import type { LogEntry } from './entries.ts';
import { isHint, plainValue } from './labels.ts';
import { asBuffer, decode } from './line.ts';
import type { Block } from './scan-state.ts';

/** `2026-02-19 - P2 (FAILED / BLOCKED)`: the outcome stands in the heading. */
const IN_HEADING = /\(((?:pass|passed|fail|failed|blocked|partial|skipped)(?: \/ [a-z]+)?)\)/i;
/** A label line, whose label is what was searched for. */
const LINE = /^[ \t]*[-*+][ \t]+(?:\*\*|__)?[^`:*]{1,60}(?:\*\*|__)?:(?:\*\*|__)?[ \t]+(\S.*)$/;

type OutcomeSource = Readonly<{ bytes: Uint8Array; blocks: readonly Block[]; labels: readonly EntryLabel[] }>;

/** The outcome of an entry, searched when it is asked for: numbering and appending need none. */
export function outcomeReader({ bytes, blocks, labels }: OutcomeSource): (entry: Pick<LogEntry, 'start' | 'end' | 'heading'>) => string | undefined {
  const label = labels.find(({ field }) => field === 'outcome')?.label ?? 'Outcome';
  return ({ start, end, heading }) => {
    const entry = asBuffer(bytes).subarray(start, end);
    for (let at = entry.indexOf(label); at >= 0; at = entry.indexOf(label, at + 1)) {
      const outcome = isOpaque(blocks, start + at) ? undefined : outcomeAt(entry, at);
      if (outcome !== undefined) return outcome;
    }
    return IN_HEADING.exec(heading)?.[1];
  };
}

/** The value of the label line around `at`. */
function outcomeAt(entry: Uint8Array, at: number): string | undefined {
  let from = at;
  while (from > 0 && entry[from - 1] !== 10 && entry[from - 1] !== 13) from -= 1;
  let to = at;
  while (to < entry.length && entry[to] !== 10 && entry[to] !== 13) to += 1;
  const value = LINE.exec(decode(entry, from, to))?.[1]?.trim() ?? '';
  return value === '' || isHint(value) ? undefined : plainValue(value);
}

function isOpaque(blocks: readonly Block[], at: number): boolean {
  let [low, high] = [0, blocks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((blocks[middle]?.end ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return (blocks[low]?.start ?? Infinity) <= at;
}
