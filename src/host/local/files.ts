/** The files under a working directory: found by pattern, and read only where they are regular files inside of it. */
import { createHash } from 'node:crypto';
import { closeSync, lstatSync, opendirSync, readdirSync, realpathSync, statSync, type Dirent, type Stats } from 'node:fs';
import { isUtf8 } from 'node:buffer';
import { sep } from 'node:path';
import { AuditError } from '../../errors.ts';
import type { FileSource, FileFacts } from '../ports.ts';
import { walkPatterns, type EntryKind, type FolderEntry, type FolderReader } from './glob-walk.ts';
import { errorCode, hasChanged, openRegularFile, readPieces, type NativePath, type OpenFile } from './regular-file.ts';

/** `root`: absolute path of the working directory. Names that are not UTF-8 are told with `\xff` for each byte that is not, and can be read by that name. */
export function localFiles(root: string): FileSource {
  const place = openPlace(root);
  const reader = folderReader(place);
  return {
    async glob(patterns, limit) {
      const { compilePatterns } = await import('./glob-pattern.ts');
      return walkPatterns(compilePatterns(patterns), reader, limit);
    },
    async exists(path) {
      return isRelative(path) && lstatOrNull(place.native(path)) !== null && isInside(place, parentOf(path));
    },
    async read(path, limits, sink) {
      if (!isRelative(path)) throw new AuditError('INVALID_INPUT', { message: `${path} is not a path inside the working directory.`, path });
      const file = open(place, path);
      try {
        return readOpen(file, { path, limit: limits.bytes, sink });
      } finally {
        closeSync(file.descriptor);
      }
    },
  };
}

type Place = Readonly<{
  root: string;
  /** Where the root really is, as Latin-1 text of its bytes. */
  real: string;
  /** What to hand to the system for a path. */
  native(path: string): NativePath;
  /** Notes the bytes of a name that text cannot hold; answers with the path to tell for it. */
  noteName(folder: string, name: Buffer): string;
}>;

function openPlace(root: string): Place {
  const hard = new Map<string, Buffer>();
  const native = (path: string): NativePath => {
    const noted = hard.get(path);
    if (noted !== undefined || path === '') return noted ?? root;
    const parent = hard.size === 0 ? null : native(parentOf(path));
    return Buffer.isBuffer(parent) ? Buffer.concat([parent, Buffer.from(`/${nameOf(path)}`)]) : `${root}${sep}${path}`;
  };
  const noteName = (folder: string, name: Buffer): string => {
    const bytes = Buffer.concat([Buffer.from(native(folder)), Buffer.from('/'), name]);
    let shown = showName(name);
    const path = (): string => (folder === '' ? shown : `${folder}/${shown}`);
    const isTaken = (): boolean => hard.get(path())?.equals(bytes) === false || (!hard.has(path()) && lstatOrNull(`${root}${sep}${path()}`) !== null);
    // In front, so that the ending by which patterns find it stays.
    while (isTaken()) shown = `\ufffd${shown}`;
    hard.set(path(), bytes);
    return shown;
  };
  return { root, real: realBytes(root) ?? root, native, noteName };
}

/** UTF-8 where it is, `\xff` for every other byte. */
function showName(name: Buffer): string {
  let shown = '';
  for (let at = 0; at < name.length; ) {
    const length = [1, 2, 3, 4].find((size) => at + size <= name.length && isUtf8(name.subarray(at, at + size)));
    shown += length === undefined ? `\\x${name.toString('hex', at, at + 1)}` : name.toString('utf8', at, at + length);
    at += length ?? 1;
  }
  return shown;
}

function folderReader(place: Place): FolderReader {
  return {
    entries: (folder) => listFolder(place, folder),
    kindOf(path) {
      const stat = lstatOrNull(place.native(path));
      return stat === null ? null : entryKind(stat);
    },
    linkTarget(path) {
      try {
        if (!statSync(place.native(path)).isDirectory()) return 'other';
        return isInside(place, path) ? 'inside' : 'outside';
      } catch {
        return 'other';
      }
    },
  };
}

function listFolder(place: Place, folder: string): Iterable<FolderEntry> | null {
  try {
    const opened = opendirSync(place.native(folder), { bufferSize: 256 });
    return eachEntry(place, folder, opened);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return ['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '') ? [] : null;
  }
}

/** One by one: a folder of a million files is left as soon as enough were seen. */
function* eachEntry(place: Place, folder: string, opened: ReturnType<typeof opendirSync>): Generator<FolderEntry> {
  let hasHardNames = false;
  try {
    for (let entry = opened.readSync(); entry !== null; entry = opened.readSync()) {
      if (entry.name.includes('\ufffd')) hasHardNames = true;
      else yield { name: entry.name, kind: entryKind(entry) };
    }
  } finally {
    opened.closeSync();
  }
  if (!hasHardNames) return;
  for (const entry of readdirSync(place.native(folder), { withFileTypes: true, encoding: 'buffer' })) {
    const text = entry.name.toString('utf8');
    if (!text.includes('\ufffd')) continue;
    yield { name: isUtf8(entry.name) ? text : place.noteName(folder, entry.name), kind: entryKind(entry) };
  }
}

function entryKind(entry: Pick<Dirent, 'isDirectory' | 'isSymbolicLink'>): EntryKind {
  return entry.isSymbolicLink() ? 'link' : entry.isDirectory() ? 'folder' : 'file';
}

function open(place: Place, path: string): OpenFile {
  const native = place.native(path);
  const opening = openRegularFile(native);
  switch (opening.state) {
    case 'absent': throw new AuditError('NO_MATCH', { message: `${path} is no longer there.`, path });
    case 'link': throw linkError(path, 'is a symbolic link');
    case 'other': throw new AuditError('NOT_REGULAR', { message: `${path} is not read: ${opening.reason}.`, path });
    case 'open': break;
    default: return opening satisfies never;
  }
  try {
    const { dev, ino } = statSync(native, { bigint: true });
    if (dev !== opening.file.stat.dev || ino !== opening.file.stat.ino) throw new AuditError('FILE_CHANGED', { message: `${path} was replaced while it was being opened.`, path });
    if (!isInside(place, path)) throw linkError(path, 'lies behind a symbolic link that leaves the working directory');
    return opening.file;
  } catch (error) {
    closeSync(opening.file.descriptor);
    if (errorCode(error) === undefined || error instanceof AuditError) throw error;
    throw new AuditError('FILE_CHANGED', { message: `${path} vanished while it was being opened.`, path, cause: error });
  }
}

function linkError(path: string, reason: string): AuditError {
  return new AuditError('SYMLINK', { message: `${path} ${reason} and was not read.`, path });
}

type Reading = Readonly<{ path: string; limit: number; sink: (bytes: Uint8Array) => void }>;

function readOpen(file: OpenFile, { path, limit, sink }: Reading): FileFacts {
  const refuse = (): never => {
    throw new AuditError('LIMIT_REACHED', { message: `${path} is larger than ${limit} bytes and was not read to its end.`, path });
  };
  if (file.stat.size > BigInt(limit)) refuse();
  const hash = createHash('sha256');
  let bytes = 0;
  readPieces(file, (piece) => {
    bytes += piece.length;
    if (bytes > limit) refuse();
    hash.update(piece);
    sink(piece);
  });
  if (hasChanged(file, bytes)) throw new AuditError('FILE_CHANGED', { message: `${path} changed while it was being read.`, path });
  return { bytes, sha256: hash.digest('hex'), modifiedMs: Number(file.stat.mtimeMs) };
}

function isRelative(path: string): boolean {
  const segments = path.split(sep === '\\' ? /[/\\]/ : '/');
  return !path.includes('\0') && !segments.includes('..') && segments[0] !== '' && !(sep === '\\' && /^[A-Za-z]:/.test(path));
}

function isInside(place: Place, path: string): boolean {
  const real = realBytes(place.native(path));
  return real !== null && (real === place.real || real.startsWith(place.real.endsWith(sep) ? place.real : `${place.real}${sep}`));
}

function realBytes(path: NativePath): string | null {
  try {
    return realpathSync.native(path, { encoding: 'buffer' }).toString('latin1');
  } catch {
    return null;
  }
}

function lstatOrNull(path: NativePath): Stats | null {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
