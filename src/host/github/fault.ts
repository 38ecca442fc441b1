/** What went wrong with a call to GitHub: which code it is, whether it may have taken effect, when a repeat is worth it. */
import { AuditError } from '../../errors.ts';
import type { ProblemCode } from '../../model/problem.ts';
import { isObject, LOOKED_AT, quotable, wordsOf } from './fault-text.ts';
import { isSpent, toldWait, type Patience } from './fault-wait.ts';
import type { Answer, TransportError } from './transport.ts';

/** A call as a person knows it. */
export type Call = Readonly<{
  /** What is being done, as the start of a sentence: `Reading the log branch`. */
  name: string;
  kind: 'read' | 'write';
  /** What the token needs for it: `contents: write`. */
  permission: string;
  /** How long a read is tried, where that is longer than usual. */
  patience?: Patience;
}>;

/** One of the `errors` of a GraphQL answer. GitHub adds `type` to those of a field; those of the query itself have none. */
export type GraphqlError = Readonly<{ type?: string | undefined; message: string; path?: readonly (string | number)[] | undefined }>;

export type Failure = Readonly<
  | { at: 'transport'; error: TransportError }
  | { at: 'answer'; status: number; headers: Answer['headers']; /** Parsed where it is JSON, else as text. */ body: unknown }
  | { at: 'graphql'; headers: Answer['headers']; errors: readonly GraphqlError[] }
  /** A good status, and not what was asked for. `passing`: another try may give it. */
  | { at: 'content'; why: string; passing?: true }
>;

type FaultDetail = Readonly<{
  message: string;
  effect: 'none' | 'unknown';
  retry: Readonly<{ afterMs: number | null }> | null;
  said?: string;
  status?: number;
  graphqlType?: string | undefined;
  permission?: string;
}>;

/** A call that did not do what it was for. `retry` (from AuditError) is `null` where a repeat is not worth it. */
export class GitHubFault extends AuditError {
  /** `unknown`: a write that may have taken effect. Reads have none. */
  readonly effect: 'none' | 'unknown';
  /** GitHub's own words, short and without secrets; empty where it had none. */
  readonly said: string;
  readonly status: number | undefined;
  readonly graphqlType: string | undefined;
  /** The line of `permissions` to add, as `contents: write`. */
  readonly permission: string | undefined;

  constructor(code: ProblemCode, { message, effect, retry, ...more }: FaultDetail) {
    super(code, retry === null ? { message } : { message, retry });
    this.effect = effect;
    this.said = more.said ?? '';
    this.status = more.status;
    this.graphqlType = more.graphqlType;
    this.permission = more.permission;
  }
}

/** `secrets`: values that GitHub's words may not carry into the message. */
export function faultOf(call: Call, failure: Failure, secrets: readonly string[] = []): GitHubFault {
  if (failure.at === 'transport') return transportFault(call, failure.error);
  if (failure.at === 'content') return contentFault(call, failure);
  return answerFault(call, heardOf(failure, secrets));
}

function transportFault(call: Call, { reason, sent, message }: TransportError): GitHubFault {
  const effect = sent ? effectOf(call) : 'none';
  if (reason === 'foreign-host') return new GitHubFault('API_NOT_TRUSTED', { message: `${call.name}: not sent, ${message}.`, effect, retry: null });
  if (reason === 'certificate') return new GitHubFault('API_NOT_TRUSTED', { message: `${call.name}: the server's certificate is not trusted (${message}).`, effect, retry: null });
  if (reason === 'too-large') return new GitHubFault('ANSWER_UNUSABLE', { message: `${call.name}: GitHub began ${message}.`, effect, retry: null });
  const what = { damaged: 'the answer arrived damaged', interrupted: 'the connection broke off', timeout: 'GitHub gave', unreachable: 'GitHub was not reached' }[reason];
  const detail = reason === 'timeout' ? ` ${message}` : ` (${message})`;
  return new GitHubFault('GITHUB_UNAVAILABLE', { message: `${call.name}: ${what}${detail}.${doubt(effect)}`, effect, retry: { afterMs: null } });
}

function contentFault(call: Call, { why, passing }: Extract<Failure, { at: 'content' }>): GitHubFault {
  const effect = effectOf(call);
  return new GitHubFault('ANSWER_UNUSABLE', { message: `${call.name}: ${why}.${doubt(effect)}`, effect, retry: passing === true ? { afterMs: null } : null });
}

function effectOf({ kind }: Call): 'none' | 'unknown' {
  return kind === 'write' ? 'unknown' : 'none';
}

function doubt(effect: 'none' | 'unknown'): string {
  return effect === 'unknown' ? ' It may have taken effect.' : '';
}

/** An answer that says no, REST's and GraphQL's alike. `words`: its beginning, for recognising; `said`: the part to show. */
type Heard = Readonly<{ status: number; type: string | undefined; headers: Answer['headers']; words: string; said: string }>;

function heardOf(failure: Extract<Failure, { at: 'answer' | 'graphql' }>, secrets: readonly string[]): Heard {
  if (failure.at === 'answer') {
    const words = wordsOf(failure.body);
    return { status: failure.status, type: undefined, headers: failure.headers, words: words.slice(0, LOOKED_AT), said: quotable(words, secrets) };
  }
  const [first] = [...failure.errors].sort((a, b) => rank(a) - rank(b));
  const words = first?.message ?? '';
  return { status: 200, type: first?.type, headers: failure.headers, words: words.slice(0, LOOKED_AT), said: quotable(words, secrets) };
}

/** Of several errors, the one that decides what to do: a limit holds for all of them, and one without a type says least. */
function rank({ type }: GraphqlError): number {
  if (type !== undefined && LIMITED.test(type)) return 0;
  return type === undefined ? 2 : 1;
}

const LIMITED = /^RATE_LIMIT/;
/** GitHub's advice where it does not say when (docs: best practices for the REST API): a minute at least. */
const UNTOLD_LIMIT_MS = 60_000;

type Rule = Readonly<{ code: ProblemCode; applies(heard: Heard): boolean; what: string; effect?: 'kind'; retry?: 'told' | 'limit' }>;

/** The first that applies. Words are matched where GitHub has no better sign; sources: the platform reference and GitHub's own clients. */
const RULES: readonly Rule[] = [
  { code: 'RATE_LIMITED', applies: isLimited, what: 'too many requests were made', retry: 'limit' },
  { code: 'REDIRECT_REFUSED', applies: ({ status }) => status >= 300 && status < 400, what: 'GitHub answered with a redirect' },
  { code: 'TOKEN_REFUSED', applies: ({ status }) => status === 401, what: 'GitHub does not take the token' },
  { code: 'GITHUB_UNAVAILABLE', applies: isOutage, what: 'GitHub had a fault of its own', effect: 'kind', retry: 'told' },
  { code: 'REPOSITORY_ARCHIVED', applies: ({ words }) => /\barchived\b.*\bread-only\b/i.test(words), what: 'the repository is archived' },
  { code: 'CONVERSATION_LOCKED', applies: ({ words }) => /\bissue is locked\b|\bconversation is locked\b/i.test(words), what: 'the conversation is locked' },
  { code: 'BRANCH_PROTECTED', applies: isProtected, what: 'a rule of the repository forbids it' },
  { code: 'LOG_CHANGED', applies: isMoved, what: 'someone else wrote meanwhile', retry: 'told' },
  { code: 'NO_COMMITS', applies: ({ status, words }) => status === 409 && /repository is empty/i.test(words), what: 'the repository is empty' },
  { code: 'NOT_FOUND_ON_GITHUB', applies: ({ status, type }) => status === 404 || type === 'NOT_FOUND', what: 'it is not there, or the token may not see it' },
  { code: 'PERMISSION_MISSING', applies: isForbidden, what: 'the token may not do this' },
  { code: 'ANSWER_UNUSABLE', applies: ({ status, type, words }) => status < 300 && type === undefined && words === '', what: 'GitHub gave no usable answer', effect: 'kind', retry: 'told' },
  // A GraphQL error without a type does not say whether the field was resolved before it.
  { code: 'REFUSED_BY_GITHUB', applies: ({ status, type }) => status < 300 && type === undefined, what: 'GitHub refused', effect: 'kind' },
  { code: 'REFUSED_BY_GITHUB', applies: () => true, what: 'GitHub refused' },
];

function isLimited({ status, type, headers, words }: Heard): boolean {
  if (type !== undefined && LIMITED.test(type)) return true;
  if (status === 429) return true;
  return status === 403 && (isSpent(headers) || headers.has('retry-after') || /\b(?:rate limit|abuse detection)\b/i.test(words));
}

function isOutage({ status, type, words }: Heard): boolean {
  if (status >= 500 || status === 408 || /^(?:INTERNAL|SERVICE_UNAVAILABLE|TIMEOUT)/.test(type ?? '')) return true;
  return status < 300 && type === undefined && /^something went wrong|\btimed? ?out\b/i.test(words);
}

/** Classic protection and rulesets use different types, and REST none: their words decide. */
function isProtected({ type, words }: Heard): boolean {
  return type === 'BRANCH_PROTECTION_RULE_VIOLATION' || /rule violations? found|\bprotected branch|\bGH0(?:06|13)\b|required status check|must be made through a (?:pull request|merge queue)/i.test(words);
}

function isMoved({ status, type, words }: Heard): boolean {
  if (type === 'STALE_DATA' || /\bexpected branch to point to\b/i.test(words)) return true;
  return (status === 409 || status === 422) && /not a fast[ -]forward|reference already exists|does not match|\bexpected to be at\b|is at \w+ but expected/i.test(words);
}

function isForbidden({ status, type, headers, words }: Heard): boolean {
  if (type === 'FORBIDDEN' || type === 'INSUFFICIENT_SCOPES' || /\bresource not accessible by\b/i.test(words)) return true;
  // The header comes with refusals for other reasons too, which say so.
  return status === 403 && headers.has('x-accepted-github-permissions') && !/\bSAML\b|\bIP allow list\b|\bsuspended\b|\bdisabled\b/i.test(words);
}

function answerFault(call: Call, heard: Heard): GitHubFault {
  const rule = RULES.find(({ applies }) => applies(heard));
  if (rule === undefined) throw new Error('the last rule applies to everything');
  const effect = rule.effect === 'kind' ? effectOf(call) : 'none';
  const afterMs = toldWait(heard.headers);
  const retry = rule.retry === undefined ? null : { afterMs: rule.retry === 'limit' ? (afterMs ?? UNTOLD_LIMIT_MS) : afterMs };
  const needs = NEEDS_PERMISSION.has(rule.code) ? permissionsOf(call, heard) : [];
  const [permission] = needs;
  const message = `${call.name}: ${rule.what}${quotedAnswer(heard)}.${adviceFor(rule, { needs, retry })}${doubt(effect)}`;
  return new GitHubFault(rule.code, {
    message, effect, retry, said: heard.said, status: heard.status, graphqlType: heard.type,
    ...(permission === undefined ? {} : { permission }),
  });
}

const NEEDS_PERMISSION: ReadonlySet<ProblemCode> = new Set(['PERMISSION_MISSING', 'NOT_FOUND_ON_GITHUB']);

function quotedAnswer({ status, type, said }: Heard): string {
  const sign = type ?? String(status);
  return said === '' ? ` (${sign})` : ` (${quotable(sign)}: “${said}”)`;
}

function adviceFor({ code }: Rule, { needs, retry }: Readonly<{ needs: readonly string[]; retry: FaultDetail['retry'] }>): string {
  if (code === 'RATE_LIMITED') return ` It takes requests again ${durationOf(retry?.afterMs ?? UNTOLD_LIMIT_MS)}.`;
  const lines = needs.map((line) => `\`${line}\``).join(' or ');
  if (code === 'PERMISSION_MISSING') return ` Add ${lines} to the \`permissions\` of the job.`;
  return code === 'NOT_FOUND_ON_GITHUB' ? ` To see it, the job needs ${lines}.` : '';
}

function durationOf(ms: number): string {
  if (ms > 86_400_000) return 'in more than a day';
  return ms < 120_000 ? `in ${Math.ceil(ms / 1_000)} s` : `in ${Math.ceil(ms / 60_000)} minutes`;
}

/** The ways to get the right, the one that we recommend first. The header's form: alternatives between `;`, what each needs between `,`. */
function permissionsOf(call: Call, { headers }: Heard): readonly string[] {
  const header = headers.get('x-accepted-github-permissions') ?? '';
  const ways = header.split(';').map((way) => way.split(',').flatMap(permissionLine)).filter((way) => way.length > 0);
  if (ways.length === 0) return [call.permission];
  const own = ways.find((way) => way.length === 1 && way[0] === call.permission);
  const lines = ways.map((way) => way.join(', '));
  return own === undefined ? lines : [call.permission, ...lines.filter((line) => line !== call.permission)];
}

/** `pull_requests=write` is `pull-requests: write` in a workflow. */
function permissionLine(pair: string): string[] {
  const [, name, level] = /^\s*([a-z_]{1,40})=(read|write|admin)\s*$/.exec(pair) ?? [];
  return name === undefined || level === undefined ? [] : [`${name.replaceAll('_', '-')}: ${level}`];
}

/** The `errors` of a GraphQL answer. */
export function isErrorList(value: unknown): value is readonly GraphqlError[] {
  return Array.isArray(value) && value.every((error) => isObject(error) && typeof error['message'] === 'string');
}
