/** GitHub's API as the product uses it: opened once for a run, with a token that goes nowhere else. */
import { AuditError } from '../../errors.ts';
import { restCalls, type RestCalls } from './client-calls.ts';
import { openSender, type Sender } from './client-send.ts';
import { openTransport, TIME_LIMIT_MS } from './transport.ts';
import { assertTrusted, type Addresses } from './transport-trust.ts';

export type GitHubOptions = Addresses &
  Readonly<{
    token: string;
    /** Values that no message shows, beside the token. */
    secrets?: readonly string[];
    owner: string;
    name: string;
    /** Of it are read: the proxy's variables, and NODE_TLS_REJECT_UNAUTHORIZED. */
    env: Readonly<Record<string, string | undefined>>;
    wait(milliseconds: number): Promise<void>;
    /** From 0 to 1. */
    random(): number;
    /** For each request; 30 s. */
    timeLimitMs?: number;
  }>;

export interface GitHub extends Pick<Sender, 'graphql' | 'graphqlParts'>, RestCalls {
  readonly owner: string;
  readonly name: string;
  /** Requests sent so far, repeats among them. */
  readonly calls: number;
  /** Ends the idle connection. */
  close(): void;
}

/** Sends nothing yet. Throws AuditError: API_NOT_TRUSTED, TOKEN_MISSING, TOKEN_REFUSED, INVALID_INPUT. */
export async function openGitHub(options: GitHubOptions): Promise<GitHub> {
  const { token, owner, name } = options;
  assertTrusted(options, options.env);
  assertToken(token);
  assertName(owner, name);
  const transport = openTransport(options);
  const { Octokit } = await import('@octokit/rest');
  const octokit = new Octokit({
    auth: token,
    baseUrl: bare(options.apiUrl),
    userAgent: 'audit-run-log',
    log: SILENT,
    // Its requests speak to the console by another way than its log. What they read of an answer would be read twice.
    request: { log: SILENT, parseSuccessResponseBody: false },
  });
  const sender = openSender({ timeLimitMs: TIME_LIMIT_MS, ...options, octokit, transport, graphqlBase: bare(options.graphqlUrl).replace(/\/graphql$/, '') });
  return {
    ...restCalls(sender, { owner, name }),
    owner,
    name,
    get calls() {
      return sender.calls;
    },
    graphql: (operation, schema) => sender.graphql(operation, schema),
    graphqlParts: (operation, schema) => sender.graphqlParts(operation, schema),
    close: () => transport.close(),
  };
}

const silence = (): void => undefined;
/** What Octokit would print holds addresses and text of GitHub's answers, past the encoder. */
const SILENT = { debug: silence, info: silence, warn: silence, error: silence };

function bare(address: string): string {
  return address.replace(/\/+$/, '');
}

function assertToken(token: string): void {
  if (token === '') throw new AuditError('TOKEN_MISSING', { message: 'No token was given, so GitHub can neither be read nor written.' });
  if (!/^[\x21-\x7e]+$/.test(token)) throw new AuditError('TOKEN_REFUSED', { message: 'The token holds blanks, line ends or other characters that no token has.' });
}

/** Names stand in the path of every request. */
function assertName(owner: string, name: string): void {
  const isName = (text: string): boolean => /^[\w.-]{1,100}$/.test(text) && !/^\.{1,2}$/.test(text);
  if (!isName(owner) || !isName(name)) throw new AuditError('INVALID_INPUT', { message: `${owner}/${name} is not the name of a repository.`, exitCode: 2 });
}
