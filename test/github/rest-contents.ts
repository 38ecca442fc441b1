/** REST that writes one file: the only way into a repository without a commit. */
import { isWellFormedPath } from './paths.ts';
import { newCommit } from './rest-git.ts';
import { apiUrlOf, pageUrlOf, personOf, type Route } from './route.ts';
import { Refusal, type Identity, type State } from './types.ts';

type ContentsBody = Readonly<{ message: string; content: string; sha?: string; branch?: string }>;
type Writing = Readonly<{ path: string; branch: string; head: string | undefined; who: Identity; asked: ContentsBody }>;

/** Guarded by the blob of that file, not by the head of the branch. */
export function contentsRoute(state: State): Route {
  return {
    method: 'PUT', pattern: /^\/contents\/(?<path>.+)$/, needs: { contents: 'write' },
    async answer({ who, body }, { path = '' }) {
      const asked = body as ContentsBody;
      if (!isWellFormedPath(path)) throw new Refusal(422, 'path contains a malformed path component', { errors: [{ resource: 'Commit', field: 'path', code: 'invalid' }] });
      if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(asked.content)) throw new Refusal(422, 'content is not valid Base64');
      const branch = asked.branch ?? state.defaultBranch;
      return state.alone(async () => write(state, { path, branch, head: await headOf(state, branch), who, asked }));
    },
  };
}

/** `undefined`: the repository has no commit yet, so that any branch is its first. */
async function headOf({ objects, refs }: State, branch: string): Promise<string | undefined> {
  const head = await refs.head(`refs/heads/${branch}`);
  if (head === undefined && (await objects.ask('for-each-ref', '--count=1', 'refs/heads')).out !== '') throw new Refusal(404, `Branch ${branch} not found`);
  return head;
}

async function write(state: State, { path, branch, head, who, asked }: Writing): Promise<Readonly<{ status: number; body: unknown }>> {
  const { objects, refs, protections } = state;
  const before = head === undefined ? null : objects.commit(head)?.tree ?? null;
  const existing = before === null ? undefined : objects.entryAt(before, path);
  if (existing !== undefined && asked.sha === undefined) throw new Refusal(422, 'Invalid request.\n\n"sha" wasn\'t supplied.');
  if (asked.sha !== undefined && asked.sha !== existing?.oid) throw new Refusal(409, `${path} does not match ${asked.sha}`);
  const rule = protections.find(({ pattern }) => pattern === branch);
  if (rule !== undefined) throw new Refusal(409, rule.message);
  const bytes = Buffer.from(asked.content, 'base64');
  const oid = objects.write('blob', bytes);
  const commit = newCommit(state, {
    message: asked.message, tree: objects.changed(before, new Map([[path, { oid }]])), parents: head === undefined ? [] : [head], author: personOf(who), signed: who.app !== '',
  });
  if (!await refs.move(`refs/heads/${branch}`, commit.sha, head ?? null)) throw new Refusal(409, `is at ${await refs.head(`refs/heads/${branch}`) ?? ''} but expected ${head ?? ''}`);
  return { status: existing === undefined ? 201 : 200, body: { content: fileBody(state, { path, branch, oid, size: bytes.length }), commit } };
}

function fileBody(state: State, { path, branch, oid, size }: Readonly<{ path: string; branch: string; oid: string; size: number }>): unknown {
  const escaped = path.split('/').map(encodeURIComponent).join('/');
  const self = `${apiUrlOf(state)}/contents/${escaped}?ref=${branch}`;
  const git = `${apiUrlOf(state)}/git/blobs/${oid}`;
  const html = `${pageUrlOf(state)}/blob/${branch}/${escaped}`;
  return { name: path.split('/').at(-1), path, sha: oid, size, url: self, html_url: html, git_url: git, download_url: `${pageUrlOf(state)}/raw/${branch}/${escaped}`, type: 'file', _links: { self, git, html } };
}
