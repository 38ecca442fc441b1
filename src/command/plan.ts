/** The plan of one recording: from the state of the log to the files that would be written, as a function of values. */
import { createHash } from 'node:crypto';
import { writesLedger, type Audit } from '../model/audit.ts';
import { readBaseline, type Baseline } from '../model/baseline.ts';
import { compareRun, type Compared } from '../model/compare.ts';
import { contentDigest } from '../model/content-digest.ts';
import { asideAsOlder, asideAsUnsure, asideByCheckout, closingNothing, type Aside } from '../model/late-run.ts';
import { formatMarker, type EntryMarker } from '../model/marker.ts';
import { isEarlierAttempt } from '../model/recording-key.ts';
import { recordedRun, type RunRecord } from '../model/record.ts';
import { judgeAudit } from '../model/verdict.ts';
import { renderEntry } from '../render/entry.ts';
import { renderIndexRow } from '../render/index-row.ts';
import { appendEntry } from '../runlog/append.ts';
import { nextRunId } from '../runlog/run-id.ts';
import { findEntryByKey, isBlank, newestIdByMarker, newestMarker, readRunLog, type RunLog } from '../runlog/run-log.ts';
import { baselineOf, dataFiles } from './data-files.ts';
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
  const aside = await asideOf(given, baseline);
  const context = aside === undefined ? given : { ...given, run: aside.run };
  const { run } = context;
  const found = compareRun(run, baseline, runId);
  const compared = aside === undefined ? found : closingNothing(found, aside.reason);
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

/** An older observation never takes the place of a newer one, and one of another commit of none. */
async function asideOf({ run, follows }: PlanContext, { checks, startsFrom }: Baseline): Promise<Aside | undefined> {
  const last = startsFrom === undefined ? checks?.last : undefined;
  if (last === undefined || !run.context.keepsLedger || last.commit === run.context.commit) return asideByCheckout(run);
  const order = await follows(last.commit);
  switch (order) {
    case 'yes': return asideByCheckout(run);
    case 'no': return asideAsOlder(run, last);
    case 'unknown': return asideAsUnsure(run, last);
    default: return order satisfies never;
  }
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
    events: writesLedger({ run, verdict }) ? [...compared.events] : [],
    run: recordedRun(run, [...compared.comparison.opened, ...compared.comparison.reopened].map(({ seen }) => seen)),
  };
}
