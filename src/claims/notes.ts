/** The auditor's notes: Markdown files read into the parts of an entry. Loaded only when notes are given. */
import { NO_NOTES, type Notes } from '../model/notes.ts';
import type { Problem } from '../model/problem.ts';
import { readOutline } from './outline.ts';
import { sortParts, type NotesDraft } from './section-items.ts';

/** Of one file. */
export const MAX_NOTES_BYTES = 1_000_000;

/** `text` is the decoded file; bytes that were not valid stand as U+FFFD. */
export type NotesSource = Readonly<{ path: string; sha256: string; text: string }>;

/** Files are read in the order given and their items follow each other. One that cannot be read is told (NOTES_UNREADABLE) and the rest goes on. */
export function parseNotes(sources: readonly NotesSource[]): { notes: Notes; problems: Problem[] } {
  const draft = emptyDraft();
  const problems: Problem[] = [];
  const read: Notes['sources'] = [];
  for (const source of sources) {
    const refusal = refusalOf(source);
    if (refusal !== null) {
      problems.push(unreadable(source.path, refusal));
      continue;
    }
    problems.push(...readSource(source, draft));
    read.push({ path: source.path, sha256: source.sha256 });
  }
  return { notes: { ...draft, sources: read }, problems };
}

function emptyDraft(): NotesDraft {
  const { sources: _, ...lists } = structuredClone(NO_NOTES);
  return lists;
}

function unreadable(path: string, what: string): Problem {
  return { code: 'NOTES_UNREADABLE', message: `${path}: ${what}.`, path };
}

/** Why a file is not read at all, or null. */
function refusalOf({ path, text }: NotesSource): string | null {
  if (/\.json$/i.test(path)) return 'only Markdown is read so far, not JSON; nothing of the file was used';
  if (text.length > MAX_NOTES_BYTES || new TextEncoder().encode(text).length > MAX_NOTES_BYTES) {
    return `the file is over ${MAX_NOTES_BYTES} bytes; nothing of it was used`;
  }
  if (text.includes('\0')) return 'the file holds NUL bytes, so it is not text; nothing of it was used';
  const strange = text.match(/[\ufffd\u0001-\u0008\u000e-\u001a\u001c-\u001f]/g)?.length ?? 0;
  if (strange > 8 + text.length / 100) return 'the file is not UTF-8 text; nothing of it was used';
  if (text.trim().replace('\ufeff', '') === '') return 'the file is empty';
  if (/^\ufeff?\s*<(?:!doctype\s|html[\s>]|head[\s>]|body[\s>]|\?xml\s)/i.test(text)) return 'the file is HTML or XML, not Markdown; nothing of it was used';
  return null;
}

/** Adds what a file says and returns what must be told about its reading. */
function readSource({ path, text }: NotesSource, draft: NotesDraft): Problem[] {
  const before = countItems(draft);
  const { front, body } = splitFrontMatter(unwrap(text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n')));
  const head = readOutline(front);
  const outline = readOutline(body);
  sortParts([...head.parts.map((part) => ({ ...part, heading: 'Front matter', level: 1 })), ...outline.parts], draft);
  const problems = [...head.cuts, ...outline.cuts].map((cut) => unreadable(path, cut));
  const replaced = text.match(/\ufffd/g)?.length ?? 0;
  if (replaced > 0) problems.push({ code: 'BAD_BYTES', message: `${path}: ${replaced} ${replaced === 1 ? 'character stands' : 'characters stand'} as U+FFFD, where the file is not UTF-8.`, path });
  if (countItems(draft) === before) problems.push(unreadable(path, 'the file holds no text beside headings and placeholders'));
  return problems;
}

/** Notes that stand in one code fence as a whole, as assistants hand them over, are read as if it were not there. */
function unwrap(text: string): string {
  const first = /^\s*(`{3,})(?:md|markdown)[ \t]*\n/i.exec(text);
  const mark = first?.[1] ?? '';
  const body = text.trimEnd();
  if (first === null || !body.endsWith(`\n${mark}`)) return text;
  return `${'\n'.repeat(first[0].split('\n').length - 1)}${body.slice(first[0].length, -mark.length)}`;
}

/** YAML between two lines of dashes at the top, turned into a list of labelled items. The lines of the body keep their numbers. */
function splitFrontMatter(text: string): { front: string; body: string } {
  const end = text.startsWith('---\n') ? text.indexOf('\n---\n', 3) : -1;
  const lines = end < 0 ? [] : text.slice(4, end).split('\n');
  if (end < 0 || !lines.every((line) => /^(?:[\w-]{1,60}:|\s|#|-\s|$)/.test(line))) return { front: '', body: text };
  const front = lines.map((line) => (/^\w/.test(line) ? `- ${line}` : `  ${line}`)).join('\n');
  return { front, body: `${'\n'.repeat(lines.length + 2)}${text.slice(end + 5)}` };
}

function countItems(draft: NotesDraft): number {
  return Object.values(draft).reduce((sum, list) => sum + list.length, 0) + draft.other.reduce((sum, { items }) => sum + items.length, 0);
}
