/** The run log and its data on a branch of the repository on GitHub. Nothing is forced, and a branch is only ever made or added to. */
import * as z from 'zod/mini';
import { AuditError } from '../../errors.ts';
import type { CommitAnswer, FileWrite, LogState, LogStore } from '../ports.ts';
import { readBlob, type TreeEntry } from './blob.ts';
import type { GitHub } from './client.ts';
import { GitHubFault } from './fault.ts';
import { additionsTo, assertBudget } from './log-store-additions.ts';
import { makeOrphan, type Seed } from './orphan-branch.ts';
import { assertPath } from './snapshot-files.ts';
import { joined, readFilesAt, readLog, type LogView } from './snapshot-log.ts';
import { ObjectIdSchema } from './snapshot-schema.ts';

export type GitHubLogStoreOptions = Readonly<{
  client: GitHub;
  logBranch: string;
  logPath: string;
  /** What a log begins with where neither the log branch nor the default branch has one: text in UTF-8. */
  seed: Uint8Array;
  /** What was seen of the log branch at the start, instead of the first reading. */
  first?: LogView;
  /** Folders whose names are read with the log, so that a new file in one is known to be new without asking for it. */
  listings?: readonly string[];
}>;

/** The head of a branch that is not there. */
const ABSENT = 'absent';

/**
 * `head` is the commit of the log branch, or `absent`: then the log reads as what the branch will begin with.
 * The first read after a commit, and after a read that failed, looks anew; any other one goes on at the commit that was read last.
 */
export function gitHubLogStore(options: GitHubLogStoreOptions): LogStore {
  const { client, logBranch: branch, logPath, listings = [] } = options;
  const blobs = new Map<string, Uint8Array>();
  /** A branch that was there is not made anew without being asked. */
  let wasThere = false;
  let view = options.first?.asked.branch === branch && options.first.asked.logPath === logPath ? options.first : null;
  return {
    async read(paths) {
      const before = view;
      view = null;
      const seen = before === null ? await readLog(client, { branch, logPath, files: paths, listings }) : await extended(client, before, paths);
      if (wasThere && seen.found === null) throw new AuditError('LOG_BRANCH_GONE', { message: `The branch ${branch} was there when this run began, and is gone.`, path: logPath });
      wasThere ||= seen.found !== null;
      const state = await stateOf(options, { view: seen, paths, blobs });
      view = seen;
      return state;
    },
    async commit(expectedHead, files, message) {
      const before = view;
      view = null;
      for (const { path } of files) assertPath(path);
      return orAnswer(async () => {
        if (expectedHead !== ABSENT) return unlessGone(commitOn(options, { head: expectedHead, files, message, seen: before }));
        assertBudget(files);
        const made = await makeOrphan(client, { branch, logPath, seed: await seedFor(options, before) });
        if (made.state === 'moved') return made;
        if (made.state === 'later') return laterOf(made.fault);
        const answer = await orAnswer(() => unlessGone(commitOn(options, { head: made.commit, files, message, seen: 'new' })));
        return answer.state === 'unknown' ? { ...answer, head: made.commit } : answer;
      });
    },
  };
}

/** The same commit, with the paths that were not asked for yet. */
async function extended(client: GitHub, view: LogView, paths: readonly string[]): Promise<LogView> {
  const { found } = view;
  if (found === null) return view;
  const more = paths.filter((path) => !found.entries.has(path));
  return more.length === 0 ? view : { ...view, found: joined(found, await readFilesAt(client, found.commit, { files: more })) };
}

type Reading = Readonly<{ view: LogView; paths: readonly string[]; blobs: Map<string, Uint8Array> }>;

/** Throws LOG_NOT_REGULAR, LOG_TOO_LARGE and what reading a blob throws. */
async function stateOf({ client, logPath, seed }: GitHubLogStoreOptions, { view: { found, seed: given }, paths, blobs }: Reading): Promise<LogState> {
  const entryOf = (path: string): TreeEntry | AuditError | null => (found === null ? (path === logPath ? given : null) : found.entries.get(path) ?? null);
  const files = await Promise.all(paths.map(async (path): Promise<[string, Uint8Array][]> => {
    const entry = entryOf(path);
    if (entry instanceof AuditError) throw entry;
    if (entry === null) return found === null && path === logPath ? [[path, seed]] : [];
    const bytes = blobs.get(entry.oid) ?? await readBlob(client, path, entry);
    blobs.set(entry.oid, bytes);
    return [[path, bytes]];
  }));
  return { head: found?.commit ?? ABSENT, files: new Map(files.flat()) };
}

/** What the log that was read begins with. A branch that was seen is gone again: what the default branch has is looked up. */
async function seedFor({ client, logBranch, logPath, seed }: GitHubLogStoreOptions, seen: LogView | null): Promise<Seed> {
  const view = seen?.found === null ? seen : await readLog(client, { branch: logBranch, logPath, files: [logPath] });
  if (view.seed instanceof AuditError) throw view.seed;
  return view.seed === null ? { content: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(seed) } : { sha: view.seed.oid };
}

/** `seen`: what is known of the head; `new`: it holds nothing but what the log begins with. */
type Committing = Readonly<{ head: string; files: readonly FileWrite[]; message: string; seen: LogView | 'new' | null }>;

const CommittedSchema = z.object({ createCommitOnBranch: z.object({ commit: z.object({ oid: ObjectIdSchema, url: z.string() }) }) });

/** Succeeds only while the branch is at this very commit. */
async function commitOn({ client, logBranch }: GitHubLogStoreOptions, { head, files, message, seen }: Committing): Promise<CommitAnswer> {
  const found = seen === 'new' || seen?.found?.commit !== head ? null : seen.found;
  const changed = seen === 'new' ? files : await additionsTo(client, head, { files, found });
  if (changed.length === 0) return { state: 'committed', id: head };
  assertBudget(changed);
  const input = {
    branch: { repositoryNameWithOwner: `${client.owner}/${client.name}`, branchName: logBranch },
    expectedHeadOid: head,
    message: { headline: message },
    fileChanges: { additions: changed.map(({ path, bytes }) => ({ path, contents: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64') })) },
  };
  const text = 'mutation Commit($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid url } } }';
  const { createCommitOnBranch: { commit } } = await client.graphql({ name: `Writing to the branch ${logBranch}`, kind: 'write', permission: 'contents: write', text, variables: { input } }, CommittedSchema);
  return { state: 'committed', id: commit.oid, url: commit.url };
}

/** The branch, or the commit that was read, is gone: reading tells whether the repository is still there for us. */
async function unlessGone(committing: Promise<CommitAnswer>): Promise<CommitAnswer> {
  try {
    return await committing;
  } catch (error) {
    const isGone = error instanceof AuditError && (error.code === 'NOT_FOUND_ON_GITHUB' || (error instanceof GitHubFault && /\bbranch not found\b/i.test(error.said)));
    if (isGone) return { state: 'moved' };
    throw error;
  }
}

/** A failure after which the log has to be looked at again is an answer; any other one is thrown. */
async function orAnswer(committing: () => Promise<CommitAnswer>): Promise<CommitAnswer> {
  try {
    return await committing();
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    if (error instanceof GitHubFault && error.effect === 'unknown') return { state: 'unknown', problem: error.problem, afterMs: error.retry?.afterMs ?? null };
    if (error.code === 'LOG_CHANGED') return { state: 'moved' };
    if (error.retry !== null) return laterOf(error);
    throw error;
  }
}

function laterOf(error: AuditError): CommitAnswer {
  return { state: 'later', problem: error.problem, afterMs: error.retry?.afterMs ?? null };
}
