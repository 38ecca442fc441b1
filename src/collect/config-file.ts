/** The configuration file, found and read. */
import { AuditError } from '../errors.ts';
import type { FileSource } from '../host/ports.ts';

const CONFIG_BYTES = 1_000_000;

/** `null` when there is none at the default path. Throws CONFIG_UNREADABLE for one that was named and cannot be read. */
export async function readConfigFile(files: FileSource, path: string, named: 'named' | 'default'): Promise<string | null> {
  if (named === 'default' && !await files.exists(path)) return null;
  return (await readTextOf(files, path)).text;
}

/** Text of a small file the caller named, with its digest. */
async function readTextOf(files: FileSource, path: string): Promise<Readonly<{ text: string; sha256: string }>> {
  const pieces: Uint8Array[] = [];
  try {
    const { sha256 } = await files.read(path, { bytes: CONFIG_BYTES }, (piece) => pieces.push(Uint8Array.from(piece)));
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces)), sha256 };
  } catch (cause) {
    const why = cause instanceof AuditError ? cause.message : 'it is not valid UTF-8.';
    throw new AuditError('CONFIG_UNREADABLE', { message: `The configuration file ${path} cannot be read: ${why}`, path, exitCode: 2, cause });
  }
}
