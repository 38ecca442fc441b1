/** What a plan is made from and what it answers. */
import type { FileWrite, LogState, Repository } from '../host/ports.ts';
import type { Audit } from '../model/audit.ts';
import type { Baseline } from '../model/baseline.ts';
import { recordPath } from '../model/data-paths.ts';
import type { Links } from '../model/links.ts';
import type { Run } from '../model/run.ts';
import type { RunLog } from '../runlog/run-log.ts';

export type PlanContext = Readonly<{
  run: Run;
  logPath: string;
  /** The bytes of a log that has no entry yet, for repositories without one. */
  emptyLog: Uint8Array;
  links: Links;
  /** Which job of its workflow the run is of; absent where that is not known. */
  job?: string;
  /** Whether the run's commit comes after this one, or is the newest of its branch. */
  follows: Repository['follows'];
  /** Instead of the log's next number. */
  runId?: string;
}>;

/** `entry`: the text as it stands, or would stand, in the log, without its marker. */
export type Plan = Readonly<
  | { state: 'new'; audit: Audit; entry: string; files: readonly FileWrite[]; message: string }
  | { state: 'recorded'; audit: Audit; entry: string }
  /** These files decide too, and were not read yet. */
  | { state: 'unread'; paths: readonly string[] }
>;

/** `paths`: what was read, so that an absent file can be told from one that nobody asked for. */
export type PlanState = LogState & Readonly<{ paths: readonly string[] }>;

/** What stands there before this run. */
export type Present = Readonly<{ log: RunLog; baseline: Baseline; state: PlanState }>;

export function toAudit({ run, logPath, links }: PlanContext, judged: Pick<Audit, 'runId' | 'comparison' | 'verdict'>): Audit {
  return { run, ...judged, recordPath: recordPath(logPath, judged.runId, run.context.end), logPath, links };
}
