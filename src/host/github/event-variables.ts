/** The variables by which the runner tells a step where it runs. https://docs.github.com/actions/reference/workflows-and-actions/variables */
import { AuditError } from '../../errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const SHA = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
/** Names of a workflow or a person, as they are shown. */
const SHOWN_LENGTH = 100;

/** Text is cut to 100 characters, which `…` says, and what ends a line or controls a terminal becomes a space. Empty when not set. */
export function shownVariable(env: Environment, name: string): string {
  const characters = [...(env[name] ?? '').replace(/[\0-\x1f\x7f-\x9f\u2028\u2029]+/gu, ' ').trim()];
  return characters.length <= SHOWN_LENGTH ? characters.join('') : `${characters.slice(0, SHOWN_LENGTH - 1).join('')}…`;
}

/** Throws EVENT_UNUSABLE. */
export function shaVariable(env: Environment, name: string): string {
  const value = env[name] ?? '';
  if (!SHA.test(value)) throw unusableVariable(env, name, 'a commit id of 40 or 64 hex digits');
  return value;
}

/** Throws EVENT_UNUSABLE. */
export function numberVariable(env: Environment, name: string): number {
  const value = env[name] ?? '';
  const number = Number(value);
  if (!/^[1-9]\d{0,15}$/.test(value) || !Number.isSafeInteger(number)) throw unusableVariable(env, name, 'a number above 0');
  return number;
}

/** Throws EVENT_UNUSABLE where the variable does not have the form. */
export function formedVariable(env: Environment, name: string, form: Readonly<{ pattern: RegExp; expected: string }>): string {
  const value = env[name] ?? '';
  if (!form.pattern.test(value)) throw unusableVariable(env, name, form.expected);
  return value;
}

/** An address without a slash at its end. Throws EVENT_UNUSABLE for what is none, or holds a user, a query or a fragment. */
export function addressVariable(env: Environment, name: string, fallback: string): string {
  const value = env[name] === undefined || env[name] === '' ? fallback : env[name];
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isPlain = url !== undefined && (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (!isPlain) throw unusableVariable(env, name, 'an http or https address without user, query and fragment');
  return url.href.replace(/\/+$/, '');
}

function unusableVariable(env: Environment, name: string, expected: string): AuditError {
  const value = env[name];
  // The value itself is not shown: it may hold anything.
  return new AuditError('EVENT_UNUSABLE', { message: `The variable ${name} ${value === undefined || value === '' ? 'is not set' : 'has another form'}: expected ${expected}.`, exitCode: 2 });
}
