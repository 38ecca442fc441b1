/** What GitHub said, made fit for a message: one short line that holds no secret. */
import { replaceShapes } from '../../model/token-shapes.ts';
import { visible } from '../../model/visible.ts';

const CHARACTERS = 200;
/** Nothing past this is looked at: an error is told in its first words. */
export const LOOKED_AT = 4_000;

/** `secrets`: values that must not be shown, whatever they look like. */
export function quotable(text: string, secrets: readonly string[] = []): string {
  const seen = withoutValues(text, secrets).slice(0, LOOKED_AT);
  const bare = replaceShapes(seen, () => '***');
  const line = visible(bare.replace(/[\s\u2028\u2029]+/g, ' ')).trim();
  const characters = [...line];
  return characters.length > CHARACTERS ? `${characters.slice(0, CHARACTERS - 1).join('').trimEnd()}…` : line;
}

function withoutValues(text: string, secrets: readonly string[]): string {
  return secrets.filter((secret) => secret.length > 0).reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}

/** The words of an answer that is not what was asked for; empty where it has none for people. */
export function wordsOf(body: unknown): string {
  if (typeof body === 'string') return body.trimStart().startsWith('<') ? '' : body;
  if (!isObject(body)) return '';
  const message = typeof body['message'] === 'string' ? body['message'] : '';
  const errors = Array.isArray(body['errors']) ? body['errors'].map(detailOf).filter((detail) => detail !== '') : [];
  return [message, ...new Set(errors)].filter((part) => part !== '').join(': ');
}

/** REST: `{ resource, field, code, message? }` or a text; GraphQL: `{ type, message }`. */
function detailOf(error: unknown): string {
  if (typeof error === 'string') return error;
  if (!isObject(error)) return '';
  if (typeof error['message'] === 'string') return error['message'];
  return [error['resource'], error['field'], error['code']].filter((part) => typeof part === 'string').join(' ');
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
