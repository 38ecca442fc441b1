/** REST over git data: blobs, trees, commits, refs. */
import { completed } from './contract/contract.ts';
import type { GitChange, Person } from './git-objects.ts';
import { isWellFormedPath } from './paths.ts';
import { apiUrlOf, pageUrlOf, personOf, type Route } from './route.ts';
import { Refusal, type State } from './types.ts';

type TreeBody = Readonly<{ base_tree?: string; tree: readonly TreeItem[] }>;
type TreeItem = Readonly<{ path?: string; mode?: string; type?: string; sha?: string | null; content?: string }>;
type CommitBody = Readonly<{ message: string; tree: string; parents?: readonly string[]; author?: Person }>;

export function gitRoutes(state: State): readonly Route[] {
  return [blobRoute(state), refRoute(state), treeRoute(state), commitRoute(state), newRefRoute(state)];
}

/** Git data has nothing to say, and takes nothing, before the first commit. */
async function assertNotEmpty({ objects, refs, defaultBranch }: State): Promise<void> {
  if (await refs.head(`refs/heads/${defaultBranch}`) !== undefined) return;
  const { out } = await objects.ask('for-each-ref', '--count=1', 'refs/heads');
  if (out === '') throw new Refusal(409, 'Git Repository is empty.');
}

function blobRoute(state: State): Route {
  return {
    method: 'GET', pattern: /^\/git\/blobs\/(?<sha>[0-9a-f]+)$/, needs: { contents: 'read' },
    async answer({ accept }, { sha = '' }) {
      await assertNotEmpty(state);
      const object = state.objects.read(sha);
      if (object?.type !== 'blob') throw new Refusal(404, 'Not Found');
      const { content } = object;
      if (/\braw\b/.test(accept)) return { status: 200, raw: content, headers: { 'content-type': 'application/vnd.github.raw+json; charset=utf-8' } };
      return { status: 200, body: completed('blob', { sha, node_id: sha, size: content.length, url: `${apiUrlOf(state)}/git/blobs/${sha}`, content: content.toString('base64'), encoding: 'base64' }) };
    },
  };
}

function refRoute(state: State): Route {
  return {
    method: 'GET', pattern: /^\/git\/ref\/(?<ref>.+)$/, needs: { contents: 'read' },
    async answer({ view }, { ref = '' }) {
      await assertNotEmpty(state);
      const full = `refs/${ref}`;
      const head = await state.refs.seen(full, view);
      if (head === undefined) throw new Refusal(404, 'Not Found');
      return { status: 200, body: refBody(state, full, head) };
    },
  };
}

function refBody(state: State, ref: string, sha: string): unknown {
  const url = `${apiUrlOf(state)}/git`;
  return completed('git-ref', { ref, node_id: ref, url: `${url}/${ref}`, object: { type: 'commit', sha, url: `${url}/commits/${sha}` } });
}

function treeRoute(state: State): Route {
  return {
    method: 'POST', pattern: /^\/git\/trees$/, needs: { contents: 'write' },
    async answer({ body }) {
      await assertNotEmpty(state);
      const { base_tree: base, tree } = body as TreeBody;
      if (tree.length === 0) throw new Refusal(422, 'Invalid tree info');
      const before = base === undefined ? null : state.objects.commit(base)?.tree ?? base;
      if (before !== null && state.objects.read(before)?.type !== 'tree') throw new Refusal(422, 'base_tree is not a valid tree oid');
      const sha = state.objects.changed(before, new Map(tree.map((item) => treeChange(state, item))));
      const url = `${apiUrlOf(state)}/git/trees/${sha}`;
      return { status: 201, headers: { location: url }, body: completed('git-tree', { sha, url, truncated: false, tree: treeItems(state, sha) }) };
    },
  };
}

/** `sha: null` removes a path. */
function treeChange({ objects }: State, { path, mode, sha, content }: TreeItem): [string, GitChange] {
  if (path === undefined || !isWellFormedPath(path)) throw new Refusal(422, 'tree.path contains a malformed path component');
  if (mode === undefined) throw new Refusal(422, 'Must supply a valid tree.mode');
  if ((sha === undefined) === (content === undefined)) throw new Refusal(422, 'Must supply either tree.sha or tree.content, and not both');
  if (sha === null) return [path, null];
  if (sha === undefined) return [path, { mode, oid: objects.write('blob', Buffer.from(content ?? '')) }];
  const type = mode === '040000' ? 'tree' : 'blob';
  if (mode !== '160000' && objects.read(sha)?.type !== type) throw new Refusal(422, `tree.sha ${sha} is not a valid ${type}`);
  return [path, { mode, oid: sha }];
}

function treeItems(state: State, tree: string): readonly unknown[] {
  return [...state.objects.tree(tree)].map(([path, { mode, type, oid }]) => {
    const size = type === 'blob' ? { size: state.objects.read(oid)?.content.length ?? 0 } : {};
    return { path, mode, type, sha: oid, ...size, url: `${apiUrlOf(state)}/git/${type}s/${oid}` };
  });
}

function commitRoute(state: State): Route {
  return {
    method: 'POST', pattern: /^\/git\/commits$/, needs: { contents: 'write' },
    async answer({ who, body }) {
      await assertNotEmpty(state);
      const { message, tree, parents = [], author } = body as CommitBody;
      if (state.objects.read(tree)?.type !== 'tree') throw new Refusal(422, 'Tree SHA does not exist');
      const lost = parents.find((parent) => state.objects.commit(parent) === undefined);
      if (lost !== undefined) throw new Refusal(422, 'Parent SHA does not exist or is not a commit object');
      // GitHub signs for an app, and only what names no author of its own.
      return { status: 201, body: newCommit(state, { message, tree, parents, author: author ?? personOf(who), signed: author === undefined && who.app !== '' }) };
    },
  };
}

export type Commit = Readonly<{ message: string; tree: string; parents: readonly string[]; author: Person; signed: boolean }>;

/** Writes a commit; answers what REST tells of it. */
export function newCommit(state: State, { message, tree, parents, author, signed }: Commit): Readonly<Record<string, unknown> & { sha: string }> {
  const date = state.now();
  const sha = state.objects.writeCommit({ tree, parents, message, date, author });
  const url = `${apiUrlOf(state)}/git`;
  const at = date.toISOString().replace(/\.\d+Z$/, 'Z');
  const verification = signed
    ? { verified: true, reason: 'valid', signature: 'signed by the double', payload: `tree ${tree}`, verified_at: at }
    : { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };
  return {
    sha, node_id: sha, url: `${url}/commits/${sha}`, html_url: `${pageUrlOf(state)}/commit/${sha}`, author: { ...author, date: at }, committer: { name: 'GitHub', email: 'noreply@github.com', date: at },
    message, tree: { sha: tree, url: `${url}/trees/${tree}` }, verification,
    parents: parents.map((parent) => ({ sha: parent, url: `${url}/commits/${parent}`, html_url: `${pageUrlOf(state)}/commit/${parent}` })),
  };
}

function newRefRoute(state: State): Route {
  return {
    method: 'POST', pattern: /^\/git\/refs$/, needs: { contents: 'write' },
    async answer({ body }) {
      await assertNotEmpty(state);
      const { ref, sha } = body as Readonly<{ ref: string; sha: string }>;
      if (!ref.startsWith('refs/') || (await state.objects.ask('check-ref-format', ref)).status !== 0) throw new Refusal(422, `${ref} is not a valid ref name.`);
      if (state.objects.commit(sha) === undefined) throw new Refusal(422, 'Object does not exist');
      const rule = state.protections.find(({ pattern }) => `refs/heads/${pattern}` === ref);
      if (rule !== undefined) throw new Refusal(422, rule.message);
      await state.alone(async () => {
        if (await state.refs.head(ref) !== undefined) throw new Refusal(422, 'Reference already exists');
        // As where `a` is a branch and `a/b` is to be one.
        if (!await state.refs.move(ref, sha, null)) throw new Refusal(422, 'Reference update failed');
      });
      return { status: 201, headers: { location: `${apiUrlOf(state)}/git/${ref}` }, body: refBody(state, ref, sha) };
    },
  };
}
