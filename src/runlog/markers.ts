/** Markers in a log: where they count, and how an entry is found again by one. */
import { AuditError } from '../errors.ts';
import { MARKER_START, markerStart, parseMarker, type EntryMarker } from '../model/marker.ts';
import { countBefore } from './ascending.ts';
import type { LogEntry } from './entries.ts';
import type { RunLog } from './run-log.ts';
import type { Block, Scan } from './scan-state.ts';

/** A marker line at its own place: an HTML comment alone on its line, in an entry, in no fence, list or quote. */
export type PlacedMarker = Readonly<{ marker: EntryMarker; start: number }>;

/** Markers between two offsets, in file order, in an entry or not. */
export function markersBetween({ text, blocks }: Pick<Scan, 'text' | 'blocks'>, start: number, end: number): PlacedMarker[] {
  const found: PlacedMarker[] = [];
  for (let at = countBefore(blocks.length, (before) => (blocks[before]?.start ?? 0) < start); at < blocks.length; at += 1) {
    const block = blocks[at];
    if (block === undefined || block.start >= end) break;
    const marker = markerOf(text, block);
    if (marker !== undefined) found.push({ marker, start: block.start });
  }
  return found;
}

function markerOf(text: string, { kind, root, start, end }: Block): EntryMarker | undefined {
  return kind === 'comment' && root ? parseMarker(text.slice(start, end).replace(/[\r\n]+$/, '')) : undefined;
}

/** The entry that was recorded under this key. Throws DUPLICATE_KEY if two marker lines carry it. */
export function findEntryByKey({ scan, places, path }: RunLog, key: string): LogEntry | undefined {
  const start = markerStart(key);
  const [found, second] = scan.blocks.filter((block) => scan.text.startsWith(start, block.start) && markerOf(scan.text, block) !== undefined && places.positionOf(block.start) >= 0);
  if (found === undefined) {
    assertNowhere(scan, { path, start });
    return undefined;
  }
  if (second !== undefined) {
    const [line, secondLine] = [scan.lineOf(found.start), scan.lineOf(second.start)];
    throw new AuditError('DUPLICATE_KEY', { message: `${path}: the markers in lines ${line} and ${secondLine} carry one key, ${key}.`, path });
  }
  return places.at(places.positionOf(found.start));
}

/** A marker line with blanks around it still says that its run is recorded. In a fence, in a quote or within a line it is data. */
function assertNowhere({ text, blocks, lineOf }: Scan, { path, start }: Readonly<{ path: string; start: string }>): void {
  for (let at = text.indexOf(start); at >= 0; at = text.indexOf(start, at + 1)) {
    const before = text.slice(text.lastIndexOf('\n', at) + 1, at);
    const lineEnd = text.indexOf('\n', at);
    const line = text.slice(at, lineEnd < 0 ? text.length : lineEnd).replace(/\r$/, '');
    const isMoved = /^[ \t]*$/.test(before) && (before !== '' || line !== line.trimEnd());
    if (!isMoved || blocks.some(({ kind, start: from, end }) => kind === 'fence' && from < at && at < end)) continue;
    throw new AuditError('MARKER_DISPLACED', { message: `${path}: line ${lineOf(at)} holds the marker of this key with blanks around it.`, path });
  }
}

/** The marker with the highest sequence number that stands in an entry; of two with the same one, that of the newer entry. */
export function newestMarker({ scan, places, order }: RunLog): EntryMarker | undefined {
  const { text, blocks } = scan;
  let newest: EntryMarker | undefined;
  // From the newest entry on: none of the markers behind its own needs to be read whole.
  for (let step = 0; step < blocks.length; step += 1) {
    const block = blocks[order === 'newest-first' ? step : blocks.length - 1 - step];
    if (block === undefined || !(sequenceOf(text, block) > (newest?.sequence ?? 0))) continue;
    const marker = markerOf(text, block);
    if (marker !== undefined && places.positionOf(block.start) >= 0) newest = marker;
  }
  return newest;
}

/** The run id of the newest entry whose marker is one of those meant. */
export function newestIdByMarker({ markers, places }: RunLog, isMeant: (marker: EntryMarker) => boolean): string | undefined {
  const found = markers.filter(({ marker }) => isMeant(marker)).reduce<PlacedMarker | undefined>((newest, one) => (newest === undefined || one.marker.sequence > newest.marker.sequence ? one : newest), undefined);
  return found === undefined ? undefined : places.at(places.positionOf(found.start))?.id ?? undefined;
}

/** 0 or not a number where no marker stands. */
function sequenceOf(text: string, { start, end }: Block): number {
  if (!text.startsWith(MARKER_START, start)) return 0;
  const line = text.slice(start, end);
  return Number.parseInt(line.slice(line.indexOf(' seq=') + 5), 10);
}
