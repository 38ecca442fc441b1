/** Publishing in order: each publisher after the other, and none stopped by one that failed. */
import { AuditError } from '../errors.ts';
import type { Publication, Publishable, Publisher } from './publisher.ts';

/** The run log is written before: what stands there is what the others show. Anything but an AuditError is a fault of ours and goes on up. */
export async function publishAll(publishers: readonly Publisher[], what: Publishable): Promise<Publication[]> {
  const publications: Publication[] = [];
  for (const publisher of publishers) {
    try {
      publications.push({ publisher: publisher.id, status: 'published', places: await publisher.publish(what) });
    } catch (error) {
      if (!(error instanceof AuditError)) throw error;
      const [problem = { code: error.code, message: error.message }] = error.problems;
      publications.push({ publisher: publisher.id, status: 'failed', problem });
    }
  }
  return publications;
}
