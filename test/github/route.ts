/** A REST operation of the double, and what several of them share: pages and people. */
import { completed } from './contract/contract.ts';
import type { Answer, Asked, Identity, Needs, State } from './types.ts';

/** `pattern`: of the path within the repository. `needs`: rights of the token, one of which is enough. */
export type Route = Readonly<{
  method: string;
  pattern: RegExp;
  needs: Needs;
  answer(asked: Asked, groups: Readonly<Record<string, string>>): Answer | Promise<Answer>;
}>;

/** Where the API speaks of the repository. */
export function apiUrlOf({ origin, owner, name }: State): string {
  return `${origin}/repos/${owner}/${name}`;
}

/** Where people see the repository. */
export function pageUrlOf({ origin, owner, name }: State): string {
  return `${origin}/${owner}/${name}`;
}

/** One page of a list, with the header by which the others are found. Its links name the repository by its number, as GitHub's do. */
export function paged<T>(state: State, { path, query }: Asked, items: readonly T[]): Readonly<{ items: readonly T[]; headers: Readonly<Record<string, string>> }> {
  const size = Math.min(state.limits.pageSize, positive(query.get('per_page')) ?? 30);
  const page = positive(query.get('page')) ?? 1;
  const last = Math.max(1, Math.ceil(items.length / size));
  const within = path.replace(/^\/(?:repos\/[^/]+\/[^/]+|repositories\/\d+)/, '');
  const link = (to: number, rel: string): string => {
    const next = new URLSearchParams(query);
    next.set('page', String(to));
    return `<${state.origin}/repositories/${state.repositoryId}${within}?${next.toString()}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev')] : []), ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []), ...(page > 1 ? [link(1, 'first')] : []),
  ];
  return { items: items.slice((page - 1) * size, page * size), headers: links.length === 0 ? {} : { link: links.join(', ') } };
}

function positive(text: string | null): number | undefined {
  return text !== null && /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined;
}

/** As an author of commits. */
export function personOf({ login }: Identity): Readonly<{ name: string; email: string }> {
  return { name: login, email: `${login}@users.noreply.github.com` };
}

export function userBody(login: string): unknown {
  return completed('simple-user', { login, id: 1, type: login.endsWith('[bot]') ? 'Bot' : 'User' });
}
