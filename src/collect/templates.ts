/** The built-in templates, as files beside the program. */
import { readFile } from 'node:fs/promises';

/** The bytes of the run log that is made where there is none. */
export function readRunLogTemplate(): Promise<Uint8Array> {
  return readFile(new URL('../../templates/run-log.md', import.meta.url));
}

/** Each address is written out, so that the bundler finds the file. */
export async function readDocumentTemplates(): Promise<Readonly<{ comment: string; checkRun: string; summary: string }>> {
  const [comment, checkRun, summary] = await Promise.all([
    readFile(new URL('../../templates/comment.md', import.meta.url), 'utf8'),
    readFile(new URL('../../templates/check-run.md', import.meta.url), 'utf8'),
    readFile(new URL('../../templates/summary.md', import.meta.url), 'utf8'),
  ]);
  return { comment, checkRun, summary };
}
