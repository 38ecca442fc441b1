/** The comparison of a run with a ledger: what opened, closed, stayed, and what this run cannot say. */
import type { Finding } from './finding.ts';
import type { Ledger, LedgerFinding } from './ledger.ts';

/** A finding as known from now on, together with how this run saw it (for the line to show). */
export type SeenFinding = Readonly<{ known: LedgerFinding; seen: Finding }>;
/** `evidence`: one sentence without a final stop, in our words, names in it untrusted: why it counts as closed. */
export type ClosedFinding = Readonly<{ known: LedgerFinding; how: 'fixed' | 'removed' | 'retired'; evidence: string }>;
/** `reason`: as above: why absence proves nothing here. */
export type UnverifiedFinding = Readonly<{ known: LedgerFinding; reason: string }>;

/** Each list in ledger order. Every finding of run and ledger is in exactly one of them (closed ledger findings in none). */
export type Comparison = Readonly<{
  /** Neither this branch nor the default branch had a ledger: all but failures become the starting point. */
  firstRun: boolean;
  opened: readonly SeenFinding[];
  reopened: readonly SeenFinding[];
  /** Taken over as starting point: first run, or first use of a check. Not opened. */
  adopted: readonly SeenFinding[];
  persisting: readonly SeenFinding[];
  closed: readonly ClosedFinding[];
  unverified: readonly UnverifiedFinding[];
  waived: readonly LedgerFinding[];
  /** Checks of which so many findings vanished at once that none was closed; the next complete run confirms. */
  heldChecks: readonly string[];
  /** Checks that ran to the end for the first time and whose findings were adopted. */
  newChecks: readonly string[];
  /** Tasks of earlier runs that were not part of this one. */
  absentTasks: readonly string[];
  /** The ledger after this run. */
  ledger: Ledger;
}>;
