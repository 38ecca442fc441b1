/** Publishing to the job summary of a workflow run. */
import { AuditError } from '../errors.ts';
import type { Publisher } from './publisher.ts';

export function summaryPublisher(): Publisher {
  return {
    id: 'summary',
    async publish({ documents }) {
      const { summary } = await import('@actions/core');
      try {
        await summary.addRaw(documents.summary()).write();
      } catch (cause) {
        throw new AuditError('WRITE_FAILED', { message: `The job summary could not be written: ${cause instanceof Error ? cause.message : String(cause)}.`, cause });
      }
      return ['the job summary'];
    },
  };
}
