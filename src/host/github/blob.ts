/** A file in a git tree as the API tells it: what it may be, and its exact bytes. */
import { createHash } from 'node:crypto';
import { AuditError } from '../../errors.ts';
import type { GitHub } from './client.ts';

/** An entry of a tree, as GraphQL tells it. `mode` in decimal. `object` holds the fields of a blob, or nothing where the entry is none. */
export type TreeEntry = Readonly<{ mode: number; type: string; oid: string; object: BlobFields | null }>;
export type BlobFields = Readonly<{ byteSize?: number | undefined; isTruncated?: boolean | undefined; text?: string | null | undefined }>;

/** The raw blob API gives no more. https://docs.github.com/rest/git/blobs */
const MAX_BLOB_BYTES = 100_000_000;

/** Modes of git in decimal. `100664` was written by old versions. */
const REGULAR = new Set([0o100644, 0o100755, 0o100664]);
const FOLDER = 0o40000;
const SYMLINK = 0o120000;
const SUBMODULE = 0o160000;

/** Why an entry is not a regular file; `null` if it is one. */
export function notRegularReason({ mode }: Pick<TreeEntry, 'mode'>): string | null {
  if (REGULAR.has(mode)) return null;
  if (mode === SYMLINK) return 'it is a symbolic link';
  if (mode === SUBMODULE) return 'it is a submodule';
  if (mode === FOLDER) return 'it is a folder';
  return `its mode is ${mode.toString(8)}`;
}

/** Why no file can lie below an entry; `null` if it is a folder. */
export function notFolderReason({ mode }: Pick<TreeEntry, 'mode'>): string | null {
  if (mode === FOLDER) return null;
  return notRegularReason({ mode }) ?? 'it is a file';
}

/** The id that git gives these bytes, in the object format of the other id. */
export function blobId(bytes: Uint8Array, other: string): string {
  return createHash(other.length === 64 ? 'sha256' : 'sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** The bytes behind the text of an answer, where they are proved to be all of them and unchanged: text is cut at 512,000 bytes, and cannot carry what is not UTF-8. */
export function exactBytes({ oid, object }: TreeEntry): Uint8Array | undefined {
  const text = object?.text;
  if (typeof text !== 'string' || object?.isTruncated !== false) return undefined;
  const bytes = Buffer.from(text, 'utf8');
  return blobId(bytes, oid) === oid ? bytes : undefined;
}

/** Throws LOG_TOO_LARGE. */
export function assertBlobSize(path: string, bytes: number): void {
  if (bytes > MAX_BLOB_BYTES) throw new AuditError('LOG_TOO_LARGE', { message: `${path} has ${bytes} bytes; the limit is ${MAX_BLOB_BYTES}.`, path });
}

/** Throws LOG_TOO_LARGE, ANSWER_UNUSABLE for bytes that are not those of the id, and what the call throws. */
export async function readBlob(client: Pick<GitHub, 'blob'>, path: string, entry: TreeEntry): Promise<Uint8Array> {
  const known = exactBytes(entry);
  if (known !== undefined) return known;
  assertBlobSize(path, entry.object?.byteSize ?? 0);
  const bytes = await client.blob(entry.oid);
  if (blobId(bytes, entry.oid) === entry.oid) return bytes;
  throw new AuditError('ANSWER_UNUSABLE', { message: `Reading ${path}: what GitHub sent is not the file ${entry.oid.slice(0, 12)}.`, path, retry: { afterMs: null } });
}

/** `a/b/c.md` and `a/d.md` → `a`, `a/b`. */
export function foldersAbove(paths: readonly string[]): string[] {
  const folders = paths.flatMap((path) => {
    const names = path.split('/').slice(0, -1);
    return names.map((_, at) => names.slice(0, at + 1).join('/'));
  });
  return [...new Set(folders)];
}
