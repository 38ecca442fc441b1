/** What GraphQL reads: branches, objects, pull requests and their comments. */
import { typed, assertAllowed } from './graphql-error.ts';
import { changesBetween } from './git-diff.ts';
import { pageUrlOf } from './route.ts';
import type { CommentState, Identity, Pull, State, View } from './types.ts';

type Args = Readonly<Record<string, unknown>>;
export type Reading = Readonly<{ state: State; who: Identity; view: View }>;

/** Every token may see that the repository is there. */
export function repository(reading: Reading, { owner, name }: Args): unknown {
  const { state, who } = reading;
  if (String(owner).toLowerCase() !== state.owner.toLowerCase() || String(name).toLowerCase() !== state.name.toLowerCase()) {
    throw typed('NOT_FOUND', `Could not resolve to a Repository with the name '${String(owner)}/${String(name)}'.`);
  }
  const contents = <T>(answer: () => T): T => {
    assertAllowed(who, { contents: 'read' });
    return answer();
  };
  return {
    __typename: 'Repository', databaseId: state.repositoryId, name: state.name, nameWithOwner: `${state.owner}/${state.name}`, isPrivate: true, isArchived: false, url: pageUrlOf(state),
    defaultBranchRef: () => contents(() => refAt(reading, `refs/heads/${state.defaultBranch}`)),
    ref: ({ qualifiedName }: Args) => contents(() => refAt(reading, String(qualifiedName))),
    object: (args: Args) => contents(() => objectAt(reading, args)),
    pullRequest: ({ number }: Args) => pullRequest(reading, Number(number)),
  };
}

async function refAt({ state, view }: Reading, name: string): Promise<unknown> {
  const full = name.startsWith('refs/') ? name : `refs/heads/${name}`;
  const head = await state.refs.seen(full, view);
  return head === undefined ? null : { __typename: 'Ref', name: full.replace(/^refs\/(?:heads|tags)\//, ''), prefix: full.replace(/[^/]+$/, ''), target: gitObject(state, head) };
}

async function objectAt({ state, view }: Reading, { oid, expression }: Args): Promise<unknown> {
  if (typeof oid === 'string') return gitObject(state, oid);
  // A name before the colon is that of a branch, wherever there is one.
  const [name = '', ...path] = String(expression).split(':');
  const head = await state.refs.seen(name.startsWith('refs/') ? name : `refs/heads/${name}`, view);
  const { status, out } = await state.objects.ask('rev-parse', '--verify', '-q', [head ?? name, ...path].join(':'));
  return status === 0 ? gitObject(state, out.trim()) : null;
}

function gitObject(state: State, oid: string): unknown {
  const object = state.objects.read(oid);
  switch (object?.type) {
    case undefined: return null;
    case 'commit': return commitNode(state, oid);
    case 'tree': return { __typename: 'Tree', oid, entries: () => [...state.objects.tree(oid)].map(([name, entry]) => treeEntry(state, { name, path: name, ...entry })) };
    case 'blob': return blobNode(state, oid, object.content);
    default: return { __typename: 'Tag', oid };
  }
}

export function commitNode(state: State, oid: string): unknown {
  const commit = state.objects.commit(oid);
  if (commit === undefined) return null;
  return {
    __typename: 'Commit', oid, url: `${pageUrlOf(state)}/commit/${oid}`, message: commit.message.replace(/\n$/, ''), committedDate: commit.committedAt,
    tree: () => gitObject(state, commit.tree),
    file: ({ path }: Args) => {
      const entry = state.objects.entryAt(commit.tree, String(path));
      return entry === undefined ? null : treeEntry(state, { name: String(path).split('/').at(-1) ?? '', path: String(path), ...entry });
    },
  };
}

function treeEntry(state: State, { name, path, mode, type, oid }: Readonly<{ name: string; path: string; mode: string; type: string; oid: string }>): unknown {
  const size = (): number => (type === 'blob' ? state.objects.read(oid)?.content.length ?? 0 : 0);
  return { __typename: 'TreeEntry', name, path, mode: Number.parseInt(mode, 8), type, oid, size, object: type === 'commit' ? null : () => gitObject(state, oid) };
}

/** Text is cut at so many bytes, told only by `isTruncated`; bytes that are not UTF-8 come back replaced. */
function blobNode({ limits }: State, oid: string, content: Buffer): unknown {
  const isBinary = content.subarray(0, 8_000).includes(0);
  const text = (): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(content.subarray(0, limits.blobText));
  return { __typename: 'Blob', oid, byteSize: content.length, isBinary, isTruncated: content.length > limits.blobText, text: isBinary ? null : text };
}

function pullRequest({ state, who }: Reading, number: number): unknown {
  assertAllowed(who, { 'pull-requests': 'read' });
  const pull = state.pulls.get(number);
  if (pull === undefined) throw typed('NOT_FOUND', `Could not resolve to a PullRequest with the number of ${number}.`);
  return {
    __typename: 'PullRequest', number, headRefOid: pull.headSha, headRefName: pull.head, baseRefOid: pull.baseSha, baseRefName: pull.base, state: pull.state.toUpperCase(), locked: pull.locked,
    url: `${pageUrlOf(state)}/pull/${number}`,
    // All of them, also those that the list of files leaves out.
    changedFiles: async () => (await changesBetween(state.objects, pull.baseSha, pull.headSha)).length,
    comments: (args: Args) => comments({ state, who }, pull, args),
  };
}

const MOST_NODES = 100;

/** A cursor names the comment before the page, so that one that is removed meanwhile shifts none. */
function comments({ state, who }: Pick<Reading, 'state' | 'who'>, pull: Pull, { first, after }: Args): unknown {
  if (typeof first !== 'number') throw typed('MISSING_PAGINATION_BOUNDARIES', 'You must provide a `first` or `last` value to properly paginate the `comments` connection.');
  if (first > MOST_NODES) throw typed('EXCESSIVE_PAGINATION', `Requesting ${first} records on the \`comments\` connection exceeds the \`first\` limit of ${MOST_NODES} records.`);
  const all = state.comments.filter((comment) => comment.pull === pull.number);
  const before = typeof after === 'string' ? cursorId(after) : 0;
  const rest = all.filter(({ id }) => id > before);
  const shown = rest.slice(0, first);
  const cursor = ({ id }: CommentState): string => Buffer.from(`cursor:${id}`).toString('base64');
  const [start, end] = [shown[0], shown.at(-1)];
  return {
    __typename: 'IssueCommentConnection', totalCount: all.length,
    pageInfo: {
      hasNextPage: shown.length < rest.length, hasPreviousPage: rest.length < all.length,
      startCursor: start === undefined ? null : cursor(start), endCursor: end === undefined ? null : cursor(end),
    },
    nodes: shown.map((comment) => commentNode({ state, who }, comment)),
  };
}

function cursorId(cursor: string): number {
  const [, id] = /^cursor:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString()) ?? [];
  if (id === undefined) throw typed('INVALID_CURSOR_ARGUMENTS', `\`${cursor}\` does not appear to be a valid cursor.`);
  return Number(id);
}

function commentNode({ state, who }: Pick<Reading, 'state' | 'who'>, { id, pull, body, login }: CommentState): unknown {
  const isBot = login.endsWith('[bot]');
  return {
    __typename: 'IssueComment', databaseId: id, fullDatabaseId: String(id), body, viewerDidAuthor: login === who.login, url: `${pageUrlOf(state)}/pull/${pull}#issuecomment-${id}`,
    author: { __typename: isBot ? 'Bot' : 'User', login: login.replace(/\[bot\]$/, '') },
  };
}
