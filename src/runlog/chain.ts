/** The chain of the entries that were made here: each marker holds the digest of its entry and of the marked entry before. */
import { createHash } from 'node:crypto';
import type { PlacedMarker } from './markers.ts';
import type { LintProblem } from './lints.ts';
import type { RunLog } from './run-log.ts';

/** Entries whose text is no longer what was recorded. */
export function changedEntries(log: RunLog): LintProblem[] {
  return log.entries.flatMap((entry) => {
    const own = log.markers.find(({ start }) => start >= entry.start && start < entry.end);
    if (own === undefined || digestBetween(log, entry.start, own.start) === own.marker.digest) return [];
    return [{ line: entry.line, message: `${entry.id ?? entry.heading} is not the text that was recorded` }];
  });
}

/** As it was recorded, with `\n` line ends. */
function digestBetween({ bytes }: RunLog, start: number, end: number): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1').replaceAll('\r\n', '\n');
  return createHash('sha256').update(text, 'latin1').digest('hex');
}

/** Places at which an entry that was recorded is not there. */
export function missingEntries({ markers, scan }: RunLog): LintProblem[] {
  const chain = [...markers].sort((a, b) => a.marker.sequence - b.marker.sequence);
  return chain.flatMap((link, at) => {
    const message = breakOf(chain[at - 1], link);
    return message === undefined ? [] : [{ line: scan.lineOf(link.start), message }];
  });
}

function breakOf(before: PlacedMarker | undefined, { marker }: PlacedMarker): string | undefined {
  const missing = marker.sequence - (before?.marker.sequence ?? 0) - 1;
  if (missing > 0) return `${missing} recorded ${missing === 1 ? 'entry is' : 'entries are'} missing before this marker`;
  if (missing < 0) return 'the number of this marker stands in another one, too';
  return marker.prev === before?.marker.digest ? undefined : 'this marker does not follow the one before';
}
