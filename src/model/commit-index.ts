/** The small files by which machines find records: by commit, and the newest one of each branch. */
import type { Audit } from './audit.ts';
import { compareText } from './order.ts';
import type { CommitIndex, Latest } from './schema/commit-index.ts';

export type { CommitIndex, Latest } from './schema/commit-index.ts';

/** The index of the run's commit with the run in it. */
export function nextCommitIndex(before: CommitIndex | null, audit: Audit): CommitIndex {
  const { run, runId, recordPath, verdict } = audit;
  const { context } = run;
  const own: CommitIndex['records'][number] = {
    run: runId, record: recordPath, audit: context.auditName, outcome: verdict.outcome, trigger: context.trigger, date: context.end,
    // Another one was checked out: which tree the evidence speaks of is not known.
    ...(run.problems.some(({ code }) => code === 'CHECKOUT_DIFFERS') ? {} : { tree: context.tree }),
    ...(context.pullRequest === undefined ? {} : { pullRequest: context.pullRequest.number }),
  };
  return { schema: 1, commit: context.commit, records: [...(before?.records ?? []), own] };
}

/** The newest states with this run as that of its branch. Only for runs that keep a ledger. */
export function nextLatest(before: Latest | null, audit: Audit): Latest {
  const { run: { context }, runId, recordPath, verdict, comparison } = audit;
  const open = { P0: 0, P1: 0, P2: 0, P3: 0 };
  for (const { state, severity } of comparison.ledger.findings) if (state === 'open') open[severity] += 1;
  const own = { run: runId, record: recordPath, outcome: verdict.outcome, commit: context.commit, date: context.end, open };
  const audits = sorted({ ...before?.branches[context.baselineBranch], [context.auditName]: own });
  return { schema: 1, branches: sorted({ ...before?.branches, [context.baselineBranch]: audits }) };
}

function sorted<T>(entries: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(entries).sort(([a], [b]) => compareText(a, b)));
}

/** Ends with `\n`; one value a line, so that few lines change. */
export function formatIndex(value: CommitIndex | Latest): string {
  return `${JSON.stringify(value, undefined, 1)}\n`;
}
