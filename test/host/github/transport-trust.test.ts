import { describe, expect, it } from 'vitest';
import { AuditError } from '../../../src/errors.ts';
import { assertTrusted, type Addresses } from '../../../src/host/github/transport-trust.ts';

const CLOUD: Addresses = { serverUrl: 'https://github.com', apiUrl: 'https://api.github.com', graphqlUrl: 'https://api.github.com/graphql' };
const RESIDENT: Addresses = { serverUrl: 'https://octo.ghe.com', apiUrl: 'https://api.octo.ghe.com', graphqlUrl: 'https://api.octo.ghe.com/graphql' };
const SERVER: Addresses = { serverUrl: 'https://git.example.com', apiUrl: 'https://git.example.com/api/v3', graphqlUrl: 'https://git.example.com/api/graphql' };
const DOUBLE: Addresses = { serverUrl: 'http://127.0.0.1:4000', apiUrl: 'http://127.0.0.1:4000', graphqlUrl: 'http://127.0.0.1:4000/graphql' };

function refusal(addresses: Addresses, env: Readonly<Record<string, string>> = {}): string {
  try {
    assertTrusted(addresses, env);
  } catch (error) {
    if (error instanceof AuditError && error.code === 'API_NOT_TRUSTED') return error.message;
    throw error;
  }
  return '';
}

describe('the API that belongs to the server', () => {
  it.each([
    ['github.com', CLOUD],
    ['ghe.com', RESIDENT],
    ['a GitHub Enterprise Server', SERVER],
    ['a GitHub Enterprise Server on a port of its own', { serverUrl: 'https://git.example.com:8443', apiUrl: 'https://git.example.com:8443/api/v3', graphqlUrl: 'https://git.example.com:8443/api/graphql' }],
    ['addresses with a slash at the end', { serverUrl: 'https://github.com/', apiUrl: 'https://api.github.com/', graphqlUrl: 'https://api.github.com/graphql' }],
    ['a double on this machine', DOUBLE],
    ['a double by name', { serverUrl: 'http://localhost:1', apiUrl: 'http://localhost:1/api/v3', graphqlUrl: 'http://localhost:1/api/graphql' }],
    ['a double over IPv6', { serverUrl: 'http://[::1]:1', apiUrl: 'http://[::1]:1', graphqlUrl: 'http://[::1]:1/graphql' }],
  ])('is trusted: %s', (_, addresses) => {
    expect(refusal(addresses)).toBe('');
  });
});

describe('any other address is refused', () => {
  const cases: readonly [string, Addresses][] = [
    ['another host', { ...CLOUD, apiUrl: 'https://evil.example', graphqlUrl: 'https://evil.example/graphql' }],
    ['a host that ends alike', { ...CLOUD, apiUrl: 'https://api.github.com.evil.example' }],
    ['a host that begins alike', { ...CLOUD, apiUrl: 'https://xapi.github.com' }],
    ['github.com itself', { ...CLOUD, apiUrl: 'https://github.com/api/v3' }],
    ['another port', { ...CLOUD, apiUrl: 'https://api.github.com:8443' }],
    ['a path of github.com', { ...CLOUD, apiUrl: 'https://api.github.com/api/v3' }],
    ['the API of github.com for another server', { ...SERVER, apiUrl: 'https://api.github.com', graphqlUrl: 'https://api.github.com/graphql' }],
    ['another path of a server', { ...SERVER, apiUrl: 'https://git.example.com/pages/octo' }],
    ['another tenant', { ...RESIDENT, apiUrl: 'https://api.other.ghe.com' }],
    ['a server that only looks like a tenant', { ...RESIDENT, serverUrl: 'https://octo.ghe.com.example' }],
    ['GraphQL elsewhere', { ...CLOUD, graphqlUrl: 'https://evil.example/graphql' }],
    ['GraphQL on another port of this machine', { ...DOUBLE, graphqlUrl: 'http://127.0.0.1:4001/graphql' }],
    ['GraphQL by another name', { ...CLOUD, graphqlUrl: 'https://api.github.com/graphiql' }],
    ['no encryption', { ...CLOUD, apiUrl: 'http://api.github.com' }],
    ['no encryption of server and API', { serverUrl: 'http://git.example.com', apiUrl: 'http://git.example.com/api/v3', graphqlUrl: 'http://git.example.com/api/graphql' }],
    ['no encryption in the same house', { serverUrl: 'http://127.0.0.2', apiUrl: 'http://127.0.0.2', graphqlUrl: 'http://127.0.0.2/graphql' }],
    ['this machine for a server elsewhere', { ...CLOUD, apiUrl: 'http://127.0.0.1:4000', graphqlUrl: 'http://127.0.0.1:4000/graphql' }],
    ['this machine for a server on another port', { ...DOUBLE, serverUrl: 'http://127.0.0.1:5000' }],
    ['a name for its address', { ...DOUBLE, serverUrl: 'http://localhost:4000' }],
    ['a server over http for an API over https', { ...CLOUD, serverUrl: 'http://localhost', apiUrl: 'https://localhost', graphqlUrl: 'https://localhost/graphql' }],
    ['another scheme', { ...CLOUD, apiUrl: 'ftp://api.github.com' }],
    ['a user in the address', { ...CLOUD, apiUrl: 'https://user:s3cret@api.github.com' }],
    ['a query', { ...CLOUD, apiUrl: 'https://api.github.com/?s3cret' }],
    ['nothing', { ...CLOUD, apiUrl: '' }],
    ['no address', { ...CLOUD, serverUrl: 's3cret' }],
  ];
  it.each(cases)('%s', (_, addresses) => {
    const message = refusal(addresses);
    expect(message).toMatch(/^The token is not sent: .+\.$/);
    expect(message).not.toContain('s3cret');
  });
});

it('sends no token where certificates are not checked', () => {
  expect(refusal(CLOUD, { NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toContain('NODE_TLS_REJECT_UNAUTHORIZED=0');
  expect(refusal(CLOUD, { NODE_TLS_REJECT_UNAUTHORIZED: '1' })).toBe('');
});
