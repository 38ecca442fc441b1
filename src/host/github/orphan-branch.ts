/** The log branch where there is none: made as an orphan, which shares no history with the code and holds the log only. */
import { AuditError } from '../../errors.ts';
import type { GitHub } from './client.ts';
import { GitHubFault } from './fault.ts';

/** What the log begins with: a file that is in the repository already, or a text. */
export type Seed = Readonly<{ sha: string } | { content: string }>;
export type OrphanPlan = Readonly<{ branch: string; logPath: string; seed: Seed }>;

/** `made`: with this one commit. `moved`: somebody else made the branch meanwhile. `later`: it may be there now, with nothing of ours but the seed. */
export type OrphanMade = Readonly<{ state: 'made'; commit: string } | { state: 'moved' } | { state: 'later'; fault: AuditError }>;

/** Throws GitHubFault where no repeat helps, NO_COMMITS for an empty repository among them. */
export async function makeOrphan(client: GitHub, { branch, logPath, seed }: OrphanPlan): Promise<OrphanMade> {
  try {
    const tree = await client.createTree([{ path: logPath, ...seed }]);
    const { sha } = await client.createCommit({ message: 'Begin the run log', tree, parents: [] });
    await client.createBranch(branch, sha);
    return { state: 'made', commit: sha };
  } catch (error) {
    if (!(error instanceof GitHubFault)) throw error;
    if (error.code === 'LOG_CHANGED') return { state: 'moved' };
    // Whatever of it took effect, no entry was written: looking again tells.
    if (error.retry !== null || error.effect === 'unknown') return { state: 'later', fault: error };
    throw error;
  }
}
