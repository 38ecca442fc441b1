/** What a promise fails with. */
import { AuditError } from '../../../src/errors.ts';

export async function failureOf(promise: Promise<unknown>): Promise<AuditError> {
  const error: unknown = await promise.then(() => undefined, (thrown: unknown) => thrown);
  if (!(error instanceof AuditError)) throw new Error('nothing was thrown that a user would be told', { cause: error });
  return error;
}
