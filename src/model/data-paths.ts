/** Where the data of a run log lies: paths relative to the repository, from names that are not trusted. */
import { createHash } from 'node:crypto';

/** Names that some file system reserves, whatever follows a dot. https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/;
const PLAIN = /^[a-z0-9][a-z0-9._-]{0,59}$/;

/** A folder or file name for any text: itself where harmless, else a readable part and 8 hex digits of its SHA-256. The exact text stands inside the file. */
export function pathName(name: string): string {
  if (PLAIN.test(name) && !RESERVED.test(name) && !name.endsWith('.') && !/-[0-9a-f]{8}$/.test(name)) return name;
  const readable = name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 40) || 'x';
  return `${readable}-${createHash('sha256').update(name, 'utf8').digest('hex').slice(0, 8)}`;
}

export type DataPaths = Readonly<{ root: string; ledger: string; checks: string; tests: string }>;

/** The data root is the folder `audit` beside the log. */
export function dataRoot(logPath: string): string {
  const slash = logPath.lastIndexOf('/');
  return slash < 0 ? 'audit' : `${logPath.slice(0, slash)}/audit`;
}

/** The audit name that has no folder of its own. */
export const DEFAULT_AUDIT_NAME = 'Audit';

/** A ledger belongs to a branch and an audit name: several audits of one repository do not see each other's findings. */
export type LedgerOwner = Readonly<{ logPath: string; branch: string; auditName: string }>;

export function branchPaths({ logPath, branch, auditName }: LedgerOwner): DataPaths {
  const root = dataRoot(logPath);
  const own = auditName === DEFAULT_AUDIT_NAME ? '' : `/audits/${pathName(auditName)}`;
  const folder = `${root}/branches/${pathName(branch)}${own}`;
  return { root, ledger: `${folder}/findings.ndjson`, checks: `${folder}/checks.json`, tests: `${folder}/tests.txt` };
}

/** A run's record, by year and month of its end (`2026-02-19T…`). */
export function recordPath(logPath: string, runId: string, end: string): string {
  const name = /^[A-Z]+-\d{1,12}$/.test(runId) ? runId : pathName(runId);
  return `${dataRoot(logPath)}/runs/${end.slice(0, 4)}/${end.slice(5, 7)}/${name}.json`;
}

/** Which records speak of a commit: what a gate reads. */
export function commitIndexPath(logPath: string, commit: string): string {
  return `${dataRoot(logPath)}/commits/${commit.slice(0, 2)}/${commit}.json`;
}

/** The newest state of each branch and audit name. */
export function latestPath(logPath: string): string {
  return `${dataRoot(logPath)}/latest.json`;
}
