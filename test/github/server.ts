/** The HTTP side: requests in, faults, answers out. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { Answering, isGraphqlRequest, type Request } from './answering.ts';
import { Faults } from './faults.ts';
import { isGraphqlBody } from './graphql.ts';
import type { Answer, Exchange, Identity, State, Then } from './types.ts';

export type Serving = Readonly<{ server: Server; faults: Faults; exchanges: Exchange[]; broken: string[] }>;

export function serve(state: State, tokens: ReadonlyMap<string, Identity>): Serving {
  const faults = new Faults();
  const exchanges: Exchange[] = [];
  const broken: string[] = [];
  const answering = new Answering(state, tokens, broken);
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const request = await read(incoming);
      const noted = { ...described(request), login: answering.who(request)?.login ?? null };
      const then = faults.next(noted);
      const told = await met(then, () => answering.answer(request, then?.kind === 'stale-read' ? 'trailing' : 'now'));
      exchanges.push({ ...noted, status: typeof told === 'string' ? 0 : told.status });
      if (told === 'hung') return;
      if (told === 'dropped') outgoing.destroy();
      else send(outgoing, { ...told, headers: { ...answering.headers(request), ...told.headers } }, { encoding: request.headers['accept-encoding'] ?? '', length: then?.kind === 'truncate' ? 'cut' : 'whole' });
    })().catch((error: unknown) => {
      broken.push(`the double failed: ${error instanceof Error ? error.stack ?? '' : String(error)}`);
      outgoing.destroy();
    });
  });
  return { server, faults, exchanges, broken };
}

async function read(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { authorization, accept, 'user-agent': userAgent, 'accept-encoding': encoding } = incoming.headers;
  return {
    method: incoming.method ?? 'GET', url: new URL(incoming.url ?? '/', 'http://loopback'), payload: parsed(Buffer.concat(chunks).toString()),
    headers: { authorization, accept, 'user-agent': userAgent, 'accept-encoding': encoding?.toString() },
  };
}

function parsed(text: string): Request['payload'] {
  try {
    return { json: text === '' ? undefined : JSON.parse(text) as unknown };
  } catch {
    return { fault: true };
  }
}

function described(request: Request): Omit<Exchange, 'login' | 'status'> {
  const { method, url, payload } = request;
  const body = isGraphqlRequest(request) && 'json' in payload && isGraphqlBody(payload.json) ? payload.json : undefined;
  return { method, path: url.pathname + url.search, operation: body?.query ?? (isGraphqlRequest(request) ? '' : null), variables: body?.variables ?? null };
}

/** Of an answer that never comes, how it fails to. */
type Told = Answer | 'dropped' | 'hung';

/** What a fault leaves of an answer. */
async function met(then: Then | undefined, answer: () => Promise<Answer>): Promise<Told> {
  switch (then?.kind) {
    case undefined:
    case 'truncate':
    case 'stale-read': return answer();
    case 'do':
      await then.run();
      return answer();
    case 'reply': return { status: then.status, body: then.body ?? { message: 'scripted' }, ...(then.headers === undefined ? {} : { headers: then.headers }) };
    case 'apply-then-reply':
      await answer();
      return { status: then.status, body: { message: 'Server Error' } };
    case 'drop-before': return 'dropped';
    case 'apply-then-drop':
      await answer();
      return 'dropped';
    case 'hang': return 'hung';
    case 'apply-then-hang':
      await answer();
      return 'hung';
    default: return then satisfies never;
  }
}

let requests = 0;

function send(outgoing: ServerResponse, { status, body, raw, headers }: Answer, { encoding, length }: Readonly<{ encoding: string; length: 'whole' | 'cut' }>): void {
  const plain = raw === undefined ? Buffer.from(body === undefined ? '' : JSON.stringify(body)) : Buffer.from(raw);
  const isPacked = plain.length > 0 && /\bgzip\b/.test(encoding);
  const bytes = isPacked ? gzipSync(plain, { level: 1 }) : plain;
  requests += 1;
  outgoing.writeHead(status, {
    'content-type': 'application/json; charset=utf-8', 'content-length': bytes.length, 'x-github-request-id': `LOOP:${requests}`, 'x-github-media-type': 'github.v3; format=json',
    ...(isPacked ? { 'content-encoding': 'gzip' } : {}), ...headers,
  });
  if (length === 'whole') outgoing.end(bytes);
  else outgoing.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => outgoing.destroy());
}
