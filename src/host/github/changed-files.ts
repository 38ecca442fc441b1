/** The files touched, as GitHub lists them: those of a pull request over all pages, else those of a comparison. What is not listed is told. */
import { AuditError } from '../../errors.ts';
import { compareText } from '../../model/order.ts';
import type { Problem } from '../../model/problem.ts';
import type { ChangedFile } from '../../model/run.ts';
import type { Comparison, DiffEntry } from './answers.ts';
import type { GitHub } from './client.ts';
import type { GitHubRun } from './event.ts';
import type { PullNow } from './snapshot.ts';

/** Rows as GitHub gave them, and what is known to be missing. */
export type Listed = Readonly<{ entries: readonly DiffEntry[]; problems: readonly Problem[] }>;

export type ChangesOptions = Readonly<{
  client: Pick<GitHub, 'pullFiles' | 'compare'>;
  run: Pick<GitHubRun, 'commit' | 'branch' | 'base' | 'pullRequest' | 'trigger'>;
  /** The pull request as it is now; `null` where there is none or it cannot be read. */
  pull: Pick<PullNow, 'headSha' | 'changedFiles'> | null;
}>;

/** The comparison of a commit with that of the run, asked for once. Never rejects. */
type Compare = (base: string) => Promise<Comparison | AuditError>;
export type Changes = Readonly<{ compare: Compare; /** `undefined`: nothing is known to count from. */ from(base: string | undefined): Promise<Listed> }>;

/** Begins with what the event says at once. */
export function openChanges({ client, run, pull }: ChangesOptions): Changes {
  const compared = new Map<string, Promise<Comparison | AuditError>>();
  const compare: Compare = async (base) => {
    const asked = compared.get(base) ?? orFault(client.compare(base, run.commit));
    compared.set(base, asked);
    const answer = await asked;
    // A comparison starts at the merge base: that it was asked for by another name makes no difference.
    if (!(answer instanceof AuditError) && !compared.has(answer.merge_base_commit.sha)) compared.set(answer.merge_base_commit.sha, asked);
    return answer;
  };
  const { base, pullRequest } = run;
  const listed = base === null ? null : pullRequest === null ? compareFrom(compare, run, base.commit) : listPull({ client, compare, pull, number: pullRequest.number, head: run.commit, base: base.commit, told: pullRequest.changedFiles });
  return {
    compare,
    async from(start) {
      if (listed !== null && start === base?.commit) return listed;
      return start === undefined ? nothingToCountFrom(run) : compareFrom(compare, run, start);
    },
  };
}

async function orFault<T>(asked: Promise<T>): Promise<T | AuditError> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof AuditError) return error;
    throw error;
  }
}

function nothingToCountFrom({ branch }: Pick<GitHubRun, 'branch'>): Listed {
  return { entries: [], problems: [{ code: 'NO_START', message: `No recorded commit of \`${branch}\` is known, nor a branch that it came from: no files touched are listed.` }] };
}

/** GitHub's limits (REST, pulls/list-files and repos/compare-commits). */
const PULL_FILES = 3_000;
const PULL_PAGES = 30;
const COMPARED_FILES = 300;

type PullListing = Readonly<{
  client: Pick<GitHub, 'pullFiles'>;
  compare: Compare;
  pull: ChangesOptions['pull'];
  number: number;
  head: string;
  base: string;
  /** How many the event says there are. */
  told: number | null;
}>;

/** Pages tell of the pull request as it is now; if that has moved on, or cannot be read, the two commits of the event are compared. */
async function listPull(listing: PullListing): Promise<Listed> {
  const { compare, pull, number, head, base } = listing;
  if (pull !== null && pull.headSha !== head) {
    const listed = await compareFrom(compare, { commit: head, trigger: 'pull_request' }, base);
    const message = `Pull request ${number} is at ${short(pull.headSha)} by now; the files touched are those of ${short(head)}, by comparison.`;
    return { entries: listed.entries, problems: [{ code: 'SUPERSEDED', message }, ...listed.problems] };
  }
  const { entries, fault } = await allPages(listing);
  if (fault === null) return { entries, problems: cutProblems(entries.length, pull?.changedFiles ?? listing.told) };
  if (entries.length === 0) {
    const compared = await compare(base);
    if (!(compared instanceof AuditError)) return listedBy(compared, { commit: head, trigger: 'pull_request' }, base);
  }
  const known = entries.length === 0 ? 'None of the files' : `Only ${entries.length} of the files`;
  return { entries, problems: [{ code: 'FILES_UNKNOWN', message: `${known} of pull request ${number} ${entries.length === 0 ? 'is' : 'are'} known: ${fault.message}` }] };
}

async function allPages({ client, number }: PullListing): Promise<Readonly<{ entries: readonly DiffEntry[]; fault: AuditError | null }>> {
  const entries: DiffEntry[] = [];
  for (let page = 1; page <= PULL_PAGES; page += 1) {
    const answer = await orFault(client.pullFiles(number, page));
    if (answer instanceof AuditError) return { entries, fault: answer };
    entries.push(...answer.items);
    if (!answer.hasNext) break;
  }
  return { entries, fault: null };
}

/** Counts of rows are not trusted, but that rows are missing shows in the number that GitHub states of the whole. */
function cutProblems(listed: number, whole: number | null): Problem[] {
  if (listed < PULL_FILES && (whole === null || listed >= whole)) return [];
  const of = whole === null || whole <= listed ? 'and there may be more' : `of ${whole}`;
  return [{ code: 'FILES_CUT', message: `Of the files of the pull request, GitHub lists ${listed} ${of}; the others are not known.` }];
}

type Head = Pick<GitHubRun, 'commit' | 'trigger'>;

async function compareFrom(compare: Compare, head: Head, base: string): Promise<Listed> {
  if (base === head.commit) return { entries: [], problems: [] };
  const compared = await compare(base);
  if (compared instanceof AuditError) return { entries: [], problems: [{ code: 'FILES_UNKNOWN', message: `What changed from ${short(base)} to ${short(head.commit)} is not known: ${compared.message}` }] };
  return listedBy(compared, head, base);
}

function listedBy({ files = [], merge_base_commit: { sha } }: Comparison, { commit, trigger }: Head, base: string): Listed {
  const problems: Problem[] = [];
  if (files.length >= COMPARED_FILES) problems.push({ code: 'FILES_CUT', message: `GitHub lists ${files.length} files that changed from ${short(base)} to ${short(commit)}, and there may be more, which are not known.` });
  if (trigger === 'push' && sha !== base) problems.push({ code: 'FILES_UNKNOWN', message: `${short(base)} is not behind ${short(commit)}: files touched are counted from ${short(sha)}, which is behind both. What the commits that were left behind had changed is not listed.` });
  return { entries: files, problems };
}

function short(commit: string): string {
  return commit.slice(0, 7);
}

/** Sorted by path, each path once. */
export function changedFilesOf({ entries, problems }: Listed, ignore: (path: string) => boolean): { files: ChangedFile[]; problems: Problem[] } {
  const files = new Map(entries.flatMap((entry) => toFiles(entry, ignore)).map((file) => [file.path, file]));
  return { files: [...files.values()].sort((a, b) => compareText(a.path, b.path)), problems: [...problems] };
}

/** A rename from or to a path that is not counted is what is left of it. */
function toFiles({ filename: path, status, previous_filename: from }: DiffEntry, ignore: (path: string) => boolean): ChangedFile[] {
  const file = (name: string, what: 'added' | 'modified' | 'deleted'): ChangedFile[] => (ignore(name) ? [] : [{ path: name, status: what, uncommitted: false }]);
  switch (status) {
    case 'unchanged': return [];
    case 'added': case 'copied': return file(path, 'added');
    case 'removed': return file(path, 'deleted');
    case 'renamed': {
      if (from === undefined || ignore(from)) return file(path, 'added');
      return ignore(path) ? file(from, 'deleted') : [{ path, status: 'renamed', from, uncommitted: false }];
    }
    default: return file(path, 'modified');
  }
}
