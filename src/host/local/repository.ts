/** The local repository: where the checkout stands, its history, and the files that changed. */
import { lstatSync, realpathSync } from 'node:fs';
import { join, relative, resolve, sep, isAbsolute } from 'node:path';
import { AuditError } from '../../errors.ts';
import type { Checkout, Repository } from '../ports.ts';
import { askGit, findGit, gitFailed, type Environment, type Git, type GitAnswer } from './git.ts';

const OBJECT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * One call tells all. Bracketed patterns, because a plain name would be taken for a folder of refs, and a missing ref must not end the call;
 * the full name of a symbolic ref is that of its target.
 */
const CHECKOUT_ARGS = [
  'rev-parse', '--is-inside-work-tree', '--show-cdup', '--absolute-git-dir', 'HEAD', 'HEAD^{tree}', '--symbolic-full-name', 'HEAD',
  '--glob=refs/remotes/origin/HEA[D]', '--glob=refs/heads/mai[n]', '--glob=refs/heads/maste[r]',
];

/** `gitDir`: absolute path of the repository's own git folder (of the worktree, if linked). */
export type LocalCheckout = Checkout & Readonly<{ gitDir: string }>;
export type LocalRepository = Repository & Readonly<{ checkout: LocalCheckout }>;

/** Opens the repository that holds `cwd`. Throws NO_GIT, NO_REPOSITORY, NO_COMMITS or GIT_FAILED, exit code 2. */
export async function openLocalRepository(cwd: string, env: Environment = process.env): Promise<LocalRepository> {
  const folder = realFolder(cwd);
  const found = findGit(folder, env);
  const checkout = readCheckout(folder, await askGit(found, CHECKOUT_ARGS));
  const git = { ...found, folder: checkout.root };
  return {
    checkout,
    isAncestor: (commit) => isAncestor(git, checkout, commit),
    // What lies here now is the newest that there is.
    follows: () => Promise.resolve('yes'),
    mergeBase: () => mergeBase(git, checkout),
    pathsAt: (commit, paths) => pathsAt(git, commit, paths),
    // Loaded only when asked: not every command lists files.
    changedFiles: async (base, ignore) => (await import('./changed-files.ts')).changedFiles({ git, checkout, base, ignore }),
  };
}

function realFolder(cwd: string): string {
  try {
    return realpathSync.native(cwd);
  } catch (cause) {
    throw new AuditError('NO_REPOSITORY', { message: `${cwd}: there is no such folder.`, path: cwd, exitCode: 2, cause });
  }
}

function readCheckout(folder: string, answer: GitAnswer): LocalCheckout {
  const [inside, up, ...rest] = answer.output.toString('utf8').replace(/\n$/, '').split('\n');
  if (inside === undefined || inside === '') throw notOpened(folder, answer);
  if (inside !== 'true' || up === undefined) throw new AuditError('NO_REPOSITORY', { message: `${folder} is inside a repository but not in a working tree (a bare repository, or its git folder).`, path: folder, exitCode: 2 });
  // The path of the git folder may hold line feeds: what follows it is known by its form.
  const at = rest.findIndex((line, index) => index > 0 && OBJECT_ID.test(line));
  if (answer.status !== 0 || at < 0) throw new AuditError('NO_COMMITS', { message: `The repository at ${resolve(folder, up)} has no commit yet (git: ${answer.complaint}).`, exitCode: 2 });
  const [commit = '', tree = '', head = '', ...refs] = rest.slice(at);
  const branch = localName(head);
  return { root: workingTree(folder, up), gitDir: rest.slice(0, at).join('\n'), commit, tree, branch, defaultBranch: defaultBranch(refs, branch) };
}

function notOpened(folder: string, answer: GitAnswer): AuditError {
  if (!answer.complaint.includes('not a git repository')) return gitFailed(CHECKOUT_ARGS, answer.complaint);
  return new AuditError('NO_REPOSITORY', { message: `${folder} is not inside a git repository.`, path: folder, exitCode: 2 });
}

/** A configured working tree elsewhere (`core.worktree`) is not what the caller stands in, and nothing may be written there. */
function workingTree(folder: string, up: string): string {
  const root = realpathSync.native(resolve(folder, up));
  const inside = relative(root, folder);
  const holds = inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
  if (holds && lstatSync(join(root, '.git'), { throwIfNoEntry: false }) !== undefined) return root;
  throw new AuditError('NO_REPOSITORY', { message: `${folder}: git names ${root} as the working tree, which holds no .git; run inside a plain clone.`, path: folder, exitCode: 2 });
}

function localName(ref: string): string | null {
  return ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null;
}

/** The target of origin/HEAD, else `main`, else `master`, else the current one. A detached HEAD without any of them has `main`: nothing else is known. */
function defaultBranch(refs: readonly string[], current: string | null): string {
  const remote = refs.find((ref) => ref.startsWith('refs/remotes/origin/') && ref !== 'refs/remotes/origin/HEAD');
  const local = refs.find((ref) => ref.startsWith('refs/heads/'));
  return remote?.slice('refs/remotes/origin/'.length) ?? (local === undefined ? null : localName(local)) ?? current ?? 'main';
}

async function isAncestor(git: Git, checkout: Checkout, commit: string): Promise<boolean> {
  if (commit === checkout.commit) return true;
  if (!OBJECT_ID.test(commit)) return false;
  // A commit that is not here ends with 128.
  return (await askGit(git, ['merge-base', '--is-ancestor', commit, checkout.commit])).status === 0;
}

/** A command line holds so many paths. */
const PATHS_AT_ONCE = 500;

async function pathsAt(git: Git, commit: string, paths: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  if (!OBJECT_ID.test(commit)) return found;
  for (let from = 0; from < paths.length; from += PATHS_AT_ONCE) {
    const { status, output } = await askGit(git, ['--literal-pathspecs', 'ls-tree', '-r', '-z', '--name-only', '--full-tree', commit, '--', ...paths.slice(from, from + PATHS_AT_ONCE)]);
    if (status !== 0) return new Set();
    for (const path of output.toString('utf8').split('\0')) if (path !== '') found.add(path);
  }
  return found;
}

/** With the local and the remote default branch at once, the one that is further along counts; either may be missing. */
async function mergeBase(git: Git, { commit, defaultBranch: name }: Checkout): Promise<string | undefined> {
  const [local, remote] = [`refs/heads/${name}`, `refs/remotes/origin/${name}`];
  for (const refs of [[local, remote], [local], [remote]]) {
    const { status, output } = await askGit(git, ['merge-base', commit, ...refs]);
    const found = output.toString('utf8').trim().split('\n', 1)[0] ?? '';
    if (status === 0 && OBJECT_ID.test(found)) return found;
    if (status === 1) return undefined;
  }
  return undefined;
}
