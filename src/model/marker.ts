/** Markers: the hidden HTML comments by which our entries and comments are found again. */
import { pathName } from './data-paths.ts';
import type { EntryMarker } from './schema/marker.ts';

export type { EntryMarker } from './schema/marker.ts';

/** What every entry's marker starts with. */
export const MARKER_START = '<!-- audit-run-log:v1 ';
const END = ' -->';

/** One line without its end. Its alphabet is fixed, so that nothing in it can close the comment. */
export function formatMarker(marker: EntryMarker): string {
  const pairs = [
    ['key', marker.key], ['seq', marker.sequence], ['commit', marker.commit], ['tree', marker.tree], ['pr', marker.pullRequest],
    ['job', marker.job], ['attempt-of', marker.attemptOf], ['content', marker.content], ['prev', marker.prev], ['digest', marker.digest],
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
  + `(?: job=(?<job>[0-9a-f]{16}))?(?: attempt-of=(?<attemptOf>${WORD}))? content=(?<content>[0-9a-f]{16})(?: prev=(?<prev>[0-9a-f]{64}))? digest=(?<digest>[0-9a-f]{64})${END}$`,
);

/** `undefined` for any line that is not exactly what `formatMarker` writes. */
export function parseMarker(line: string): EntryMarker | undefined {
  const groups = MARKER.exec(line)?.groups;
  if (groups === undefined) return undefined;
  const { key = '', sequence, commit = '', tree = '', pullRequest, job, attemptOf, content = '', prev, digest = '' } = groups;
  return {
    key, sequence: Number(sequence), commit, tree,
    ...(pullRequest === undefined ? {} : { pullRequest: Number(pullRequest) }),
    ...(job === undefined ? {} : { job }),
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
