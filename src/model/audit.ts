/** An audit: a run with its comparison and its outcome, numbered: all that a rendering needs. */
import type { Comparison } from './comparison.ts';
import type { Overruling } from './documents.ts';
import type { Links } from './links.ts';
import type { Verdict } from './outcome.ts';
import type { Run } from './run.ts';

export type Audit = Readonly<{
  run: Run;
  comparison: Comparison;
  verdict: Verdict;
  /** `RUN-004`: the number in the run log; `UNRECORDED` where there is none, `UNSURE` where nobody knows. */
  runId: string;
  /** The run id of the attempt before, where the run was repeated and that one is in the log. */
  attemptOf?: string;
  /** Path of the run's record, relative to the repository. */
  recordPath: string;
  logPath: string;
  links: Links;
  /** The check run of another audit under the same name, where that one ended worse on the same commit. Known once the check was posted. */
  overruled?: Overruling;
}>;

/** Whether the run changes what is known of its branch. A cancelled one says nothing about anything. */
export function writesLedger({ run, verdict }: Pick<Audit, 'run' | 'verdict'>): boolean {
  return run.context.keepsLedger && !verdict.cancelled;
}

/** Stands for the run id of a run that got no entry: the log was refused or could not be written. */
export const UNRECORDED = 'unrecorded';
/** Stands for the run id of a run of which nobody knows whether its entry is in the log: a write went out, and no answer came. */
export const UNSURE = 'unsure';
