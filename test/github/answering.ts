/** One request to its answer: who asks, whether there are requests left, and the operation itself. */
import { answerGraphql, isGraphqlBody, isMutation } from './graphql.ts';
import { Rates, type Resource } from './rates.ts';
import { answerRest, restRoutes } from './rest.ts';
import type { Route } from './route.ts';
import { Refusal, type Answer, type Identity, type State, type View } from './types.ts';

/** As it came over the wire. `json`: `undefined` without a body, `fault` where it cannot be parsed. */
export type Request = Readonly<{ method: string; url: URL; headers: Readonly<Record<string, string | undefined>>; payload: Readonly<{ json: unknown } | { fault: true }> }>;

export class Answering {
  readonly #state: State;
  readonly #tokens: ReadonlyMap<string, Identity>;
  readonly #broken: string[];
  readonly #routes: readonly Route[];
  readonly #rates: Rates;

  /** `broken` takes what goes against GitHub's description of its API. */
  constructor(state: State, tokens: ReadonlyMap<string, Identity>, broken: string[]) {
    this.#state = state;
    this.#tokens = tokens;
    this.#broken = broken;
    this.#routes = restRoutes(state);
    this.#rates = new Rates(state.limits, state.now);
  }

  /** `undefined`: no token, or one that is unknown. */
  who({ headers }: Request): Identity | undefined {
    return this.#tokens.get((headers['authorization'] ?? '').replace(/^(?:bearer|token) /i, ''));
  }

  /** What stands in every answer, without counting a request. */
  headers(request: Request): Readonly<Record<string, string>> {
    const who = this.who(request);
    return who === undefined ? {} : this.#rates.headers(who.login, resourceOf(request));
  }

  async answer(request: Request, view: View): Promise<Answer> {
    try {
      return await this.#answer(request, view);
    } catch (error) {
      if (error instanceof Refusal) return error.answer;
      throw error;
    }
  }

  async #answer(request: Request, view: View): Promise<Answer> {
    const { method, url, headers, payload } = request;
    if (headers['user-agent'] === undefined) throw new Refusal(403, 'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.');
    const who = this.who(request);
    if (who === undefined) throw new Refusal(401, headers['authorization'] === undefined ? 'Requires authentication' : 'Bad credentials');
    const spent = this.#rates.request(who.login, resourceOf(request));
    if (spent !== undefined) return spent;
    if ('fault' in payload) throw new Refusal(400, 'Problems parsing JSON');
    const body = payload.json;
    if (body !== undefined && (typeof body !== 'object' || body === null || Array.isArray(body))) throw new Refusal(400, 'Body should be a JSON object');
    const asked = { method, path: url.pathname, query: url.searchParams, body, accept: headers['accept'] ?? '', who, view };
    const isGraphql = isGraphqlRequest(request);
    if (isGraphql && !isGraphqlBody(body)) throw new Refusal(400, 'A query attribute must be specified and must be a string.');
    if (isGraphqlBody(body) && isGraphql) {
      if (isMutation(body.query)) this.#rates.write(who.login);
      return answerGraphql(this.#state, { asked, body, broken: this.#broken });
    }
    if (method !== 'GET') this.#rates.write(who.login);
    return answerRest(this.#state, { asked, routes: this.#routes, broken: this.#broken });
  }
}

export function isGraphqlRequest({ method, url }: Request): boolean {
  return method === 'POST' && url.pathname === '/graphql';
}

function resourceOf(request: Request): Resource {
  return isGraphqlRequest(request) ? 'graphql' : 'core';
}
