import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuditError } from '../../../src/errors.ts';
import { openEvent, readGitHubRun, type Environment, type GitHubRun } from '../../../src/host/github/event.ts';
import { BASE, dispatchEvent, HEAD, MERGE, mergeGroupEvent, pullRequestEvent, pushEvent, runnerVariables, sampleEvents } from './runner-variables.ts';

/** What was read, or the code of what was thrown. */
function readOrCode<T>(read: () => T): T | string {
  try {
    return read();
  } catch (error) {
    if (error instanceof AuditError) return error.code;
    throw error;
  }
}

function codeOf(read: () => GitHubRun): string {
  const answer = readOrCode(read);
  return typeof answer === 'string' ? answer : 'none';
}

function messageOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return '';
}

describe('a pull request', () => {
  const run = readGitHubRun(runnerVariables('pull_request'), pullRequestEvent());

  it('speaks of its head, and tests the merge', () => {
    expect(run).toMatchObject({ trigger: 'pull_request', commit: HEAD, tested: MERGE, branch: 'feature', defaultBranch: 'main', readOnly: null });
    expect(run.base).toEqual({ commit: BASE, how: 'pull-request' });
    expect(run.pullRequest).toEqual({ number: 7, baseBranch: 'main', baseSha: BASE, headBranch: 'feature', headSha: HEAD, fork: false, changedFiles: 3 });
  });

  it('has addresses of its run and its files', () => {
    expect(run.runUrl).toBe('https://github.com/octo/widgets/actions/runs/9001/attempts/1');
    expect(run.filesUrl).toBe(`https://github.com/octo/widgets/blob/${HEAD}/`);
  });

  it.each([
    ['another repository', { repo: { id: 42 } }, 'octo:feature'],
    ['a repository that is gone', { repo: null, user: { login: 'mallory' } }, 'mallory:feature'],
    ['an account that is gone', { repo: null, user: null }, 'unknown:feature'],
  ])('from %s may only read, and its branch is none of ours', (_, head, branch) => {
    const fork = readGitHubRun(runnerVariables('pull_request'), pullRequestEvent({}, head));
    expect(fork).toMatchObject({ readOnly: 'fork', branch, pullRequest: { fork: true } });
  });

  it('of a branch `main` in a fork is not taken for the default branch', () => {
    const fork = readGitHubRun(runnerVariables('pull_request'), pullRequestEvent({}, { ref: 'main', repo: { id: 42 } }));
    expect(fork.branch).not.toBe(fork.defaultBranch);
  });

  it('is read after its merge, when the ref is that of the base branch', () => {
    expect(readGitHubRun(runnerVariables('pull_request', { GITHUB_REF: 'refs/heads/main' }), pullRequestEvent()).pullRequest?.number).toBe(7);
  });
});

describe('a push', () => {
  it('speaks of the commit pushed, and what changed since the one before', () => {
    const run = readGitHubRun(runnerVariables('push'), pushEvent());
    expect(run).toMatchObject({ trigger: 'push', commit: HEAD, tested: HEAD, branch: 'main', base: { commit: BASE, how: 'before-push' }, pullRequest: null });
  });

  it('of a new branch has no commit before', () => {
    const env = runnerVariables('push', { GITHUB_REF: 'refs/heads/topic/new' });
    expect(readGitHubRun(env, pushEvent({ ref: 'refs/heads/topic/new', before: '0'.repeat(40) }))).toMatchObject({ base: null, branch: 'topic/new' });
  });

  it('is read in a repository of SHA-256', () => {
    const sha = 'd'.repeat(64);
    expect(readGitHubRun(runnerVariables('push', { GITHUB_SHA: sha }), pushEvent({ after: sha, before: '0'.repeat(64) }))).toMatchObject({ commit: sha, base: null });
  });

  it.each([
    ['a tag', { ref: 'refs/tags/v1' }, { GITHUB_REF: 'refs/tags/v1' }],
    ['a deleted branch', { deleted: true, after: '0'.repeat(40) }, {}],
    ['a deleted branch that only the commit tells', { after: '0'.repeat(40) }, {}],
  ])('of %s leaves nothing to audit', (_, parts, env) => {
    expect(codeOf(() => readGitHubRun(runnerVariables('push', env), pushEvent(parts)))).toBe('NOTHING_TO_AUDIT');
  });
});

describe('other events', () => {
  it('reads a merge group by its own head and base', () => {
    const run = readGitHubRun(runnerVariables('merge_group'), mergeGroupEvent());
    expect(run).toMatchObject({ trigger: 'merge_group', commit: HEAD, base: { commit: BASE, how: 'merge-group' }, mergeGroup: { baseBranch: 'main', pullRequests: [104] } });
    expect(run.branch).toBe(`gh-readonly-queue/main/pr-104-${BASE}`);
  });

  it('guesses no pull request of a merge group whose branch has another form', () => {
    expect(readGitHubRun(runnerVariables('merge_group'), mergeGroupEvent({ head_ref: 'refs/heads/queue/104' })).mergeGroup?.pullRequests).toEqual([]);
  });

  it('takes the default branch of a schedule from its ref where the event file tells no repository', () => {
    const run = readGitHubRun(runnerVariables('schedule', { GITHUB_REF: 'refs/heads/trunk' }), { schedule: '0 4 * * *' });
    expect(run).toMatchObject({ trigger: 'schedule', branch: 'trunk', defaultBranch: 'trunk', commit: HEAD, base: null });
  });

  it('reads a run that was started by hand on the branch that was chosen', () => {
    expect(readGitHubRun(runnerVariables('workflow_dispatch', { GITHUB_REF: 'refs/heads/topic' }), dispatchEvent())).toMatchObject({ trigger: 'workflow_dispatch', branch: 'topic', defaultBranch: 'main' });
  });

  it('finds nothing to audit in a run that was started by hand on a tag', () => {
    expect(codeOf(() => readGitHubRun(runnerVariables('workflow_dispatch', { GITHUB_REF: 'refs/tags/v1' }), dispatchEvent()))).toBe('NOTHING_TO_AUDIT');
  });

  it.each(['pull_request_target', 'workflow_run', 'release', 'issue_comment', 'delete', 'create', 'repository_dispatch', 'brand_new', '__proto__', 'toString'])(
    'SEC-131: refuses %s before its event file is read, and names what is recorded',
    async (event) => {
      const error = await openEvent(runnerVariables(event, { GITHUB_EVENT_PATH: '/nowhere/event.json' })).catch((cause: unknown) => cause);
      expect(error).toBeInstanceOf(AuditError);
      expect(error).toMatchObject({ code: 'EVENT_NOT_SUPPORTED', exitCode: 2 });
      expect(String(error)).toContain('pull_request, push, merge_group, schedule, workflow_dispatch');
    },
  );

  it('says what to use instead of pull_request_target', () => {
    expect(messageOf(() => readGitHubRun(runnerVariables('pull_request_target'), pullRequestEvent()))).toMatch(/Use `pull_request`/);
  });

  it('shows no name of an event that could be anything', () => {
    expect(messageOf(() => readGitHubRun(runnerVariables('::warning::x'), {}))).not.toContain('::');
  });
});

describe("GitHub's own samples", () => {
  it.each([
    ['pull_request', 29], ['push', 7], ['merge_group', 2], ['workflow_dispatch', 2],
  ])('reads or refuses by rule every sample of %s', async (event, count) => {
    const samples = await sampleEvents(event);
    expect(samples.length).toBe(count);
    const answers = samples.map((sample) => codeOf(() => readGitHubRun(variablesFor(event, sample), sample)));
    expect(new Set(answers).has('none')).toBe(true);
    expect(answers.filter((code) => code !== 'none' && code !== 'NOTHING_TO_AUDIT')).toEqual([]);
  });
});

/** What the runner would set for a sample. */
function variablesFor(event: string, sample: unknown): Environment {
  const { repository, ref, after, merge_group: group, pull_request: pull } = sample as Readonly<{
    repository: Readonly<{ id: number }>; ref?: string; after?: string; merge_group?: Readonly<{ head_sha: string }>; pull_request?: Readonly<{ number: number }>;
  }>;
  return runnerVariables(event, {
    GITHUB_REPOSITORY_ID: String(repository.id),
    GITHUB_REF: pull === undefined ? (ref ?? 'refs/heads/main') : `refs/pull/${pull.number}/merge`,
    GITHUB_SHA: after ?? group?.head_sha ?? MERGE,
  });
}

describe('read-only runs', () => {
  it.each([
    ['pull_request', pullRequestEvent(), 'dependabot'], ['push', pushEvent(), 'dependabot'],
    ['schedule', {}, null], ['workflow_dispatch', dispatchEvent(), null], ['merge_group', mergeGroupEvent(), null],
  ] as const)('a %s of Dependabot is %s', (event, payload, readOnly) => {
    expect(readGitHubRun(runnerVariables(event, { GITHUB_ACTOR: 'dependabot[bot]' }), payload).readOnly).toBe(readOnly);
  });

  it('stays read-only when a person repeats what Dependabot started', () => {
    const run = readGitHubRun(runnerVariables('pull_request', { GITHUB_ACTOR: 'dependabot[bot]', GITHUB_TRIGGERING_ACTOR: 'octocat', GITHUB_RUN_ATTEMPT: '2' }), pullRequestEvent());
    expect(run).toMatchObject({ readOnly: 'dependabot', attempt: 2, operator: 'dependabot[bot], repeated by octocat, workflow CI' });
  });

  it('is not told by a name that only resembles', () => {
    expect(readGitHubRun(runnerVariables('push', { GITHUB_ACTOR: 'dependabot' }), pushEvent()).readOnly).toBeNull();
  });
});

describe('the workflow file of the job', () => {
  const workflowOf = (jobWorkflow?: string, env: Environment = {}): GitHubRun['workflow'] =>
    readGitHubRun(runnerVariables('push', env), pushEvent(), jobWorkflow === undefined ? {} : { 'job-workflow': jobWorkflow }).workflow;

  it('is the workflow of the run where nothing else is told', () => {
    expect(workflowOf()).toEqual({ owner: 'octo', repository: 'widgets', path: '.github/workflows/ci.yml', ref: 'refs/heads/main', sha: HEAD });
    expect(workflowOf('')).toEqual(workflowOf());
  });

  it('is the called one, at the same commit where it was called by path', () => {
    expect(workflowOf('octo/widgets/.github/workflows/called.yml@refs/heads/main')).toMatchObject({ path: '.github/workflows/called.yml', sha: HEAD });
  });

  it('has no commit where another branch or repository was called by its name', () => {
    expect(workflowOf('octo/widgets/.github/workflows/called.yml@refs/heads/v1')).toMatchObject({ ref: 'refs/heads/v1', sha: null });
    expect(workflowOf('other/shared/.github/workflows/audit.yml@refs/heads/main')).toMatchObject({ owner: 'other', sha: null });
    expect(workflowOf(`other/shared/.github/workflows/audit.yml@${BASE}`)).toMatchObject({ sha: BASE });
  });

  it('is not known on a server that does not tell it', () => {
    expect(workflowOf(undefined, { GITHUB_WORKFLOW_REF: undefined })).toBeNull();
  });
});

describe('our own action', () => {
  const actionsOf = (repository: string, jobWorkflow = ''): readonly string[] => readGitHubRun(runnerVariables('push', { GITHUB_ACTION_REPOSITORY: repository }), pushEvent(), { 'job-workflow': jobWorkflow }).ownActions;

  it('is known by its repository, and as a local one only where no repository is told', () => {
    expect(actionsOf('octo/audit-run-log')).toEqual(['octo/audit-run-log']);
    expect(actionsOf('')).toEqual(['./']);
  });

  it('is the root of the repository that a called workflow stands in', () => {
    expect(actionsOf('octo/audit-run-log', `octo/audit-run-log/.github/workflows/record.yml@${BASE}`)).toEqual(['octo/audit-run-log', '$/']);
  });
});

describe('the inputs about the job', () => {
  it('may be empty, as on a server that does not know them', () => {
    const run = readGitHubRun(runnerVariables('push'), pushEvent(), { 'check-run-id': '', 'job-total': '', 'job-index': '', 'job-status': '' });
    expect(run).toMatchObject({ checkRunId: null, jobTotal: 1, jobIndex: 0, jobStatus: null });
  });

  it.each([['check-run-id', '0'], ['check-run-id', '1e3'], ['job-total', 'two'], ['job-index', '-1'], ['check-run-id', '99999999999999999']])('refuses %s: %s', (name, value) => {
    expect(codeOf(() => readGitHubRun(runnerVariables('push'), pushEvent(), { [name]: value }))).toBe('INVALID_INPUT');
  });
});

describe('what the runner says', () => {
  it.each([
    ['GITHUB_SHA', 'main'], ['GITHUB_RUN_ID', '0'], ['GITHUB_RUN_ATTEMPT', '1.5'], ['GITHUB_REPOSITORY', 'octo/..'], ['GITHUB_REPOSITORY', 'octo'], ['GITHUB_REPOSITORY', 'octo/a/b'],
    ['GITHUB_REPOSITORY_ID', ''], ['GITHUB_JOB', 'a b'], ['GITHUB_API_URL', 'https://user:pass@api.github.com'], ['GITHUB_API_URL', 'https://user@api.github.com'], ['GITHUB_API_URL', 'https://api.github.com/?a'], ['GITHUB_API_URL', 'file:///etc/passwd'], ['GITHUB_SERVER_URL', 'github.com'],
  ])('must have its form: %s=%s', (name, value) => {
    const read = (): GitHubRun => readGitHubRun(runnerVariables('push', { [name]: value }), pushEvent());
    expect(codeOf(read)).toBe('EVENT_UNUSABLE');
    expect(messageOf(read)).toContain(name);
  });

  it.each([
    ['the API of a server', { GITHUB_API_URL: 'https://ghe.example/api/v3/', GITHUB_GRAPHQL_URL: undefined }, 'https://ghe.example/api/v3', 'https://ghe.example/api/graphql'],
    ['the API of github.com', { GITHUB_API_URL: undefined, GITHUB_GRAPHQL_URL: undefined }, 'https://api.github.com', 'https://api.github.com/graphql'],
  ])('finds GraphQL beside %s where it is not told', (_, env, apiUrl, graphqlUrl) => {
    expect(readGitHubRun(runnerVariables('push', env), pushEvent())).toMatchObject({ apiUrl, graphqlUrl });
  });

  it('keeps the operator to one line, and cuts what is long', () => {
    const { operator } = readGitHubRun(runnerVariables('push', { GITHUB_ACTOR: 'a\nb', GITHUB_TRIGGERING_ACTOR: '', GITHUB_WORKFLOW: 'x'.repeat(500) }), pushEvent());
    expect(operator).toMatch(/^a b, workflow x{99}…$/);
  });
});

describe('an event file that a step before could have written', () => {
  it.each([
    ['another pull request', 'pull_request', pullRequestEvent({ number: 8 })],
    ['a pull request of another repository', 'pull_request', pullRequestEvent({ base: { ref: 'main', sha: BASE, repo: { id: 42 } } })],
    ['another pushed commit', 'push', pushEvent({ after: 'e'.repeat(40) })],
    ['another branch', 'push', pushEvent({ ref: 'refs/heads/release' })],
    ['another repository', 'push', pushEvent({ repository: { id: 42, default_branch: 'main' } })],
    ['another merge group', 'merge_group', mergeGroupEvent({ head_sha: 'e'.repeat(40) })],
  ])('SEC-132: is not believed where it names %s', (_, event, payload) => {
    expect(codeOf(() => readGitHubRun(runnerVariables(event), payload))).toBe('EVENT_UNUSABLE');
  });

  it.each([
    ['no pull request', { repository: { id: 41, default_branch: 'main' }, pull_request: null }, 'pull_request'],
    ['a number as text', pullRequestEvent({ number: '7' }), 'pull_request.number'],
    ['a number that is none of a pull request', pullRequestEvent({ number: -7 }), 'pull_request.number'],
    ['a branch with a control character', pullRequestEvent({}, { ref: 'a\u0007b' }), 'pull_request.head.ref'],
    ['a branch that leaves its folder', pullRequestEvent({}, { ref: '../../main' }), 'pull_request.head.ref'],
    ['a short commit id', pullRequestEvent({}, { sha: 'abc1234' }), 'pull_request.head.sha'],
    ['no repository', { pull_request: {} }, 'repository'],
    ['a list', [], 'the event'],
    ['nothing', null, 'the event'],
  ])('SEC-132: is refused with %s, and what was expected is named', (_, payload, place) => {
    const read = (): GitHubRun => readGitHubRun(runnerVariables('pull_request'), payload);
    expect(codeOf(read)).toBe('EVENT_UNUSABLE');
    expect(messageOf(read)).toContain(place);
    expect(messageOf(read)).toContain('expected ');
  });

  it('is read, or refused with a code, whatever it holds', () => {
    const event = fc.constantFrom('pull_request', 'push', 'merge_group', 'schedule', 'workflow_dispatch');
    const codes = new Set(['none', 'EVENT_UNUSABLE', 'NOTHING_TO_AUDIT']);
    fc.assert(fc.property(event, fc.jsonValue(), (name, payload) => {
      expect(codes).toContain(codeOf(() => readGitHubRun(runnerVariables(name), payload)));
    }));
  });

  it('is read, or refused with a code, when one value of it is another one', () => {
    const paths = [['number'], ['base', 'ref'], ['base', 'sha'], ['base', 'repo'], ['head', 'ref'], ['head', 'sha'], ['head', 'repo'], ['head', 'user'], ['changed_files']];
    fc.assert(fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
      const event = structuredClone(pullRequestEvent()) as { pull_request: Record<string, unknown> };
      const last = path.at(-1) ?? '';
      let place: Record<string, unknown> = event.pull_request;
      for (const key of path.slice(0, -1)) place = place[key] as Record<string, unknown>;
      place[last] = value;
      const read = readOrCode(() => readGitHubRun(runnerVariables('pull_request'), event));
      // Whatever else it says, the pull request is the one that the runner names.
      expect(typeof read === 'string' ? read : read.pullRequest?.number).toSatisfy((told) => told === 'EVENT_UNUSABLE' || told === 7);
    }));
  });
});

describe('the event file', () => {
  let folder = '';
  beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'event-')); });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function opened(content: string | Uint8Array | null): Promise<unknown> {
    const path = join(folder, 'event.json');
    await rm(path, { force: true });
    if (content !== null) await writeFile(path, content);
    return openEvent(runnerVariables('push', { GITHUB_EVENT_PATH: path })).catch((error: unknown) => error);
  }

  it('is read from where the runner put it', async () => {
    expect(await opened(JSON.stringify(pushEvent()))).toMatchObject({ trigger: 'push', commit: HEAD });
  });

  it.each([
    ['missing', null, 'cannot be opened'],
    ['empty', '', 'is empty'],
    ['cut', JSON.stringify(pushEvent()).slice(0, -20), 'was cut'],
    ['no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), 'was cut'],
    ['above the size of any event', new Uint8Array(50 * 1024 * 1024), 'expected at most'],
  ])('SEC-132: %s is told', async (_, content, words) => {
    const error = await opened(content);
    expect(error).toBeInstanceOf(AuditError);
    expect(error).toMatchObject({ code: 'EVENT_UNUSABLE', exitCode: 2 });
    expect(String(error)).toContain(words);
  });

  it('SEC-132: a folder in its place is told', async () => {
    expect(await openEvent(runnerVariables('push', { GITHUB_EVENT_PATH: folder })).catch((error: unknown) => error)).toMatchObject({ code: 'EVENT_UNUSABLE' });
  });

  it('SEC-132: a variable that is not set is told', async () => {
    expect(await openEvent(runnerVariables('push')).catch((error: unknown) => error)).toMatchObject({ code: 'EVENT_UNUSABLE' });
  });
});
