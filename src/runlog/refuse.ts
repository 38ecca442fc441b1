/** Refusing: what makes a log unsafe to read or to add to. */
import type { ProblemCode } from '../model/problem.ts';
import { lineText } from './line.ts';
import type { Scan } from './scan-state.ts';

export type Refusal = Readonly<{ code: ProblemCode; line: number; message: string }>;

/** The longest string of Node.js. */
const MAX_READ_BYTES = 512 * 1024 * 1024 - 24;
/** GitHub refuses pushes with a larger file. https://docs.github.com/repositories/working-with-files/managing-large-files/about-large-files-on-github */
export const MAX_WRITTEN_BYTES = 100 * 1024 * 1024;

/** Refusals that need no scan; they come first, since a scan of such bytes says nothing. */
export function refuseBytes(bytes: Uint8Array, path: string): Refusal | undefined {
  if (bytes.length > MAX_READ_BYTES) return { code: 'LOG_TOO_LARGE', line: 1, message: `${path} has ${bytes.length} bytes; at most ${MAX_READ_BYTES} are read.` };
  if (bytes.length < 1_024 && lineText(bytes, 0, 40).startsWith('version https://git-lfs.github.com/spec/')) {
    return { code: 'LOG_LFS_POINTER', line: 1, message: `${path} is a Git LFS pointer, not the log itself.` };
  }
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return { code: 'LOG_ENCODING', line: 1, message: `${path} starts with the byte order mark of UTF-16; UTF-8 was expected.` };
  }
  return refuseNul(bytes, path);
}

function refuseNul(bytes: Uint8Array, path: string): Refusal | undefined {
  const at = bytes.indexOf(0);
  if (at < 0) return undefined;
  const line = lineAt(bytes, at);
  if (isWide(bytes, at)) return { code: 'LOG_ENCODING', line, message: `${path}: from line ${line} on the text is UTF-16; what stands before it is not.` };
  return { code: 'LOG_NUL', line, message: `${path}: line ${line} holds a NUL byte.` };
}

/** Text of two-byte units: every second byte is NUL for a while. */
function isWide(bytes: Uint8Array, at: number): boolean {
  const window = [0, 2, 4, 6].map((step) => bytes[at + step]);
  const between = [1, 3, 5].map((step) => bytes[at + step]);
  return window.filter((byte) => byte === 0).length >= 3 && between.every((byte) => byte !== 0);
}

function lineAt(bytes: Uint8Array, at: number): number {
  let line = 1;
  for (let before = bytes.indexOf(10); before >= 0 && before < at; before = bytes.indexOf(10, before + 1)) line += 1;
  return line;
}

/** Refusals that a scan shows. */
export function refuseScan(scan: Scan, path: string): Refusal | undefined {
  const conflict = conflictLines(scan);
  const [first] = conflict;
  if (first !== undefined) {
    const shown = conflict.slice(0, 20).join(', ') + (conflict.length > 20 ? ` and ${conflict.length - 20} more` : '');
    return { code: 'LOG_CONFLICT', line: first, message: `${path}: merge conflict marks in ${conflict.length === 1 ? 'line' : 'lines'} ${shown}.` };
  }
  if (scan.open !== undefined) {
    const block = scan.open.kind === 'fence' ? 'code fence' : scan.open.kind === 'comment' ? 'HTML comment' : 'HTML block';
    const line = scan.lineOf(scan.open.start);
    return { code: 'LOG_OPEN_BLOCK', line, message: `${path}: the ${block} that starts in line ${line} is never closed; an entry after it would not be seen.` };
  }
  return undefined;
}

/** `=======` alone underlines a heading. Inside a fence only a whole conflict counts, since an entry may quote a mark. */
function conflictLines({ conflicts, lineOf }: Scan): number[] {
  const sides = conflicts.filter(({ mark }) => mark === '<' || mark === '>');
  const isQuoted = sides.every(({ opaque }) => opaque);
  const opens = sides.findIndex(({ mark }) => mark === '<');
  const isWhole = opens >= 0 && sides.slice(opens).some(({ mark }) => mark === '>') && conflicts.some(({ mark }) => mark === '=');
  if (sides.length === 0 || (isQuoted && !isWhole)) return [];
  return conflicts.map(({ start }) => lineOf(start));
}
