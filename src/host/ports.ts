/** The ports behind which the two worlds stand: the local git working tree, and GitHub. */
import type { CheckRunDocument } from '../model/documents.ts';
import type { ChangedFile, RunContext } from '../model/run.ts';
import type { Problem } from '../model/problem.ts';

/** Where the run stands, read once at the start. */
export type Checkout = Readonly<{
  /** Absolute path of the working tree's top folder. */
  root: string;
  commit: string;
  /** Of the commit that is checked out, which on a pull request is its test merge. */
  tree: string;
  branch: string | null;
  defaultBranch: string;
  /** The commit from which files touched are counted, where what started the run says it. */
  base?: NonNullable<RunContext['base']>;
}>;

export interface Repository {
  readonly checkout: Checkout;
  /** True if the commit exists here and is an ancestor of, or equal to, the checked out one. */
  isAncestor(commit: string): Promise<boolean>;
  /** Whether the checked out commit comes after this one, is this one, or is the newest of its branch whatever this one is. */
  follows(commit: string): Promise<'yes' | 'no' | 'unknown'>;
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
  read(path: string, limits: ReadLimits, sink: (bytes: Uint8Array) => void): Promise<FileFacts>;
}
/** `modifiedMs`: when it was written last, by the clock of the machine, since 1970. */
export type FileFacts = Readonly<{ bytes: number; sha256: string; modifiedMs: number }>;
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
/** `later`: surely nothing was written, and a repeat may succeed. `unknown`: it may have been written, and only the log can tell. `afterMs`: not sooner than this; `null`: nobody said. */
export type CommitAnswer = Readonly<
  | { state: 'committed'; id: string; url?: string }
  | { state: 'moved' }
  | { state: 'later'; problem: Problem; afterMs: number | null }
  | { state: 'unknown'; problem: Problem; afterMs: number | null; /** What the write still has to find, where that is another head than the expected one. */ head?: string }
>;

/** Where the run log and its data live. Paths are relative to the repository, with `/`. All writes of one `commit` land together or not at all. */
export interface LogStore {
  /** The first path is the one that `head` speaks of: the log, where something is to be committed. Files that do not exist are absent from the map. Throws AuditError for what may not be read (LOG_NOT_REGULAR, …); with `retry` where a repeat may succeed. */
  read(paths: readonly string[]): Promise<LogState>;
  /** The first file is the log: its bytes are what `expectedHead` speaks of. `message`: one line in words of our own, for logs that have commits. Throws AuditError: WRITE_FAILED, LOG_LOCKED, LOG_NOT_REGULAR, RECORD_EXISTS, and nothing changed; or WRITE_UNFINISHED, and the rest follows later. */
  commit(expectedHead: string, files: readonly FileWrite[], message: string): Promise<CommitAnswer>;
}

/** A folder that takes documents for people; not part of the log. */
export interface DocumentFolder {
  /** Answers with the path of the file for a person. Throws AuditError (WRITE_FAILED). */
  write(name: string, text: string): Promise<string>;
}

/** A comment as it stands. `ours`: written by whoever we are signed in as, whatever its text says. */
export type PostedComment = Readonly<{ id: number; url: string; body: string; ours: boolean }>;

/** A pull request as it stands, as far as it decides whether a comment is written. */
export type PullNow = Readonly<{ headSha: string; state: 'open' | 'closed' | 'merged'; locked: boolean }>;

/** The conversation of one pull request. All throw AuditError, PERMISSION_MISSING among them. */
export interface CommentThread {
  /** The pull request, read anew together with the first page of the next listing. */
  pull(): Promise<PullNow>;
  /** All of them over all pages, oldest first; read anew each time but the first, which may be what the start of the run saw. */
  list(): Promise<readonly PostedComment[]>;
  create(body: string): Promise<PostedComment>;
  update(id: number, body: string): Promise<PostedComment>;
  remove(id: number): Promise<void>;
}

/** A check run as it stands. `externalId` is ours where we made it, and tells which recording did. */
export type PostedCheckRun = Readonly<{ id: number; url: string; conclusion: string | null; externalId: string; title: string; summary: string; startedAt: string }>;
export type CheckRunPost = CheckRunDocument & Readonly<{ externalId: string; startedAt?: string; completedAt: string }>;

/** The check runs of one commit. All throw AuditError, PERMISSION_MISSING among them. */
export interface CheckRuns {
  /** Those of the name, newest first, made by the app that we are signed in as where that can be told. */
  list(name: string): Promise<readonly PostedCheckRun[]>;
  /** Completed in the same call; annotations past the 50th follow in further calls. */
  create(check: CheckRunPost): Promise<PostedCheckRun>;
  /** Gives one that was made or listed another verdict; its text and annotations stay. */
  update(id: number, verdict: Pick<CheckRunDocument, 'conclusion' | 'title' | 'summary'>): Promise<PostedCheckRun>;
}
