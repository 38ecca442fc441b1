/** The mutation `createCommitOnBranch`: guarded by the head of the whole branch, authored by whoever asks, signed by GitHub. */
import type { GitChange } from './git-objects.ts';
import { assertAllowed, typed } from './graphql-error.ts';
import { commitNode } from './graphql-read.ts';
import { isWellFormedPath } from './paths.ts';
import { personOf } from './route.ts';
import type { Identity, State } from './types.ts';

type Addition = Readonly<{ path: string; contents: string }>;
type Deletion = Readonly<{ path: string }>;
type CommitInput = Readonly<{
  branch: Readonly<{ repositoryNameWithOwner?: string; branchName?: string }>;
  expectedHeadOid: string;
  message: Readonly<{ headline: string; body?: string | null }>;
  fileChanges?: Readonly<{ additions?: readonly Addition[] | null; deletions?: readonly Deletion[] | null }> | null;
  clientMutationId?: string | null;
}>;

/** Throws typed errors, with nothing written. */
export async function createCommitOnBranch(state: State, who: Identity, { input }: Readonly<Record<string, unknown>>): Promise<unknown> {
  assertAllowed(who, { contents: 'write' });
  const { branch, expectedHeadOid, clientMutationId = null } = input as CommitInput;
  const ref = `refs/heads/${branchOf(state, branch)}`;
  const change = changeOf(state, input as CommitInput);
  return state.alone(async () => {
    const head = await state.refs.head(ref);
    if (head === undefined) throw typed('NOT_FOUND', 'Branch not found');
    if (head !== expectedHeadOid) throw stale(expectedHeadOid);
    const rule = state.protections.find(({ pattern }) => `refs/heads/${pattern}` === ref);
    if (rule !== undefined) throw typed('UNPROCESSABLE', rule.message);
    const commit = writeCommit(state, head, { ...change, who });
    if (!await state.refs.move(ref, commit, head)) throw stale(expectedHeadOid);
    const node = commitNode(state, commit);
    return { clientMutationId, commit: node, ref: { __typename: 'Ref', name: branch.branchName, prefix: 'refs/heads/', target: node } };
  });
}

function stale(expected: string): Error {
  return typed('STALE_DATA', `Expected branch to point to "${expected}" but it did not.  Pull and try again.`);
}

function branchOf({ owner, name }: State, { repositoryNameWithOwner, branchName }: CommitInput['branch']): string {
  if (repositoryNameWithOwner?.toLowerCase() !== `${owner}/${name}`.toLowerCase()) throw typed('NOT_FOUND', `Could not resolve to a Repository with the name '${repositoryNameWithOwner ?? ''}'.`);
  if (branchName === undefined) throw typed('NOT_FOUND', 'Branch not found');
  return branchName.replace(/^refs\/heads\//, '');
}

type Change = Readonly<{ additions: readonly Addition[]; deletions: readonly Deletion[]; message: string }>;

/** What can be judged without the branch. */
function changeOf({ limits }: State, { fileChanges, message }: CommitInput): Change {
  const additions = fileChanges?.additions ?? [];
  const deletions = fileChanges?.deletions ?? [];
  if (additions.reduce((sum, { contents }) => sum + contents.length, 0) > limits.commitBytes) throw typed('UNPROCESSABLE', 'The request is too large.');
  const paths = [...additions, ...deletions].map(({ path }) => path);
  const twice = paths.find((path, at) => paths.indexOf(path) !== at);
  if (twice !== undefined) throw typed('UNPROCESSABLE', `Path must be unique: ${twice}`);
  const odd = additions.find(({ path }) => !isWellFormedPath(path));
  if (odd !== undefined) throw typed('UNPROCESSABLE', `A path was requested for addition which is invalid: ${odd.path}`);
  const { headline, body } = message;
  return { additions, deletions, message: body === undefined || body === null || body === '' ? headline : `${headline}\n\n${body}` };
}

/** A file that is there keeps its mode, and a link becomes a file. */
function writeCommit({ objects, now }: State, head: string, { additions, deletions, message, who }: Change & Readonly<{ who: Identity }>): string {
  const tree = objects.commit(head)?.tree ?? '';
  if (deletions.some(({ path }) => objects.entryAt(tree, path) === undefined)) throw typed('UNPROCESSABLE', `A path was requested for deletion which does not exist as of commit oid \`${head}\``);
  const changes = new Map<string, GitChange>([
    ...additions.map(({ path, contents }): [string, GitChange] => [path, { oid: objects.write('blob', Buffer.from(contents, 'base64')) }]),
    ...deletions.map(({ path }): [string, GitChange] => [path, null]),
  ]);
  return objects.writeCommit({ tree: objects.changed(tree, changes), parents: [head], message, date: now(), author: personOf(who) });
}
