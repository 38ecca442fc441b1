import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openTransport, TransportError, type Transport, type TransportOptions } from '../../../src/host/github/transport.ts';
import { replyJson, serve, serveBytes, type TestServer } from './transport-server.ts';

function transportTo({ url }: Pick<TestServer, 'url'>, more: Partial<TransportOptions> = {}): Transport {
  const transport = openTransport({ apiUrl: url, timeLimitMs: 5_000, ...more });
  onTestFinished(() => transport.close());
  return transport;
}

async function errorOf(promise: Promise<unknown>): Promise<TransportError> {
  const error: unknown = await promise.then(() => undefined, (thrown: unknown) => thrown);
  if (!(error instanceof TransportError)) throw new Error('no error of the transport was thrown', { cause: error });
  return error;
}

/** The address of a port that nothing listens on any more. */
async function deadAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

describe('a whole exchange', () => {
  it('sends method, headers and body as given, and answers with status, headers and bytes', async () => {
    const server = await serve((_, response) => replyJson(response, { ok: 'é' }, { status: 201, headers: { 'x-one': '1' } }));
    const answer = await transportTo(server).fetch(`${server.url}/a/b?c=1`, { method: 'POST', headers: { accept: 'x/y', authorization: 'token t' }, body: '{"ü":1}' });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-one')).toBe('1');
    expect([...answer.headers].every(([name, value]) => typeof name === 'string' && typeof value === 'string')).toBe(true);
    expect(await answer.text()).toBe('{"ok":"é"}');
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(new Uint8Array(Buffer.from('{"ok":"é"}')));
    expect(server.received[0]).toMatchObject({ method: 'POST', url: '/a/b?c=1', body: '{"ü":1}', headers: { accept: 'x/y', authorization: 'token t', 'content-length': '8' } });
  });

  it('keeps bytes that are no text as they are', async () => {
    const bytes = Uint8Array.from({ length: 512 }, (_, at) => at % 256);
    const server = await serve((_, response) => response.end(bytes));
    const { body } = await transportTo(server).fetch(server.url);
    expect(Buffer.compare(body, bytes)).toBe(0);
  });

  it('reads an answer that comes compressed', async () => {
    const server = await serve(({ headers }, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync(`asked for ${String(headers['accept-encoding'])}`));
    });
    expect(await (await transportTo(server).fetch(server.url)).text()).toBe('asked for gzip');
  });

  it('reads a body that ends with its connection', async () => {
    const server = await serveBytes(`HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(300_000)}`);
    expect((await transportTo(server).fetch(server.url)).body).toHaveLength(300_000);
  });

  it('uses one connection for calls in turn, and ends it when closed', async () => {
    const server = await serve((_, response) => replyJson(response, {}));
    const transport = transportTo(server);
    for (let at = 0; at < 5; at += 1) await transport.fetch(`${server.url}/${at}`);
    expect(server.connections()).toBe(1);
    transport.close();
    await expect.poll(() => server.open()).toBe(0);
  });

  it('opens at most four connections for calls at once', async () => {
    const server = await serve((_, response) => void setTimeout(() => replyJson(response, {}), 20));
    const transport = transportTo(server);
    await Promise.all(Array.from({ length: 12 }, (_, at) => transport.fetch(`${server.url}/${at}`)));
    expect(server.received).toHaveLength(12);
    expect(server.connections()).toBe(4);
  });

  it('may be closed before anything was sent', () => {
    expect(() => openTransport({ apiUrl: 'https://api.github.com' }).close()).not.toThrow();
  });
});

describe('where a request goes', () => {
  it.each(['http://127.0.0.1:1/', 'https://127.0.0.1/', 'http://localhost/', 'http://example.com/'])('sends nothing to another origin than that of the API: %s', async (address) => {
    const server = await serve((_, response) => replyJson(response, {}));
    const error = await errorOf(transportTo(server).fetch(address, { headers: { authorization: 'token t' } }));
    expect(error).toMatchObject({ reason: 'foreign-host', sent: false });
  });

  it.each([301, 302, 303, 307, 308])('SEC-120: follows no redirect (%i), neither here nor to another host', async (status) => {
    const other = await serve((_, response) => replyJson(response, {}));
    const server = await serve((_, response) => response.writeHead(status, { location: `${other.url}/elsewhere` }).end());
    const answer = await transportTo(server).fetch(server.url, { method: 'POST', headers: { authorization: 'token t' }, body: 'x' });
    expect(answer.status).toBe(status);
    expect(other.received).toEqual([]);
    expect(server.received).toHaveLength(1);
  });
});

describe('no whole answer', () => {
  it('tells that nobody listens, and that nothing was sent', async () => {
    const url = await deadAddress();
    expect(await errorOf(transportTo({ url }).fetch(url))).toMatchObject({ reason: 'unreachable', sent: false, message: 'ECONNREFUSED' });
  });

  it('tells that a name is not known, and that nothing was sent', async () => {
    const url = 'http://no-such-host.invalid';
    expect(await errorOf(transportTo({ url }).fetch(url))).toMatchObject({ reason: 'unreachable', sent: false });
  });

  it('tells a connection that is closed without an answer from one that never stood', async () => {
    const server = await serveBytes((socket) => socket.destroy());
    expect(await errorOf(transportTo(server).fetch(server.url))).toMatchObject({ reason: 'interrupted', sent: true });
  });

  it('tells a connection that is reset', async () => {
    const server = await serveBytes((socket) => socket.resetAndDestroy());
    expect(await errorOf(transportTo(server).fetch(server.url, { method: 'POST', body: '{}' }))).toMatchObject({ reason: 'interrupted', sent: true, message: 'ECONNRESET' });
  });

  it('SEC-119: gives up on a server that says nothing, within the limit', async () => {
    const server = await serve(() => undefined);
    const from = performance.now();
    expect(await errorOf(transportTo(server, { timeLimitMs: 60 }).fetch(server.url))).toMatchObject({ reason: 'timeout', sent: true });
    expect(performance.now() - from).toBeLessThan(1_000);
    await expect.poll(() => server.open()).toBe(0);
  });

  it('SEC-119: gives up on a body that comes a byte at a time, within the limit', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      const timer = setInterval(() => response.write('x'), 5);
      response.on('close', () => clearInterval(timer));
    });
    expect(await errorOf(transportTo(server, { timeLimitMs: 80 }).fetch(server.url))).toMatchObject({ reason: 'timeout', sent: true });
  });

  it.each([
    ['a body shorter than its length', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"a":1}'],
    ['a body longer than its length', 'HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n{"a":1}{"b":2}'],
    ['chunks without an end', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n7\r\n{"a":1}\r\n'],
    ['half a chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n70\r\n{"a":1}'],
    ['half a head', 'HTTP/1.1 200 OK\r\ncontent-len'],
    ['a change to another protocol', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: y\r\nconnection: upgrade\r\n\r\n'],
    ['something that is not HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ])('takes %s for no answer', async (_, bytes) => {
    const server = await serveBytes(bytes);
    expect(await errorOf(transportTo(server).fetch(server.url))).toMatchObject({ reason: 'interrupted', sent: true });
  });

  it('takes half of a compressed body for damaged', async () => {
    const server = await serve((_, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync('a'.repeat(1_000)).subarray(0, 20));
    });
    expect(await errorOf(transportTo(server).fetch(server.url))).toMatchObject({ reason: 'damaged', sent: true });
  });

  it('refuses an encoding that it did not ask for', async () => {
    const server = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'br' }).end('x'));
    expect(await errorOf(transportTo(server).fetch(server.url))).toMatchObject({ reason: 'damaged' });
  });
});

it('makes an answer or an error of whatever bytes come', async () => {
  let bytes = Buffer.alloc(0);
  const server = await serveBytes((socket) => socket.end(bytes));
  const head = fc.constantFrom('HTTP/1.1 200 OK\r\n', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n', 'HTTP/1.0 302 x\r\nlocation: ::\r\n', 'HTTP/1.1 101 x\r\nupgrade: y\r\nconnection: upgrade\r\n', '');
  const field = fc.constantFrom('content-length: 3\r\n', 'content-length: -1\r\n', 'transfer-encoding: chunked\r\n', 'content-encoding: gzip\r\n', 'content-encoding: x\r\n', 'connection: keep-alive\r\n', '\r\n');
  const answer = fc.tuple(head, fc.array(field, { maxLength: 4 }), fc.uint8Array({ maxLength: 40 }));
  await fc.assert(
    fc.asyncProperty(answer, async ([first, fields, rest]) => {
      bytes = Buffer.concat([Buffer.from(`${first}${fields.join('')}\r\n`), rest]);
      const outcome: unknown = await transportTo(server, { timeLimitMs: 2_000 }).fetch(server.url).catch((thrown: unknown) => thrown);
      expect(outcome instanceof TransportError ? outcome.sent : outcome).toSatisfy((told: unknown) => told === true || (typeof told === 'object' && told !== null && 'status' in told));
    }),
    { numRuns: 200 },
  );
});

describe('the most of an answer', () => {
  const answerBytes = { json: 1_000, raw: 5_000 };

  it('stops at the limit, and cuts the connection', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'.repeat(400)), 1);
      response.on('close', () => clearInterval(timer));
    });
    expect(await errorOf(transportTo(server, { answerBytes }).fetch(server.url))).toMatchObject({ reason: 'too-large', sent: true });
    await expect.poll(() => server.open()).toBe(0);
  });

  it('takes an answer of just the limit', async () => {
    const server = await serve((_, response) => response.end('x'.repeat(1_000)));
    expect((await transportTo(server, { answerBytes }).fetch(server.url)).body).toHaveLength(1_000);
  });

  it('is larger where a file itself is asked for', async () => {
    const server = await serve((_, response) => response.end('x'.repeat(5_000)));
    const transport = transportTo(server, { answerBytes });
    expect((await transport.fetch(server.url, { headers: { accept: 'application/vnd.github.raw+json' } })).body).toHaveLength(5_000);
    expect(await errorOf(transport.fetch(server.url, { headers: { accept: 'application/vnd.github+json' } }))).toMatchObject({ reason: 'too-large' });
  });

  it('counts what a compressed answer unpacks to', async () => {
    const server = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('0'.repeat(50_000_000))));
    expect(await errorOf(transportTo(server, { answerBytes: { json: 1_000_000, raw: 1 } }).fetch(server.url))).toMatchObject({ reason: 'too-large' });
  });
});

describe('what is said of a failure', () => {
  it('SEC-125: holds neither headers nor body of the request', async () => {
    const secret = 's3cret'.repeat(6);
    const server = await serveBytes((socket) => socket.resetAndDestroy());
    const error = await errorOf(transportTo(server).fetch(`${server.url}/${secret}`, { method: 'POST', headers: { authorization: `token ${secret}` }, body: secret }));
    expect(`${error.message}${String(error.stack)}${JSON.stringify(error)}`).not.toContain(secret);
    expect(error.cause).toBeUndefined();
  });
});
