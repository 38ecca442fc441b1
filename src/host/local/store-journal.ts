/**
 * Writing several files together or not at all. A plan names the new files before they are made; renaming the plan to the journal decides; from then on the
 * change is carried through, by this process or by the next one.
 */
import { lstatSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AuditError } from '../../errors.ts';
import { errorCode } from './regular-file.ts';
import { assertPlace, assertWritable, foldersOf, readStored, removeFile, removeFolder, syncFolder, writeDurably, type Stored } from './store-files.ts';

export type StoreStep = 'locked' | 'read' | 'planned' | 'folders' | 'part' | 'prepared' | 'decided' | 'renamed' | 'applied' | 'finished';
/** `root`: the working tree; `folder`: where plan and journal lie. `step` is called after each step, so that a test can stop there. */
export type JournalPlace = Readonly<{ root: string; folder: string; random(bytes: number): string; step(name: StoreStep): void }>;
/** One file to be replaced: what is there now, and the new bytes. */
export type Replacement = Readonly<{ path: string; before: Stored; bytes: Uint8Array; digest: string }>;

type PlannedFile = Readonly<{ path: string; part: string; before: string; after: string }>;
type Plan = Readonly<{
  schema: 1;
  /** Folders that the plan makes, outer ones first. */
  folders: readonly string[];
  /** In the order in which they take effect: the log is the last, so that whoever reads it first sees the old one until all is there. */
  files: readonly PlannedFile[];
}>;

/**
 * Puts all files in place. Answers `moved`, with nothing changed, if the last one is no longer as `before` says.
 * Throws WRITE_FAILED; then nothing changed. Throws WRITE_UNFINISHED once a first file is in place; then the next call finishes.
 */
export function replaceTogether(place: JournalPlace, files: readonly Replacement[]): 'done' | 'moved' {
  const plan = planOf(place, files);
  try {
    prepare(place, plan, files);
    if (!isStill(place, files.at(-1))) {
      undo(place, plan);
      return 'moved';
    }
    renameSync(planPath(place), journalPath(place));
  } catch (cause) {
    tryUndo(place, plan);
    throw writeFailed('WRITE_FAILED', cause, 'nothing was written');
  }
  carryThrough(place, plan);
  return 'done';
}

/** Under the lock, before anything else: finishes or takes back what a process left when it ended. Throws WRITE_FAILED. */
export function recover(place: JournalPlace): void {
  try {
    const journal = readPlan(journalPath(place));
    if (journal !== null) settle(place, journal);
    const plan = readPlan(planPath(place));
    if (plan !== null) undo(place, plan);
  } catch (cause) {
    if (cause instanceof AuditError) throw cause;
    throw writeFailed('WRITE_UNFINISHED', cause, 'an interrupted recording could not be finished');
  }
}

/** Whether a decided change may still be waiting. */
export function hasJournal(place: Pick<JournalPlace, 'folder'>): boolean {
  return lstatSync(journalPath(place), { throwIfNoEntry: false }) !== undefined;
}

function planOf({ root, random }: JournalPlace, files: readonly Replacement[]): Plan {
  const folders = [...new Set(files.flatMap(({ path }) => foldersOf(path)))].filter((folder) => lstatSync(join(root, folder), { throwIfNoEntry: false }) === undefined);
  return {
    schema: 1,
    folders: folders.sort((a, b) => a.split('/').length - b.split('/').length),
    files: files.map(({ path, before, digest: after }) => ({ path, part: join(dirname(path), `.audit-run-log-${random(8)}.part`).replaceAll('\\', '/'), before: before.digest, after })),
  };
}

function prepare(place: JournalPlace, plan: Plan, files: readonly Replacement[]): void {
  const { root, step } = place;
  removeFile(planPath(place));
  writeDurably(planPath(place), Buffer.from(`${JSON.stringify(plan)}\n`), undefined);
  step('planned');
  for (const folder of plan.folders) mkdirSync(join(root, folder));
  step('folders');
  for (const [at, { path, before, bytes }] of files.entries()) {
    assertPlace(root, path);
    if (before.stat !== undefined) assertWritable(root, path);
    writeDurably(join(root, plan.files[at]?.part ?? ''), bytes, before.stat);
    step('part');
  }
  syncFolders(place, plan);
  step('prepared');
}

/** The stat data of a file cannot stay the same through a change that another program made. */
function isStill({ root }: JournalPlace, file: Replacement | undefined): boolean {
  if (file === undefined) return true;
  const now = lstatSync(join(root, file.path), { bigint: true, throwIfNoEntry: false });
  const { stat } = file.before;
  return now?.ino === stat?.ino && now?.size === stat?.size && now?.mtimeNs === stat?.mtimeNs && now?.ctimeNs === stat?.ctimeNs;
}

function carryThrough(place: JournalPlace, plan: Plan): void {
  let applied = 0;
  try {
    place.step('decided');
    syncFolder(place.folder);
    for (const file of plan.files) {
      apply(place, file);
      applied += 1;
      place.step('renamed');
    }
    finish(place, plan);
  } catch (cause) {
    if (applied > 0) throw writeFailed('WRITE_UNFINISHED', cause, `${applied} of ${plan.files.length} files are in place; the next call finishes the rest`);
    removeFile(journalPath(place));
    tryUndo(place, plan);
    throw writeFailed('WRITE_FAILED', cause, 'nothing was written');
  }
}

function apply({ root }: JournalPlace, { path, part }: PlannedFile): void {
  assertPlace(root, path);
  renameSync(join(root, part), join(root, path));
}

function finish(place: JournalPlace, plan: Plan): void {
  syncFolders(place, plan);
  place.step('applied');
  removeFile(journalPath(place));
  place.step('finished');
}

/** What became of one file since the journal was written. */
type Fate = 'waiting' | 'done' | 'foreign';

/** Carried through where every file is done or as it was; taken back where none is done. What others changed since is never overwritten. */
function settle(place: JournalPlace, plan: Plan): void {
  const fates = plan.files.map((file): [PlannedFile, Fate] => [file, fateOf(place, file)]);
  const foreign = fates.find(([, fate]) => fate === 'foreign');
  if (foreign !== undefined && fates.some(([, fate]) => fate === 'done')) {
    const [{ path }] = foreign;
    throw new AuditError('WRITE_FAILED', { message: `A recording was interrupted half way, and ${path} was changed since. Bring it and the files beside it to one state (git shows the last committed one), then remove ${journalPath(place)}.`, path });
  }
  if (foreign === undefined) {
    for (const [file, fate] of fates) if (fate === 'waiting') apply(place, file);
    return finish(place, plan);
  }
  removeFile(journalPath(place));
  undo(place, plan);
}

/** A new file without its part was put in place, whatever became of it later; but if the old one is still there, someone removed the part. */
function fateOf({ root }: JournalPlace, { path, part, before, after }: PlannedFile): Fate {
  const isPrepared = lstatSync(join(root, part), { throwIfNoEntry: false })?.isFile() === true;
  const now = readStored(root, path).digest;
  if (!isPrepared) return now === before && before !== after ? 'foreign' : 'done';
  return now === before ? 'waiting' : 'foreign';
}

function undo(place: JournalPlace, plan: Plan): void {
  for (const { part } of plan.files) removeFile(join(place.root, part));
  for (const folder of plan.folders.toReversed()) removeFolder(join(place.root, folder));
  removeFile(planPath(place));
}

/** What cannot be removed now stands in no target's place, and the plan that stays lets the next call try again. */
function tryUndo(place: JournalPlace, plan: Plan): void {
  try {
    undo(place, plan);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
}

function syncFolders({ root }: JournalPlace, plan: Plan): void {
  const folders = [...plan.files.map(({ path }) => dirname(path)), ...plan.folders.map((folder) => dirname(folder))];
  for (const folder of new Set(folders)) syncFolder(join(root, folder));
}

function planPath({ folder }: Pick<JournalPlace, 'folder'>): string {
  return join(folder, 'plan.json');
}

function journalPath({ folder }: Pick<JournalPlace, 'folder'>): string {
  return join(folder, 'journal.json');
}

/** `null`: there is none, or a plan that was being written when its process ended. Throws WRITE_FAILED for a journal that is not one. */
function readPlan(path: string): Plan | null {
  try {
    const plan: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (isPlan(plan)) return plan;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    if (errorCode(error) !== undefined) throw error;
  }
  if (path.endsWith('plan.json')) return null;
  throw new AuditError('WRITE_FAILED', { message: `${path} is damaged. Compare the run log and its data with git, then remove it.`, path });
}

/** By hand: each recording looks for a plan, and hardly any finds one. */
function isPlan(value: unknown): value is Plan {
  if (!isRecord(value) || value['schema'] !== 1) return false;
  const { folders, files } = value;
  return Array.isArray(folders) && folders.every((folder) => typeof folder === 'string') && Array.isArray(files) && files.every(isPlannedFile);
}

function isPlannedFile(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const isDigest = (text: unknown): boolean => typeof text === 'string' && /^(?:[0-9a-f]{64}|absent)$/.test(text);
  const { path, part, before, after } = value;
  return typeof path === 'string' && typeof part === 'string' && /(?:^|\/)\.audit-run-log-[0-9a-f]+\.part$/.test(part) && isDigest(before) && isDigest(after);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function writeFailed(code: 'WRITE_FAILED' | 'WRITE_UNFINISHED', cause: unknown, state: string): unknown {
  if (cause instanceof AuditError) return cause;
  const path = cause instanceof Error && 'path' in cause && typeof cause.path === 'string' ? cause.path : undefined;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AuditError(code, { message: `The run log and its data could not be written (${reason}); ${state}.`, ...(path === undefined ? {} : { path }), cause });
}

