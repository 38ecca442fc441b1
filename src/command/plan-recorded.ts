/** The plan for a run that is in the log already: nothing is written, and what it recorded is told again. */
import type { Audit } from '../model/audit.ts';
import { compareRun, type Compared } from '../model/compare.ts';
import { contentDigest } from '../model/content-digest.ts';
import { recordPath } from '../model/data-paths.ts';
import { asideAsRecorded, closingNothing } from '../model/late-run.ts';
import { parseMarker } from '../model/marker.ts';
import { OUTCOMES } from '../model/outcome.ts';
import { recallComparison } from '../model/recall.ts';
import type { RunRecord } from '../model/record.ts';
import { judgeAudit } from '../model/verdict.ts';
import { AuditError } from '../errors.ts';
import type { findEntryByKey, RunLog } from '../runlog/run-log.ts';
import { toAudit, type Plan, type PlanContext, type Present } from './plan-context.ts';

type Recorded = NonNullable<ReturnType<typeof findEntryByKey>>;

/** Throws KEY_REUSED, and LEDGER_CORRUPT for a record that cannot be read. */
export async function planRecorded(context: PlanContext, { log, baseline, state }: Present, found: Recorded): Promise<Plan> {
  const { run, logPath } = context;
  const runId = found.id ?? '';
  if (found.marker?.content !== contentDigest(run)) {
    throw new AuditError('KEY_REUSED', { message: `${logPath}: the key ${run.key} stands for ${runId}, which recorded other results or another commit.`, path: logPath });
  }
  const path = recordPath(logPath, runId, found.date ?? run.context.end);
  if (!state.paths.includes(path)) return { state: 'unread', paths: [path] };
  const bytes = state.files.get(path);
  const record = bytes === undefined ? undefined : (await import('../model/stored-record.ts')).parseRecord(new TextDecoder().decode(bytes), path);
  const aside = record === undefined ? undefined : asideAsRecorded(run, record.run);
  const now = aside?.run ?? run;
  const again = compareRun(now, baseline, runId);
  const compared = aside === undefined ? again : closingNothing(again, aside.reason);
  const audit = toAudit({ ...context, run: now }, { runId, comparison: compared.comparison, verdict: judgeAudit(now, compared.comparison) });
  return { state: 'recorded', entry: entryText(log, found), audit: record === undefined ? asEntrySays(audit, log.outcomeOf(found)) : recallAudit(audit, compared, record) };
}

/** The record is lost: of the verdict only the word in the entry is left, and any other word is no pass. */
function asEntrySays(audit: Audit, word: string | undefined): Audit {
  const outcome = OUTCOMES.find((known) => known === word) ?? 'failed';
  return { ...audit, verdict: { ...audit.verdict, outcome, reason: 'so its entry says; the record of the run is missing', rows: [] } };
}

function recallAudit(audit: Audit, compared: Compared, record: RunRecord): Audit {
  const { outcome, reason, rows } = record;
  return { ...audit, comparison: recallComparison(compared, record), verdict: { ...audit.verdict, outcome, reason, rows } };
}

/** The entry's text without its marker and what stands between it and the next one. */
function entryText(log: RunLog, { start, end }: Recorded): string {
  const lines = new TextDecoder().decode(log.bytes.subarray(start, end)).split(/\r?\n/);
  const marker = lines.findIndex((line) => parseMarker(line) !== undefined);
  return `${lines.slice(0, marker).join('\n')}\n`;
}
