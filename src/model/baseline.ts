/** The baseline: what a run is compared with. */
import { AuditError } from '../errors.ts';
import type { Checks } from './checks.ts';
import { branchPaths, type LedgerOwner } from './data-paths.ts';
import type { Ledger } from './ledger.ts';

export type Baseline = Readonly<{
  /** The branch that the run speaks of. */
  branch: string;
  /** `null`: neither the branch nor the default branch has a ledger: a first run. */
  ledger: Ledger | null;
  checks: Checks | null;
  /** Set when the ledger is that of another branch, taken over as the start of this one's. */
  startsFrom?: Readonly<{ branch: string; run: string }>;
}>;

/** `branch`: whose ledger is asked for first. */
export type BaselineOf = Readonly<{ logPath: string; auditName: string; branch: string; defaultBranch: string }>;

/** The files that `readBaseline` looks at, in the log's data. */
export function baselinePaths(of: BaselineOf): string[] {
  return [...new Set([of.branch, of.defaultBranch])].flatMap((branch) => {
    const paths = branchPaths({ ...of, branch });
    return [paths.ledger, paths.checks];
  });
}

/** From the bytes of the data files. Throws LEDGER_CORRUPT or LEDGER_NEWER. */
export async function readBaseline(files: ReadonlyMap<string, Uint8Array>, of: BaselineOf): Promise<Baseline> {
  const { branch } = of;
  const own = await readBranch(files, of);
  if (own.ledger !== null || branch === of.defaultBranch) return { branch, ...own };
  const start = await readBranch(files, { ...of, branch: of.defaultBranch });
  if (start.ledger === null) return { branch, ...own };
  return { branch, ...start, startsFrom: { branch: of.defaultBranch, run: start.checks?.last.run ?? '' } };
}

async function readBranch(files: ReadonlyMap<string, Uint8Array>, owner: LedgerOwner): Promise<Pick<Baseline, 'ledger' | 'checks'>> {
  const paths = branchPaths(owner);
  const ledger = files.get(paths.ledger);
  const checks = files.get(paths.checks);
  if (ledger === undefined && checks === undefined) return { ledger: null, checks: null };
  if (ledger === undefined || checks === undefined) {
    const [missing, other] = ledger === undefined ? [paths.ledger, paths.checks] : [paths.checks, paths.ledger];
    throw new AuditError('LEDGER_CORRUPT', { message: `${missing} is missing beside ${other}: what was known would be forgotten.`, path: missing, exitCode: 2 });
  }
  const { parseChecks, parseLedger } = await import('./stored-baseline.ts');
  return { ledger: parseLedger(decode(ledger), paths.ledger), checks: parseChecks(decode(checks), paths.checks) };
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
