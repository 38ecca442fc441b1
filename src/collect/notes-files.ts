/** Notes files, found by their patterns and read as text. */
import { AuditError } from '../errors.ts';
import type { FileSource } from '../host/ports.ts';
import type { Problem } from '../model/problem.ts';

/** Notes are written by hand: more or longer ones are a wrong pattern. */
const NOTES_FILES = 100;
const NOTES_BYTES = 1_000_000;

export type NotesSource = Readonly<{ path: string; sha256: string; text: string }>;

/** In path order. Files that cannot be read are told and left out. */
export async function readNotesFiles(files: FileSource, patterns: readonly string[]): Promise<{ sources: NotesSource[]; problems: Problem[] }> {
  if (patterns.length === 0) return { sources: [], problems: [] };
  const paths = await files.glob(patterns, NOTES_FILES);
  const told = patterns.map((pattern) => `\`${pattern}\``).join(' ');
  if (paths.length === 0) return { sources: [], problems: [{ code: 'NOTES_UNREADABLE', message: `notes: no file matches ${told}.` }] };
  if (paths.length > NOTES_FILES) return { sources: [], problems: [{ code: 'NOTES_UNREADABLE', message: `notes: more than ${NOTES_FILES} files match ${told}; none of them was read.` }] };
  const sources: NotesSource[] = [];
  const problems: Problem[] = [];
  for (const path of paths) {
    try {
      const pieces: Uint8Array[] = [];
      const { sha256 } = await files.read(path, { bytes: NOTES_BYTES }, (piece) => pieces.push(Uint8Array.from(piece)));
      sources.push({ path, sha256, text: new TextDecoder('utf-8').decode(Buffer.concat(pieces)) });
    } catch (error) {
      if (!(error instanceof AuditError)) throw error;
      problems.push({ code: 'NOTES_UNREADABLE', message: `notes: ${error.message}`, path });
    }
  }
  return { sources, problems };
}
