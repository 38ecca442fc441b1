/** The REST calls that the product makes, and no other ones: each with the words it is told by and the right it needs. */
import type * as answers from './answers.ts';
import type { RestRequest, Sender } from './client-send.ts';
import type { Call } from './fault.ts';

/** `hasNext`: another page follows, or may follow. Pages are asked for by number, from 1. */
export type Page<T> = Readonly<{ items: readonly T[]; hasNext: boolean }>;

/** `sha`: of a blob that is in the repository already. */
export type TreeFile = Readonly<{ path: string; content: string } | { path: string; sha: string }>;
export type CommitParts = Readonly<{ message: string; tree: string; /** None: a root commit. */ parents: readonly string[] }>;
/** As the REST API takes it (checks/create, checks/update). */
export type CheckRunBody = Readonly<Record<string, unknown>>;

/** All throw GitHubFault. */
export interface RestCalls {
  /** At most 3,000 files over all pages. */
  pullFiles(pull: number, page: number): Promise<Page<answers.DiffEntry>>;
  /** Three dots: from the merge base to `head`; at most 300 files. Commits, not branches. */
  compare(base: string, head: string): Promise<answers.Comparison>;
  job(id: number): Promise<answers.Job>;
  jobs(run: Readonly<{ id: number; attempt: number }>, page: number): Promise<Page<answers.Job>>;
  /** Exactly the bytes of the blob, up to 100 MB; whoever asked checks them against the id. */
  blob(sha: string): Promise<Uint8Array>;
  /** The commit that a branch is at. A branch that is not there is NOT_FOUND_ON_GITHUB. */
  branchHead(branch: string): Promise<string>;
  /** Regular files, and no other ones. */
  createTree(files: readonly TreeFile[]): Promise<string>;
  createCommit(parts: CommitParts): Promise<answers.MadeCommit>;
  /** A branch that is there already is LOG_CHANGED: someone else made it meanwhile. */
  createBranch(branch: string, commit: string): Promise<void>;
  comments(pull: number, page: number): Promise<Page<answers.Comment>>;
  createComment(pull: number, body: string): Promise<answers.Comment>;
  updateComment(id: number, body: string): Promise<answers.Comment>;
  deleteComment(id: number): Promise<void>;
  checkRuns(query: Readonly<{ commit: string; name: string }>, page: number): Promise<Page<answers.CheckRun>>;
  createCheckRun(body: CheckRunBody): Promise<answers.CheckRun>;
  updateCheckRun(id: number, body: CheckRunBody): Promise<answers.CheckRun>;
}

const PER_PAGE = 100;
const RAW = 'application/vnd.github.raw+json';

const reading = (what: string, permission: string): Call => ({ name: `Reading ${what}`, kind: 'read', permission });
const writing = (name: string, permission: string): Call => ({ name, kind: 'write', permission });

type Place = Readonly<{ owner: string; name: string }>;
type Schemas = typeof answers;
type Asking = Readonly<{ sender: Sender; request(route: string, more?: Partial<RestRequest>): RestRequest; schemas(): Promise<Schemas> }>;

export function restCalls(sender: Sender, { owner, name }: Place): RestCalls {
  const asking: Asking = {
    sender,
    request: (route, more = {}) => {
      const [method = '', path = ''] = route.split(' ');
      return { ...more, route: `${method} /repos/{owner}/{repo}${path}`, parameters: { owner, repo: name, ...more.parameters } };
    },
    // With its library, only where an answer is to be read.
    schemas: () => import('./answers.ts'),
  };
  return { ...repositoryCalls(asking), ...runCalls(asking), ...gitCalls(asking), ...commentCalls(asking), ...checkCalls(asking) };
}

function repositoryCalls({ sender, request, schemas }: Asking): Pick<RestCalls, 'pullFiles' | 'compare'> {
  return {
    async pullFiles(pull, page) {
      const call = reading(`the files of pull request ${pull}, page ${page}`, 'pull-requests: read');
      const asked = request('GET /pulls/{pull}/files', { parameters: { pull, page, per_page: PER_PAGE } });
      return pageOf(await sender.page(call, asked, (await schemas()).DiffEntries), (entries) => entries);
    },
    async compare(base, head) {
      const call = reading(`what changed from ${base.slice(0, 12)} to ${head.slice(0, 12)}`, 'contents: read');
      return sender.rest(call, request('GET /compare/{base}...{head}', { parameters: { base, head, page: 1, per_page: PER_PAGE } }), (await schemas()).Comparison);
    },
  };
}

function runCalls({ sender, request, schemas }: Asking): Pick<RestCalls, 'job' | 'jobs'> {
  return {
    async job(id) {
      return sender.rest(reading('the steps of the job', 'actions: read'), request('GET /actions/jobs/{id}', { parameters: { id } }), (await schemas()).Job);
    },
    async jobs(run, page) {
      const asked = request('GET /actions/runs/{id}/attempts/{attempt}/jobs', { parameters: { ...run, page, per_page: PER_PAGE } });
      return pageOf(await sender.page(reading(`the jobs of the workflow run, page ${page}`, 'actions: read'), asked, (await schemas()).Jobs), ({ jobs }) => jobs);
    },
  };
}

function gitCalls({ sender, request, schemas }: Asking): Pick<RestCalls, 'blob' | 'branchHead' | 'createTree' | 'createCommit' | 'createBranch'> {
  return {
    async blob(sha) {
      return sender.raw(reading(`the file ${sha.slice(0, 12)}`, 'contents: read'), request('GET /git/blobs/{sha}', { parameters: { sha }, accept: RAW }));
    },
    async branchHead(branch) {
      const { object } = await sender.rest(reading(`the branch ${branch}`, 'contents: read'), request(`GET /git/ref/heads/${segments(branch)}`), (await schemas()).Reference);
      return object.sha;
    },
    async createTree(files) {
      const tree = files.map((file) => ({ ...file, mode: '100644', type: 'blob' }));
      return (await sender.rest(writing('Making the files of the log branch', 'contents: write'), request('POST /git/trees', { body: { tree } }), (await schemas()).MadeTree)).sha;
    },
    async createCommit(parts) {
      return sender.rest(writing('Making the first commit of the log branch', 'contents: write'), request('POST /git/commits', { body: parts }), (await schemas()).MadeCommit);
    },
    async createBranch(branch, sha) {
      const asked = request('POST /git/refs', { body: { ref: `refs/heads/${branch}`, sha } });
      await sender.rest(writing(`Making the branch ${branch}`, 'contents: write'), asked, (await schemas()).Reference);
    },
  };
}

function commentCalls({ sender, request, schemas }: Asking): Pick<RestCalls, 'comments' | 'createComment' | 'updateComment' | 'deleteComment'> {
  const right = 'pull-requests: write';
  return {
    async comments(pull, page) {
      const call = reading(`the comments of pull request ${pull}, page ${page}`, 'pull-requests: read');
      const asked = request('GET /issues/{pull}/comments', { parameters: { pull, page, per_page: PER_PAGE } });
      return pageOf(await sender.page(call, asked, (await schemas()).Comments), (comments) => comments);
    },
    async createComment(pull, body) {
      const asked = request('POST /issues/{pull}/comments', { parameters: { pull }, body: { body } });
      return sender.rest(writing(`Commenting on pull request ${pull}`, right), asked, (await schemas()).Comment);
    },
    async updateComment(id, body) {
      const asked = request('PATCH /issues/comments/{id}', { parameters: { id }, body: { body } });
      return sender.rest(writing('Updating the comment', right), asked, (await schemas()).Comment);
    },
    async deleteComment(id) {
      await sender.raw(writing('Removing the second comment', right), request('DELETE /issues/comments/{id}', { parameters: { id } }));
    },
  };
}

function checkCalls({ sender, request, schemas }: Asking): Pick<RestCalls, 'checkRuns' | 'createCheckRun' | 'updateCheckRun'> {
  return {
    async checkRuns({ commit, name }, page) {
      const asked = request('GET /commits/{commit}/check-runs', { parameters: { commit, check_name: name, filter: 'all', page, per_page: PER_PAGE } });
      return pageOf(await sender.page(reading('the check runs of the commit', 'checks: read'), asked, (await schemas()).CheckRuns), ({ check_runs: runs }) => runs);
    },
    async createCheckRun(body) {
      return sender.rest(writing('Posting the check run', 'checks: write'), request('POST /check-runs', { body }), (await schemas()).CheckRun);
    },
    async updateCheckRun(id, body) {
      const asked = request('PATCH /check-runs/{id}', { parameters: { id }, body });
      return sender.rest(writing('Updating the check run', 'checks: write'), asked, (await schemas()).CheckRun);
    },
  };
}

/** Without word from GitHub, a full page may have another one after it. */
function pageOf<T, I>({ value, hasNext }: Readonly<{ value: T; hasNext: boolean | undefined }>, itemsOf: (value: T) => readonly I[]): Page<I> {
  const items = itemsOf(value);
  return { items, hasNext: items.length > 0 && (hasNext ?? items.length >= PER_PAGE) };
}

/** Each part encoded, the slashes kept: a `%`, `#` or `?` in a name would else name something else. Octokit leaves what is encoded as it is. */
function segments(path: string): string {
  return path.split('/').map((part) => encodeURIComponent(part)).join('/');
}
