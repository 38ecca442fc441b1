/** Checking a value against a schema. The small build of zod brings no messages of its own: these are its English ones. */
import * as z from 'zod/mini';

z.config(z.locales.en());

export function checkValue<T>(schema: z.ZodMiniType<T>, value: unknown): z.core.util.SafeParseResult<T> {
  return schema.safeParse(value);
}
