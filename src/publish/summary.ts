/** Publishing to the job summary of a workflow run. */
import { AuditError } from '../errors.ts';
import type { Publisher } from './publisher.ts';

export function summaryPublisher(): Publisher {
  return {
    id: 'summary',
    weight: 'required',
    async publish({ documents }) {
      await writeSummary(documents.summary());
      return { places: ['the job summary'] };
    },
  };
}

/** Throws WRITE_FAILED. */
export async function writeSummary(markdown: string): Promise<void> {
  const { summary } = await import('@actions/core');
  try {
    await summary.addRaw(markdown).write();
  } catch (cause) {
    throw new AuditError('WRITE_FAILED', { message: `The job summary could not be written: ${cause instanceof Error ? cause.message : String(cause)}.`, cause });
  }
}
