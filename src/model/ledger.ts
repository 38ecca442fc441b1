/** The ledger: the known findings of a branch with their state, as one finding a line. */
import { z } from 'zod';
import { FindingKindSchema, PrintSchema } from './finding.ts';
import { SeveritySchema } from './severity.ts';

/** No line number, no "last seen": nothing in it changes from run to run unless the finding does. */
export const LedgerFindingSchema = z.object({
  id: z.string(),
  check: z.string(),
  task: z.string(),
  kind: FindingKindSchema,
  rule: z.string(),
  severity: SeveritySchema,
  title: z.string(),
  path: z.string().optional(),
  test: z.string().optional(),
  print: PrintSchema,
  state: z.enum(['open', 'closed']),
  /** It was there when the branch was first audited, or when its check was first used. */
  adopted: z.literal(true).optional(),
  opened: z.object({ run: z.string(), commit: z.string(), date: z.string(), line: z.number().int().positive().optional() }),
  closed: z.object({ run: z.string(), commit: z.string(), date: z.string(), how: z.enum(['fixed', 'removed', 'retired']) }).optional(),
  reopened: z.number().int().positive().optional(),
});
export type LedgerFinding = Readonly<z.infer<typeof LedgerFindingSchema>>;

/** `findings` stand in ledger order: path, position in the file, id (DESIGN 8.8); closed ones after the open ones of their path. */
export type Ledger = Readonly<{ branch: string; findings: readonly LedgerFinding[] }>;
