/** The baseline: what a run is compared with. */
import type { Checks } from './checks.ts';
import type { Ledger } from './ledger.ts';

export type Baseline = Readonly<{
  /** The branch that the run speaks of. */
  branch: string;
  /** `null`: neither the branch nor the default branch has a ledger: a first run. */
  ledger: Ledger | null;
  checks: Checks | null;
  /** Set when the ledger is that of another branch, taken over as the start of this one's. */
  startsFrom?: Readonly<{ branch: string; run: string }>;
}>;
