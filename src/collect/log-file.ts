/** A run log named by its path, as bytes. */
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AuditError } from '../errors.ts';

/** Throws INVALID_INPUT when there is no such file, LOG_NOT_REGULAR when it is something else. The caller chose the path: links are followed. */
export async function readLogFile(path: string, cwd: string): Promise<Uint8Array> {
  const full = resolve(cwd, path);
  try {
    const found = await stat(full);
    if (!found.isFile()) throw new AuditError('LOG_NOT_REGULAR', { message: `${path} is not a regular file.`, path, exitCode: 2 });
    return await readFile(full);
  } catch (cause) {
    if (cause instanceof AuditError) throw cause;
    throw new AuditError('INVALID_INPUT', { message: `${path}: the file cannot be read; name an existing run log.`, path, exitCode: 2, cause });
  }
}
