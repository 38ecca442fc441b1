/** Markers: the hidden HTML comments by which our entries and comments are found again. */
import { z } from 'zod';

const word = z.string().regex(/^[A-Za-z0-9._-]{1,200}$/);
const hex = (length: number) => z.string().regex(new RegExp(`^[0-9a-f]{${length}}$`));

/** Every entry carries one, from the first on (security reference, 6): which recording it is, and a chain over what was written. */
export const EntryMarkerSchema = z.object({
  key: word,
  /** Counts the marked entries of the log from 1. */
  sequence: z.number().int().positive(),
  commit: z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/),
  tree: z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/),
  pullRequest: z.number().int().positive().optional(),
  /** Run id of the entry of the attempt before, when a run was repeated. */
  attemptOf: word.optional(),
  /** SHA-256 (first 16 hex digits) of what was recorded: same key, other content means a key was used twice. */
  content: hex(16),
  /** `digest` of the marked entry before this one; absent in the first. */
  prev: hex(64).optional(),
  /** SHA-256 of the entry's bytes before the marker, from the heading's first byte, with `\n` line ends. */
  digest: hex(64),
});
export type EntryMarker = Readonly<z.infer<typeof EntryMarkerSchema>>;

const START = '<!-- audit-run-log:v1 ';
const END = ' -->';

/** One line without its end. Its alphabet is fixed, so that nothing in it can close the comment. */
export function formatMarker(marker: EntryMarker): string {
  const pairs = [
    ['key', marker.key], ['seq', marker.sequence], ['commit', marker.commit], ['tree', marker.tree], ['pr', marker.pullRequest],
    ['attempt-of', marker.attemptOf], ['content', marker.content], ['prev', marker.prev], ['digest', marker.digest],
  ].flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
  return `${START}${pairs.join(' ')}${END}`;
}

/** `undefined` for any line that is not exactly a marker of this version. */
export function parseMarker(line: string): EntryMarker | undefined {
  if (!line.startsWith(START) || !line.endsWith(END)) return undefined;
  const pairs = new Map(line.slice(START.length, -END.length).split(' ').map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  }));
  const count = (name: string): number | undefined => (pairs.has(name) ? Number(pairs.get(name)) : undefined);
  const parsed = EntryMarkerSchema.safeParse({
    key: pairs.get('key'), sequence: count('seq'), commit: pairs.get('commit'), tree: pairs.get('tree'), pullRequest: count('pr'),
    attemptOf: pairs.get('attempt-of'), content: pairs.get('content'), prev: pairs.get('prev'), digest: pairs.get('digest'),
  });
  return parsed.success ? parsed.data : undefined;
}
