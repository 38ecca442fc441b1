/** A store whose commits are named, for tests that do not look at the name. */
import type { CommitAnswer, FileWrite, LogStore } from '../../src/host/ports.ts';

export type NamedStore = Pick<LogStore, 'read'> & Readonly<{ commit(expectedHead: string, files: readonly FileWrite[]): Promise<CommitAnswer> }>;

export function namedCommits(store: LogStore, message: string): NamedStore {
  return { read: (paths) => store.read(paths), commit: (head, files) => store.commit(head, files, message) };
}
