/** The plan of one recording: from the state of the log to the files that would be written, as a function of values. */
import { createHash } from 'node:crypto';
import type { Audit } from '../model/audit.ts';
import { readBaseline, type Baseline } from '../model/baseline.ts';
import { compareRun, type Compared } from '../model/compare.ts';
import { contentDigest } from '../model/content-digest.ts';
import { asLateRun, closingNothing } from '../model/late-run.ts';
import { formatMarker, type EntryMarker } from '../model/marker.ts';
import { isEarlierAttempt } from '../model/recording-key.ts';
import { recordedRun, type RunRecord } from '../model/record.ts';
import { judgeAudit } from '../model/verdict.ts';
import { renderEntry } from '../render/entry.ts';
import { renderIndexRow } from '../render/index-row.ts';
import { appendEntry } from '../runlog/append.ts';
import { nextRunId } from '../runlog/run-id.ts';
import { findEntryByKey, isBlank, newestIdByMarker, newestMarker, readRunLog, type RunLog } from '../runlog/run-log.ts';
import { baselineOf, dataFiles, keepsLedger } from './data-files.ts';
import { toAudit, type Plan, type PlanContext, type PlanState, type Present } from './plan-context.ts';

/** Throws AuditError for a log or ledger that cannot be used, DUPLICATE_KEY, KEY_REUSED. */
export async function planEntry(context: PlanContext, state: PlanState): Promise<Plan> {
  const built = readRunLog(context.emptyLog, 'templates/run-log.md');
  const bytes = state.files.get(context.logPath);
  const log = bytes === undefined || isBlank(bytes) ? built : readRunLog(bytes, context.logPath, built.style);
  const present: Present = { log, baseline: await readBaseline(state.files, baselineOf({ context: context.run.context, logPath: context.logPath })), state };
  const recorded = findEntryByKey(log, context.run.key);
  if (recorded === undefined) return planNew(context, present);
  const { planRecorded } = await import('./plan-recorded.ts');
  return planRecorded(context, present, recorded);
}

async function planNew(given: PlanContext, { log, baseline, state }: Present): Promise<Plan> {
  const runId = given.runId ?? nextRunId(log, baseline.checks?.last.run);
  const last = await newerRun(given, baseline);
  const context = last === undefined ? given : { ...given, run: asLateRun(given.run, last) };
  const { run } = context;
  const found = compareRun(run, baseline, runId);
  const compared = last === undefined ? found : closingNothing(found);
  const verdict = judgeAudit(run, compared.comparison);
  const attemptOf = run.context.attempt === undefined ? undefined : newestIdByMarker(log, (marker) => isEarlierAttempt(marker, { key: run.key, job: context.job }));
  const audit: Audit = { ...toAudit(context, { runId, comparison: compared.comparison, verdict }), ...(attemptOf === undefined ? {} : { attemptOf }) };
  const entry = renderEntry(audit, log.style);
  const marker: EntryMarker = { ...entryMarker(audit, log, entry), ...(context.job === undefined ? {} : { job: context.job }) };
  const indexRow = log.index === null ? undefined : renderIndexRow(audit, log.index.style);
  const bytes = appendEntry(log, { entry: `${entry}${formatMarker(marker)}\n`, ...(indexRow === undefined ? {} : { indexRow }) });
  const record = toRecord(audit, { baseline, compared, sequence: marker.sequence });
  return { state: 'new', audit, entry, files: [{ path: context.logPath, bytes }, ...await dataFiles({ audit, compared, record, files: state.files })], message: messageOf(audit) };
}

/** The branch's newest run, if it is of a commit that comes after this one: an older observation never takes the place of a newer one. */
async function newerRun({ run: { context }, isBehind }: PlanContext, { checks, startsFrom }: Baseline): Promise<Readonly<{ run: string; commit: string }> | undefined> {
  const last = startsFrom === undefined ? checks?.last : undefined;
  if (last === undefined || !context.keepsLedger || last.commit === context.commit) return undefined;
  return await isBehind(last.commit) ? last : undefined;
}

/** An id of another log may hold what means something to whoever shows commits, as `#4` does. */
function messageOf({ runId, verdict }: Audit): string {
  return `Record ${/^[A-Za-z][A-Za-z0-9._-]*$/.test(runId) ? runId : 'an audit'}: ${verdict.outcome}`;
}

/** The chain over the entries that were made here: sequence, the digest before, and the digest of this entry's text. */
function entryMarker({ run, attemptOf }: Audit, log: RunLog, entry: string): EntryMarker {
  const last = newestMarker(log);
  return {
    key: run.key,
    sequence: (last?.sequence ?? 0) + 1,
    commit: run.context.commit,
    tree: run.context.tree,
    ...(run.context.pullRequest === undefined ? {} : { pullRequest: run.context.pullRequest.number }),
    // Ids of other logs may hold what a marker may not.
    ...(attemptOf === undefined || !/^[A-Za-z0-9._-]+$/.test(attemptOf) ? {} : { attemptOf }),
    content: contentDigest(run),
    ...(last === undefined ? {} : { prev: last.digest }),
    digest: createHash('sha256').update(entry, 'utf8').digest('hex'),
  };
}

type Recording = Readonly<{ baseline: Baseline; compared: Compared; sequence: number }>;

function toRecord({ run, runId, verdict }: Audit, { baseline, compared, sequence }: Recording): RunRecord {
  return {
    schema: 1, runId, sequence,
    outcome: verdict.outcome,
    reason: verdict.reason,
    rows: verdict.rows.map((row) => ({ ...row, findings: [...row.findings] })),
    ...(baseline.startsFrom === undefined ? {} : { startsFrom: baseline.startsFrom }),
    // Events say what was done to the ledger.
    events: keepsLedger({ run, verdict }) ? [...compared.events] : [],
    run: recordedRun(run, [...compared.comparison.opened, ...compared.comparison.reopened].map(({ seen }) => seen)),
  };
}
