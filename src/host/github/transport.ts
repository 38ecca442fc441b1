/** One request to GitHub's API and its whole answer, over Node's own HTTP client: the global `fetch` is dear to start. */
import type { Agent, AgentOptions, ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import type { Socket } from 'node:net';
import { proxyFor, throughProxy } from './transport-proxy.ts';

export type TransportOptions = Readonly<{
  /** Requests go to this origin and to no other. */
  apiUrl: string;
  /** For a whole request, from the call to the last byte of the answer. */
  timeLimitMs?: number;
  /** The most bytes of an answer, decoded; `raw` where a file itself is asked for. */
  answerBytes?: Readonly<{ json: number; raw: number }>;
  /** HTTPS_PROXY, NO_PROXY and their lower-case forms are read from it. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Certificate authorities (PEM) to trust instead of those that Node knows. */
  ca?: string;
}>;

/** What `@octokit/request` hands to a `fetch`. */
export type RequestInit = Readonly<{ method?: string; headers?: Readonly<Record<string, string>>; body?: string }>;

/** The part of a `Response` that `@octokit/request` reads; `body` is the whole answer, already there and decoded. */
export type Answer = Readonly<{
  status: number;
  url: string;
  headers: ReadonlyMap<string, string>;
  body: Uint8Array;
  text(): Promise<string>;
  arrayBuffer(): Promise<ArrayBuffer>;
}>;

export interface Transport {
  /** Follows no redirect. Throws TransportError. */
  fetch(url: string, init?: RequestInit): Promise<Answer>;
  /** Ends idle connections; the process could exit without it. */
  close(): void;
}

export type TransportReason = 'certificate' | 'damaged' | 'foreign-host' | 'interrupted' | 'timeout' | 'too-large' | 'unreachable';

/** No whole answer came. `sent`: GitHub may have got the request. The message holds no more than Node's own code. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly reason: TransportReason;
  readonly sent: boolean;

  constructor(reason: TransportReason, detail: Readonly<{ sent: boolean; message: string }>) {
    super(detail.message);
    this.reason = reason;
    this.sent = detail.sent;
  }
}

/** SEC-119: every call ends within 30 s. */
export const TIME_LIMIT_MS = 30_000;
/** A blob holds 100 MB at most (REST, git/blobs). JSON carries text of a few files, each cut at 512,000 bytes. */
const ANSWER_BYTES = { json: 20_000_000, raw: 110_000_000 };
/** An idle connection is given up before common servers do (Node's own: 5 s), so that a request rarely meets one that just closed. */
const IDLE_MS = 4_000;
const CONNECTIONS = 4;

type HttpModule = Readonly<{
  request(url: URL, options: RequestOptions): ClientRequest;
  Agent: new (options: AgentOptions & Readonly<{ ca?: string }>) => Agent;
}>;

type Sending = Readonly<{ http: HttpModule; agent: Agent; url: URL; init: RequestInit; timeLimitMs: number; answerBytes: number }>;

export function openTransport(options: TransportOptions): Transport {
  const api = new URL(options.apiUrl);
  const limits = options.answerBytes ?? ANSWER_BYTES;
  const proxy = api.protocol === 'https:' ? proxyFor(api, options.env ?? {}) : undefined;
  const timeLimitMs = options.timeLimitMs ?? TIME_LIMIT_MS;
  const settings = { keepAlive: true, maxSockets: CONNECTIONS, timeout: IDLE_MS, ...(options.ca === undefined ? {} : { ca: options.ca }) };
  let opened: Promise<Readonly<{ http: HttpModule; agent: Agent }>> | undefined;
  const open = async (): Promise<Readonly<{ http: HttpModule; agent: Agent }>> => {
    const http = await loadHttp(api);
    const agent = new http.Agent(settings);
    return { http, agent: proxy === undefined ? agent : await throughProxy(agent, { ...options, proxy, target: api, timeLimitMs }) };
  };
  return {
    async fetch(address, init = {}) {
      const url = new URL(address);
      if (url.origin !== api.origin) throw new TransportError('foreign-host', { sent: false, message: `${url.host} is not ${api.host}` });
      const { http, agent } = await (opened ??= open());
      const answerBytes = init.headers?.['accept']?.includes('.raw') === true ? limits.raw : limits.json;
      return send({ http, agent, url, init, answerBytes, timeLimitMs });
    },
    close() {
      // Where it never opened, or could not, there is nothing to end.
      void opened?.then(({ agent }) => agent.destroy(), () => undefined);
    },
  };
}

/** `import 'node:http'` reads all its exports, WebSocket with the whole of undici among them; asking for the module does not. Node before 20.16 cannot be asked. */
async function loadHttp({ protocol }: URL): Promise<HttpModule> {
  if (protocol === 'http:') return process.getBuiltinModule?.('node:http') ?? import('node:http');
  return process.getBuiltinModule?.('node:https') ?? import('node:https');
}

type Received = Readonly<{ response: IncomingMessage; bytes: Buffer }>;

async function send(sending: Sending): Promise<Answer> {
  const { response, bytes } = await exchange(sending);
  return answerOf(sending.url, response, await decode(response, bytes, sending.answerBytes));
}

function exchange({ http, agent, url, init, timeLimitMs, answerBytes }: Sending): Promise<Received> {
  return new Promise((resolve, reject) => {
    let sent = false;
    const headers = { ...init.headers, 'accept-encoding': 'gzip' };
    const request = http.request(url, { agent, headers, method: init.method ?? 'GET' });
    const fail = (reason: TransportReason, message: string): void => {
      clearTimeout(timer);
      reject(new TransportError(reason, { sent, message }));
      request.destroy();
    };
    const timer = setTimeout(() => fail('timeout', `no whole answer within ${timeLimitMs / 1000} s`), timeLimitMs);
    request.on('socket', (socket) => whenConnected(request, socket, () => (sent = true)));
    request.on('error', (error) => fail(sent ? 'interrupted' : reasonOf(error), codeOf(error)));
    // Where the server changes to another protocol, neither an answer nor an error comes.
    const onClose = (): void => fail('interrupted', 'closed');
    request.on('close', onClose);
    request.on('response', (response) => {
      request.off('close', onClose);
      const take = (bytes: Buffer): void => {
        clearTimeout(timer);
        resolve({ response, bytes });
      };
      collect(response, answerBytes, { take, fail });
    });
    request.end(init.body);
  });
}

/** Nothing of a request leaves before its connection stands. */
function whenConnected(request: ClientRequest, socket: Socket, then: () => void): void {
  if (request.reusedSocket || !socket.connecting) then();
  else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', then);
}

type Sink = Readonly<{ take(bytes: Buffer): void; fail(reason: TransportReason, message: string): void }>;

function collect(response: IncomingMessage, limit: number, { take, fail }: Sink): void {
  const pieces: Buffer[] = [];
  let bytes = 0;
  response.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > limit) fail('too-large', tooLarge(limit));
    else pieces.push(piece);
  });
  response.on('error', (error) => fail('interrupted', codeOf(error)));
  response.on('end', () => take(Buffer.concat(pieces)));
}

/** All at once, within the limit: answers are small, and a bomb of zeros stops where the limit does. */
async function decode({ headers }: IncomingMessage, bytes: Buffer, limit: number): Promise<Uint8Array> {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity' || bytes.length === 0) return bytes;
  if (encoding !== 'gzip') throw new TransportError('damaged', { sent: true, message: 'an encoding that was not asked for' });
  const { gunzipSync } = process.getBuiltinModule?.('node:zlib') ?? (await import('node:zlib'));
  try {
    return gunzipSync(bytes, { maxOutputLength: limit });
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') throw new TransportError('too-large', { sent: true, message: tooLarge(limit) });
    throw new TransportError('damaged', { sent: true, message: codeOf(error) });
  }
}

function tooLarge(limit: number): string {
  return `an answer of more than ${limit / 1_000_000} MB`;
}

function answerOf(url: URL, response: IncomingMessage, body: Uint8Array): Answer {
  const headers = Object.entries(response.headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as const]));
  return {
    status: response.statusCode ?? 0,
    url: url.href,
    headers: new Map(headers),
    body,
    text: () => Promise.resolve(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')),
    arrayBuffer: () => Promise.resolve(new Uint8Array(body).buffer),
  };
}

/** Node's code (`ECONNRESET`); messages are left out: they may quote what was sent. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'no code';
}

/** Codes of OpenSSL's verification and of Node's own check of the name. */
function reasonOf(error: Error): TransportReason {
  return /CERT|SIGNATURE|ERR_TLS|ERR_SSL/.test(codeOf(error)) ? 'certificate' : 'unreachable';
}

