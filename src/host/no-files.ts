/** A place without files. */
import { AuditError } from '../errors.ts';
import type { FileSource } from './ports.ts';

export const NO_FILES: FileSource = {
  glob: () => Promise.resolve([]),
  exists: () => Promise.resolve(false),
  read: (path) => Promise.reject(new AuditError('NO_MATCH', { message: `${path}: there is no such file.`, path })),
};
