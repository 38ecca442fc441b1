/** The plan of one recording: from the state of the log to the files that would be written, as a function of values. */
import { createHash } from 'node:crypto';
import { AuditError } from '../errors.ts';
import type { FileWrite, LogState } from '../host/ports.ts';
import type { Audit } from '../model/audit.ts';
import { readBaseline, type Baseline, type BaselineOf } from '../model/baseline.ts';
import { formatChecks } from '../model/checks.ts';
import { compareRun, type Compared } from '../model/compare.ts';
import { contentDigest } from '../model/content-digest.ts';
import { branchPaths, recordPath } from '../model/data-paths.ts';
import { formatLedger } from '../model/ledger-file.ts';
import type { Links } from '../model/links.ts';
import { formatMarker, parseMarker, type EntryMarker } from '../model/marker.ts';
import { OUTCOMES, type Verdict } from '../model/outcome.ts';
import { recallComparison } from '../model/recall.ts';
import { formatRecord, recordedRun, type RunRecord } from '../model/record.ts';
import type { Run } from '../model/run.ts';
import { judgeAudit } from '../model/verdict.ts';
import { renderEntry } from '../render/entry.ts';
import { renderIndexRow } from '../render/index-row.ts';
import { appendEntry } from '../runlog/append.ts';
import { nextRunId } from '../runlog/run-id.ts';
import { findEntryByKey, isBlank, newestEntry, newestMarker, readRunLog, type RunLog } from '../runlog/run-log.ts';

export type PlanContext = Readonly<{
  run: Run;
  logPath: string;
  /** The bytes of a log that has no entry yet, for repositories without one. */
  emptyLog: Uint8Array;
  links: Links;
  /** Instead of the log's next number. */
  runId?: string;
}>;

/** `entry`: the text as it stands, or would stand, in the log, without its marker. */
export type Plan = Readonly<
  | { state: 'new'; audit: Audit; entry: string; files: readonly FileWrite[] }
  | { state: 'recorded'; audit: Audit; entry: string }
  /** These files decide too, and were not read yet. */
  | { state: 'unread'; paths: readonly string[] }
>;

/** `paths`: what was read, so that an absent file can be told from one that nobody asked for. */
export type PlanState = LogState & Readonly<{ paths: readonly string[] }>;

/** The files that a plan needs to know, the log first. */
export function baselineOf({ run, logPath }: Pick<PlanContext, 'run' | 'logPath'>): BaselineOf {
  const { auditName, branch, defaultBranch } = run.context;
  return { logPath, auditName, branch, defaultBranch };
}

/** Throws AuditError for a log or ledger that cannot be used, DUPLICATE_KEY, KEY_REUSED. */
export async function planEntry(context: PlanContext, state: PlanState): Promise<Plan> {
  const built = readRunLog(context.emptyLog, 'templates/run-log.md');
  const bytes = state.files.get(context.logPath);
  const log = bytes === undefined || isBlank(bytes) ? built : readRunLog(bytes, context.logPath, built.style);
  const baseline = await readBaseline(state.files, baselineOf(context));
  const recorded = findEntryByKey(log, context.run.key);
  return recorded === undefined ? planNew(context, { log, baseline, state }) : planRecorded(context, { log, baseline, state }, recorded);
}

/** What stands there before this run. */
type Present = Readonly<{ log: RunLog; baseline: Baseline; state: PlanState }>;

function planNew(context: PlanContext, { log, baseline, state }: Present): Plan {
  const { run } = context;
  const runId = context.runId ?? nextRunId(log, baseline.checks?.last.run);
  const compared = compareRun(run, baseline, runId);
  const verdict = judgeAudit(run, compared.comparison);
  const newest = newestEntry(log)?.id;
  const audit = toAudit(context, { runId, comparison: compared.comparison, verdict, previousRunId: newest ?? undefined });
  const entry = renderEntry(audit, log.style);
  const marker = entryMarker(run, log, entry);
  const indexRow = log.index === null ? undefined : renderIndexRow(audit, log.index.style);
  const bytes = appendEntry(log, { entry: `${entry}${formatMarker(marker)}\n`, ...(indexRow === undefined ? {} : { indexRow }) });
  const record = toRecord({ run, baseline, compared, verdict }, runId, marker.sequence);
  const files: FileWrite[] = [
    { path: context.logPath, bytes },
    { path: audit.recordPath, bytes: encode(formatRecord(record)), once: true },
    ...(remembers(run, verdict) ? ledgerFiles(context, compared, state) : []),
  ];
  return { state: 'new', audit, entry, files };
}

/** A detached HEAD has no branch whose ledger it could write, and a cancelled run says nothing about anything. */
function remembers(run: Run, verdict: Verdict): boolean {
  return run.context.branch !== null && !verdict.cancelled;
}

function ledgerFiles({ run, logPath }: PlanContext, { comparison, checks }: Compared, state: LogState): FileWrite[] {
  const { auditName, branch, defaultBranch } = run.context;
  const paths = branchPaths({ logPath, branch: branch ?? defaultBranch, auditName });
  const write = (path: string, text: string): FileWrite => ({ path, bytes: encode(text), replaces: state.files.get(path) ?? null });
  return [
    write(paths.ledger, formatLedger({ ...comparison.ledger, branch: branch ?? defaultBranch })),
    write(paths.checks, formatChecks(checks)),
  ];
}

type Numbered = Readonly<{ runId: string; comparison: Audit['comparison']; verdict: Verdict; previousRunId: string | undefined }>;

function toAudit({ run, logPath, links }: PlanContext, { runId, comparison, verdict, previousRunId }: Numbered): Audit {
  return {
    run, comparison, verdict, runId,
    ...(previousRunId === undefined ? {} : { previousRunId }),
    recordPath: recordPath(logPath, runId, run.context.end),
    logPath, links,
  };
}

/** The chain over the entries that were made here: sequence, the digest before, and the digest of this entry's text. */
function entryMarker(run: Run, log: RunLog, entry: string): EntryMarker {
  const last = newestMarker(log);
  return {
    key: run.key,
    sequence: (last?.sequence ?? 0) + 1,
    commit: run.context.commit,
    tree: run.context.tree,
    ...(run.context.pullRequest === undefined ? {} : { pullRequest: run.context.pullRequest.number }),
    content: contentDigest(run),
    ...(last === undefined ? {} : { prev: last.digest }),
    digest: createHash('sha256').update(entry, 'utf8').digest('hex'),
  };
}

type Judged = Readonly<{ run: Run; baseline: Baseline; compared: Compared; verdict: Verdict }>;

function toRecord({ run, baseline, compared, verdict }: Judged, runId: string, sequence: number): RunRecord {
  return {
    schema: 1, runId, sequence,
    outcome: verdict.outcome,
    reason: verdict.reason,
    rows: verdict.rows.map((row) => ({ ...row, findings: [...row.findings] })),
    ...(baseline.startsFrom === undefined ? {} : { startsFrom: baseline.startsFrom }),
    // Events say what was done to the ledger.
    events: remembers(run, verdict) ? [...compared.events] : [],
    run: recordedRun(run, [...compared.comparison.opened, ...compared.comparison.reopened].map(({ seen }) => seen)),
  };
}

type Recorded = NonNullable<ReturnType<typeof findEntryByKey>>;

/** The entry is there: nothing is written, and what it recorded is told again. */
async function planRecorded(context: PlanContext, { log, baseline, state }: Present, found: Recorded): Promise<Plan> {
  const { run, logPath } = context;
  const runId = found.id ?? '';
  if (found.marker?.content !== contentDigest(run)) {
    throw new AuditError('KEY_REUSED', { message: `${logPath}: the key ${run.key} stands for ${runId}, which recorded other results or another commit.`, path: logPath });
  }
  const path = recordPath(logPath, runId, found.date ?? run.context.end);
  if (!state.paths.includes(path)) return { state: 'unread', paths: [path] };
  const compared = compareRun(run, baseline, runId);
  const audit = toAudit(context, { runId, comparison: compared.comparison, verdict: judgeAudit(run, compared.comparison), previousRunId: undefined });
  const bytes = state.files.get(path);
  if (bytes === undefined) return { state: 'recorded', entry: entryText(log, found), audit: asEntrySays(audit, log.outcomeOf(found)) };
  const { parseRecord } = await import('../model/stored-record.ts');
  return { state: 'recorded', entry: entryText(log, found), audit: recallAudit(audit, compared, parseRecord(new TextDecoder().decode(bytes), path)) };
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

function encode(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}
