/** The files of a log store: where they may lie, and reading and replacing one of them whole. */
import { createHash } from 'node:crypto';
import { accessSync, closeSync, constants, fchmodSync, fchownSync, fsyncSync, lstatSync, openSync, rmdirSync, unlinkSync, writeFileSync, type BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { AuditError } from '../../errors.ts';
import { pathFault } from '../../model/log-path.ts';
import { errorCode, hasChanged, openRegularFile, readPieces } from './regular-file.ts';

/** Of any one file. */
const MAX_BYTES = 100_000_000;
export const ABSENT = 'absent';

/** `digest`: SHA-256 in hex, or `absent`. */
export type Stored = Readonly<{ digest: string; bytes?: Uint8Array; stat?: BigIntStats }>;

export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Throws LOG_TOO_LARGE. */
export function assertSize(path: string, bytes: number): void {
  if (bytes > MAX_BYTES) throw new AuditError('LOG_TOO_LARGE', { message: `${path} has ${bytes} bytes; the limit is ${MAX_BYTES}.`, path });
}

/** Reads a file whole. Throws LOG_PATH, LOG_NOT_REGULAR, LOG_TOO_LARGE, or LOG_CHANGED if it changes under the reading. */
export function readStored(root: string, path: string): Stored {
  assertPlace(root, path);
  const opening = openRegularFile(join(root, path));
  switch (opening.state) {
    case 'absent': return { digest: ABSENT };
    case 'link': throw notRegular(path, 'it is a symbolic link');
    case 'other': throw notRegular(path, opening.reason);
    case 'open': break;
    default: return opening satisfies never;
  }
  const { file } = opening;
  try {
    assertSize(path, Number(file.stat.size));
    const pieces: Uint8Array[] = [];
    readPieces(file, (piece) => pieces.push(piece));
    const bytes = pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
    if (hasChanged(file, bytes.length)) throw new AuditError('LOG_CHANGED', { message: `${path} changed while it was being read.`, path });
    return { digest: digestOf(bytes), bytes, stat: file.stat };
  } finally {
    closeSync(file.descriptor);
  }
}

/** Every folder above the file is a plain folder of this repository, or not there yet. Throws LOG_PATH or LOG_NOT_REGULAR. */
export function assertPlace(root: string, path: string): void {
  const fault = pathFault(path);
  if (fault !== null) throw new AuditError('LOG_PATH', { message: `The path ${JSON.stringify(path)} cannot be used: ${fault}.`, exitCode: 2 });
  for (const folder of foldersOf(path)) {
    const stat = lstatSync(join(root, folder), { throwIfNoEntry: false });
    if (stat === undefined) return;
    if (stat.isSymbolicLink()) throw notRegular(path, `${folder} is a symbolic link`);
    if (!stat.isDirectory()) throw notRegular(path, `${folder} is not a folder`);
    if (lstatSync(join(root, folder, '.git'), { throwIfNoEntry: false }) !== undefined) throw notRegular(path, `${folder} is a repository of its own`);
  }
}

/** `a/b/c.md` → `a`, `a/b`. */
export function foldersOf(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, at) => names.slice(0, at + 1).join('/'));
}

export function notRegular(path: string, reason: string): AuditError {
  return new AuditError('LOG_NOT_REGULAR', { message: `${path} cannot be the run log or a part of its data: ${reason}.`, path });
}

/** Throws an error of the system where the file is there and may not be written. */
export function assertWritable(root: string, path: string): void {
  accessSync(join(root, path), constants.W_OK);
}

/** Makes a new file that is on the disk when this returns, with the rights and owner of the one that it will replace. */
export function writeDurably(path: string, bytes: Uint8Array, like: BigIntStats | undefined): void {
  const descriptor = openSync(path, 'wx', 0o666);
  try {
    writeFileSync(descriptor, bytes);
    if (like !== undefined) takeAfter(descriptor, like);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function takeAfter(descriptor: number, { mode, uid, gid }: BigIntStats): void {
  try {
    // Only a privileged process can and need keep the owner; in a container the number may stand for nobody.
    if (process.getuid?.() === 0) fchownSync(descriptor, Number(uid), Number(gid));
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
  fchmodSync(descriptor, Number(mode & 0o777n));
}

/** Makes what was renamed into or out of the folder last. Windows and some file systems know no such thing. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP', 'ENOSYS'].includes(errorCode(error) ?? '')) throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** Absent or not: afterwards it is not there. */
export function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) throw error;
  }
}

/** Only if it is empty. */
export function removeFolder(path: string): void {
  try {
    rmdirSync(path);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
}

