/** The schema of a commit's index of records, and of the newest state of all branches. */
import * as z from 'zod/mini';
import { OUTCOMES } from '../outcome.ts';
import { TriggerSchema } from './run.ts';

const count = z.int().check(z.nonnegative());

export const CommitIndexSchema = z.object({
  schema: z.literal(1),
  commit: z.string(),
  /** In the order in which they were recorded. */
  records: z.array(z.object({
    run: z.string(),
    /** Path of the record. */
    record: z.string(),
    audit: z.string(),
    outcome: z.enum(OUTCOMES),
    trigger: TriggerSchema,
    /** Of what was checked out: a commit with the same tree is the same source. Absent where that is not known. */
    tree: z.optional(z.string()),
    date: z.string(),
    pullRequest: z.optional(z.int().check(z.positive())),
  })),
});
export type CommitIndex = Readonly<z.infer<typeof CommitIndexSchema>>;

export const LatestSchema = z.object({
  schema: z.literal(1),
  /** By branch, then by audit name; both sorted. */
  branches: z.record(z.string(), z.record(z.string(), z.object({
    run: z.string(),
    record: z.string(),
    outcome: z.enum(OUTCOMES),
    commit: z.string(),
    date: z.string(),
    open: z.object({ P0: count, P1: count, P2: count, P3: count }),
  }))),
});
export type Latest = Readonly<z.infer<typeof LatestSchema>>;
