/** The conversation of a pull request: read through GraphQL, which says what is ours; written through REST. */
import * as z from 'zod/mini';
import { AuditError } from '../../errors.ts';
import type { CommentThread, PostedComment, PullNow } from '../ports.ts';
import type { Comment } from './answers.ts';
import type { GitHub } from './client.ts';
import { onceOnly, repeatable } from './once-only.ts';
import { COMMENT_FIELDS, PULL_STATES } from './snapshot.ts';
import { PullSchema, type CommentPageAnswer } from './snapshot-schema.ts';

export type GitHubCommentsOptions = Readonly<{
  client: GitHub;
  pull: number;
  /** The first page as the snapshot saw it, for the first listing. */
  first: CommentPageAnswer | null;
}>;

export function gitHubComments({ client, pull, first }: GitHubCommentsOptions): CommentThread {
  let start = first;
  const list = async (): Promise<readonly PostedComment[]> => {
    const seen = start;
    start = null;
    return allComments(client, pull, seen ?? (await readPage(client, pull, null)).comments);
  };
  return {
    list,
    async pull() {
      const { comments, headRefOid: headSha, state, locked } = await readPage(client, pull, null);
      start = comments;
      return { headSha, state: PULL_STATES[state], locked } satisfies PullNow;
    },
    async create(body) {
      start = null;
      return onceOnly(async () => posted(await client.createComment(pull, body)), async () => (await list()).findLast((comment) => comment.ours && isSame(comment.body, body)));
    },
    async update(id, body) {
      start = null;
      return repeatable(async () => posted(await client.updateComment(id, body)));
    },
    async remove(id) {
      start = null;
      await repeatable(() => client.deleteComment(id));
    },
  };
}

/** Of 100: more than people write. */
const PAGES = 50;

/** All or an error: a comment that was not seen would be made a second time. */
async function allComments(client: GitHub, pull: number, first: CommentPageAnswer): Promise<readonly PostedComment[]> {
  const comments = commentsOf(first);
  const cursors = new Set<string>();
  for (let { pageInfo } = first; pageInfo.hasNextPage;) {
    const cursor = pageInfo.endCursor;
    if (cursor === null) throw endless(pull, comments.length, 'and not where');
    if (cursors.has(cursor)) throw endless(pull, comments.length, 'where it began');
    if (cursors.size + 1 >= PAGES) throw endless(pull, comments.length, 'and so on');
    cursors.add(cursor);
    const { comments: page } = await readPage(client, pull, cursor);
    comments.push(...commentsOf(page));
    pageInfo = page.pageInfo;
  }
  return comments;
}

function endless(pull: number, seen: number, where: string): AuditError {
  return new AuditError('ANSWER_UNUSABLE', { message: `Reading the comments of pull request ${pull}: after ${seen} of them GitHub says that more follow, ${where}.` });
}

async function readPage(client: GitHub, pull: number, after: string | null) {
  const { owner, name } = client;
  const text = `query Comments($owner: String!, $name: String!, $pull: Int!, $after: String) { repository(owner: $owner, name: $name) { pullRequest(number: $pull) { headRefOid state locked comments(first: 100, after: $after) { ${COMMENT_FIELDS} } } } }`;
  const { repository } = await client.graphql(
    { name: `Reading the comments of pull request ${pull}`, kind: 'read', permission: 'pull-requests: write', text, variables: { owner, name, pull, after } },
    z.object({ repository: z.object({ pullRequest: z.pick(PullSchema, { headRefOid: true, state: true, locked: true, comments: true }) }) }),
  );
  return repository.pullRequest;
}

function commentsOf({ nodes }: CommentPageAnswer): PostedComment[] {
  return (nodes ?? []).flatMap((node) => (node === null ? [] : [{ id: Number(node.fullDatabaseId), url: node.url, body: node.body, ours: node.viewerDidAuthor }]));
}

/** Ours: we have just written it. */
function posted({ id, html_url: url, body }: Comment): PostedComment {
  return { id, url, body: body ?? '', ours: true };
}

/** GitHub may give back other line ends, and drops blanks at the end. */
function isSame(a: string, b: string): boolean {
  const normal = (body: string): string => body.replaceAll('\r\n', '\n').trimEnd();
  return normal(a) === normal(b);
}
