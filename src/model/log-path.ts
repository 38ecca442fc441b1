/** The path of the run log: checked before anything is read or written by it. */
import { AuditError } from '../errors.ts';

/**
 * Answers with the path as given. It is relative to the repository's top, with `/`, ends in `.md`, and means the same file on every system.
 * Throws LOG_PATH, exit code 2.
 */
export function parseLogPath(text: string): string {
  const fault = pathFault(text) ?? (/[^/]\.md$/.test(text) ? null : 'it must end in `.md`');
  if (fault === null) return text;
  throw new AuditError('LOG_PATH', { message: `The log path ${JSON.stringify(text)} cannot be used: ${fault}.`, exitCode: 2 });
}

/** What keeps a path from being used inside a repository; `null` if nothing does. The forms are those that some system or git takes for another file or for an option. */
export function pathFault(text: string): string | null {
  if (text === '') return 'it is empty';
  if (/[\0-\x1f\x7f-\x9f\u2028\u2029\p{Bidi_Control}]/u.test(text)) return 'it holds control characters';
  if (text.includes('\\')) return 'it holds a backslash; write `/` between folders';
  if (text.startsWith('/') || /^[A-Za-z]:/.test(text)) return 'it must be relative to the repository';
  if (text.includes(':')) return 'it holds a colon, which Windows keeps for drives and streams';
  if (/^[~-]/.test(text)) return `it starts with \`${text.slice(0, 1)}\``;
  const segments = text.split('/');
  return segments.map(segmentFault).find((fault) => fault !== null) ?? null;
}

function segmentFault(segment: string): string | null {
  if (segment === '') return 'it names a folder, or holds an empty name between slashes';
  if (segment === '.' || segment === '..') return `it holds \`${segment}\``;
  if (/[. ]$/.test(segment)) return 'a name in it ends with a dot or a blank, which some systems drop';
  if (segment.startsWith(' ')) return 'a name in it starts with a blank';
  if (isGitFolder(segment)) return `it lies in \`${segment}\``;
  return null;
}

/** In any case, with the characters that some file systems ignore (as git's own `core.protectHFS` and `core.protectNTFS`). */
function isGitFolder(segment: string): boolean {
  const plain = segment.replace(/[\u200c-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, '').toLowerCase();
  return plain === '.git' || plain === '.github' || plain === 'git~1';
}
