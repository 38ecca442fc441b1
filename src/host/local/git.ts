/** Running git: one program, found once, with an environment and settings under which no repository can make it start anything else. */
import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { devNull } from 'node:os';
import { delimiter, isAbsolute, join, relative, sep } from 'node:path';
import { AuditError } from '../../errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;
/** Absolute path of the program, the folder to run in, and the environment of the caller. */
export type Git = Readonly<{ program: string; folder: string; env: Environment }>;
/** How git ended. `complaint` is the first line it wrote to standard error. */
export type GitAnswer = Readonly<{ status: number; output: Buffer; complaint: string }>;

/** A listing of a million files stays below this. */
const MAX_OUTPUT = 512 * 1024 * 1024;

/** What a repository's own configuration could name a program for, on the commands that are used here. */
const SETTINGS = ['core.fsmonitor=false', `core.hooksPath=${devNull}`, 'diff.external='].flatMap((setting) => ['-c', setting]);

/** Of git's own variables, those by which a caller trusts a folder or ends the search for a repository; every other one redirects git and is dropped. */
const KEPT = /^GIT_(?:CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM|CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM|COUNT|PARAMETERS|(?:KEY|VALUE)_\d+))$/;

/** Finds git for work in `folder`. Throws NO_GIT. */
export function findGit(folder: string, env: Environment): Git {
  const path = Object.entries(env).find(([name]) => name === 'PATH' || (process.platform === 'win32' && name.toUpperCase() === 'PATH'))?.[1] ?? '';
  const name = process.platform === 'win32' ? 'git.exe' : 'git';
  const program = path.split(delimiter).filter((place) => mayHoldGit(place, folder)).map((place) => join(place, name)).find(isProgram);
  if (program === undefined) throw new AuditError('NO_GIT', { message: 'The program git is not in any folder of PATH (folders inside the working directory and node_modules are not searched).', exitCode: 2 });
  return { program, folder, env };
}

/** Package runners put the checked out tree's own folders on PATH: what lies there is data. */
function mayHoldGit(place: string, folder: string): boolean {
  if (!isAbsolute(place) || place.split(/[/\\]/).includes('node_modules')) return false;
  const inside = relative(folder, place);
  return inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Runs git and answers however it ends. Throws GIT_FAILED only if it could not be started, was killed, or wrote too much. */
export function askGit(git: Git, args: readonly string[]): Promise<GitAnswer> {
  return new Promise((resolve, reject) => {
    const child = execFile(git.program, [...SETTINGS, '--no-pager', ...args], {
      cwd: git.folder, env: gitEnvironment(git.env), encoding: 'buffer', maxBuffer: MAX_OUTPUT, shell: false, windowsHide: true,
    }, (error, output, told) => {
      const complaint = told.toString('utf8').split('\n', 1)[0] ?? '';
      if (error === null) resolve({ status: 0, output, complaint });
      else if (typeof error.code === 'number') resolve({ status: error.code, output, complaint });
      else reject(gitFailed(args, error.message));
    });
    child.stdin?.end();
  });
}

/** Standard output of a git that must succeed. Throws GIT_FAILED with the command and what git said. */
export async function runGit(git: Git, args: readonly string[]): Promise<Buffer> {
  const { status, output, complaint } = await askGit(git, args);
  if (status !== 0) throw gitFailed(args, complaint === '' ? `exit status ${status}` : complaint);
  return output;
}

export function gitFailed(args: readonly string[], reason: string): AuditError {
  return new AuditError('GIT_FAILED', { message: `\`git ${args.join(' ')}\`: ${reason}`, exitCode: 2 });
}

function gitEnvironment(env: Environment): Record<string, string> {
  const kept = Object.entries(env).filter(([name]) => !name.toUpperCase().startsWith('GIT_') || KEPT.test(name));
  return {
    ...Object.fromEntries(kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
    LC_ALL: 'C', LANGUAGE: '',
    GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', GIT_PAGER: 'cat',
    // A partial clone fetches what it lacks through whatever program its remote names; an empty list allows no transport at all.
    GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: '',
  };
}
