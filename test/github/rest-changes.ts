/** REST over what changed: the files of a pull request, and comparisons. */
import { completed } from './contract/contract.ts';
import { changesBetween, shownChanges, type FileChange } from './git-diff.ts';
import { apiUrlOf, paged, pageUrlOf, type Route } from './route.ts';
import { Refusal, type Answer, type Asked, type State } from './types.ts';

export function changeRoutes(state: State): readonly Route[] {
  return [
    {
      method: 'GET', pattern: /^\/pulls\/(?<number>\d+)\/files$/, needs: { 'pull-requests': 'read' },
      async answer(asked, { number }) {
        const pull = state.pulls.get(Number(number));
        if (pull === undefined) throw new Refusal(404, 'Not Found');
        const { baseSha, headSha } = pull;
        const changes = (await changesBetween(state.objects, baseSha, headSha)).slice(0, state.limits.pullFiles);
        const { items, headers } = paged(state, asked, changes);
        return { status: 200, headers, body: shownChanges(items).map((change) => changeBody(state, change, headSha)) };
      },
    },
    {
      method: 'GET', pattern: /^\/compare\/(?<base>.+?)\.\.\.(?<head>.+)$/, needs: { contents: 'read' },
      answer: (asked, { base = '', head = '' }) => comparison(state, asked, { base, head }),
    },
  ];
}

function changeBody(state: State, { filename, status, from, sha, additions, deletions, patch }: FileChange, head: string): unknown {
  const path = filename.split('/').map(encodeURIComponent).join('/');
  return completed('diff-entry', {
    sha, filename, status, additions, deletions, changes: additions + deletions, ...(from === undefined ? {} : { previous_filename: from }), ...(patch === undefined ? {} : { patch }),
    blob_url: `${pageUrlOf(state)}/blob/${head}/${path}`, raw_url: `${pageUrlOf(state)}/raw/${head}/${path}`, contents_url: `${apiUrlOf(state)}/contents/${path}?ref=${head}`,
  });
}

type Range = Readonly<{ base: string; head: string }>;

/** Its pages are of commits; the files stand on the first one only. */
async function comparison(state: State, asked: Asked, { base, head }: Range): Promise<Answer> {
  const { objects, limits } = state;
  const [from, to] = await Promise.all([commitNamed(state, base, asked), commitNamed(state, head, asked)]);
  if (from === undefined || to === undefined) throw new Refusal(404, 'Not Found');
  const { status, out } = await objects.ask('merge-base', from, to);
  if (status !== 0) throw new Refusal(404, `No common ancestor between ${base} and ${head}.`);
  const merge = out.trim().split('\n')[0] ?? '';
  const [behind = 0, ahead = 0] = (await objects.git('rev-list', '--left-right', '--count', `${from}...${to}`)).trim().split(/\s+/).map(Number);
  const commits = ahead === 0 ? [] : (await objects.git('rev-list', '--reverse', '--topo-order', `${from}..${to}`)).trim().split('\n');
  const { items, headers } = asked.query.has('page') || asked.query.has('per_page') ? paged(state, asked, commits) : { items: commits.slice(0, COMMITS_UNPAGED), headers: {} };
  const files = Number(asked.query.get('page') ?? 1) > 1 ? [] : (await changesBetween(objects, from, to)).slice(0, limits.compareFiles);
  const page = `${pageUrlOf(state)}/compare/${base}...${head}`;
  return {
    status: 200, headers,
    body: completed('commit-comparison', {
      url: `${apiUrlOf(state)}/compare/${base}...${head}`, html_url: page, permalink_url: page, diff_url: `${page}.diff`, patch_url: `${page}.patch`,
      status: relation(ahead, behind), ahead_by: ahead, behind_by: behind, total_commits: ahead, commits: items.map((sha) => commitItem(state, sha)),
      base_commit: commitItem(state, from), merge_base_commit: commitItem(state, merge), files: shownChanges(files).map((change) => changeBody(state, change, to)),
    }),
  };
}

const COMMITS_UNPAGED = 250;

/** A name of a branch, after that of its owner or without. */
async function commitNamed({ objects, refs, owner }: State, name: string, { view }: Asked): Promise<string | undefined> {
  return objects.commit(name) === undefined ? refs.seen(`refs/heads/${name.startsWith(`${owner}:`) ? name.slice(owner.length + 1) : name}`, view) : name;
}

function relation(ahead: number, behind: number): string {
  if (ahead > 0) return behind > 0 ? 'diverged' : 'ahead';
  return behind > 0 ? 'behind' : 'identical';
}

function commitItem(state: State, sha: string): Readonly<Record<string, unknown>> {
  const { message = '', tree = '', parents = [] } = state.objects.commit(sha) ?? {};
  const url = `${apiUrlOf(state)}/commits/${sha}`;
  return {
    sha, node_id: sha, url, html_url: `${pageUrlOf(state)}/commit/${sha}`, comments_url: `${url}/comments`, parents: parents.map((parent) => ({ sha: parent, url: `${apiUrlOf(state)}/commits/${parent}` })),
    commit: { url: `${apiUrlOf(state)}/git/commits/${sha}`, message: message.replace(/\n$/, ''), tree: { sha: tree, url: `${apiUrlOf(state)}/git/trees/${tree}` } },
  };
}
