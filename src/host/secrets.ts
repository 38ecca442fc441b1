/** Which values of the process are secret: its own tokens, and what the environment names as such. */
import { secretForms, SHORTEST_SECRET } from '../model/redact.ts';
import { visible } from '../model/visible.ts';
import { encodeForTerminal, encodeJson } from './terminal.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that hold tokens of the run itself, whatever these look like. `INPUT_GITHUB-TOKEN` is the input `github-token`. */
const TOKENS = new Set(['ACTIONS_RUNTIME_TOKEN', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN', 'ACTIONS_RESULTS_TOKEN', 'GITHUB_TOKEN', 'GH_TOKEN', 'INPUT_GITHUB-TOKEN', 'INPUT_LOG-TOKEN']);
const NAMED_SECRET = /secret|token|password|passwd|passphrase|credential|(?:api|access|private|signing|encryption)[_-]?key|(?:^|_)(?:auth|pass|pat)(?:_|$)|_pwd$/i;
/** Where the secret is, or what it is called, but not what it is. */
const NAMED_ASIDE = /[_-](?:file|path|dir|folder|sock|socket|url|uri|host|port|id|name|type|kind|mode|scope|scopes|version|count|ttl|expiry|expires_at|expires_in)$/i;

/** In all forms in which they may stand in text, longest first. */
export function processSecrets(env: Environment): readonly string[] {
  const values = Object.entries(env).flatMap(([name, value = '']) => {
    if (TOKENS.has(name)) return [value];
    return isNamedSecret(name) ? [value, ...secretsWithin(value)].filter((one) => !isHarmless(one.trim())) : [];
  });
  const forms = secretForms(values);
  // What is redacted last is encoded already.
  const encoded = forms.flatMap((form) => [form, visible(form), encodeForTerminal(form), encodeJson(form).slice(1, -1)]);
  return [...new Set(encoded)].sort((a, b) => b.length - a.length);
}

function isNamedSecret(name: string): boolean {
  return NAMED_SECRET.test(name) && !NAMED_ASIDE.test(name);
}

/** Of credentials that are a JSON object: the values in it that it names as secret. */
function secretsWithin(value: string): string[] {
  if (!value.trimStart().startsWith('{')) return [];
  try {
    return namedWithin(JSON.parse(value));
  } catch {
    return [];
  }
}

function namedWithin(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]: [string, unknown]) => {
    if (typeof one === 'string') return isNamedSecret(name) ? [one] : [];
    return namedWithin(one);
  });
}

/** A path, an address without credentials, a number, a switch or a plain word is no secret, whatever it is called. */
function isHarmless(value: string): boolean {
  return value.length < SHORTEST_SECRET || isPath(value) || /^(?:[\d.,:_-]+|https?:\/\/[^@\s]*|[A-Za-z]?[a-z]{0,14}|[A-Z]{1,15})$/.test(value);
}

/** Base64 may begin with a slash; but it is long, and of all kinds of letters. */
function isPath(value: string): boolean {
  if (!/^(?:[.~]{0,2}\/|[A-Za-z]:[\\/])[^\n]*$/.test(value)) return false;
  return value.length < 30 || !/^[A-Za-z0-9+/=]+$/.test(value) || !/[A-Z]/.test(value) || !/[a-z]/.test(value) || !/\d/.test(value);
}
