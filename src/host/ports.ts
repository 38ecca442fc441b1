/** The ports behind which the two worlds stand: the local git working tree now, GitHub beside it. */
import type { ChangedFile } from '../model/run.ts';
import type { Problem } from '../model/problem.ts';

/** Where the run stands, read once at the start. */
export type Checkout = Readonly<{
  /** Absolute path of the working tree's top folder. */
  root: string;
  /** Absolute path of the repository's own git folder (of the worktree, if linked). */
  gitDir: string;
  commit: string;
  tree: string;
  branch: string | null;
  defaultBranch: string;
}>;

export interface Repository {
  readonly checkout: Checkout;
  /** True if the commit exists here and is an ancestor of, or equal to, the checked out one. */
  isAncestor(commit: string): Promise<boolean>;
  /** Those of the paths that are in the tree of the commit; none where the commit is not in this clone. */
  pathsAt(commit: string, paths: readonly string[]): Promise<ReadonlySet<string>>;
  /** The merge base of HEAD and the default branch, if there is one. */
  mergeBase(): Promise<string | undefined>;
  /** From the commit's tree to the working tree, sorted by path; `base` undefined: uncommitted changes only. Paths for which `ignore` says true are left out. */
  changedFiles(base: string | undefined, ignore: (path: string) => boolean): Promise<{ files: ChangedFile[]; problems: Problem[] }>;
}

/** One file opened for reading through a single handle, after it was checked to be a regular file inside the root. */
export interface FileSource {
  /**
   * Paths that match, relative to the working directory with `/`, sorted by code point; at most `limit` + 1. Links are listed, never walked.
   * Patterns starting with `!` exclude.
   */
  glob(patterns: readonly string[], limit: number): Promise<string[]>;
  /** Whether something stands at this path; a link counts as itself. A path that leaves the root does not exist. */
  exists(path: string): Promise<boolean>;
  /** Hands the bytes over in pieces. Throws AuditError (SYMLINK, NOT_REGULAR, LIMIT_REACHED, FILE_CHANGED, NO_MATCH if gone). */
  read(path: string, limits: ReadLimits, sink: (bytes: Uint8Array) => void): Promise<{ bytes: number; sha256: string }>;
}
export type ReadLimits = Readonly<{ bytes: number }>;

/** The state of the log and its data at one moment; `head` is what a later write must still find. */
export type LogState = Readonly<{ head: string; files: ReadonlyMap<string, Uint8Array> }>;
/** `once`: the file is immutable; finding another content there is RECORD_EXISTS, the same content is fine. */
export type FileWrite = Readonly<{
  path: string;
  bytes: Uint8Array;
  once?: true;
  /** The bytes that it takes the place of, `null` for none: finding others there means that the log moved. */
  replaces?: Uint8Array | null;
}>;
export type CommitAnswer = Readonly<{ state: 'committed'; id: string } | { state: 'moved' }>;

/** Where the run log and its data live. Paths are relative to the repository, with `/`. All writes of one `commit` land together or not at all. */
export interface LogStore {
  /** The first path is the one that `head` speaks of: the log, where something is to be committed. Files that do not exist are absent from the map. Throws AuditError for what may not be read (LOG_NOT_REGULAR, …). */
  read(paths: readonly string[]): Promise<LogState>;
  /** The first file is the log: its bytes are what `expectedHead` speaks of. Throws AuditError: WRITE_FAILED, LOG_LOCKED, LOG_NOT_REGULAR, RECORD_EXISTS, and nothing changed; or WRITE_UNFINISHED, and the rest follows later. */
  commit(expectedHead: string, files: readonly FileWrite[]): Promise<CommitAnswer>;
}

/** A folder that takes documents for people; not part of the log. */
export interface DocumentFolder {
  /** Answers with the path of the file for a person. Throws AuditError (WRITE_FAILED). */
  write(name: string, text: string): Promise<string>;
}
