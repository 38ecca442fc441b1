/** The folders of a job on GitHub: its checkout, where patterns start, and where files for later steps belong. */
import { lstat, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { AuditError } from '../../errors.ts';
import type { World } from '../world.ts';
import { checkedOutCommit } from './workspace.ts';

export type JobFolders = Readonly<{
  /** The top of the checked out repository, to which paths are relative: the workspace, or a folder below it where `path` of actions/checkout put it. */
  checkout: string;
  working: string;
  /** Checkout and working directory as the system names them. */
  real: Readonly<{ root: string; cwd: string }>;
  /** Made when something is written to it; the runner empties it. */
  temporary: string;
  /** The commit that the checkout holds, where that can be told. */
  checkedOut: string | null;
  /** When the job began, by the clock of the machine: the runner writes the event file first. Milliseconds since 1970. */
  startMs: number | null;
}>;

/** `workingDirectory`: relative to the workspace. Throws INVALID_INPUT: reports that nobody can look for would read as reports that are missing. */
export async function openJobFolders(workingDirectory: string, { env, cwd }: Pick<World, 'env' | 'cwd'>): Promise<JobFolders> {
  const workspace = resolve(env['GITHUB_WORKSPACE'] ?? cwd);
  await assertFolder(workspace, 'GITHUB_WORKSPACE');
  const working = resolve(workspace, workingDirectory);
  await assertFolder(working, `working-directory: ${workingDirectory}`);
  const checkout = await checkoutAround(working, workspace);
  return {
    checkout, working,
    real: { root: await realpath(checkout), cwd: await realpath(working) },
    temporary: resolve(env['RUNNER_TEMP'] ?? cwd, 'audit-run-log'),
    checkedOut: await checkedOutCommit(checkout),
    startMs: await writtenAt(env['GITHUB_EVENT_PATH']),
  };
}

/** The nearest folder around the working directory that is the top of a repository; the workspace where there is none. */
async function checkoutAround(working: string, workspace: string): Promise<string> {
  for (let folder = working; isBelow(folder, workspace); folder = dirname(folder)) {
    if (await isThere(join(folder, '.git'))) return folder;
  }
  return workspace;
}

function isBelow(folder: string, top: string): boolean {
  const way = relative(top, folder);
  return way !== '' && way.split(sep)[0] !== '..' && !isAbsolute(way);
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch {
    return false;
  }
}

async function writtenAt(path: string | undefined): Promise<number | null> {
  try {
    return path === undefined ? null : (await stat(path)).mtimeMs;
  } catch {
    return null;
  }
}

async function assertFolder(path: string, name: string): Promise<void> {
  const why = await reasonAgainst(path);
  if (why !== null) throw new AuditError('INVALID_INPUT', { message: `${name}: expected a folder in the workspace of the job; ${why}.`, path, exitCode: 2 });
}

async function reasonAgainst(path: string): Promise<string | null> {
  try {
    return (await stat(path)).isDirectory() ? null : 'this is none';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'there is no such folder' : `it cannot be opened (${code})`;
  }
}
