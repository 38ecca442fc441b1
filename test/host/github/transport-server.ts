/** Small servers on this machine that answer, and fail, as a test says. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createRawServer, type AddressInfo, type Server as RawServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export type Received = Readonly<{ method: string; url: string; headers: IncomingMessage['headers']; body: string; connection: number }>;
export type TestServer = Readonly<{ url: string; host: string; received: readonly Received[]; /** Ever opened, and open now. */ connections(): number; open(): number }>;
export type Responder = (request: Received, response: ServerResponse) => void;

/** Closed when the test ends; requests that hang are cut then. */
export async function serve(respond: Responder): Promise<TestServer> {
  const received: Received[] = [];
  const sockets: Socket[] = [];
  const listener: RequestListener = (request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const body = Buffer.concat(pieces).toString('utf8');
      const one = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body, connection: sockets.indexOf(request.socket) };
      received.push(one);
      respond(one, response);
    });
  };
  const server = createServer(listener);
  server.on('connection', (socket) => sockets.push(socket));
  const host = await listen(server, sockets);
  return { url: `http://${host}`, host, received, connections: () => sockets.length, open: () => sockets.filter(({ destroyed }) => !destroyed).length };
}

/** Answers each connection with these bytes, whatever was asked, and closes it. */
export async function serveBytes(bytes: string | ((socket: Socket) => void)): Promise<TestServer> {
  const sockets: Socket[] = [];
  const server = createRawServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => (typeof bytes === 'string' ? socket.end(bytes) : bytes(socket)));
  });
  const host = await listen(server, sockets);
  return { url: `http://${host}`, host, received: [], connections: () => sockets.length, open: () => sockets.filter(({ destroyed }) => !destroyed).length };
}

async function listen(server: Server | RawServer, sockets: readonly Socket[]): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export function replyJson(response: ServerResponse, value: unknown, more: Readonly<{ status?: number; headers?: Readonly<Record<string, string>> }> = {}): void {
  response.writeHead(more.status ?? 200, { 'content-type': 'application/json; charset=utf-8', ...more.headers });
  response.end(JSON.stringify(value));
}
