/** Marks of findings that entries say were opened or closed, counted where they can be seen. */
import { isHint, listLines, readLabels, type Label } from './labels.ts';
import { decode } from './line.ts';
import type { RunLog } from './run-log.ts';

const OPENED = /^(?:⏳|(?:re)?opened P[0-3] |(?:\*\*|__)opened(?:\*\*|__)?\b)/iu;
const CLOSED = /^(?:✅|closed P[0-3] |(?:\*\*|__)closed(?:\*\*|__)?\b)/iu;
/** "None", "N/A", "No findings …": a line that says that there is nothing. */
const NOTHING = /^(?:none|n\/a|no|nothing|tbd|-)\b/i;

/** 0 where a log does not mark its findings. A line counts once. */
export function countFindings({ bytes, entries }: Pick<RunLog, 'bytes' | 'entries'>): { opened: number; closed: number } {
  const count = { opened: 0, closed: 0 };
  for (const { heading, start, end } of entries) {
    if (/\[open\]/i.test(heading)) count.opened += 1;
    else if (/\[(?:resolved|closed)\]/i.test(heading)) count.closed += 1;
    const rows = listLines(decode(bytes, start, end));
    const labels = readLabels(rows, 'entry').flatMap((label) => [label, ...label.children]);
    const opened = linesBelow(labels, 'findings-opened');
    const closed = linesBelow(labels, 'findings-closed');
    for (const { text, line } of rows) {
      if (CLOSED.test(text) || closed.has(line)) count.closed += 1;
      else if (OPENED.test(text) || opened.has(line)) count.opened += 1;
    }
  }
  return count;
}

/** Numbers of the lines that list findings of this field. */
function linesBelow(labels: readonly Label[], field: Label['field']): ReadonlySet<number> {
  const items = labels.filter((label) => label.field === field).flatMap(({ items: below }) => below);
  return new Set(items.filter(({ text }) => !NOTHING.test(text) && !isHint(text)).map(({ line }) => line));
}
