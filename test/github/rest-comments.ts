/** REST over the comments of pull requests. */
import { completed } from './contract/contract.ts';
import { apiUrlOf, paged, pageUrlOf, userBody, type Route } from './route.ts';
import { Refusal, type CommentState, type Needs, type Pull, type State } from './types.ts';

const READS: Needs = { issues: 'read', 'pull-requests': 'read' };
const WRITES: Needs = { issues: 'write', 'pull-requests': 'write' };

export function commentRoutes(state: State): readonly Route[] {
  return [...threadRoutes(state), ...ownRoutes(state)];
}

function threadRoutes(state: State): readonly Route[] {
  return [
    {
      method: 'GET', pattern: /^\/issues\/(?<pull>\d+)\/comments$/, needs: READS,
      answer(asked, { pull }) {
        const { number } = pullOf(state, pull);
        const { items, headers } = paged(state, asked, state.comments.filter((comment) => comment.pull === number));
        return { status: 200, headers, body: items.map((comment) => commentBody(state, comment)) };
      },
    },
    {
      method: 'POST', pattern: /^\/issues\/(?<pull>\d+)\/comments$/, needs: WRITES,
      answer({ who, body }, { pull }) {
        const { number, locked } = pullOf(state, pull);
        // To an app no right of its own opens a locked conversation.
        if (locked) throw new Refusal(403, 'Unable to create comment because issue is locked.');
        const at = state.now().toISOString();
        const comment: CommentState = { id: state.nextId(), pull: number, body: textOf(state, body), login: who.login, app: who.app, createdAt: at, updatedAt: at };
        state.comments.push(comment);
        return { status: 201, headers: { location: commentUrl(state, comment) }, body: commentBody(state, comment) };
      },
    },
  ];
}

/** Whoever may write may change and remove what others wrote. */
function ownRoutes(state: State): readonly Route[] {
  return [
    {
      method: 'PATCH', pattern: /^\/issues\/comments\/(?<id>\d+)$/, needs: WRITES,
      answer({ body }, { id }) {
        const comment = commentOf(state, id);
        Object.assign(comment, { body: textOf(state, body), updatedAt: state.now().toISOString() });
        return { status: 200, body: commentBody(state, comment) };
      },
    },
    {
      method: 'DELETE', pattern: /^\/issues\/comments\/(?<id>\d+)$/, needs: WRITES,
      answer(_, { id }) {
        state.comments.splice(state.comments.indexOf(commentOf(state, id)), 1);
        return { status: 204 };
      },
    },
  ];
}

function pullOf({ pulls }: State, number: string | undefined): Pull {
  const pull = pulls.get(Number(number));
  if (pull === undefined) throw new Refusal(404, 'Not Found');
  return pull;
}

function commentOf({ comments }: State, id: string | undefined): CommentState {
  const comment = comments.find((one) => one.id === Number(id));
  if (comment === undefined) throw new Refusal(404, 'Not Found');
  return comment;
}

function textOf({ limits }: State, body: unknown): string {
  const { body: text } = body as Readonly<{ body: string }>;
  if (text.trim() === '') throw unprocessable('Body cannot be blank');
  if (Buffer.byteLength(text) > limits.commentCharacters) throw unprocessable(`Body is too long (maximum is ${limits.commentCharacters} characters)`);
  return text;
}

function unprocessable(message: string): Refusal {
  return new Refusal(422, 'Validation Failed', { errors: [{ resource: 'IssueComment', code: 'unprocessable', field: 'data', message }] });
}

function commentUrl(state: State, { id }: CommentState): string {
  return `${apiUrlOf(state)}/issues/comments/${id}`;
}

function commentBody(state: State, comment: CommentState): unknown {
  const { id, pull, body, login, createdAt, updatedAt } = comment;
  return completed('issue-comment', {
    id, body, node_id: `IC_${id}`, url: commentUrl(state, comment), html_url: `${pageUrlOf(state)}/pull/${pull}#issuecomment-${id}`, issue_url: `${apiUrlOf(state)}/issues/${pull}`,
    created_at: createdAt, updated_at: updatedAt, author_association: 'NONE', user: userBody(login),
  });
}
