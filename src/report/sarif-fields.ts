/** Members of SARIF objects, read without trust: what is absent or of another type is `undefined` or an empty list. */
import { visible } from '../model/visible.ts';
import { asList, asObject, asText, field } from './json.ts';
import { shown } from './problems.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function objectIn(parent: JsonObject | undefined, key: string): JsonObject | undefined {
  return parent === undefined ? undefined : asObject(field(parent, key));
}

export function listIn(parent: JsonObject | undefined, key: string): readonly unknown[] {
  return (parent === undefined ? undefined : asList(field(parent, key))) ?? [];
}

/** The objects of a list; other items are left out, so positions are not those of the document. */
export function objectsIn(parent: JsonObject | undefined, key: string): JsonObject[] {
  return objectsOf(listIn(parent, key));
}

export function objectsOf(list: readonly unknown[]): JsonObject[] {
  return list.map((value) => asObject(value)).filter((value) => value !== undefined);
}

export function textIn(parent: JsonObject | undefined, key: string): string | undefined {
  return parent === undefined ? undefined : asText(field(parent, key));
}

const BRIEF_CHARACTERS = 400;

/** A text of the document within a message of ours: short, on one line, nothing hidden in it, without its full stop. */
export function brief(text: string): string {
  return shown(visible(text.slice(0, BRIEF_CHARACTERS).replace(/\s+/g, ' ').trim().replace(/\.$/, '')));
}

/** An index into a list; SARIF's -1 says that there is none. */
export function indexIn(parent: JsonObject | undefined, key: string): number | undefined {
  const value = parent === undefined ? undefined : field(parent, key);
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
