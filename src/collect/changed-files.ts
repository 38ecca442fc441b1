/** The files touched: from which commit they are counted, and which ones there are. */
import type { Repository } from '../host/ports.ts';
import type { Baseline } from '../model/baseline.ts';
import { dataRoot } from '../model/data-paths.ts';
import type { Problem } from '../model/problem.ts';
import type { ChangedFile, RunContext } from '../model/run.ts';

export type Touched = Readonly<{ base: RunContext['base']; files: readonly ChangedFile[]; problems: readonly Problem[] }>;

/** Counted from where the event says, else from the branch's last recorded commit, else from the merge base with the default branch. The log and its data are not counted. */
export async function collectChangedFiles(repository: Repository, baseline: Baseline, logPath: string): Promise<Touched> {
  const { base, problems } = await findBase(repository, baseline);
  const data = `${dataRoot(logPath)}/`;
  const changed = await repository.changedFiles(base?.commit, (path) => path === logPath || path.startsWith(data));
  return { base, files: changed.files, problems: [...problems, ...changed.problems] };
}

async function findBase(repository: Repository, baseline: Baseline): Promise<Readonly<{ base: RunContext['base']; problems: Problem[] }>> {
  if (repository.checkout.base !== undefined) return { base: repository.checkout.base, problems: [] };
  const { branch } = repository.checkout;
  const isOwn = baseline.startsFrom === undefined && (branch === null || branch === baseline.branch);
  const last = isOwn ? baseline.checks?.last : undefined;
  if (last !== undefined && await repository.isAncestor(last.commit)) return { base: { commit: last.commit, how: 'last-recorded' }, problems: [] };
  const mergeBase = await repository.mergeBase();
  const problems: Problem[] = last === undefined ? [] : [{
    code: 'BASE_GONE',
    message: `The commit of ${last.run} (${last.commit.slice(0, 7)}) is not behind this one; files touched are ${mergeBase === undefined ? 'not counted from any commit' : 'counted from the merge base with the default branch'}.`,
  }];
  return { base: mergeBase === undefined ? undefined : { commit: mergeBase, how: 'merge-base' }, problems };
}
