/** Whether the token may be sent: only to the API that belongs to the server of the run, and only where nobody can listen. */
import { AuditError } from '../../errors.ts';

export type Addresses = Readonly<{ apiUrl: string; graphqlUrl: string; serverUrl: string }>;
type Environment = Readonly<Record<string, string | undefined>>;

/** Throws API_NOT_TRUSTED. */
export function assertTrusted({ apiUrl, graphqlUrl, serverUrl }: Addresses, env: Environment): void {
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') throw untrusted('NODE_TLS_REJECT_UNAUTHORIZED=0 switches off the check of certificates');
  const server = addressOf('GITHUB_SERVER_URL', serverUrl);
  const api = addressOf('GITHUB_API_URL', apiUrl);
  const graphql = addressOf('GITHUB_GRAPHQL_URL', graphqlUrl);
  const expected = expectedApi(server);
  if (api.protocol !== server.protocol) throw untrusted(`${api.origin} and ${server.origin} are not both reached over https`);
  if (api.host !== expected.host || (expected.path !== undefined && pathOf(api) !== expected.path)) {
    throw untrusted(`${api.origin}${pathOf(api)} is not the API of ${server.origin}, which is at ${expected.host}${expected.path ?? ''}`);
  }
  if (graphql.origin !== api.origin) throw untrusted(`${graphql.origin} is not where the rest of the API is, ${api.origin}`);
  if (!pathOf(graphql).endsWith('/graphql')) throw untrusted(`${graphql.origin}${pathOf(graphql)} does not end in /graphql`);
}

/** Only over https; a double on this machine may do without where server and API are the same. */
function addressOf(name: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') throw untrusted(`${name} is not the plain address of a server`);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isThisMachine(url))) return url;
  throw untrusted(`${name} is not reached over https`);
}

function isThisMachine({ hostname }: URL): boolean {
  return hostname === '127.0.0.1' || hostname === 'localhost' || hostname === '[::1]';
}

/** github.com and *.ghe.com have a host of their own for the API; GitHub Enterprise Server has a path. A double on this machine may put it anywhere on its host. */
function expectedApi(server: URL): Readonly<{ host: string; path?: string }> {
  if (server.host === 'github.com' || server.host.endsWith('.ghe.com')) return { host: `api.${server.host}`, path: '' };
  return server.protocol === 'http:' ? { host: server.host } : { host: server.host, path: '/api/v3' };
}

function pathOf({ pathname }: URL): string {
  return pathname.replace(/\/$/, '');
}

function untrusted(why: string): AuditError {
  return new AuditError('API_NOT_TRUSTED', { message: `The token is not sent: ${why}.`, exitCode: 2 });
}
