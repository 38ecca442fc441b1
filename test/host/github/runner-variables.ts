/** The variables and event files of workflow runs, as a runner sets them. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../../../src/host/github/event.ts';

export const HEAD = 'a'.repeat(40);
export const BASE = 'b'.repeat(40);
export const MERGE = 'c'.repeat(40);

export function runnerVariables(event: string, overrides: Environment = {}): Environment {
  return {
    GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: event,
    GITHUB_API_URL: 'https://api.github.com', GITHUB_GRAPHQL_URL: 'https://api.github.com/graphql', GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'octo/widgets', GITHUB_REPOSITORY_ID: '41',
    GITHUB_SHA: event === 'pull_request' ? MERGE : HEAD, GITHUB_REF: event === 'pull_request' ? 'refs/pull/7/merge' : 'refs/heads/main',
    GITHUB_RUN_ID: '9001', GITHUB_RUN_ATTEMPT: '1', GITHUB_JOB: 'audit', GITHUB_WORKFLOW: 'CI',
    GITHUB_WORKFLOW_REF: 'octo/widgets/.github/workflows/ci.yml@refs/heads/main', GITHUB_WORKFLOW_SHA: HEAD,
    GITHUB_ACTOR: 'octocat', GITHUB_TRIGGERING_ACTOR: 'octocat', RUNNER_NAME: 'runner 1', GITHUB_ACTION_REPOSITORY: 'octo/audit-run-log',
    ...overrides,
  };
}

const repository = { id: 41, default_branch: 'main', full_name: 'octo/widgets' };

type Parts = Readonly<Record<string, unknown>>;

export function pullRequestEvent(pull: Parts = {}, head: Parts = {}): unknown {
  return {
    action: 'synchronize', number: 7, repository,
    pull_request: {
      number: 7, changed_files: 3, base: { ref: 'main', sha: BASE, repo: { id: 41 } },
      head: { ref: 'feature', sha: HEAD, repo: { id: 41 }, user: { login: 'octo' }, ...head }, ...pull,
    },
  };
}

export function pushEvent(parts: Parts = {}): unknown {
  return { ref: 'refs/heads/main', before: BASE, after: HEAD, deleted: false, created: false, repository, ...parts };
}

export function mergeGroupEvent(parts: Parts = {}): unknown {
  return {
    action: 'checks_requested', repository,
    merge_group: { head_sha: HEAD, head_ref: `refs/heads/gh-readonly-queue/main/pr-104-${BASE}`, base_sha: BASE, base_ref: 'refs/heads/main', ...parts },
  };
}

export function dispatchEvent(): unknown {
  return { inputs: null, ref: 'refs/heads/main', workflow: '.github/workflows/ci.yml', repository };
}

/** GitHub's own sample payloads of an event. */
export async function sampleEvents(name: string): Promise<readonly unknown[]> {
  const path = fileURLToPath(new URL('../../../node_modules/@octokit/webhooks-examples/api.github.com/index.json', import.meta.url));
  const all: readonly Readonly<{ name: string; examples: readonly unknown[] }>[] = JSON.parse(await readFile(path, 'utf8'));
  return all.find((event) => event.name === name)?.examples ?? [];
}
