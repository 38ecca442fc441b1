/** One scripted session, held with any double of GitHub: what each call answers, as far as the product relies on it. */

export type Heard = Readonly<{ status: number; seen?: unknown }>;
export type Ask = (route: string, body?: unknown, token?: string) => Promise<Readonly<{ status: number; link: string; body: unknown }>>;
/** `openPull`: of `work` into `main`; answers its number. */
export type Double = Readonly<{ ask: Ask; openPull(): Promise<number> }>;

type Json = Readonly<Record<string, unknown>>;
type Session = Double & { /** Notes what a call answered; `pick` takes of its body what counts. */ readonly hear: (step: string, told: Awaited<ReturnType<Ask>>, pick?: (body: Json) => unknown) => Json };

export async function hold(double: Double): Promise<ReadonlyMap<string, Heard>> {
  const heard = new Map<string, Heard>();
  const session: Session = {
    ...double,
    hear: (step, { status, body }, pick) => {
      const json = (body ?? {}) as Json;
      heard.set(step, { status, ...(pick === undefined || status >= 300 ? {} : { seen: pick(json) }) });
      return json;
    },
  };
  await beginning(session);
  const { head, work } = await branches(session);
  await comparison(session, { head, work });
  const number = await session.openPull();
  await pullFiles(session, number);
  await comments(session, number);
  await checks(session, work);
  await strangers(session);
  return heard;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const field = (body: unknown, ...path: readonly string[]): unknown => path.reduce<unknown>((value, name) => (value as Json | null | undefined)?.[name], body);
const LOG = '/contents/docs/LOG.md';

/** A repository without a commit, and its first file. */
async function beginning({ ask, hear }: Session): Promise<void> {
  hear('the repository', await ask('GET '), ({ full_name: name, default_branch: branch, archived }) => ({ name, branch, archived }));
  hear('a branch of an empty repository', await ask('GET /git/ref/heads/main'));
  hear('a tree in an empty repository', await ask('POST /git/trees', { tree: [{ path: 'a', mode: '100644', type: 'blob', content: 'a' }] }));
  const made = hear('the first file', await ask(`PUT ${LOG}`, { message: 'Begin', content: base64('# Log\n') }), ({ content, commit }) => ({ sha: field(content, 'sha'), path: field(content, 'path'), size: field(content, 'size'), parents: field(commit, 'parents'), message: field(commit, 'message') }));
  hear('the first file: signed', { status: 200, link: '', body: made }, ({ commit }) => field(commit, 'verification', 'verified'));
  hear('a file without the blob that it replaces', await ask(`PUT ${LOG}`, { message: 'x', content: base64('x') }));
  hear('a file with another blob', await ask(`PUT ${LOG}`, { message: 'x', content: base64('x'), sha: '1'.repeat(40) }));
  const sha = field(made, 'content', 'sha');
  hear('a file with the blob that it replaces', await ask(`PUT ${LOG}`, { message: 'x', content: base64('# Log\n\nmore\n'), sha }), ({ content, commit }) => ({ sha: field(content, 'sha'), parents: (field(commit, 'parents') as unknown[]).length }));
  hear('a file on a branch that is not there', await ask('PUT /contents/x', { message: 'x', content: base64('x'), branch: 'none' }));
  hear('a file at a path that climbs', await ask('PUT /contents/a/..%2F..%2Fx', { message: 'x', content: base64('x') }));
  hear('a file at a path of git', await ask('PUT /contents/.git/config', { message: 'x', content: base64('x') }));
  hear('a file that is not base64', await ask('PUT /contents/y', { message: 'x', content: '%%%' }));
  hear('a blob', await ask(`GET /git/blobs/${String(sha)}`), ({ content, encoding, size }) => ({ content: String(content).trim(), encoding, size }));
  hear('a blob that is not there', await ask(`GET /git/blobs/${'1'.repeat(40)}`));
}

/** An orphan branch, and one on the head of the default branch. */
async function branches({ ask, hear }: Session): Promise<Readonly<{ head: string; work: string }>> {
  const head = String(field(hear('a branch', await ask('GET /git/ref/heads/main'), ({ ref, object }) => ({ ref, type: field(object, 'type') })), 'object', 'sha'));
  hear('a branch that is not there', await ask('GET /git/ref/heads/none'));
  const tree = hear('a tree of its own', await ask('POST /git/trees', { tree: [{ path: 'docs/LOG.md', mode: '100644', type: 'blob', content: '# Log\n' }, { path: 'b', mode: '100755', type: 'blob', content: 'b' }] }), ({ sha, truncated }) => ({ sha, truncated }));
  hear('a tree of nothing', await ask('POST /git/trees', { tree: [] }));
  hear('a tree with a path that climbs', await ask('POST /git/trees', { tree: [{ path: '../x', mode: '100644', type: 'blob', content: 'x' }] }));
  hear('a tree of a blob that is not there', await ask('POST /git/trees', { tree: [{ path: 'x', mode: '100644', type: 'blob', sha: '1'.repeat(40) }] }));
  const commit = hear('a root commit', await ask('POST /git/commits', { message: 'Begin', tree: field(tree, 'sha'), parents: [] }), ({ parents, message, tree: of }) => ({ parents, message, tree: field(of, 'sha') }));
  hear('a root commit: signed', { status: 200, link: '', body: commit }, ({ verification }) => field(verification, 'verified'));
  hear('a commit of a tree that is not there', await ask('POST /git/commits', { message: 'x', tree: '1'.repeat(40), parents: [] }));
  hear('a commit on a parent that is not there', await ask('POST /git/commits', { message: 'x', tree: field(tree, 'sha'), parents: ['1'.repeat(40)] }));
  const orphan = { ref: 'refs/heads/audit-log', sha: field(commit, 'sha') };
  hear('a new branch', await ask('POST /git/refs', orphan), ({ ref, object }) => ({ ref, type: field(object, 'type') }));
  hear('a branch that is there already', await ask('POST /git/refs', orphan));
  hear('a branch on no commit', await ask('POST /git/refs', { ref: 'refs/heads/x', sha: '1'.repeat(40) }));
  hear('a branch with a name that git refuses', await ask('POST /git/refs', { ref: 'refs/heads/a..b', sha: head }));
  await ask('POST /git/refs', { ref: 'refs/heads/work', sha: head });
  const made = await ask('PUT /contents/src/a%20b.ts', { message: 'Work', content: base64('a\nb\n'), branch: 'work' });
  return { head, work: String(field(made.body, 'commit', 'sha')) };
}

async function comparison({ ask, hear }: Session, { head, work }: Readonly<{ head: string; work: string }>): Promise<void> {
  const pick = ({ status, ahead_by: ahead, behind_by: behind, total_commits: commits, files, merge_base_commit: base }: Json): unknown => ({
    status, ahead, behind, commits, base: field(base, 'sha') === head,
    files: (files as readonly Json[]).map(({ filename, status: kind, sha, additions, deletions, changes }) => ({ filename, kind, sha, additions, deletions, changes })),
  });
  hear('a comparison of commits', await ask(`GET /compare/${head}...${work}`), pick);
  hear('a comparison the other way', await ask(`GET /compare/${work}...${head}`), pick);
  hear('a comparison of a commit with itself', await ask(`GET /compare/${head}...${head}`), pick);
  hear('a comparison without a common ancestor', await ask('GET /compare/main...audit-log'));
  hear('a comparison with what is not there', await ask('GET /compare/main...none'));
}

async function pullFiles({ ask, hear }: Session, number: number): Promise<void> {
  hear('the files of a pull request', await ask(`GET /pulls/${number}/files`), (files) => (files as unknown as readonly Json[]).map(({ filename, status }) => ({ filename, status })));
  hear('the files of a pull request that is not there', await ask('GET /pulls/999/files'));
}

async function comments({ ask, hear }: Session, number: number): Promise<void> {
  const thread = `/issues/${number}/comments`;
  const pick = ({ body, user }: Json): unknown => ({ body, login: field(user, 'login') });
  const { id } = hear('a comment', await ask(`POST ${thread}`, { body: 'first ünï' }), pick);
  hear('a comment that is changed', await ask(`PATCH /issues/comments/${String(id)}`, { body: 'changed' }), pick);
  await ask(`POST ${thread}`, { body: 'second' });
  await ask(`POST ${thread}`, { body: 'third' });
  for (const page of [1, 2]) {
    const told = await ask(`GET ${thread}?per_page=2&page=${page}`);
    const rels = [...told.link.matchAll(/[?&]page=(\d+)[^>]*>; rel="(\w+)"/g)].map(([, to, rel]) => `${rel} ${to}`).sort();
    hear(`comments, page ${page}`, told, (list) => ({ bodies: (list as unknown as readonly Json[]).map(({ body }) => body), rels }));
  }
  hear('a comment that is removed', await ask(`DELETE /issues/comments/${String(id)}`));
  hear('a comment that is removed twice', await ask(`DELETE /issues/comments/${String(id)}`));
  hear('a comment that is gone, changed', await ask(`PATCH /issues/comments/${String(id)}`, { body: 'x' }));
  hear('a comment of nothing', await ask(`POST ${thread}`, { body: ' ' }));
  hear('a comment without a body', await ask(`POST ${thread}`, {}));
  hear('a comment of 65,537 characters', await ask(`POST ${thread}`, { body: 'x'.repeat(65_537) }));
  hear('a comment where there is no pull request', await ask('POST /issues/999/comments', { body: 'x' }));
}

async function checks({ ask, hear }: Session, sha: string): Promise<void> {
  const note = (message: string, level = 'warning'): unknown => ({ path: 'a', start_line: 1, end_line: 1, annotation_level: level, message });
  const check = { name: 'Audit', head_sha: sha, external_id: 'key' };
  const output = (more: object = {}): unknown => ({ title: 't', summary: 's', ...more });
  const pick = ({ name, head_sha: head, status, conclusion, external_id: key, output: told }: Json): unknown => ({ name, head: head === sha, status, conclusion, key, title: field(told, 'title'), summary: field(told, 'summary'), text: field(told, 'text'), annotations: field(told, 'annotations_count') });
  hear('a check run in progress', await ask('POST /check-runs', { ...check, name: 'Other', status: 'in_progress' }), pick);
  await ask('POST /check-runs', { ...check, conclusion: 'failure', output: output() });
  const { id } = hear('a check run that is completed', await ask('POST /check-runs', { ...check, status: 'completed', conclusion: 'success', output: output({ text: 'x', annotations: [note('1')] }) }), pick);
  hear('a check run with another verdict', await ask(`PATCH /check-runs/${String(id)}`, { conclusion: 'neutral', output: output({ summary: 'n', text: 'y' }) }), pick);
  hear('a check run with more annotations', await ask(`PATCH /check-runs/${String(id)}`, { output: output({ text: 'y', annotations: [note('2'), note('3')] }) }), pick);
  const list = ({ total_count: count, check_runs: runs }: Json): unknown => ({ count, conclusions: (runs as readonly Json[]).map(({ conclusion }) => conclusion) });
  hear('check runs of a name', await ask(`GET /commits/${sha}/check-runs?check_name=Audit`), list);
  hear('all check runs of a name', await ask(`GET /commits/${sha}/check-runs?check_name=Audit&filter=all`), list);
  hear('check runs of a commit that is not there', await ask(`GET /commits/${'1'.repeat(40)}/check-runs`));
  hear('a check run that is not there, changed', await ask('PATCH /check-runs/999999', { conclusion: 'success' }));
  const refused: Readonly<Record<string, object>> = {
    'on a commit that is not there': { head_sha: '1'.repeat(40) }, 'with 51 annotations': { output: output({ annotations: Array.from({ length: 51 }, () => note('x')) }) },
    'with a level that there is not': { output: output({ annotations: [note('x', 'fatal')] }) }, 'with a summary of 65,536 characters': { output: output({ summary: 'x'.repeat(65_536) }) },
    'with a verdict that there is not': { conclusion: 'fine' }, 'with an output without a title': { output: { summary: 's' } },
  };
  for (const [what, more] of Object.entries(refused)) hear(`a check run ${what}`, await ask('POST /check-runs', { ...check, name: 'Refused', conclusion: 'success', ...more }));
}

async function strangers({ ask, hear }: Session): Promise<void> {
  hear('a job that is not there', await ask('GET /actions/jobs/999999'));
  hear('jobs of a run that is not there', await ask('GET /actions/runs/999999/attempts/1/jobs'));
  hear('a token that is unknown', await ask('POST /git/refs', { ref: 'refs/heads/stranger', sha: '1'.repeat(40) }, 'ghs_unknown'));
  hear('a body that is no JSON', await ask('POST /git/refs', '{"ref":'));
}
