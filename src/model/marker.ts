/** Markers: the hidden HTML comments by which our entries and comments are found again. */
import { z } from 'zod';
import { pathName } from './data-paths.ts';

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

/** What every entry's marker starts with. */
export const MARKER_START = '<!-- audit-run-log:v1 ';
const END = ' -->';

/** One line without its end. Its alphabet is fixed, so that nothing in it can close the comment. */
export function formatMarker(marker: EntryMarker): string {
  const pairs = [
    ['key', marker.key], ['seq', marker.sequence], ['commit', marker.commit], ['tree', marker.tree], ['pr', marker.pullRequest],
    ['attempt-of', marker.attemptOf], ['content', marker.content], ['prev', marker.prev], ['digest', marker.digest],
  ].flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
  return `${MARKER_START}${pairs.join(' ')}${END}`;
}

/** What the marker of this key starts with, and no other one. */
export function markerStart(key: string): string {
  return `${MARKER_START}key=${key} `;
}

const WORD = '[A-Za-z0-9._-]{1,200}';
const COUNT = String.raw`[1-9]\d{0,14}`;
const OBJECT_ID = '[0-9a-f]{40}|[0-9a-f]{64}';
// A pattern, not the schema: a log may hold ten thousand markers.
const MARKER = new RegExp(
  `^${MARKER_START}key=(?<key>${WORD}) seq=(?<sequence>${COUNT}) commit=(?<commit>${OBJECT_ID}) tree=(?<tree>${OBJECT_ID})(?: pr=(?<pullRequest>${COUNT}))?`
  + `(?: attempt-of=(?<attemptOf>${WORD}))? content=(?<content>[0-9a-f]{16})(?: prev=(?<prev>[0-9a-f]{64}))? digest=(?<digest>[0-9a-f]{64})${END}$`,
);

/** `undefined` for any line that is not exactly what `formatMarker` writes. */
export function parseMarker(line: string): EntryMarker | undefined {
  const groups = MARKER.exec(line)?.groups;
  if (groups === undefined) return undefined;
  const { key = '', sequence, commit = '', tree = '', pullRequest, attemptOf, content = '', prev, digest = '' } = groups;
  return {
    key, sequence: Number(sequence), commit, tree,
    ...(pullRequest === undefined ? {} : { pullRequest: Number(pullRequest) }),
    ...(attemptOf === undefined ? {} : { attemptOf }),
    content,
    ...(prev === undefined ? {} : { prev }),
    digest,
  };
}

/** The first line of an audit's comment, one for each audit name. The name is encoded, so that nothing in it can close the comment. */
export function commentMarker(auditName: string): string {
  return `<!-- audit-run-log:comment:v1 name=${pathName(auditName)} -->`;
}
