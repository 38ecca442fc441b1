/** The event file: written by the runner, and in reach of every step that ran before. */
import { open } from 'node:fs/promises';
import { AuditError } from '../../errors.ts';

/** GitHub delivers no event above 25 MB. https://docs.github.com/webhooks/webhook-events-and-payloads#payload-cap */
const MAX_BYTES = 25 * 1024 * 1024;

/** The parsed file, of any shape. Throws EVENT_UNUSABLE. */
export async function readEventFile(path: string | undefined): Promise<unknown> {
  if (path === undefined || path === '') throw unusable('The variable GITHUB_EVENT_PATH is not set: expected the path of the event file.');
  const bytes = await readBytes(path);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw unusable(bytes.length === 0 ? 'The event file is empty: expected JSON.' : 'The event file is not JSON, or was cut.', cause);
  }
}

async function readBytes(path: string): Promise<Uint8Array> {
  const file = await open(path).catch((cause: unknown) => {
    throw unusable('The event file cannot be opened: expected the file that GITHUB_EVENT_PATH names.', cause);
  });
  try {
    const state = await file.stat();
    if (!state.isFile()) throw unusable('The event file is no regular file.');
    if (state.size > MAX_BYTES) throw unusable(`The event file has ${state.size} bytes: expected at most ${MAX_BYTES}.`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

function unusable(message: string, cause?: unknown): AuditError {
  return new AuditError('EVENT_UNUSABLE', { message, exitCode: 2, cause });
}
