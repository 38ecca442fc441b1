/** A folder for documents in the local file system. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AuditError } from '../../errors.ts';
import type { DocumentFolder } from '../ports.ts';

/** `path` as the caller named it, relative to `cwd`: what is written is told by that name. */
export function localFolder(path: string, cwd: string): DocumentFolder {
  return {
    async write(name, text) {
      const shown = join(path, name);
      const full = resolve(cwd, shown);
      const part = `${full}.${process.pid}.tmp`;
      try {
        await mkdir(resolve(cwd, path), { recursive: true });
        await writeFile(part, text);
        await rename(part, full);
      } catch (cause) {
        await removed(part);
        throw new AuditError('WRITE_FAILED', { message: `${shown} could not be written: ${cause instanceof Error ? cause.message : String(cause)}.`, path: shown, cause });
      }
      return shown;
    },
  };
}

async function removed(part: string): Promise<void> {
  try {
    await rm(part, { force: true });
  } catch {
    // Why it could not be written is what is told.
  }
}
