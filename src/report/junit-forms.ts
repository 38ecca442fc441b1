/**
 * The forms in which a report writes its passing tests: an element without content, its attributes in the same order as in the tests before.
 * One regular expression for a whole form is many times faster than the general reading.
 */
import type { Attributes } from './xml-state.ts';

/** `name` and `classname`: which group of the pattern holds it. */
export type Form = Readonly<{ pattern: RegExp; name: number; classname: number }>;

/** `last`: the order of attributes in the last test that was read in general. */
export type Forms = { current: Form | undefined; last: string; readonly known: Map<string, Form> };

/** A tool has few; what mixes more is read in general. */
const MOST_FORMS = 8;

/** Written by us for each name that we know: nothing of a report gets into a pattern. References are resolved in names only. */
const SOURCES: ReadonlyMap<string, string> = new Map([
  ...['name', 'classname'].map((name) => [name, ` ${name}="([^"<\\t\\n]*)"`] as const),
  ...['assertions', 'class', 'file', 'filepath', 'hostname', 'id', 'line', 'lineno', 'time', 'timestamp', 'url'].map((name) => [name, ` ${name}="[^"&<\\t\\n]*"`] as const),
  // Only words that say that the test passed.
  ['status', ' status="(?:run|passed)"'],
  ['result', ' result="completed"'],
]);

export function openForms(): Forms {
  return { current: undefined, last: '', known: new Map() };
}

/** Takes the form of a test into use; a new one when it comes the second time in a row, since a pattern costs more than a test. */
export function learnForm(forms: Forms, attributes: Attributes): void {
  const names = [...attributes.keys()];
  const order = names.join(' ');
  const form = forms.known.get(order) ?? (order === forms.last && forms.known.size < MOST_FORMS ? formOf(names) : undefined);
  forms.last = order;
  if (form === undefined) return;
  forms.known.set(order, form);
  forms.current = form;
}

function formOf(names: readonly string[]): Form | undefined {
  const sources = names.map((name) => SOURCES.get(name));
  const name = names.indexOf('name');
  const classname = names.indexOf('classname');
  // Without a class name, `class` is one.
  if (name < 0 || sources.includes(undefined) || (classname < 0 && names.includes('class'))) return undefined;
  const isNameFirst = classname < 0 || name < classname;
  return { pattern: new RegExp(`[ \\t\\n]*<testcase${sources.join('')} ?/>`, 'y'), name: isNameFirst ? 1 : 2, classname: isNameFirst ? 2 : 1 };
}
