/** The loopback GitHub for one test, asked with plain fetch and with Octokit. */
import { Octokit } from '@octokit/rest';
import { expect, onTestFinished } from 'vitest';
import { startGitHub, type LoopbackGitHub, type LoopbackOptions } from './loopback.ts';

/** `body`: `null` where there is none, text where it is no JSON. */
export type Told = Readonly<{ status: number; headers: Headers; body: unknown }>;
export type Asker = Readonly<{
  /** `path`: within the repository. */
  rest(route: string, body?: unknown): Promise<Told>;
  graphql(query: string, variables?: Readonly<Record<string, unknown>>): Promise<Told>;
  octokit: Octokit;
}>;
export type Asked = Asker & Readonly<{ github: LoopbackGitHub; as(token: string): Asker }>;

/** At the end of the test there are no violations, unless they are `expected`. */
export async function asked({ violations = 'none', ...options }: LoopbackOptions & Readonly<{ violations?: 'none' | 'expected' }> = {}): Promise<Asked> {
  const github = await startGitHub(options);
  onTestFinished(async () => {
    const broken = github.violations();
    await github.close();
    if (violations === 'none') expect(broken, broken.join('\n')).toEqual([]);
  });
  const as = (token: string): Asker => askerOf(github, token);
  return { github, as, ...as(github.token()) };
}

function askerOf(github: LoopbackGitHub, token: string): Asker {
  const send = async (method: string, url: string, body: unknown): Promise<Told> => {
    const answer = await fetch(url, { method, headers: { authorization: `Bearer ${token}` }, ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }) });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === '' ? null : JSON.parse(text) as unknown };
  };
  return {
    rest: (route, body) => {
      const [method = '', path = ''] = route.split(' ');
      return send(method, `${github.apiUrl}/repos/${github.fullName}${path}`, body);
    },
    graphql: (query, variables = {}) => send('POST', `${github.apiUrl}/graphql`, { query, variables }),
    octokit: new Octokit({ auth: token, baseUrl: github.apiUrl, log: { debug() {}, info() {}, warn() {}, error() {} } }),
  };
}

export const COMMIT = 'mutation Commit($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid url } } }';

export type CommitWant = Readonly<{ branch: string; head: string | undefined; add?: Readonly<Record<string, string | Uint8Array>>; remove?: readonly string[]; headline?: string }>;

export function commitVariables({ fullName }: LoopbackGitHub, { branch, head, add = {}, remove = [], headline = 'change' }: CommitWant): Readonly<Record<string, unknown>> {
  return {
    input: {
      branch: { repositoryNameWithOwner: fullName, branchName: branch }, expectedHeadOid: head, message: { headline },
      fileChanges: { additions: Object.entries(add).map(([path, content]) => ({ path, contents: Buffer.from(content).toString('base64') })), deletions: remove.map((path) => ({ path })) },
    },
  };
}

/** The type of the first error that GraphQL answers. */
export function errorType({ body }: Told): string | undefined {
  return (body as Readonly<{ errors?: readonly Readonly<{ type?: string }>[] }>).errors?.[0]?.type;
}
