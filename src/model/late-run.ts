/** A late run: its commit is behind the one that the branch recorded last, because its job was slower or was run again. What it saw is older than what is known. */
import type { Compared } from './compare.ts';
import type { Run } from './run.ts';

/** It is recorded, and writes no ledger. `last`: the newest recorded run of the branch. */
export function asLateRun(run: Run, last: Readonly<{ run: string; commit: string }>): Run {
  return {
    ...run,
    context: { ...run.context, keepsLedger: false },
    problems: [...run.problems, { code: 'OLDER_COMMIT', message: `${run.context.commit.slice(0, 7)} is older than ${last.commit.slice(0, 7)}, which ${last.run} has recorded: the ledger stays as that run left it.` }],
  };
}

/** That an older commit does not have a finding proves nothing about a newer one. */
export function closingNothing(compared: Compared): Compared {
  const { closed, unverified, ...comparison } = compared.comparison;
  const carried = closed.map(({ known }) => ({ known, reason: 'this commit is older than the one recorded last' }));
  return { ...compared, comparison: { ...comparison, closed: [], unverified: [...unverified, ...carried] } };
}
