/** The run log and its data in the working tree of a local repository. */
import { join } from 'node:path';
import { AuditError } from '../../errors.ts';
import type { CommitAnswer, FileWrite, LogState, LogStore } from '../ports.ts';
import { hasJournal, recover, replaceTogether, type JournalPlace, type Replacement, type StoreStep } from './store-journal.ts';
import { ABSENT, assertSize, digestOf, readStored } from './store-files.ts';
import { withLock } from './store-lock.ts';

export type LogStoreOptions = Readonly<{
  root: string;
  /** Lock and journal lie here, where git does not look at them. */
  gitDir: string;
  /** Hex digits of so many random bytes. */
  random(bytes: number): string;
  wait(milliseconds: number): Promise<void>;
  /** Called after each step of a commit; what it throws is a failure of that step. */
  step?: (name: StoreStep) => void;
}>;

/** `head` is the SHA-256 of the log, or `absent`. */
export function localLogStore({ root, gitDir, random, wait, step = () => undefined }: LogStoreOptions): LogStore {
  const place: JournalPlace = { root, folder: join(gitDir, 'audit-run-log'), random, step };
  const lock = { folder: place.folder, random, wait };
  return {
    async read(paths) {
      // Nothing is locked for reading: files change in an order that a reader who begins with the log cannot mistake. Only what a dead process left is settled first.
      if (hasJournal(place)) await withLock(lock, () => recover(place));
      return readState(root, paths);
    },
    async commit(expectedHead, files) {
      for (const { path, bytes } of files) assertSize(path, bytes.length);
      return withLock(lock, () => {
        step('locked');
        recover(place);
        return commitLocked(place, expectedHead, files);
      });
    },
  };
}

function readState(root: string, paths: readonly string[]): LogState {
  const stored = paths.map((path) => [path, readStored(root, path)] as const);
  const [log] = stored;
  if (log === undefined) throw new Error('a log store is asked for the log first');
  return { head: log[1].digest, files: new Map(stored.flatMap(([path, { bytes }]) => (bytes === undefined ? [] : [[path, bytes]]))) };
}

function commitLocked(place: JournalPlace, expectedHead: string, files: readonly FileWrite[]): CommitAnswer {
  const [log, ...data] = files.map((file) => compare(place.root, file));
  if (log === undefined) throw new Error('a commit begins with the log');
  place.step('read');
  if (log.before.digest !== expectedHead) return { state: 'moved' };
  const stray = data.find(({ once, before, digest }) => once && before.bytes !== undefined && before.digest !== digest);
  if (stray !== undefined) throw new AuditError('RECORD_EXISTS', { message: `${stray.path} exists with other content.`, path: stray.path });
  if (data.some(({ isOther }) => isOther)) return { state: 'moved' };
  const changed = [...data, log].filter(({ before, digest }) => before.digest !== digest);
  if (changed.length > 0 && replaceTogether(place, changed) === 'moved') return { state: 'moved' };
  return { state: 'committed', id: log.digest };
}

/** `isOther`: another writer changed the file after it was read. */
function compare(root: string, { path, bytes, once, replaces }: FileWrite): Replacement & { once: boolean; isOther: boolean } {
  const before = readStored(root, path);
  const isOther = replaces !== undefined && before.digest !== (replaces === null ? ABSENT : digestOf(replaces));
  return { path, before, bytes, digest: digestOf(bytes), once: once === true, isOther };
}
