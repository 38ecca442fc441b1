/** The repository of a run for which GitHub could not be read: what the event says, and nothing else. */
import type { Problem } from '../../model/problem.ts';
import type { Checkout, Repository } from '../ports.ts';
import type { GitHubRun } from './event.ts';

const FILES_UNREAD: Problem = { code: 'FILES_UNKNOWN', message: 'The files touched are not known: GitHub could not be read.' };

/** Which commits and paths there are is asked for known findings only: here are none. */
export function unreadRepository({ commit, branch, defaultBranch, base }: GitHubRun, root: string): Repository {
  // The tree is not known without GitHub.
  const checkout: Checkout = { root, commit, tree: '', branch, defaultBranch, ...(base === null ? {} : { base }) };
  return {
    checkout,
    isAncestor: () => Promise.resolve(true),
    follows: () => Promise.resolve('unknown'),
    pathsAt: () => Promise.resolve(new Set()),
    mergeBase: () => Promise.resolve(undefined),
    changedFiles: () => Promise.resolve({ files: [], problems: [FILES_UNREAD] }),
  };
}
