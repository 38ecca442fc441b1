/** The files of one recording beside the log: record, indexes, and the branch's ledger, checks and tests. */
import type { FileWrite } from '../host/ports.ts';
import { writesLedger, type Audit } from '../model/audit.ts';
import { baselinePaths, type BaselineOf } from '../model/baseline.ts';
import { formatChecks } from '../model/checks.ts';
import { formatIndex, nextCommitIndex, nextLatest } from '../model/commit-index.ts';
import type { Compared } from '../model/compare.ts';
import { branchPaths, commitIndexPath, latestPath } from '../model/data-paths.ts';
import { formatLedger } from '../model/ledger-file.ts';
import { formatRecord, type RunRecord } from '../model/record.ts';
import type { RunContext } from '../model/run.ts';
import { nextInventory } from '../model/test-inventory.ts';

/** Of a run and of where its log lies: what decides which files are its. */
export type Placed = Readonly<{ context: Pick<RunContext, 'auditName' | 'baselineBranch' | 'defaultBranch' | 'keepsLedger' | 'commit'>; logPath: string }>;

export function baselineOf({ context, logPath }: Placed): BaselineOf {
  return { logPath, auditName: context.auditName, branch: context.baselineBranch, defaultBranch: context.defaultBranch };
}

/** What a plan needs to know, the log first. */
export function planPaths(placed: Placed): string[] {
  const { context, logPath } = placed;
  const own = context.keepsLedger ? [testsPath(placed), latestPath(logPath)] : [];
  return [logPath, ...baselinePaths(baselineOf(placed)), ...own, commitIndexPath(logPath, context.commit)];
}

function testsPath({ context, logPath }: Placed): string {
  return branchPaths({ logPath, branch: context.baselineBranch, auditName: context.auditName }).tests;
}

export type Outcome = Readonly<{ audit: Audit; compared: Compared; record: RunRecord; files: ReadonlyMap<string, Uint8Array> }>;

/** Files that would not change are left out. Throws LEDGER_CORRUPT for an index that cannot be read. */
export async function dataFiles({ audit, compared, record, files }: Outcome): Promise<FileWrite[]> {
  const writes = [
    { path: audit.recordPath, bytes: encode(formatRecord(record)), once: true as const },
    ...await indexFiles(audit, files),
    ...(writesLedger(audit) ? branchFiles(audit, compared, files) : []),
  ];
  return writes.filter(({ path, bytes }) => !isSame(files.get(path), bytes));
}

async function indexFiles(audit: Audit, files: ReadonlyMap<string, Uint8Array>): Promise<FileWrite[]> {
  const paths = { commit: commitIndexPath(audit.logPath, audit.run.context.commit), latest: latestPath(audit.logPath) };
  const [index, latest] = [decoded(files, paths.commit), decoded(files, paths.latest)];
  // The reader brings the schemas: without any index there is nothing to read.
  const stored = index === null && latest === null ? null : await import('../model/stored-index.ts');
  const before = index === null || stored === null ? null : stored.parseCommitIndex(index, paths.commit);
  const writes = [write(files, paths.commit, formatIndex(nextCommitIndex(before, audit)))];
  if (!writesLedger(audit)) return writes;
  const states = latest === null || stored === null ? null : stored.parseLatest(latest, paths.latest);
  return [...writes, write(files, paths.latest, formatIndex(nextLatest(states, audit)))];
}

function branchFiles({ run, logPath }: Audit, { comparison, checks }: Compared, files: ReadonlyMap<string, Uint8Array>): FileWrite[] {
  const { auditName, baselineBranch: branch } = run.context;
  const paths = branchPaths({ logPath, branch, auditName });
  const tests = nextInventory(decoded(files, paths.tests), run);
  return [
    write(files, paths.ledger, formatLedger({ ...comparison.ledger, branch })),
    write(files, paths.checks, formatChecks(checks)),
    ...(tests === null ? [] : [write(files, paths.tests, tests)]),
  ];
}

function write(files: ReadonlyMap<string, Uint8Array>, path: string, text: string): FileWrite {
  return { path, bytes: encode(text), replaces: files.get(path) ?? null };
}

function decoded(files: ReadonlyMap<string, Uint8Array>, path: string): string | null {
  const bytes = files.get(path);
  return bytes === undefined ? null : new TextDecoder().decode(bytes);
}

function isSame(before: Uint8Array | undefined, after: Uint8Array): boolean {
  return before !== undefined && Buffer.compare(before, after) === 0;
}

function encode(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}
