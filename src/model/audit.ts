/** An audit: a run with its comparison and its outcome, numbered: all that a rendering needs. */
import type { Comparison } from './comparison.ts';
import type { Links } from './links.ts';
import type { Verdict } from './outcome.ts';
import type { Run } from './run.ts';

export type Audit = Readonly<{
  run: Run;
  comparison: Comparison;
  verdict: Verdict;
  /** `RUN-004`: the number in the run log; `UNRECORDED` where there is none. */
  runId: string;
  /** The run id of the attempt before, where the run was repeated and that one is in the log. */
  attemptOf?: string;
  /** Path of the run's record, relative to the repository. */
  recordPath: string;
  logPath: string;
  links: Links;
}>;

/** Stands for the run id of a run that got no entry: the log was refused or could not be written. */
export const UNRECORDED = 'unrecorded';
