/**
 * The identity of a test in a JUnit report: its full name.
 *
 * Parts: names of the open suites from the outermost in (not that of `testsuites`, which names the run), class name, test name, joined by ` > `.
 * - A part that says the same as one before it, or as the test name, is left out (`a.b`, `a/b`, `a\b` and `a::b` say the same), and so is a blank one.
 * - A suite named by an absolute path is left out: it differs from machine to machine.
 * - Unicode is composed (NFC); any run of white space, no-break spaces too, is one blank; case counts.
 * - The second test of one name in a report gets ` [2]`, the third ` [3]`.
 */
import { ownCopy } from './text.ts';

const SEPARATOR = ' > ';
/** What a clean name has none of. */
const UNCLEAN = /[^ -~]| {2}|^ | $/;
/** What tools put between the parts of a name, and those of them that can stand for a point. */
const DIVIDERS = '\\/:.';
const SLASHES = /[\\/:]/;
const ABSOLUTE = /^(?:\/|\\\\|[A-Za-z]:[\\/])/;

/** The suites that are open, and the joined name up to here. */
export type SuiteNames = Readonly<{ parts: readonly string[]; path: string }>;

export const NO_SUITE: SuiteNames = { parts: [], path: '' };

/** Of a suite inside of another, or of a class inside of its suite. */
export function suiteNames(outer: SuiteNames, name: string | undefined): SuiteNames {
  const part = cleanName(name ?? '');
  if (part === '' || ABSOLUTE.test(part) || outer.parts.some((other) => saysTheSame(other, part))) return outer;
  return { parts: [...outer.parts, part], path: ownCopy(joined(outer.path, part)) };
}

export function testName({ parts, path }: SuiteNames, name: string): string {
  const test = joined(path, name);
  // The pattern has to look at one text, so the parts become one: they no longer hold the input from which they were cut.
  const own = UNCLEAN.test(test) ? cleanName(name) : name;
  const last = parts.at(-1);
  if (last === undefined) return own === '' ? 'a test without a name' : ownCopy(own);
  if (saysTheSame(last, own)) return path;
  return own === name ? test : ownCopy(joined(path, own));
}

export function cleanName(name: string): string {
  if (!UNCLEAN.test(name)) return name;
  return name.normalize('NFC').replace(/\s+/g, ' ').trim();
}

function saysTheSame(a: string, b: string): boolean {
  return a === b || (endsTheSame(a, b) && (SLASHES.test(a) || SLASHES.test(b)) && plain(a) === plain(b));
}

/** Rules out nearly all pairs of names. */
function endsTheSame(a: string, b: string): boolean {
  const last = a.at(-1);
  const other = b.at(-1);
  return last === other || (last !== undefined && other !== undefined && DIVIDERS.includes(last) && DIVIDERS.includes(other));
}

function plain(name: string): string {
  return name.replace(/[\\/:.]+/g, '.');
}

function joined(path: string, part: string): string {
  if (path === '') return part;
  return part === '' ? path : `${path}${SEPARATOR}${part}`;
}

/** Gives each occurrence of a name its own, and remembers which names stood for more than one test. */
export type Occurrences = Readonly<{
  next(test: string): string;
  /** The names of all occurrences, for each name that had several. */
  repeated(): readonly (readonly string[])[];
}>;

export function openOccurrences(): Occurrences {
  const taken = new Set<string>();
  const repeats = new Map<string, string[]>();
  return {
    next(test) {
      const before = taken.size;
      // One look-up instead of two.
      if (taken.add(test).size > before) return test;
      const names = repeats.get(test) ?? [test];
      repeats.set(test, names);
      let nth = names.length + 1;
      while (taken.has(`${test} [${nth}]`)) nth += 1;
      const name = `${test} [${nth}]`;
      taken.add(name);
      names.push(name);
      return name;
    },
    repeated: () => [...repeats.values()],
  };
}
