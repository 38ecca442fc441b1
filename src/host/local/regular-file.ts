/** Opening a file so that nothing but a regular file is ever read: no link, pipe or device, and the very thing that was checked. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type BigIntStats } from 'node:fs';

export type NativePath = string | Buffer;
export type OpenFile = Readonly<{ descriptor: number; stat: BigIntStats }>;
export type Opening = Readonly<{ state: 'open'; file: OpenFile } | { state: 'absent' } | { state: 'link' } | { state: 'other'; reason: string }>;

const CHUNK = 256 * 1024;
/** Absent on Windows, where a pipe is no file and a link is seen before opening. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** The caller closes. A device is not even opened: that alone can act. */
export function openRegularFile(path: NativePath): Opening {
  try {
    const before = lstatSync(path, { bigint: true });
    if (before.isSymbolicLink()) return { state: 'link' };
    if (!before.isFile()) return { state: 'other', reason: kindOf(before) };
    const descriptor = openSync(path, FLAGS);
    const stat = fstatSync(descriptor, { bigint: true });
    if (stat.isFile()) return { state: 'open', file: { descriptor, stat } };
    closeSync(descriptor);
    return { state: 'other', reason: kindOf(stat) };
  } catch (error) {
    switch (errorCode(error)) {
      case 'ENOENT':
      case 'ENOTDIR': return { state: 'absent' };
      // A link that took the file's place between the two looks (POSIX; the second is FreeBSD's).
      case 'ELOOP':
      case 'EMLINK': return { state: 'link' };
      case undefined: throw error;
      default: return { state: 'other', reason: `it cannot be read (${errorCode(error)})` };
    }
  }
}

function kindOf(stat: BigIntStats): string {
  if (stat.isDirectory()) return 'it is a folder';
  if (stat.isFIFO()) return 'it is a pipe';
  if (stat.isSocket()) return 'it is a socket';
  return stat.isCharacterDevice() || stat.isBlockDevice() ? 'it is a device' : 'it is no file';
}

/** From the start to the end, in new pieces. The sink may throw. */
export function readPieces({ descriptor, stat }: OpenFile, sink: (piece: Uint8Array) => void): void {
  // One byte more than the size, so that the end of a file that does not grow is met in the first piece.
  const size = Math.min(Number(stat.size) + 1, CHUNK);
  for (;;) {
    const piece = Buffer.allocUnsafeSlow(size);
    const read = readSync(descriptor, piece, 0, size, null);
    if (read === 0) return;
    sink(piece.subarray(0, read));
  }
}

/** Whether the file is no longer as it was when it was opened. */
export function hasChanged({ descriptor, stat }: OpenFile, bytes: number): boolean {
  const now = fstatSync(descriptor, { bigint: true });
  return BigInt(bytes) !== stat.size || now.size !== stat.size || now.mtimeNs !== stat.mtimeNs;
}

/** The code of an error of the system (`ENOENT`), undefined for any other error. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
