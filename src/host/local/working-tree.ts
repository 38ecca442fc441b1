/** What stands in the working tree, told as git would store it, without git: its own comparison would run the filters of the repository. */
import { createHash, type Hash } from 'node:crypto';
import { closeSync, constants, lstatSync, openSync, readlinkSync, readSync, type BigIntStats } from 'node:fs';
import { dirname } from 'node:path';
import { rawBytes, type IndexEntry, type RawPath, type TreeEntry } from './git-listing.ts';

export type WorkingTree = Readonly<{
  root: string;
  /** Object format, by the length of an object id. */
  hash: 'sha1' | 'sha256';
  /** When the index was written, in nanoseconds; 0n: unknown. */
  indexTime: bigint;
  /** Whether the executable bit means anything here. */
  hasModes: boolean;
  /** Folders already looked at: whether it is one, and not a link to one. */
  folders: Map<string, boolean>;
}>;

/** Neither a file nor a link, or not readable: never equal to anything that git stores. */
const OTHER: TreeEntry = { mode: 'other', oid: '' };
const LINK = '120000';
const CHUNK = 1024 * 1024;
/** Time stamps of files move in ticks of the kernel, of 10 ms at the most. */
const TICK = 20_000_000n;
const SECOND = 1_000_000_000n;

type Question = Readonly<{
  path: RawPath;
  index?: IndexEntry | undefined;
  /** What the file may turn out to be unchanged from: content that git would convert to one of these counts as that one. */
  known: readonly (TreeEntry | undefined)[];
}>;

/** Mode and object id of the file, `undefined` if there is none. Without `known` and `index` the id is empty: nothing is read. */
export function workingEntry(tree: WorkingTree, question: Question): TreeEntry | undefined {
  const { path, index } = question;
  const stat = isPlainFolder(tree, dirname(path)) ? lstatSync(fullPath(tree, path), { bigint: true, throwIfNoEntry: false }) : undefined;
  if (stat === undefined || stat.isDirectory()) return index?.skipsWorktree === true ? index : undefined;
  if (index !== undefined && !index.unmerged && isUntouched(tree, index, stat)) return index;
  const mode = modeOf(tree, stat, question);
  if (mode === undefined) return OTHER;
  const known = [index, ...question.known].flatMap((entry) => (entry === undefined ? [] : [entry.oid]));
  if (known.length === 0) return { mode, oid: '' };
  const oid = contentId(tree, path, { stat, known });
  return oid === undefined ? OTHER : { mode, oid };
}

/** In bytes; -1 if there is no such file. */
export function untrackedSize(tree: WorkingTree, path: RawPath): number {
  return Number(lstatSync(fullPath(tree, path), { bigint: true, throwIfNoEntry: false })?.size ?? -1n);
}

export function fullPath(tree: Readonly<{ root: string }>, path: RawPath): string | Buffer {
  // Nearly every path is ASCII, and strings are cheaper than buffers.
  return /^[\0-\x7f]*$/.test(path) ? `${tree.root}/${path}` : Buffer.concat([Buffer.from(`${tree.root}/`), rawBytes(path)]);
}

/** Behind a link stands another folder's file, which git does not count as this one. */
function isPlainFolder(tree: WorkingTree, folder: RawPath): boolean {
  if (folder === '.') return true;
  const seen = tree.folders.get(folder);
  if (seen !== undefined) return seen;
  const plain = isPlainFolder(tree, dirname(folder)) && lstatSync(fullPath(tree, folder), { throwIfNoEntry: false })?.isDirectory() === true;
  tree.folders.set(folder, plain);
  return plain;
}

/**
 * As git judges by stat data, only stricter: every doubt ends in reading the file. A file that was written in the same moment as the index
 * may have changed after git looked ("racy git", https://git-scm.com/docs/racy-git).
 */
function isUntouched(tree: WorkingTree, { stat: kept }: IndexEntry, stat: BigIntStats): boolean {
  if (Number(stat.size & 0xffffffffn) !== kept.size || stat.mtimeNs !== kept.mtime) return false;
  const isCoarse = kept.mtime % SECOND === 0n;
  const racy = isCoarse ? kept.mtime / SECOND >= tree.indexTime / SECOND : kept.mtime >= tree.indexTime - TICK;
  if (racy) return false;
  // Git for Windows keeps no inode, and the creation time instead of the change time.
  return process.platform === 'win32' || (stat.ctimeNs === kept.ctime && Number(stat.ino & 0xffffffffn) === kept.ino);
}

function modeOf(tree: WorkingTree, stat: BigIntStats, { index, known }: Question): string | undefined {
  if (stat.isSymbolicLink()) return LINK;
  if (!stat.isFile()) return undefined;
  const kept = index ?? known.find((entry) => entry !== undefined);
  // Where links or modes cannot be stored, git writes plain files and keeps what it knew.
  if (kept !== undefined && (process.platform === 'win32' || (!tree.hasModes && kept.mode !== LINK))) return kept.mode;
  return (stat.mode & 0o100n) === 0n ? '100644' : '100755';
}

type Content = Readonly<{ stat: BigIntStats; known: readonly string[] }>;

/** The object id that git would give the content: as it is, with LF for CRLF, or as a Git LFS pointer, whichever is known; else as it is. */
function contentId(tree: WorkingTree, path: RawPath, { stat, known }: Content): string | undefined {
  try {
    if (stat.isSymbolicLink()) return blobId(tree, readlinkSync(fullPath(tree, path), { encoding: 'buffer' }));
    const descriptor = openSync(fullPath(tree, path), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    try {
      return fileId(tree, { descriptor, size: Number(stat.size) }, known);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

type OpenBlob = Readonly<{ descriptor: number; size: number }>;

function fileId(tree: WorkingTree, file: OpenBlob, known: readonly string[]): string {
  const raw = blobHash(tree, file.size);
  let pairs = 0;
  let size = 0;
  eachPiece(file, (piece) => {
    raw.update(piece);
    pairs += countPairs(piece);
    size += piece.length;
  });
  const id = raw.digest('hex');
  if (known.includes(id)) return id;
  const others = [pairs > 0 ? () => lineFeedId(tree, file, size - pairs) : undefined, () => pointerId(tree, file, size)];
  return others.map((other) => other?.()).find((other) => other !== undefined && known.includes(other)) ?? id;
}

/** Git's `text` conversion: CR LF becomes LF, a lone CR stays. */
function lineFeedId(tree: WorkingTree, file: OpenBlob, size: number): string {
  const hash = blobHash(tree, size);
  eachPiece(file, (piece) => hash.update(piece.toString('latin1').replaceAll('\r\n', '\n'), 'latin1'));
  return hash.digest('hex');
}

/** https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md#the-pointer */
function pointerId(tree: WorkingTree, file: OpenBlob, size: number): string {
  const hash = createHash('sha256');
  eachPiece(file, (piece) => hash.update(piece));
  return blobId(tree, Buffer.from(`version https://git-lfs.github.com/spec/v1\noid sha256:${hash.digest('hex')}\nsize ${size}\n`));
}

/** Hands the file over from its start; a CR LF is never cut in two. */
function eachPiece({ descriptor, size: expected }: OpenBlob, sink: (piece: Buffer) => void): void {
  const buffer = Buffer.allocUnsafe(Math.min(expected + 1, CHUNK));
  let position = 0;
  for (;;) {
    const read = readSync(descriptor, buffer, 0, buffer.length, position);
    if (read === 0) return;
    const size = read > 1 && buffer[read - 1] === 0x0d ? read - 1 : read;
    sink(buffer.subarray(0, size));
    position += size;
  }
}

function countPairs(piece: Buffer): number {
  let count = 0;
  for (let at = piece.indexOf('\r\n'); at >= 0; at = piece.indexOf('\r\n', at + 2)) count += 1;
  return count;
}

function blobId(tree: WorkingTree, bytes: Buffer): string {
  return blobHash(tree, bytes.length).update(bytes).digest('hex');
}

function blobHash(tree: WorkingTree, size: number): Hash {
  return createHash(tree.hash).update(`blob ${size}\0`);
}
