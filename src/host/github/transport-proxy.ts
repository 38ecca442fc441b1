/** The way through an HTTP proxy (HTTPS_PROXY), which self-hosted runners may need: a CONNECT tunnel, with TLS to GitHub inside it. */
import type { Agent, ClientRequest, RequestOptions } from 'node:http';
import type { Socket } from 'node:net';
import { AuditError } from '../../errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The proxy that the environment names for this address, if any; lower-case names win, as in curl. Throws INVALID_INPUT, without the address: it may hold a password. */
export function proxyFor(target: URL, env: Environment): URL | undefined {
  const address = env['https_proxy'] || env['HTTPS_PROXY'] || '';
  if (address === '' || isExempt(target, env['no_proxy'] || env['NO_PROXY'] || '')) return undefined;
  const text = address.includes('://') ? address : `http://${address}`;
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  if (proxy?.protocol !== 'http:' && proxy?.protocol !== 'https:') {
    throw new AuditError('INVALID_INPUT', { message: 'HTTPS_PROXY is not the address of an HTTP proxy, as in http://proxy.example:3128.', exitCode: 2 });
  }
  return proxy;
}

/** A name stands for itself and all below it, with or without a leading `.` or `*.`; `:port` narrows it; `*` is everything. */
function isExempt(target: URL, list: string): boolean {
  const port = target.port || '443';
  return list.toLowerCase().split(/[\s,]+/).some((entry) => {
    const [name = '', only] = entry.split(/:(?=\d+$)/);
    if (only !== undefined && only !== port) return false;
    const host = name.replace(/^\*?\./, '');
    return name === '*' || (host !== '' && (target.hostname === host || target.hostname.endsWith(`.${host}`)));
  });
}

export type TunnelOptions = Readonly<{ proxy: URL; target: URL; timeLimitMs: number; ca?: string }>;

/** Makes every new connection of the agent go through the proxy. */
export async function throughProxy(agent: Agent, options: TunnelOptions): Promise<Agent> {
  const tls = process.getBuiltinModule?.('node:tls') ?? (await import('node:tls'));
  const { request } = await loadClient(options.proxy);
  const settings = { servername: options.target.hostname, ALPNProtocols: ['http/1.1'], ...(options.ca === undefined ? {} : { ca: options.ca }) };
  const encrypt = (socket: Socket): Promise<Socket> =>
    new Promise((resolve, reject) => {
      // A request that was given up does not end the connection that is being made for it.
      const timer = setTimeout(() => fail(proxyError('no TLS')), options.timeLimitMs);
      const fail = (error: Error): void => {
        clearTimeout(timer);
        secure.destroy();
        reject(error);
      };
      const secure = tls.connect({ ...settings, socket }, () => {
        clearTimeout(timer);
        secure.removeListener('error', fail);
        resolve(secure);
      });
      secure.once('error', fail);
    });
  const connect = async (): Promise<Readonly<{ socket: Socket } | { error: Error }>> => {
    try {
      return { socket: await encrypt(await openTunnel(request, options)) };
    } catch (error) {
      return { error: error instanceof Error ? error : proxyError('no reason') };
    }
  };
  agent.createConnection = (_, callback) => {
    const handOver = async (): Promise<void> => {
      const made = await connect();
      if ('socket' in made) callback?.(null, made.socket);
      // Of what comes with an error, nothing is read.
      else callback?.(made.error, undefined as never);
    };
    void handOver();
    return undefined;
  };
  return agent;
}

type RequestFunction = (url: URL, options: RequestOptions) => ClientRequest;

async function loadClient({ protocol }: URL): Promise<Readonly<{ request: RequestFunction }>> {
  if (protocol === 'http:') return process.getBuiltinModule?.('node:http') ?? import('node:http');
  return process.getBuiltinModule?.('node:https') ?? import('node:https');
}

/** The proxy's answer decides; the reason is named by its status alone. */
function openTunnel(request: RequestFunction, { proxy, target, timeLimitMs }: TunnelOptions): Promise<Socket> {
  const authority = `${target.hostname}:${target.port || '443'}`;
  return new Promise((resolve, reject) => {
    const user = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
    const authorization = user === ':' ? {} : { 'proxy-authorization': `Basic ${Buffer.from(user, 'utf8').toString('base64')}` };
    const address = new URL(`${proxy.protocol}//${proxy.host}`);
    const asked = request(address, { method: 'CONNECT', path: authority, agent: false, headers: { host: authority, ...authorization } });
    const timer = setTimeout(() => asked.destroy(proxyError('no answer')), timeLimitMs);
    const refuse = (status: number | undefined): void => {
      clearTimeout(timer);
      asked.destroy();
      reject(proxyError(`answer ${status}`));
    };
    asked.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    asked.on('response', ({ statusCode }) => refuse(statusCode));
    asked.on('connect', ({ statusCode }, socket, head) => {
      // Bytes before we have said anything are no TLS.
      if (statusCode !== 200 || head.length > 0) return refuse(statusCode);
      clearTimeout(timer);
      resolve(socket);
    });
    asked.end();
  });
}

function proxyError(what: string): Error {
  return Object.assign(new Error(`the proxy gave ${what}`), { code: `proxy: ${what}` });
}
