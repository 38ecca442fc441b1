/** The schema of a known finding, and of the line above all of them. */
import * as z from 'zod/mini';
import { SEVERITIES } from '../severity.ts';
import { FindingKindSchema, PrintSchema } from './finding.ts';

export const HeaderSchema = z.object({ schema: z.int(), branch: z.string() });

export const ClosedSchema = z.object({ run: z.string(), commit: z.string(), date: z.string(), how: z.enum(['fixed', 'removed', 'retired']) });

/** No line number, no "last seen": nothing in it changes from run to run unless the finding does. */
export const LedgerFindingSchema = z.object({
  id: z.string(),
  check: z.string(),
  task: z.string(),
  kind: FindingKindSchema,
  rule: z.string(),
  severity: z.enum(SEVERITIES),
  title: z.string(),
  path: z.optional(z.string()),
  test: z.optional(z.string()),
  print: PrintSchema,
  state: z.enum(['open', 'closed']),
  /** It was there when the branch was first audited, or when its check was first used. */
  adopted: z.optional(z.literal(true)),
  opened: z.object({ run: z.string(), commit: z.string(), date: z.string(), line: z.optional(z.int().check(z.positive())) }),
  closed: z.optional(ClosedSchema),
  reopened: z.optional(z.int().check(z.positive())),
});
export type LedgerFinding = Readonly<z.infer<typeof LedgerFindingSchema>>;
