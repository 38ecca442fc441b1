import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AuditError } from '../../../src/errors.ts';
import { openTransport, TransportError, type Transport, type TransportOptions } from '../../../src/host/github/transport.ts';
import { proxyFor } from '../../../src/host/github/transport-proxy.ts';
import { makeCertificate } from './transport-certificate.ts';

const certificate = makeCertificate(new Date());

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

/** An API over TLS that answers with the path that was asked for. */
async function secureApi(): Promise<string> {
  const server = createSecureServer(certificate, (request, response) => response.end(`${request.url ?? ''} ${request.headers.authorization ?? ''}`));
  return `https://localhost:${await listening(server)}`;
}

type Asked = Readonly<{ target: string; headers: IncomingMessage['headers'] }>;
type TestProxy = Readonly<{ url: string; asked: readonly Asked[]; bytes(): Buffer }>;

async function proxy(answer: (client: Duplex, request: IncomingMessage, keep: (piece: Buffer) => void) => void = tunnel): Promise<TestProxy> {
  const asked: Asked[] = [];
  const pieces: Buffer[] = [];
  const server = createServer();
  server.on('connect', (request: IncomingMessage, client: Duplex) => {
    asked.push({ target: request.url ?? '', headers: request.headers });
    client.on('error', () => undefined);
    answer(client, request, (piece) => pieces.push(piece));
  });
  return { url: `http://127.0.0.1:${await listening(server)}`, asked, bytes: () => Buffer.concat(pieces) };
}

function tunnel(client: Duplex, request: IncomingMessage, keep: (piece: Buffer) => void): void {
  const upstream = connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => client.write('HTTP/1.1 200 Connection established\r\n\r\n'));
  upstream.on('error', () => client.destroy());
  client.on('data', keep);
  client.on('close', () => upstream.destroy());
  client.pipe(upstream).pipe(client);
}

function transportTo(apiUrl: string, more: Partial<TransportOptions> = {}): Transport {
  const transport = openTransport({ apiUrl, timeLimitMs: 5_000, ca: certificate.cert, ...more });
  onTestFinished(() => transport.close());
  return transport;
}

async function errorOf(promise: Promise<unknown>): Promise<TransportError> {
  const error: unknown = await promise.then(() => undefined, (thrown: unknown) => thrown);
  if (!(error instanceof TransportError)) throw new Error('no error of the transport was thrown', { cause: error });
  return error;
}

describe('over TLS', () => {
  it('reaches a server whose certificate is trusted', async () => {
    const api = await secureApi();
    expect(await (await transportTo(api).fetch(`${api}/one`, { headers: { authorization: 'token t' } })).text()).toBe('/one token t');
  });

  it('refuses a certificate that is not trusted before anything is sent', async () => {
    const api = await secureApi();
    expect(await errorOf(openTransport({ apiUrl: api }).fetch(api))).toMatchObject({ reason: 'certificate', sent: false, message: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  });
});

describe('through a proxy', () => {
  it('asks it for a tunnel and sends everything inside of it, over one connection', async () => {
    const [api, way] = [await secureApi(), await proxy()];
    const transport = transportTo(api, { env: { HTTPS_PROXY: way.url } });
    for (const path of ['/one', '/two']) expect(await (await transport.fetch(`${api}${path}`, { headers: { authorization: 'token s3cret' } })).text()).toBe(`${path} token s3cret`);
    expect(way.asked.map(({ target }) => target)).toEqual([new URL(api).host]);
  });

  it('shows the proxy neither the token nor the path', async () => {
    const [api, way] = [await secureApi(), await proxy()];
    await transportTo(api, { env: { HTTPS_PROXY: way.url } }).fetch(`${api}/s3cret-path`, { headers: { authorization: 'token s3cret' } });
    expect(way.bytes().length).toBeGreaterThan(100);
    expect(way.bytes().toString('latin1')).not.toContain('s3cret');
    expect(way.asked[0]?.headers).not.toHaveProperty('authorization');
  });

  it('names itself to a proxy that wants a password, which may be encoded in its address', async () => {
    const [api, way] = [await secureApi(), await proxy()];
    await transportTo(api, { env: { https_proxy: way.url.replace('//', '//us%40er:p%3Ass@') } }).fetch(api);
    expect(way.asked[0]?.headers['proxy-authorization']).toBe(`Basic ${Buffer.from('us@er:p:ss').toString('base64')}`);
  });

  it('trusts no certificate less than without it', async () => {
    const [api, way] = [await secureApi(), await proxy()];
    expect(await errorOf(openTransport({ apiUrl: api, env: { HTTPS_PROXY: way.url } }).fetch(api))).toMatchObject({ reason: 'certificate', sent: false });
  });

  it.each([
    ['refuses', 'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n', 'proxy: answer 407'],
    ['fails', 'HTTP/1.1 502 Bad Gateway\r\n\r\n', 'proxy: answer 502'],
    ['speaks before it is spoken to', 'HTTP/1.1 200 OK\r\n\r\nhello', 'proxy: answer 200'],
  ])('tells a proxy that %s', async (_, bytes, message) => {
    const [api, way] = [await secureApi(), await proxy((client) => client.end(bytes))];
    expect(await errorOf(transportTo(api, { env: { HTTPS_PROXY: way.url } }).fetch(api))).toMatchObject({ reason: 'unreachable', sent: false, message });
  });

  it('tells a proxy that closes without a word', async () => {
    const [api, way] = [await secureApi(), await proxy((client) => client.destroy())];
    expect(await errorOf(transportTo(api, { env: { HTTPS_PROXY: way.url } }).fetch(api))).toMatchObject({ reason: 'unreachable', sent: false });
  });

  it('tells a proxy that is not there', async () => {
    const api = await secureApi();
    expect(await errorOf(transportTo(api, { env: { HTTPS_PROXY: 'http://127.0.0.1:9' } }).fetch(api))).toMatchObject({ reason: 'unreachable', sent: false, message: 'ECONNREFUSED' });
  });

  it.each([
    ['says nothing', () => undefined],
    ['lets nothing through', (client: Duplex) => void client.write('HTTP/1.1 200 OK\r\n\r\n')],
  ])('gives up within the limit on a proxy that %s, and ends the connection', async (_, answer) => {
    let ended = false;
    const api = await secureApi();
    const way = await proxy((client) => {
      client.on('end', () => (ended = true));
      client.resume();
      answer(client);
    });
    expect(await errorOf(transportTo(api, { timeLimitMs: 80, env: { HTTPS_PROXY: way.url } }).fetch(api))).toMatchObject({ sent: false });
    await expect.poll(() => ended).toBe(true);
  });

  it('goes around it where NO_PROXY says so', async () => {
    const [api, way] = [await secureApi(), await proxy()];
    await transportTo(api, { env: { HTTPS_PROXY: way.url, NO_PROXY: 'example.com, localhost' } }).fetch(api);
    expect(way.asked).toEqual([]);
  });
});

describe('which proxy', () => {
  const target = new URL('https://api.github.com/');
  const asked = (env: Record<string, string>): string | undefined => proxyFor(target, env)?.href;

  it('is none where none is named', () => {
    expect(asked({})).toBeUndefined();
    expect(asked({ HTTPS_PROXY: '', https_proxy: '' })).toBeUndefined();
    expect(asked({ HTTP_PROXY: 'http://p:1', ALL_PROXY: 'http://p:1' })).toBeUndefined();
  });

  it('is the one in lower case before the one in upper case, with or without a scheme', () => {
    expect(asked({ HTTPS_PROXY: 'http://upper:1', https_proxy: 'lower:3128' })).toBe('http://lower:3128/');
    expect(asked({ HTTPS_PROXY: 'https://upper:1' })).toBe('https://upper:1/');
  });

  it.each(['*', 'api.github.com', 'github.com', '.github.com', '*.github.com', 'GitHub.com', 'a.b github.com', 'x,github.com:443'])('is none with NO_PROXY=%s', (none) => {
    expect(asked({ HTTPS_PROXY: 'http://p:1', NO_PROXY: none })).toBeUndefined();
  });

  it.each(['', ',', 'hub.com', 'api.github.com.example', 'xapi.github.com', 'github.com:8443', '127.0.0.1', '*.'])('is the named one with NO_PROXY=%s', (none) => {
    expect(asked({ HTTPS_PROXY: 'http://p:1', no_proxy: none })).toBe('http://p:1/');
  });

  it.each(['socks5://user:s3cret@p:1', 'http://', 'file:///s3cret', 'http://p:s3cret@:99999'])('refuses what is no address of a proxy without repeating it: %s', (address) => {
    let thrown: unknown;
    try {
      proxyFor(target, { HTTPS_PROXY: address });
    } catch (error) {
      thrown = error;
    }
    if (!(thrown instanceof AuditError)) throw new Error('nothing was refused');
    expect(thrown.code).toBe('INVALID_INPUT');
    expect(thrown.message).not.toContain('s3cret');
  });
});
