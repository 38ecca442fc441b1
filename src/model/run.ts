/** A run: one execution of an audit job with everything it saw. Versioned, and complete: comparing needs nothing but a run and a ledger. */
import type { RunContext } from './schema/run.ts';

export type { ChangedFile, Run, RunContext } from './schema/run.ts';

/** A pull request and a group of the merge queue are judged by their change: what was there before counts on the branch. */
export function speaksOfChange({ pullRequest, trigger }: RunContext): boolean {
  return pullRequest !== undefined || trigger === 'merge_group';
}
