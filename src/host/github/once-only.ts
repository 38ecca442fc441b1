/** Writes that GitHub may have carried out without saying so: looked for before they are repeated, and repeated once. */
import { AuditError } from '../../errors.ts';
import { GitHubFault } from './fault.ts';

/** `look`: what the write has made, if it took effect. Throws what the write throws. */
export async function onceOnly<T>(write: () => Promise<T>, look: () => Promise<T | undefined>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!isUnknown(error)) throw error;
    const made = await orFailure(look, error);
    if (made !== undefined) return made;
    if (error.retry === null) throw error;
    return again(write, look);
  }
}

async function again<T>(write: () => Promise<T>, look: () => Promise<T | undefined>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const made = isUnknown(error) ? await orFailure(look, error) : undefined;
    if (made === undefined) throw error;
    return made;
  }
}

/** A write whose repeat changes nothing more. */
export async function repeatable<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!isUnknown(error) || error.retry === null) throw error;
    return write();
  }
}

function isUnknown(error: unknown): error is GitHubFault {
  return error instanceof GitHubFault && error.effect === 'unknown';
}

/** Where nobody can look, it stays at the failure, which says that the write may have taken effect. */
async function orFailure<T>(look: () => Promise<T | undefined>, failure: GitHubFault): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    throw error instanceof AuditError ? failure : error;
  }
}
