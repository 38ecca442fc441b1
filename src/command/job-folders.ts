/** The folders of a job on GitHub: its workspace, where patterns start, and where files for later steps belong. */
import { stat, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AuditError } from '../errors.ts';
import { checkedOutCommit } from '../host/github/workspace.ts';
import type { World } from '../host/world.ts';
import type { Inputs } from '../inputs.ts';

export type JobFolders = Readonly<{
  workspace: string;
  working: string;
  /** Workspace and working directory as the system names them. */
  real: Readonly<{ root: string; cwd: string }>;
  /** Made when something is written to it; the runner empties it. */
  temporary: string;
  /** The commit that the workspace holds, where that can be told. */
  checkedOut: string | null;
  /** When the job began, by the clock of the machine: the runner writes the event file first. Milliseconds since 1970. */
  startMs: number | null;
}>;

/** Throws INVALID_INPUT: reports that nobody can look for would read as reports that are missing. */
export async function openJobFolders(inputs: Inputs, { env, cwd }: Pick<World, 'env' | 'cwd'>): Promise<JobFolders> {
  const workspace = resolve(env['GITHUB_WORKSPACE'] ?? cwd);
  const given = inputs['working-directory'] ?? '.';
  const working = resolve(workspace, given);
  const real = { root: await realFolder(workspace, 'GITHUB_WORKSPACE'), cwd: await realFolder(working, `working-directory: ${given}`) };
  return { workspace, working, real, temporary: resolve(env['RUNNER_TEMP'] ?? cwd, 'audit-run-log'), checkedOut: await checkedOutCommit(workspace), startMs: await writtenAt(env['GITHUB_EVENT_PATH']) };
}

async function writtenAt(path: string | undefined): Promise<number | null> {
  try {
    return path === undefined ? null : (await stat(path)).mtimeMs;
  } catch {
    return null;
  }
}

async function realFolder(path: string, name: string): Promise<string> {
  const why = await reasonAgainst(path);
  if (why !== null) throw new AuditError('INVALID_INPUT', { message: `${name}: expected a folder in the workspace of the job; ${why}.`, path, exitCode: 2 });
  return realpath(path);
}

async function reasonAgainst(path: string): Promise<string | null> {
  try {
    return (await stat(path)).isDirectory() ? null : 'this is none';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'there is no such folder' : `it cannot be opened (${code})`;
  }
}
