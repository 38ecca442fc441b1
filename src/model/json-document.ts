/** JSON data files read back: what cannot be read is never taken for nothing. */
import type * as z from 'zod/mini';
import { AuditError } from '../errors.ts';
import { checkValue } from './schema/check-value.ts';

/** Throws LEDGER_CORRUPT. */
export function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AuditError('LEDGER_CORRUPT', { message: `${path} is not JSON.`, path, exitCode: 2, cause });
  }
}

/** Throws LEDGER_CORRUPT with the first thing that is not as the schema has it. */
export function conforming<T>(schema: z.ZodMiniType<T>, value: unknown, path: string): T {
  const parsed = checkValue(schema, value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AuditError('LEDGER_CORRUPT', { message: `${path}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as expected'}.`, path, exitCode: 2, cause: parsed.error });
}
