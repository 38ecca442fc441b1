/** Where an event stands: which commit and branch it speaks of, and what changed since when. One reader for each event that is recorded. */
import type * as z from 'zod/mini';
import { AuditError } from '../../errors.ts';
import type { RunContext } from '../../model/run.ts';
import { checkValue } from '../../model/schema/check-value.ts';
import { DispatchEventSchema, MergeGroupEventSchema, PullRequestEventSchema, PushEventSchema, ScheduleEventSchema } from './event-schema.ts';
import { formedVariable, numberVariable, shaVariable, type Environment } from './event-variables.ts';

export type GitHubTrigger = Exclude<RunContext['trigger'], 'local'>;
export type PullRequestPlace = Readonly<{
  number: number;
  baseBranch: string;
  /** Head of the base branch when the event happened. */
  baseSha: string;
  headBranch: string;
  headSha: string;
  /** From another repository, or from one that is gone. */
  fork: boolean;
  /** As the event says it, to tell a listing that was cut; `null` where it says nothing. */
  changedFiles: number | null;
}>;

/** Where the event stands; what follows from its kind. */
export type EventPlace = Readonly<{
  trigger: GitHubTrigger;
  /** What the run speaks of: head of the pull request, of the merge group, or the commit that was pushed. */
  commit: string;
  /** Of a fork: `owner:branch`, which is the name of no branch here. */
  branch: string;
  defaultBranch: string;
  /** The commit from which files touched are counted, where the event says it. `null` for a new branch too. */
  base: Readonly<{ commit: string; how: 'pull-request' | 'before-push' | 'merge-group' }> | null;
  pullRequest: PullRequestPlace | null;
  /** The numbers come from the name of the group's branch, whose form is not documented: as many as it tells. */
  mergeGroup: Readonly<{ baseBranch: string; pullRequests: readonly number[] }> | null;
  fork: boolean;
}>;

const REF = { pattern: /^refs\/[^\0-\x1f\x7f-\x9f\u2028\u2029 ~^:?*[\\]{1,1000}$/u, expected: 'a full ref, as `refs/heads/main`' };

/** Nothing of the payload is believed that the runner's variables contradict. Throws EVENT_UNUSABLE and NOTHING_TO_AUDIT. */
export type ReadPlace = (env: Environment, payload: unknown) => EventPlace;

const EVENTS: Readonly<Record<GitHubTrigger, ReadPlace>> = { pull_request: pullRequest, push, merge_group: mergeGroup, schedule, workflow_dispatch: dispatch };

/** Why an event that many workflows use is not one of ours, and what to use instead. */
const OTHER_EVENTS: Readonly<Record<string, string>> = {
  pull_request_target: 'it runs with rights to write beside what a pull request brings. Use `pull_request`',
  workflow_run: 'it speaks of another run. Record in the workflow that runs the checks, on `pull_request` and `push`',
  release: 'a release names a tag. Record the push to its branch',
  create: 'use `push`', delete: 'there is nothing left to audit',
  repository_dispatch: 'use `workflow_dispatch`',
  issue_comment: 'it does not check out the pull request. Use `pull_request`',
};

/** The reader of the event that the variables name. Throws EVENT_UNUSABLE and EVENT_NOT_SUPPORTED. */
export function eventOf(env: Environment): ReadPlace {
  const name = env['GITHUB_EVENT_NAME'] ?? '';
  if (name === '') throw unusable('The variable GITHUB_EVENT_NAME is not set: expected the name of an event.');
  if (isTrigger(name)) return EVENTS[name];
  const known = /^[a-z_]{1,50}$/.test(name) ? `\`${name}\`` : 'this one';
  const why = Object.hasOwn(OTHER_EVENTS, name) ? `: ${OTHER_EVENTS[name]}` : '';
  throw new AuditError('EVENT_NOT_SUPPORTED', { message: `Runs of the event ${known} are not recorded${why}. Recorded are: ${Object.keys(EVENTS).join(', ')}.`, exitCode: 2 });
}

function isTrigger(name: string): name is GitHubTrigger {
  return Object.hasOwn(EVENTS, name);
}

function pullRequest(env: Environment, payload: unknown): EventPlace {
  const event = conforming(PullRequestEventSchema, payload);
  const { number, base, head, changed_files: changedFiles } = event.pull_request;
  holdsSame('repository.id', event.repository.id, numberVariable(env, 'GITHUB_REPOSITORY_ID'));
  holdsSame('pull_request.base.repo.id', base.repo.id, event.repository.id);
  // Once merged, the ref is that of the base branch.
  const [, told] = /^refs\/pull\/(\d+)\//.exec(env['GITHUB_REF'] ?? '') ?? [];
  if (told !== undefined) holdsSame('pull_request.number', number, Number(told));
  const fork = head.repo?.id !== base.repo.id;
  return {
    ...NOWHERE,
    trigger: 'pull_request',
    commit: head.sha,
    branch: fork ? `${head.user?.login ?? 'unknown'}:${head.ref}` : head.ref,
    defaultBranch: event.repository.default_branch,
    base: { commit: base.sha, how: 'pull-request' },
    pullRequest: { number, baseBranch: base.ref, baseSha: base.sha, headBranch: head.ref, headSha: head.sha, fork, changedFiles: changedFiles ?? null },
    fork,
  };
}

function push(env: Environment, payload: unknown): EventPlace {
  const event = conforming(PushEventSchema, payload);
  if (event.ref.startsWith('refs/tags/')) throw nothing(`\`${event.ref.slice('refs/tags/'.length)}\` is a tag: entries speak of branches.`);
  if (event.deleted === true || isZero(event.after)) throw nothing('The push deleted its branch.');
  holdsSame('repository.id', event.repository.id, numberVariable(env, 'GITHUB_REPOSITORY_ID'));
  holdsSame('ref', event.ref, env['GITHUB_REF']);
  holdsSame('after', event.after, shaVariable(env, 'GITHUB_SHA'));
  return {
    ...NOWHERE,
    trigger: 'push',
    commit: event.after,
    branch: branchOf(event.ref),
    defaultBranch: event.repository.default_branch,
    base: isZero(event.before) ? null : { commit: event.before, how: 'before-push' },
  };
}

function mergeGroup(env: Environment, payload: unknown): EventPlace {
  const event = conforming(MergeGroupEventSchema, payload);
  const { head_sha: head, head_ref: headRef, base_sha: baseSha, base_ref: baseRef } = event.merge_group;
  holdsSame('repository.id', event.repository.id, numberVariable(env, 'GITHUB_REPOSITORY_ID'));
  holdsSame('merge_group.head_sha', head, shaVariable(env, 'GITHUB_SHA'));
  const branch = branchOf(headRef);
  return {
    ...NOWHERE,
    trigger: 'merge_group',
    commit: head,
    branch,
    defaultBranch: event.repository.default_branch,
    base: { commit: baseSha, how: 'merge-group' },
    mergeGroup: { baseBranch: branchOf(baseRef), pullRequests: groupNumbers(branch) },
  };
}

/** `gh-readonly-queue/main/pr-104-<sha>`. */
function groupNumbers(branch: string): number[] {
  const [, number] = /\/pr-([1-9]\d{0,9})-[0-9a-f]{40,64}$/.exec(branch) ?? [];
  return number === undefined ? [] : [Number(number)];
}

function dispatch(env: Environment, payload: unknown): EventPlace {
  const event = conforming(DispatchEventSchema, payload);
  holdsSame('repository.id', event.repository.id, numberVariable(env, 'GITHUB_REPOSITORY_ID'));
  return { ...NOWHERE, trigger: 'workflow_dispatch', ...chosenBranch(env), defaultBranch: event.repository.default_branch };
}

/** Scheduled workflows run on the default branch only. */
function schedule(env: Environment, payload: unknown): EventPlace {
  const event = conforming(ScheduleEventSchema, payload);
  if (event.repository !== undefined) holdsSame('repository.id', event.repository.id, numberVariable(env, 'GITHUB_REPOSITORY_ID'));
  const chosen = chosenBranch(env);
  return { ...NOWHERE, trigger: 'schedule', ...chosen, defaultBranch: event.repository?.default_branch ?? chosen.branch };
}

const NOWHERE = { base: null, pullRequest: null, mergeGroup: null, fork: false };

function chosenBranch(env: Environment): { commit: string; branch: string } {
  const ref = formedVariable(env, 'GITHUB_REF', REF);
  if (ref.startsWith('refs/tags/')) throw nothing(`\`${ref.slice('refs/tags/'.length)}\` is a tag: entries speak of branches.`);
  return { commit: shaVariable(env, 'GITHUB_SHA'), branch: branchOf(ref) };
}

function branchOf(ref: string): string {
  if (!ref.startsWith('refs/heads/')) throw unusable('The ref of the event is that of no branch: expected `refs/heads/` and a name.');
  return ref.slice('refs/heads/'.length);
}

function isZero(sha: string): boolean {
  return /^0+$/.test(sha);
}

/** Steps that ran before may have written to the event file, but not to the runner's variables. */
function holdsSame(what: string, told: number | string, expected: number | string | undefined): void {
  if (told !== expected) throw unusable(`\`${what}\` of the event file is not what the runner's variables say.`);
}

function conforming<T>(schema: z.ZodMiniType<T>, payload: unknown): T {
  const parsed = checkValue(schema, payload);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const at = issue === undefined || issue.path.length === 0 ? 'the event' : `\`${issue.path.join('.')}\``;
  throw unusable(`The event file: ${at}: expected ${issue?.message ?? 'something else'}.`);
}

function unusable(message: string): AuditError {
  return new AuditError('EVENT_UNUSABLE', { message, exitCode: 2 });
}

function nothing(message: string): AuditError {
  return new AuditError('NOTHING_TO_AUDIT', { message, exitCode: 2 });
}
