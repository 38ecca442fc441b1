/** The ledger: the known findings of a branch with their state, as one finding a line. */
import type { LedgerFinding } from './schema/ledger.ts';

export type { LedgerFinding } from './schema/ledger.ts';

/** `findings` stand in ledger order: path, position in the file, id; closed ones after the open ones of their path. */
export type Ledger = Readonly<{ branch: string; findings: readonly LedgerFinding[] }>;
