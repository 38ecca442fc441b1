/**
 * The loopback GitHub: a server on 127.0.0.1 over a real bare git repository, which speaks the part of GitHub's API that the product calls, and no other.
 *
 * A test starts one of its own, gives the product its address and a token, and looks at what came of it:
 *
 *     const github = await startGitHub();
 *     onTestFinished(() => github.close());
 *     await github.push('main', { 'src/a.ts': 'a\n' });                   // a commit behind the API's back, by real git
 *     await github.push('work', { 'src/a.ts': 'b\n' }, { from: 'main' });
 *     const pull = await github.openPull({ head: 'work', base: 'main' });  // with its test merge
 *     const token = github.token({ contents: 'write' });                   // what is not named is not granted; token() may everything
 *     // GITHUB_API_URL is github.apiUrl, GITHUB_GRAPHQL_URL `${github.apiUrl}/graphql`, GITHUB_SERVER_URL github.serverUrl
 *     expect(await github.show('audit-log', 'docs/LOG.md')).toBe('…');     // state, not calls
 *     expect(github.violations()).toEqual([]);                             // of GitHub's own description and schema, on both sides
 *
 * The repository is private: what a token is not granted is refused, also to read. `fault()` scripts what goes wrong, each for the requests it matches: dropped, hung,
 * cut off, answered otherwise before or after taking effect, reads one move behind, or anything done just before. `now` gives the time of everything, so that the same
 * commits have the same ids; with a clock that stands still no limit ever renews itself. `exchanges` counts the calls; `gitDir` can be cloned.
 *
 * What is known of GitHub only by report is taken in the stricter way. Not here: conditional requests, secondary limits by points, pushing over HTTP.
 */
import type { AddressInfo } from 'node:net';
import { GitObjects, type GitChange } from './git-objects.ts';
import { GitRefs } from './git-refs.ts';
import { serve } from './server.ts';
import type { CheckRunState, CommentState, Exchange, Fault, Identity, JobState, Limits, Permissions, Pull, PullState, State } from './types.ts';

export type { CheckRunState, CommentState, Exchange, Fault, JobState, Limits, PullState } from './types.ts';

export type LoopbackOptions = Readonly<{ now?: () => Date; fullName?: string; limits?: Partial<Limits> }>;
export type Content = string | Uint8Array | null | Readonly<{ link: string }>;

/** GitHub's limits as its documentation has them, or as they were measured. */
const LIMITS: Limits = {
  commentCharacters: 65_536, checkCharacters: 65_535, annotations: 50, blobText: 512_000, pullFiles: 3_000, compareFiles: 300, commitBytes: 40 * 1024 * 1024, pageSize: 100, writesPerMinute: 80, writesPerHour: 500, requestsPerHour: 1_000,
};
const ALL: Permissions = { contents: 'write', 'pull-requests': 'write', issues: 'write', checks: 'write', actions: 'write' };
export const BOT = 'github-actions[bot]';

export type PushOptions = Readonly<{ from?: string; message?: string; force?: boolean }>;
export type PullOptions = Readonly<{ head: string; base: string; headRepository?: string; number?: number; locked?: boolean; state?: Pull['state'] }>;

export class LoopbackGitHub {
  readonly gitDir: string;
  readonly repositoryId: number;
  readonly #state: State;
  readonly #serving: ReturnType<typeof serve>;
  readonly #tokens: Map<string, Identity>;

  constructor(state: State) {
    this.#state = state;
    this.gitDir = state.objects.gitDir;
    this.repositoryId = state.repositoryId;
    this.#tokens = new Map();
    this.#serving = serve(state, this.#tokens);
  }

  async listen(): Promise<this> {
    await new Promise<void>((done) => { this.#serving.server.listen(0, '127.0.0.1', done); });
    const { port } = this.#serving.server.address() as AddressInfo;
    this.#state.origin = `http://127.0.0.1:${port}`;
    return this;
  }

  get apiUrl(): string { return this.#state.origin; }
  get serverUrl(): string { return this.#state.origin; }
  get fullName(): string { return `${this.#state.owner}/${this.#state.name}`; }
  get exchanges(): readonly Exchange[] { return this.#serving.exchanges; }

  /** A commit made behind the API's back, on the head of the branch, where it has none on `from`, or as a root; with `force` on `from` in any case. `null` deletes a file; `{ link }` is a symbolic link. */
  async push(branch: string, files: Readonly<Record<string, Content>>, { from, message = 'change', force = false }: PushOptions = {}): Promise<string> {
    const { objects, refs, now } = this.#state;
    const ref = `refs/heads/${branch}`;
    return this.#state.alone(async () => {
      const start = (force ? undefined : await refs.head(ref)) ?? (from === undefined ? undefined : await refs.head(from));
      const changes = new Map(Object.entries(files).map(([path, content]) => [path, this.#change(content)]));
      const tree = objects.changed(start === undefined ? null : objects.commit(start)?.tree ?? null, changes);
      const commit = objects.writeCommit({ tree, parents: start === undefined ? [] : [start], message, date: now() });
      await refs.set(ref, commit);
      return commit;
    });
  }

  #change(content: Content): GitChange {
    const { objects } = this.#state;
    if (content === null) return null;
    if (typeof content === 'string') return { oid: objects.write('blob', Buffer.from(content)) };
    return content instanceof Uint8Array ? { oid: objects.write('blob', content) } : { oid: objects.write('blob', Buffer.from(content.link)), mode: '120000' };
  }

  async deleteBranch(branch: string): Promise<void> {
    await this.#state.alone(() => this.#state.refs.remove(`refs/heads/${branch}`));
  }

  /** Writes to the branch are refused, as a ruleset does it. */
  protect(branch: string, message = 'Repository rule violations found\n\nChanges must be made through a pull request.\n\n'): void {
    this.#state.protections.push({ pattern: branch, message });
  }

  head(branch: string): Promise<string | undefined> {
    return this.#state.refs.head(`refs/heads/${branch}`);
  }

  async bytes(ref: string, path: string): Promise<Buffer | undefined> {
    const { objects, refs } = this.#state;
    const commit = await refs.head(ref);
    const entry = commit === undefined ? undefined : objects.entryAt(objects.commit(commit)?.tree ?? '', path);
    return entry?.type === 'blob' ? objects.read(entry.oid)?.content : undefined;
  }

  async show(ref: string, path: string): Promise<string | undefined> {
    return (await this.bytes(ref, path))?.toString();
  }

  async list(ref: string): Promise<string[]> {
    const { objects, refs } = this.#state;
    const commit = await refs.head(ref);
    return commit === undefined ? [] : [...objects.files(objects.commit(commit)?.tree ?? '').keys()];
  }

  tree(commit: string): string {
    return this.#state.objects.commit(commit)?.tree ?? '';
  }

  git(...args: readonly string[]): Promise<string> {
    return this.#state.objects.git(...args);
  }

  async openPull({ head, base, headRepository = this.fullName, number = this.#state.pulls.size + 7, locked = false, state = 'open' }: PullOptions): Promise<PullState> {
    this.#state.pulls.set(number, { number, head, base, headRepository, headSha: '', baseSha: '', mergeSha: '', state, locked });
    return this.updatePull(number);
  }

  /** Takes the heads of both branches as they are now. Its test merge stands at refs/pull/N/merge; where they conflict, that stays as it was, and is '' if it never was. */
  async updatePull(number: number, change: Partial<Pick<Pull, 'locked' | 'state'>> = {}): Promise<PullState> {
    const { objects, refs, now, pulls } = this.#state;
    const pull = pulls.get(number);
    if (pull === undefined) throw new Error(`there is no pull request ${number}`);
    const [headSha = '', baseSha = ''] = await Promise.all([refs.head(`refs/heads/${pull.head}`), refs.head(`refs/heads/${pull.base}`)]);
    const merged = await objects.ask('merge-tree', '--write-tree', baseSha, headSha);
    const tree = merged.out.split('\n')[0] ?? '';
    const mergeSha = merged.status === 0 ? objects.writeCommit({ tree, parents: [baseSha, headSha], message: `Merge ${headSha} into ${baseSha}`, date: now() }) : pull.mergeSha;
    await Promise.all([refs.set(`refs/pull/${number}/head`, headSha), ...(mergeSha === '' ? [] : [refs.set(`refs/pull/${number}/merge`, mergeSha)])]);
    Object.assign(pull, { headSha, baseSha, mergeSha, ...change });
    return { number, headSha, baseSha, mergeSha };
  }

  /** What is not named is not granted, as with a `permissions` block; without one everything is. */
  token(permissions?: Partial<Permissions>, { login = BOT, app = login === BOT ? 'github-actions' : '' }: Readonly<{ login?: string; app?: string }> = {}): string {
    const token = `ghs_${Buffer.from(`${this.#tokens.size}-loopback-token-of-a-test`).toString('base64url').padEnd(36, 'x')}`;
    const none: Permissions = { contents: 'none', 'pull-requests': 'none', issues: 'none', checks: 'none', actions: 'none' };
    this.#tokens.set(token, { login, app, permissions: permissions === undefined ? ALL : { ...none, ...permissions } });
    return token;
  }

  comments(number: number): CommentState[] {
    return this.#state.comments.filter(({ pull }) => pull === number);
  }

  addComment(number: number, body: string, login: string): CommentState {
    const at = this.#state.now().toISOString();
    const comment: CommentState = { id: this.#state.nextId(), pull: number, body, login, app: '', createdAt: at, updatedAt: at };
    this.#state.comments.push(comment);
    return comment;
  }

  checkRuns(sha: string): CheckRunState[] {
    return this.#state.checkRuns.filter(({ headSha }) => headSha === sha);
  }

  job(job: Partial<JobState>): JobState {
    const id = job.id ?? this.#state.nextId();
    const made: JobState = {
      runId: 9001, attempt: 1, name: 'audit', headSha: '0'.repeat(40), status: 'in_progress', conclusion: null, startedAt: '2026-11-22T14:00:00Z', completedAt: null, runnerName: 'runner 1', steps: [],
      ...this.#state.jobs.get(id), ...job, id,
    };
    this.#state.jobs.set(id, made);
    return made;
  }

  fault(fault: Fault): void {
    this.#serving.faults.add(fault);
  }

  violations(): string[] {
    return [...this.#serving.broken];
  }

  async close(): Promise<void> {
    this.#serving.server.closeAllConnections();
    await new Promise((done) => { this.#serving.server.close(done); });
    this.#state.objects.remove();
  }
}

export async function startGitHub({ now = () => new Date(), fullName = 'octo/widgets', limits = {} }: LoopbackOptions = {}): Promise<LoopbackGitHub> {
  const [owner = '', name = ''] = fullName.split('/');
  let last: Promise<unknown> = Promise.resolve();
  let id = 1_000;
  const objects = new GitObjects();
  return new LoopbackGitHub({
    objects, refs: new GitRefs(objects), owner, name, repositoryId: 41, now, limits: { ...LIMITS, ...limits }, origin: '', defaultBranch: 'main',
    pulls: new Map(), comments: [], checkRuns: [], jobs: new Map(), protections: [],
    nextId: () => (id += 1),
    alone<T>(work: () => Promise<T>): Promise<T> {
      const done = last.then(work, work);
      last = done.catch(() => undefined);
      return done;
    },
  }).listen();
}
