/** The repository on GitHub, as the run sees it: where it stands, its history, and the files that changed. */
import * as z from 'zod/mini';
import { AuditError } from '../../errors.ts';
import type { Checkout, Repository } from '../ports.ts';
import { changedFilesOf, openChanges } from './changed-files.ts';
import type { GitHub } from './client.ts';
import type { GitHubRun } from './event.ts';
import type { Snapshot } from './snapshot.ts';
import { ObjectIdSchema } from './snapshot-schema.ts';

export type GitHubRepositoryOptions = Readonly<{
  client: GitHub;
  run: Pick<GitHubRun, 'commit' | 'branch' | 'defaultBranch' | 'base' | 'pullRequest' | 'trigger'>;
  snapshot: Pick<Snapshot, 'testedTree' | 'defaultHead' | 'pull'>;
  /** Absolute path of the folder that the repository is checked out to. */
  root: string;
}>;

/** What the event says is asked for at once, while others read the evidence. */
export function openGitHubRepository({ client, run, snapshot, root }: GitHubRepositoryOptions): Repository {
  const { commit, branch, defaultBranch, base } = run;
  const checkout: Checkout = { root, commit, tree: snapshot.testedTree, branch, defaultBranch, ...(base === null ? {} : { base }) };
  const changes = openChanges({ client, run, pull: snapshot.pull });
  return {
    checkout,
    isAncestor: (other) => isAncestor(changes.compare, other, commit),
    follows: (last) => follows(changes.compare, last, { commit, branch, defaultBranch, head: snapshot.defaultHead, before: base?.how === 'before-push' ? base.commit : null }),
    pathsAt: (at, paths) => pathsAt({ client, at, paths, own: commit }),
    // On the default branch itself there is nothing that it came from.
    mergeBase: async () => (branch === defaultBranch ? undefined : mergeBase(client, changes.compare, defaultBranch)),
    changedFiles: async (from, ignore) => changedFilesOf(await changes.from(from), ignore),
  };
}

const ObjectId = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
type Compare = ReturnType<typeof openChanges>['compare'];

/** A commit that GitHub cannot be asked about is not said to be gone: listing what changed since it will tell what is wrong. */
async function isAncestor(compare: Compare, other: string, commit: string): Promise<boolean> {
  if (other === commit) return true;
  if (!ObjectId.test(other)) return false;
  const compared = await compare(other);
  if (compared instanceof AuditError) return compared.code !== 'NOT_FOUND_ON_GITHUB';
  return compared.merge_base_commit.sha === other;
}

type Newest = Readonly<{ commit: string; /** Head of the default branch. */ head: string | null; branch: string; defaultBranch: string; /** What the push moved the branch from. */ before: string | null }>;

/** Asked of GitHub only where the event and the branch do not show it. */
async function follows(compare: Compare, last: string, { commit, head, branch, defaultBranch, before }: Newest): Promise<'yes' | 'no' | 'unknown'> {
  if (last === commit || last === before || !ObjectId.test(last) || (branch === defaultBranch && head === commit)) return 'yes';
  const compared = await compare(last);
  if (compared instanceof AuditError) return compared.code === 'NOT_FOUND_ON_GITHUB' ? 'yes' : 'unknown';
  return compared.merge_base_commit.sha === last ? 'yes' : 'no';
}

/** Where GitHub does not tell, there is none; that no files are listed then is told with them. */
async function mergeBase(client: GitHub, compare: Compare, defaultBranch: string): Promise<string | undefined> {
  try {
    const compared = await compare(await client.branchHead(defaultBranch));
    return compared instanceof AuditError ? undefined : compared.merge_base_commit.sha;
  } catch (error) {
    if (error instanceof AuditError) return undefined;
    throw error;
  }
}

/** One query holds so many paths. */
const PATHS_AT_ONCE = 50;

type PathsAsked = Readonly<{ client: GitHub; at: string; paths: readonly string[]; own: string }>;

/** Where GitHub gives no answer, a path is taken to be there still, and never to have been there before: nothing is gone because nobody could look. */
async function pathsAt({ client, at, paths, own }: PathsAsked): Promise<ReadonlySet<string>> {
  const unknown = new Set(at === own ? paths : []);
  if (!ObjectId.test(at)) return unknown;
  const found = new Set<string>();
  try {
    for (let from = 0; from < paths.length; from += PATHS_AT_ONCE) {
      const present = await filesAt(client, at, paths.slice(from, from + PATHS_AT_ONCE));
      if (present === null) return unknown;
      for (const path of present) found.add(path);
    }
  } catch (error) {
    if (error instanceof AuditError) return unknown;
    throw error;
  }
  return found;
}

/** `null`: there is no such commit. */
async function filesAt(client: GitHub, commit: string, paths: readonly string[]): Promise<readonly string[] | null> {
  const aliases = paths.map((path, at) => ({ alias: `p${at}`, path }));
  const { owner, name } = client;
  const text = `query Paths($owner: String!, $name: String!, $commit: GitObjectID!, ${aliases.map(({ alias }) => `$${alias}: String!`).join(', ')}) { repository(owner: $owner, name: $name) { commit: object(oid: $commit) { oid ... on Commit { ${aliases.map(({ alias }) => `${alias}: file(path: $${alias}) { type }`).join(' ')} } } } }`;
  const entries = Object.fromEntries(aliases.map(({ alias }) => [alias, z.nullable(z.object({ type: z.string() }))]));
  const { repository } = await client.graphql(
    { name: `Reading which files there are at ${commit.slice(0, 12)}`, kind: 'read', permission: 'contents: read', text, variables: { owner, name, commit, ...Object.fromEntries(aliases.map(({ alias, path }) => [alias, path])) } },
    z.object({ repository: z.object({ commit: z.nullable(z.object({ oid: ObjectIdSchema, ...entries })) }) }),
  );
  const answer: Readonly<Record<string, unknown>> | null = repository.commit;
  if (answer === null) return null;
  return aliases.filter(({ alias }) => isFile(answer[alias])).map(({ path }) => path);
}

function isFile(entry: unknown): boolean {
  return typeof entry === 'object' && entry !== null && 'type' in entry && entry.type !== 'tree';
}
