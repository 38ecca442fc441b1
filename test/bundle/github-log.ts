/** The log branch as anyone with git sees it: cloned, checked by git itself, each commit compared with the one before. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { GIT_ENV, temporaryFolder } from '../host/local/temporary-repository.ts';

export const LOG_PATH = 'docs/AUDIT_RUN_LOG.md';

export type LogEntry = Readonly<{ id: string; /** From its heading to the line before its marker. */ text: string; marker: string }>;
export type LogClone = Readonly<{
  log: string;
  entries: readonly LogEntry[];
  /** Content of every file at the head, by path. */
  files: ReadonlyMap<string, string>;
  /** Oldest first. */
  commits: readonly LogCommit[];
}>;
export type LogCommit = Readonly<{ sha: string; parents: readonly string[]; subject: string; /** `A path` or `M path`, sorted. */ changes: readonly string[] }>;

/** Clones it; git finds nothing wrong, and no commit took a line of the log or a byte of a record away. */
export function cloneLog(gitDir: string, branch = 'audit-log'): LogClone {
  const folder = join(temporaryFolder(), 'clone');
  // A character for each byte.
  const git = (...args: readonly string[]): string => execFileSync('git', [...args], { cwd: folder, env: GIT_ENV, encoding: 'latin1', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 256 * 1024 * 1024 });
  execFileSync('git', ['clone', '--quiet', '--single-branch', '--branch', branch, `file://${gitDir}`, folder], { env: GIT_ENV, stdio: ['ignore', 'pipe', 'pipe'] });
  expect(git('fsck', '--strict', '--full')).toBe('');
  const commits = readCommits(git);
  assertOnlyAdded(git, commits);
  const files = new Map(readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    return entry.isFile() && !path.startsWith(join(folder, '.git/')) ? [[path.slice(folder.length + 1), readFileSync(path, 'utf8')] as const] : [];
  }).sort(([a], [b]) => (a < b ? -1 : 1)));
  const log = files.get(LOG_PATH) ?? '';
  return { log, entries: entriesOf(log), files, commits };
}

type Git = (...args: readonly string[]) => string;

function readCommits(git: Git): LogCommit[] {
  return git('log', '--reverse', '--name-status', '--no-renames', '--root', '--format=%x00%H%x1f%P%x1f%s').split('\0').slice(1).map((text) => {
    const [head = '', ...rows] = text.trimEnd().split('\n');
    const [sha = '', parents = '', subject = ''] = head.split('\x1f');
    return { sha, parents: parents.split(' ').filter((parent) => parent !== ''), subject, changes: rows.filter((row) => row !== '').map((row) => row.replace('\t', ' ')).sort() };
  });
}

/** One line of commits from one root; into the log is only put in; records are made and never touched again; no file goes. */
function assertOnlyAdded(git: Git, commits: readonly LogCommit[]): void {
  expect(commits.map(({ parents }) => parents)).toEqual(commits.map((_, at) => (at === 0 ? [] : [commits[at - 1]?.sha])));
  let before = '';
  for (const { sha, changes } of commits) {
    expect(changes.filter((change) => change.startsWith('D') || (!change.startsWith('A') && change.includes('/runs/')))).toEqual([]);
    const log = git('show', `${sha}:${LOG_PATH}`);
    expect(isPutInto(before, log), `${sha} takes something from the log`).toBe(true);
    before = log;
  }
}

/** Byte for byte, `after` is `before` with at most two pieces put in: a row of the index, and an entry. */
function isPutInto(before: string, after: string): boolean {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return after.length >= before.length && after.slice(start, after.length - end).includes(before.slice(start, before.length - end));
}

function entriesOf(log: string): LogEntry[] {
  return [...log.matchAll(/^(## (RUN-\d+) - [\s\S]*?)^<!-- audit-run-log:v1 (.*) -->$/gm)].map(([, text = '', id = '', marker = '']) => ({ id, text, marker }));
}

export function jsonOf({ files }: LogClone, path: string): unknown {
  return JSON.parse(files.get(path) ?? 'null');
}

/** Times, and the ids of commits that are named, by what they stand for. */
export function plain(text: string, commits: Readonly<Record<string, string>> = {}): string {
  const named = Object.entries(commits).reduce((shown, [name, sha]) => shown.replaceAll(sha, name).replaceAll(sha.slice(0, 12), `${name}12`).replaceAll(sha.slice(0, 7), `${name}7`), text);
  return named.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, 'TIME').replaceAll(/\*\*Due:\*\* \d{4}-\d\d-\d\d/g, '**Due:** DAY').replaceAll(/\/20\d\d\/\d\d\//g, '/MONTH/');
}
