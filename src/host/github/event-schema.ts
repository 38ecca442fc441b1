/** The parts of the event file that are read, by event; everything else in it is dropped. https://docs.github.com/webhooks/webhook-events-and-payloads */
import * as z from 'zod/mini';

/** SHA-1 or SHA-256. */
const sha = z.string({ error: 'a commit id' }).check(z.regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, { error: 'a commit id of 40 or 64 hex digits' }));
const id = z.int({ error: 'a whole number' }).check(z.positive({ error: 'a number above 0' }));
const text = z.string({ error: 'a text' }).check(z.maxLength(1_000, { error: 'a text of at most 1,000 characters' }));
/** What git allows in a ref, and no control character. https://git-scm.com/docs/git-check-ref-format */
const ref = z.string({ error: 'the name of a branch' }).check(z.regex(/^(?!.*(?:\.\.|\/\/|@\{))[^\0-\x1f\x7f-\x9f\u2028\u2029 ~^:?*[\\]{1,1000}$/u, { error: 'the name of a branch' }));

const RepositorySchema = z.object({ id, default_branch: ref }, { error: 'the repository' });

export const PullRequestEventSchema = z.object({
  repository: RepositorySchema,
  pull_request: z.object({
    number: id,
    changed_files: z.optional(z.int({ error: 'a whole number' }).check(z.nonnegative())),
    base: z.object({ ref, sha, repo: z.object({ id }) }),
    head: z.object({
      ref,
      sha,
      /** `null` once the fork is deleted. */
      repo: z.nullable(z.object({ id })),
      user: z.nullish(z.object({ login: text })),
    }),
  }, { error: 'a pull request' }),
});

export const PushEventSchema = z.object({
  repository: RepositorySchema,
  ref,
  before: sha,
  after: sha,
  deleted: z.optional(z.boolean({ error: 'true or false' })),
});

export const MergeGroupEventSchema = z.object({
  repository: RepositorySchema,
  merge_group: z.object({ head_sha: sha, head_ref: ref, base_sha: sha, base_ref: ref }, { error: 'a merge group' }),
});

export const DispatchEventSchema = z.object({ repository: RepositorySchema });

/** Scheduled runs may come without a repository: https://github.com/github/codeql-action/pull/1211. */
export const ScheduleEventSchema = z.object({ repository: z.optional(RepositorySchema) });
