/** The schema of the state of a branch's checks. */
import * as z from 'zod/mini';
import { CHECKS_VERSION } from '../checks.ts';
import { TaskKindSchema } from './task.ts';

export const VersionSchema = z.object({ schema: z.number() });

export const ChecksSchema = z.object({
  schema: z.literal(CHECKS_VERSION),
  branch: z.string(),
  /** The newest recorded run of the branch. */
  last: z.object({ run: z.string(), commit: z.string(), key: z.string() }),
  tasks: z.record(z.string(), z.object({ kind: TaskKindSchema, required: z.boolean() })),
  checks: z.record(z.string(), z.object({
    task: z.string(),
    /** The newest run in which it was complete; absent if it never was. `reports`: of a check that speaks of the whole project, what it was read from; `configuration`: how the tool was called. */
    complete: z.optional(z.object({ run: z.string(), commit: z.string(), reports: z.optional(z.array(z.string())), configuration: z.optional(z.string()) })),
    tool: z.optional(z.string()),
    version: z.optional(z.string()),
    /** Runs since then in which it was not complete. */
    missed: z.int().check(z.nonnegative()),
    /** So many findings vanished in the newest complete run that none was closed; the next complete run confirms. */
    held: z.optional(z.literal(true)),
  })),
});
export type Checks = Readonly<z.infer<typeof ChecksSchema>>;
