/** Sending calls to GitHub one at a time or again: what is asked goes through Octokit, what comes back is judged here. */
import type { Octokit } from '@octokit/rest';
import { faultOf, isErrorList, type Call, type GitHubFault, type GraphqlError } from './fault.ts';
import { isObject } from './fault-text.ts';
import { repeatPatiently, shortPatience } from './fault-wait.ts';
import { TransportError, type Answer, type RequestInit, type Transport } from './transport.ts';

/** What Octokit makes a request of: `GET /repos/{owner}/{repo}/…`, and the values of the names in it; `body` goes as JSON. */
export type RestRequest = Readonly<{ route: string; parameters: Readonly<Record<string, string | number>>; body?: unknown; accept?: string }>;

/** A schema of zod; only what is used of it. */
export type AnswerSchema<T> = Readonly<{
  safeParse(value: unknown): Readonly<{ success: true; data: T } | { success: false; error: Readonly<{ issues: readonly Readonly<{ path: readonly PropertyKey[]; message: string }>[] }> }>;
}>;

export type GraphqlOperation = Readonly<{ text: string; variables: Readonly<Record<string, unknown>> }> & Call;

/** A field that GitHub refused while it answered the rest. */
export type MissingPart = Readonly<{ path: string; fault: GitHubFault }>;

export type SenderOptions = Readonly<{
  octokit: Octokit;
  transport: Transport;
  /** The address of GraphQL without its last `/graphql`. */
  graphqlBase: string;
  token: string;
  /** Values that no message shows, beside the token. */
  secrets?: readonly string[];
  wait(milliseconds: number): Promise<void>;
  /** From 0 to 1. */
  random(): number;
  /** The limit of one request. */
  timeLimitMs: number;
}>;

/** All throw GitHubFault. A read is tried up to three times where that is worth it, or as its call says; a write once. */
export interface Sender {
  /** Requests sent so far, repeats among them. */
  readonly calls: number;
  rest<T>(call: Call, request: RestRequest, schema: AnswerSchema<T>): Promise<T>;
  /** One page, and whether another follows. */
  page<T>(call: Call, request: RestRequest, schema: AnswerSchema<T>): Promise<Readonly<{ value: T; hasNext: boolean | undefined }>>;
  /** The bytes as they are, and nothing asked of them. */
  raw(call: Call, request: RestRequest): Promise<Uint8Array>;
  graphql<T>(operation: GraphqlOperation, schema: AnswerSchema<T>): Promise<T>;
  /** As `graphql`, but errors of single fields come beside the data, in which these are `null`. */
  graphqlParts<T>(operation: GraphqlOperation, schema: AnswerSchema<T>): Promise<Readonly<{ data: T; missing: readonly MissingPart[] }>>;
}

export function openSender(options: SenderOptions): Sender {
  let calls = 0;
  const exchange = (call: Call, request: RestRequest): Promise<Answer> => {
    const counting = { fetch: (url: string, init?: RequestInit) => ((calls += 1), options.transport.fetch(url, init)) };
    return exchangeOnce({ ...options, transport: counting }, call, request);
  };
  const judgedOnce = async <T>(call: Call, request: RestRequest, judge: (answer: Answer) => T): Promise<T> => judge(await exchange(call, request));
  const judged = <T>(call: Call, request: RestRequest, judge: (answer: Answer) => T): Promise<T> =>
    call.kind === 'write'
      ? judgedOnce(call, request, judge)
      : repeatPatiently(call.patience ?? shortPatience(options.timeLimitMs), options, () => judgedOnce(call, request, judge));
  const posted = <T>(operation: GraphqlOperation, judge: (answer: Answer) => T): Promise<T> => {
    const body = { query: operation.text, variables: operation.variables };
    return judged(operation, { route: 'POST /graphql', parameters: { baseUrl: options.graphqlBase }, body }, judge);
  };
  return {
    get calls() {
      return calls;
    },
    rest: (call, request, schema) => judged(call, request, (answer) => checked(call, jsonOf(call, answer), schema)),
    page: (call, request, schema) => judged(call, request, (answer) => ({ value: checked(call, jsonOf(call, answer), schema), hasNext: hasNext(answer) })),
    raw: (call, request) => judged(call, request, ({ body }) => body),
    graphql: (operation, schema) => posted(operation, (answer) => checked(operation, wholeData(options, operation, answer), schema)),
    graphqlParts: (operation, schema) =>
      posted(operation, (answer) => {
        const { data, missing } = partialData(options, operation, answer);
        return { data: checked(operation, data, schema), missing };
      }),
  };
}

/** REST as it was on this day; later versions are not read the same. */
const API_VERSION = '2022-11-28';

/** Octokit writes the request. Its reading of the answer is not used: it takes an unreadable one for an empty one, and raw files for text. */
async function exchangeOnce(options: Omit<SenderOptions, 'transport'> & Readonly<{ transport: Pick<Transport, 'fetch'> }>, call: Call, request: RestRequest): Promise<Answer> {
  let outcome: Readonly<{ answer: Answer } | { error: unknown }> | undefined;
  const fetch = async (url: string, init?: RequestInit): Promise<Answer> => {
    try {
      const answer = await options.transport.fetch(url, init);
      outcome = { answer };
      return answer;
    } catch (error) {
      outcome = { error };
      throw error;
    }
  };
  const headers = { accept: request.accept ?? 'application/vnd.github+json', 'x-github-api-version': API_VERSION };
  // As text: Octokit's own writer looks for big numbers in every string.
  const body = request.body === undefined ? {} : { data: JSON.stringify(request.body) };
  try {
    await options.octokit.request(request.route, { ...request.parameters, ...body, headers, request: { fetch } });
  } catch (error) {
    // Of a failed exchange all is known already.
    if (outcome === undefined) throw error;
  }
  if (outcome === undefined) throw new Error('a request was never sent');
  if ('answer' in outcome) return assertGood(options, call, outcome.answer);
  if (outcome.error instanceof TransportError) throw faultOf(call, { at: 'transport', error: outcome.error });
  throw outcome.error;
}

type Hiding = Pick<SenderOptions, 'token' | 'secrets'>;

function hidden({ token, secrets = [] }: Hiding): readonly string[] {
  return [...secrets, token];
}

const GOOD: ReadonlySet<number> = new Set([200, 201, 204]);

function assertGood(options: Hiding, call: Call, answer: Answer): Answer {
  const { status, headers } = answer;
  if (GOOD.has(status)) return answer;
  if (status < 300) throw faultOf(call, { at: 'content', why: `GitHub answered ${status}, which promises something for later`, passing: true });
  throw faultOf(call, { at: 'answer', status, headers, body: parsed(answer) ?? textOf(answer) }, hidden(options));
}

function textOf({ body }: Answer): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
}

function parsed(answer: Answer): unknown {
  try {
    const value: unknown = JSON.parse(textOf(answer));
    return value;
  } catch {
    return undefined;
  }
}

function jsonOf(call: Call, answer: Answer): unknown {
  const value = parsed(answer);
  if (value === undefined) throw faultOf(call, { at: 'content', why: "GitHub's answer is cut off, or no JSON", passing: true });
  return value;
}

function checked<T>(call: Call, value: unknown, schema: AnswerSchema<T>): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? 'the top' : `\`${issue.path.map(String).join('.')}\``;
  throw faultOf(call, { at: 'content', why: `GitHub's answer has another shape than expected, at ${place}` });
}

/** By GitHub's own `link`; `undefined` where there is none: a single page, or one that does not tell. The address in it is not used. */
function hasNext({ headers }: Answer): boolean | undefined {
  const link = headers.get('link');
  return link === undefined ? undefined : /;\s*rel="next"/.test(link);
}

type Told = Readonly<{ data: unknown; errors: readonly GraphqlError[] }>;

function toldBy(operation: GraphqlOperation, answer: Answer): Told {
  const value = jsonOf(operation, answer);
  const { data, errors = [] } = isObject(value) ? value : {};
  if (!isErrorList(errors)) throw faultOf(operation, { at: 'content', why: "GitHub's answer tells errors in another shape than expected" });
  if (errors.length === 0 && !isObject(data)) throw faultOf(operation, { at: 'content', why: 'GitHub answered without data and without a reason', passing: true });
  return { data, errors };
}

function wholeData(options: Hiding, operation: GraphqlOperation, answer: Answer): unknown {
  const { data, errors } = toldBy(operation, answer);
  if (errors.length > 0) throw faultOf(operation, { at: 'graphql', headers: answer.headers, errors }, hidden(options));
  return data;
}

/** Errors that speak of a field and would come again; any other one makes the whole answer a fault. */
function partialData(options: Hiding, operation: GraphqlOperation, answer: Answer): Readonly<{ data: unknown; missing: readonly MissingPart[] }> {
  const { data, errors } = toldBy(operation, answer);
  const { headers } = answer;
  const missing = errors.map((error) => ({ path: (error.path ?? []).join('.'), fault: faultOf(operation, { at: 'graphql', headers, errors: [error] }, hidden(options)) }));
  if (isObject(data) && missing.every(({ path, fault }) => path !== '' && fault.retry === null)) return { data, missing };
  throw faultOf(operation, { at: 'graphql', headers, errors }, hidden(options));
}
