/** Events of the repository on the loopback GitHub, as its runner hands them to a job. */
import type { LoopbackGitHub } from '../github/loopback.ts';
import type { PullState } from '../github/types.ts';

/** `sha`, `ref`: GITHUB_SHA and GITHUB_REF. */
export type JobEvent = Readonly<{ name: string; payload: Readonly<Record<string, JsonValue>>; sha: string; ref: string }>;
type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

export const NO_COMMIT = '0'.repeat(40);

export function pushEvent(double: LoopbackGitHub, { branch = 'main', before = NO_COMMIT, sha }: Readonly<{ branch?: string; before?: string; sha: string }>): JobEvent {
  const ref = `refs/heads/${branch}`;
  return { name: 'push', payload: { ref, before, after: sha, deleted: false, repository: repositoryOf(double) }, sha, ref };
}

/** `fork`: the id of the repository that the head is in. */
export type PullPlace = Readonly<{ head?: string; base?: string; action?: string; fork?: number }>;

export function pullEvent(double: LoopbackGitHub, { number, headSha, baseSha, mergeSha }: PullState, { head = 'work', base = 'main', action = 'opened', fork }: PullPlace = {}): JobEvent {
  const repository = repositoryOf(double);
  const own = { id: double.repositoryId, full_name: double.fullName };
  const from = fork === undefined ? own : { id: fork, full_name: `mallory/${double.fullName.split('/')[1] ?? ''}` };
  const payload = { action, number, repository, pull_request: { number, base: { ref: base, sha: baseSha, repo: own }, head: { ref: head, sha: headSha, repo: from, user: { login: 'octocat' } } } };
  return { name: 'pull_request', payload, sha: mergeSha, ref: `refs/pull/${number}/merge` };
}

function repositoryOf(double: LoopbackGitHub): Readonly<{ id: number; full_name: string; default_branch: string }> {
  return { id: double.repositoryId, full_name: double.fullName, default_branch: 'main' };
}
