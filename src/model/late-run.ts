/** Runs whose word does not reach the ledger: what they saw is older than what is known, or nobody knows of which commit it is. */
import type { Compared } from './compare.ts';
import type { LedgerFinding } from './ledger.ts';
import type { Problem } from './problem.ts';
import type { Run } from './run.ts';

/** The branch's newest recorded run. */
export type LastRun = Readonly<{ run: string; commit: string }>;
/** Why a run leaves the ledger as it is: in its own problems, and behind each known finding that it does not close. */
export type Aside = Readonly<{ run: Run; reason: string }>;

const OTHER_COMMIT = 'the workspace held another commit';

/** `undefined` for a run that is like any other one. */
export function asideByCheckout(run: Run): Aside | undefined {
  return run.problems.some(({ code }) => code === 'CHECKOUT_DIFFERS') ? { run: leavingLedger(run, []), reason: OTHER_COMMIT } : undefined;
}

/** Its job was slower than that of a newer commit, or was run again. */
export function asideAsOlder(run: Run, last: LastRun): Aside {
  const message = `${short(run.context.commit)} does not come after ${short(last.commit)}, which ${last.run} has recorded: the ledger stays as that run left it.`;
  return { run: leavingLedger(run, [{ code: 'OLDER_COMMIT', message }]), reason: 'this commit is older than the one recorded last' };
}

export function asideAsUnsure(run: Run, last: LastRun): Aside {
  const message = `Whether ${short(run.context.commit)} comes after ${short(last.commit)}, which ${last.run} has recorded, could not be found out: the ledger stays as that run left it.`;
  return { run: leavingLedger(run, [{ code: 'ORDER_UNKNOWN', message }]), reason: 'whether this commit is newer than the one recorded last is not known' };
}

/** `undefined` where the run that is in the log already wrote its ledger, or was never to write one. */
export function asideAsRecorded(run: Run, recorded: Readonly<{ context: Pick<Run['context'], 'keepsLedger'>; problems: readonly Problem[] }>): Aside | undefined {
  if (recorded.context.keepsLedger || !run.context.keepsLedger) return asideByCheckout(run);
  return { run: { ...run, context: { ...run.context, keepsLedger: false }, problems: [...recorded.problems] }, reason: 'its run left the ledger alone' };
}

function leavingLedger(run: Run, problems: readonly Problem[]): Run {
  // That the last recorded commit is not behind this one is what the order says.
  const others = problems.length === 0 ? run.problems : run.problems.filter(({ code }) => code !== 'BASE_GONE');
  return { ...run, context: { ...run.context, keepsLedger: false }, problems: [...others, ...problems] };
}

function short(commit: string): string {
  return commit.slice(0, 7);
}

/** What such a run does not have may well be there. */
export function closingNothing(compared: Compared, reason: string): Compared {
  const { closed, unverified, ledger, ...comparison } = compared.comparison;
  const open = new Map(closed.map(({ known }): [string, LedgerFinding] => [known.id, known]));
  return {
    ...compared,
    comparison: {
      ...comparison,
      closed: [],
      unverified: [...unverified, ...closed.map(({ known }) => ({ known, reason }))],
      ledger: { ...ledger, findings: ledger.findings.map((finding) => open.get(finding.id) ?? finding) },
    },
  };
}
