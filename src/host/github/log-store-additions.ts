/** What one commit adds to the log branch: only what differs from its head, no record over another one, and no more than GitHub takes. */
import { AuditError } from '../../errors.ts';
import type { FileWrite } from '../ports.ts';
import { blobId } from './blob.ts';
import type { GitHub } from './client.ts';
import type { FilesFound } from './snapshot-files.ts';
import { readFilesAt } from './snapshot-log.ts';

/** GitHub refuses a change of 40 MiB, counted in base64 (traps measured, T8); some is left for what stands around it. */
const MAX_CHANGE_BYTES = 38 * 1024 * 1024;

/** Throws CHANGE_TOO_LARGE before anything is sent. */
export function assertBudget(files: readonly FileWrite[]): void {
  const sizes = files.map(({ path, bytes }) => ({ path, size: 4 * Math.ceil(bytes.length / 3) }));
  const sum = sizes.reduce((total, { size }) => total + size, 0);
  if (sum <= MAX_CHANGE_BYTES) return;
  const [largest] = sizes.sort((a, b) => b.size - a.size);
  throw new AuditError('CHANGE_TOO_LARGE', {
    message: `The commit would carry ${megabytes(sum)} in base64, of which ${largest?.path ?? ''} is ${megabytes(largest?.size ?? 0)}; GitHub takes less than 40 MiB. Nothing was written.`,
    ...(largest === undefined ? {} : { path: largest.path }),
  });
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

/** `found`: what is known of the head already. */
export type AdditionsWanted = Readonly<{ files: readonly FileWrite[]; found: FilesFound | null }>;

/** The files that differ from what the commit holds. Throws RECORD_EXISTS, LOG_NOT_REGULAR, LOG_PATH, and what reading throws. */
export async function additionsTo(client: GitHub, head: string, { files, found }: AdditionsWanted): Promise<readonly FileWrite[]> {
  const unknown = files.map(({ path }) => path).filter((path) => found === null || !(found.entries.has(path) || isNewIn(found, path)));
  const looked = unknown.length === 0 ? null : await readFilesAt(client, head, { files: unknown });
  return files.filter(({ path, bytes, once }) => {
    const entry = found?.entries.get(path) ?? looked?.entries.get(path) ?? null;
    if (entry instanceof AuditError) throw entry;
    if (entry === null) return true;
    if (blobId(bytes, entry.oid) === entry.oid) return false;
    if (once === true) throw new AuditError('RECORD_EXISTS', { message: `${path} exists with other content.`, path });
    return true;
  });
}

/** Its folder was listed, and does not hold the name. */
function isNewIn({ listings }: FilesFound, path: string): boolean {
  const slash = path.lastIndexOf('/');
  const names = listings.get(path.slice(0, Math.max(0, slash)));
  return names !== undefined && !names.has(path.slice(slash + 1));
}
