/** The files that changed from a commit's tree to the working tree: four states of each path (base, HEAD, index, working tree) made into one list. */
import { lstatSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isUtf8 } from 'node:buffer';
import { compareText } from '../../model/order.ts';
import type { Problem } from '../../model/problem.ts';
import type { ChangedFile } from '../../model/run.ts';
import type { LocalCheckout } from './repository.ts';
import { runGit, type Git } from './git.ts';
import { parseIndex, parseTree, parseTreeDiff, rawBytes, shownPath, type Index, type RawPath, type TreeChange, type TreeEntry } from './git-listing.ts';
import { untrackedSize, workingEntry, type WorkingTree } from './working-tree.ts';

export type ChangeRequest = Readonly<{ git: Git; checkout: LocalCheckout; base: string | undefined; ignore: (path: string) => boolean }>;

const SUBMODULE = '160000';
type Entry = TreeEntry | undefined;

/** Never throws for what git cannot tell: a part that is missing is a problem, and the rest is listed. */
export async function changedFiles(request: ChangeRequest): Promise<{ files: ChangedFile[]; problems: Problem[] }> {
  const { git, checkout, base } = request;
  const problems: Problem[] = [];
  const orTell = async <T>(part: Promise<T>, missing: string, instead: T): Promise<T> => {
    try {
      return await part;
    } catch (error) {
      problems.push({ code: 'FILES_UNKNOWN', message: `${missing} (${error instanceof Error ? error.message : String(error)}).` });
      return instead;
    }
  };
  const [head, index, commits] = await Promise.all([
    orTell(headTree(git, checkout), 'The files of HEAD cannot be listed, so no uncommitted change is known', null),
    orTell(readIndex(git), 'The index cannot be listed, so no uncommitted change is known', null),
    orTell(committedChanges(git, checkout, base), `What changed between ${base ?? ''} and HEAD is not known`, []),
  ]);
  const committed = byPath(commits);
  const isIgnored = (path: RawPath): boolean => request.ignore(shownPath(path));
  const tree = workingTree(checkout);
  const uncommitted = head === null || index === null ? { entries: new Map<RawPath, Entry>(), renames: new Map<RawPath, RawPath>() } : compareWorkingTree({ tree, head, index, committed, isIgnored });
  const changes = netChanges({ head, committed, working: uncommitted.entries, isIgnored });
  const files = toFiles(changes, composeRenames(commits, uncommitted.renames));
  return { files, problems: [...problems, ...nameProblems(changes.keys())] };
}

async function headTree(git: Git, { tree }: LocalCheckout): Promise<Map<RawPath, TreeEntry>> {
  return parseTree(await runGit(git, ['ls-tree', '-r', '-z', '--full-tree', tree]));
}

async function readIndex(git: Git): Promise<Index> {
  return parseIndex(await runGit(git, ['ls-files', '-t', '-s', '-o', '--exclude-standard', '--debug', '-z']));
}

/** Renames are looked for among at most 1,000 files (git's own limit); where contents are not here (partial clone), none are found. */
async function committedChanges(git: Git, { commit }: LocalCheckout, base: string | undefined): Promise<TreeChange[]> {
  if (base === undefined || base === commit) return [];
  const args = (renames: string): string[] => [
    'diff-tree', '-r', renames, '-l1000', '--raw', '--no-abbrev', '-z', '--no-ext-diff', '--no-textconv', '--ignore-submodules=none', base, commit, '--',
  ];
  const output = await runGit(git, args('-M')).catch(() => runGit(git, args('--no-renames')));
  return parseTreeDiff(output);
}

type Step = Readonly<{ from?: TreeEntry; to?: TreeEntry }>;

/** Both states of every path that differs between the base tree and HEAD. */
function byPath(changes: readonly TreeChange[]): Map<RawPath, Step> {
  const steps = new Map<RawPath, Step>();
  for (const { path, from, to, was } of changes) {
    steps.set(path, { ...(from === undefined || was !== undefined ? {} : { from }), ...(to === undefined ? {} : { to }) });
    if (was !== undefined && from !== undefined) steps.set(was, { from });
  }
  return steps;
}

function workingTree({ root, gitDir, commit }: LocalCheckout): WorkingTree {
  const indexTime = lstatSync(join(gitDir, 'index'), { bigint: true, throwIfNoEntry: false })?.mtimeNs ?? 0n;
  return { root, hash: commit.length === 64 ? 'sha256' : 'sha1', indexTime, hasModes: hasModes(gitDir), folders: new Map() };
}

/** `core.fileMode`, which git writes as false when it makes a repository on a file system without modes. A linked worktree names the common folder in a file. */
function hasModes(gitDir: string): boolean {
  for (const folder of [gitDir, join(gitDir, '..', '..')]) {
    try {
      return !/^\s*filemode\s*=\s*(?:false|no|off|0)\s*$/im.test(readFileSync(join(folder, 'config'), 'utf8'));
    } catch {
      continue;
    }
  }
  return true;
}

type Compared = Readonly<{ tree: WorkingTree; head: ReadonlyMap<RawPath, TreeEntry>; index: Index; committed: ReadonlyMap<RawPath, Step>; isIgnored: (path: RawPath) => boolean }>;
type Uncommitted = Readonly<{ entries: ReadonlyMap<RawPath, Entry>; renames: ReadonlyMap<RawPath, RawPath> }>;

/** The state in the working tree of every path that differs between HEAD and it. */
function compareWorkingTree(compared: Compared): Uncommitted {
  const { tree, head, index, committed, isIgnored } = compared;
  const entries = new Map<RawPath, Entry>();
  const note = (path: RawPath, now: Entry): void => {
    if (!isSame(head.get(path), now)) entries.set(path, now);
  };
  for (const [path, entry] of index.tracked) {
    if (isIgnored(path)) continue;
    note(path, entry.mode === SUBMODULE ? entry : workingEntry(tree, { path, index: entry, known: [head.get(path), committed.get(path)?.from] }));
  }
  for (const path of index.untracked) {
    if (!isIgnored(path)) note(path, workingEntry(tree, { path, known: [head.get(path), committed.get(path)?.from] }));
  }
  const present = new Set(index.untracked);
  for (const path of head.keys()) {
    if (!index.tracked.has(path) && !present.has(path)) note(path, undefined);
  }
  return { entries, renames: exactRenames(compared, entries) };
}

/** Files that are gone and files that came with the same content, by object id; of several the one that kept its name. Empty files are all alike and never paired. */
function exactRenames({ tree, head, index, isIgnored }: Compared, entries: ReadonlyMap<RawPath, Entry>): Map<RawPath, RawPath> {
  const renames = new Map<RawPath, RawPath>();
  const gone = [...entries].flatMap(([path, now]) => (now === undefined && !isIgnored(path) ? [path] : [])).sort(compareText);
  if (gone.length === 0) return renames;
  const waiting = new Map<string, RawPath[]>();
  for (const path of gone) {
    if (index.tracked.get(path)?.stat.size === 0) continue;
    const oid = head.get(path)?.oid ?? '';
    waiting.set(oid, [...(waiting.get(oid) ?? []), path]);
  }
  const sizes = new Set(gone.map((path) => index.tracked.get(path)?.stat.size));
  const came = [...entries].filter(([path, now]) => now !== undefined && !head.has(path)).sort(([a], [b]) => compareText(a, b));
  for (const [path, now] of came) {
    const hashed = now?.oid === '' && sizes.has(untrackedSize(tree, path)) ? workingEntry(tree, { path, known: gone.map((one) => head.get(one)) }) : now;
    const candidates = waiting.get(hashed?.oid ?? '') ?? [];
    const from = candidates.find((one) => basename(one) === basename(path)) ?? candidates[0];
    if (from === undefined || hashed?.oid === '') continue;
    candidates.splice(candidates.indexOf(from), 1);
    renames.set(path, from);
  }
  return renames;
}

type Change = Readonly<{ status: 'added' | 'modified' | 'deleted'; uncommitted: boolean }>;
type States = Readonly<{ head: ReadonlyMap<RawPath, TreeEntry> | null; committed: ReadonlyMap<RawPath, Step>; working: ReadonlyMap<RawPath, Entry>; isIgnored: (path: RawPath) => boolean }>;

/** From base to working tree: what was changed and changed back is no change. */
function netChanges({ head, committed, working, isIgnored }: States): Map<RawPath, Change> {
  const changes = new Map<RawPath, Change>();
  for (const path of new Set([...committed.keys(), ...working.keys()])) {
    if (isIgnored(path)) continue;
    const step = committed.get(path);
    const before = step === undefined ? head?.get(path) : step.from;
    const now = working.has(path) ? working.get(path) : step?.to;
    if (isSame(before, now)) continue;
    changes.set(path, { status: before === undefined ? 'added' : now === undefined ? 'deleted' : 'modified', uncommitted: working.has(path) });
  }
  return changes;
}

function isSame(a: Entry, b: Entry): boolean {
  return a?.mode === b?.mode && a?.oid === b?.oid;
}

/** New path → former path over both steps: base to HEAD, HEAD to working tree. */
function composeRenames(commits: readonly TreeChange[], uncommitted: ReadonlyMap<RawPath, RawPath>): Map<RawPath, RawPath> {
  const renames = new Map(commits.flatMap(({ path, was }): [RawPath, RawPath][] => (was === undefined ? [] : [[path, was]])));
  const first = new Map(renames);
  for (const [path, from] of uncommitted) renames.set(path, first.get(from) ?? from);
  return renames;
}

function toFiles(changes: ReadonlyMap<RawPath, Change>, renames: ReadonlyMap<RawPath, RawPath>): ChangedFile[] {
  const isRename = ([path, from]: readonly [RawPath, RawPath]): boolean => changes.get(path)?.status === 'added' && changes.get(from)?.status === 'deleted';
  const renamed = new Map([...renames].filter(isRename));
  const left = new Set(renamed.values());
  const files = [...changes].filter(([path]) => !left.has(path)).map(([path, { status, uncommitted }]): ChangedFile => {
    const from = renamed.get(path);
    if (from === undefined) return { path: shownPath(path), status, uncommitted };
    return { path: shownPath(path), status: 'renamed', from: shownPath(from), uncommitted: uncommitted || changes.get(from)?.uncommitted === true };
  });
  return files.sort((a, b) => compareText(a.path, b.path));
}

function nameProblems(paths: Iterable<RawPath>): Problem[] {
  const hard = [...paths].filter((path) => !isUtf8(rawBytes(path)));
  if (hard.length === 0) return [];
  return [{ code: 'FILES_UNKNOWN', message: `${hard.length === 1 ? 'The name of one changed file is' : `The names of ${hard.length} changed files are`} not UTF-8; bytes that are not are shown as U+FFFD.` }];
}

