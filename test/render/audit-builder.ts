/** Small audits for rendering tests: the runs are compared and judged for real; only number, paths and links are given. */
import { NO_LINKS } from '../../src/model/links.ts';
import type { Audit } from '../../src/model/audit.ts';
import { recordPath } from '../../src/model/data-paths.ts';
import { NO_NOTES, type Notes } from '../../src/model/notes.ts';
import type { Run } from '../../src/model/run.ts';
import { NO_COUNTS, type Counts, type Evidence } from '../../src/model/task.ts';
import { judgeAudit } from '../../src/model/verdict.ts';
import { compareInTurn } from '../model/run-builder.ts';

export const LOG_PATH = 'docs/AUDIT_RUN_LOG.md';

/** The audit of the last of these runs, after all runs before it were recorded as RUN-001, RUN-002, … */
export function anAudit(runs: readonly [Run, ...Run[]], overrides: Partial<Audit> = {}): Audit {
  const run = runs.at(-1) ?? runs[0];
  const { comparison } = compareInTurn(...runs);
  const runId = numbered(runs.length);
  return {
    run, comparison, verdict: judgeAudit(run, comparison), runId,
    recordPath: recordPath(LOG_PATH, runId, run.context.end), logPath: LOG_PATH, links: NO_LINKS, ...overrides,
  };
}

function numbered(at: number): string {
  return `RUN-${String(at).padStart(3, '0')}`;
}

export function someCounts(overrides: Partial<Counts> = {}): Counts {
  return { ...NO_COUNTS, ...overrides };
}

export function someNotes(overrides: Partial<Notes> = {}): Notes {
  return { ...NO_NOTES, ...overrides };
}

export function anEvidence(path: string, overrides: Partial<Evidence> = {}): Evidence {
  return { path, format: 'junit', bytes: 1024, sha256: 'c'.repeat(64), ...overrides };
}
