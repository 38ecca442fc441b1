/** The inventory of a branch's tests: the names last seen to run, so that a test that vanished can be told from one that never was. */
import type { CheckRun, Finding } from './finding.ts';
import { compareText, sortedTexts } from './order.ts';
import type { Run } from './run.ts';

/** The first line: names what follows and its version. */
const HEADER = '# audit-run-log tests 1';
/** A check with more names than this keeps counts for each suite: a million names are 60 MB. */
const NAMES_KEPT = 20_000;

/**
 * One line `check`, tab, test name for each test, or `check`, tab, suite, tab, count; sorted within a check. A check that did not run to its end
 * keeps the lines it had, and so does one that was not part of the run, unless its task is retired. `before`: the file as it was, `null` for none.
 */
export function nextInventory(before: string | null, run: Run): string | null {
  const kept = linesByCheck(before ?? '');
  for (const check of kept.keys()) if (run.retiredTasks.some((task) => check.startsWith(`${escapeField(task)}/`))) kept.delete(check);
  const failing = failingByCheck(run.findings);
  for (const check of run.checks) {
    if (check.scope === 'tests' && check.status === 'complete') kept.set(escapeField(check.check), linesOf(check, failing.get(check.check) ?? []));
  }
  const lines = [...kept].sort(([a], [b]) => compareText(a, b)).flatMap(([, own]) => own);
  return lines.length === 0 && before === null ? null : `${[HEADER, ...lines].join('\n')}\n`;
}

function linesByCheck(text: string): Map<string, readonly string[]> {
  const checks = new Map<string, string[]>();
  for (const line of text.split('\n').slice(1)) {
    const check = line.slice(0, Math.max(0, line.indexOf('\t')));
    const own = checks.get(check);
    if (check === '') continue;
    if (own === undefined) checks.set(check, [line]);
    else own.push(line);
  }
  return checks;
}

function failingByCheck(findings: readonly Finding[]): ReadonlyMap<string, readonly string[]> {
  const failing = new Map<string, string[]>();
  for (const { check, place: { test } } of findings) {
    if (test === undefined) continue;
    const own = failing.get(check);
    if (own === undefined) failing.set(check, [test]);
    else own.push(test);
  }
  return failing;
}

function linesOf({ check, covered }: CheckRun, failing: readonly string[]): string[] {
  const seen = new Set([...covered, ...failing]);
  // A suite is named too where it could fail as a whole.
  const suitesOf = suitesAround(seen);
  const names = [...seen].filter((name) => !suitesOf.has(name));
  const lead = `${escapeField(check)}\t`;
  if (names.length <= NAMES_KEPT) return sortedTexts(names.map(escapeField)).map((name) => `${lead}${name}`);
  const suites = new Map<string, number>();
  for (const name of names) suites.set(suiteOf(name), (suites.get(suiteOf(name)) ?? 0) + 1);
  return [...suites].map(([suite, count]) => `${lead}${escapeField(suite)}\t${count}`).sort(compareText);
}

/** Between the names of suites and tests. */
const BETWEEN = ' > ';

/** The suites around tests, as they stand in their full names. */
function suitesAround(names: Iterable<string>): ReadonlySet<string> {
  const suites = new Set<string>();
  let last = '';
  for (const name of names) {
    const ends: number[] = [];
    for (let at = name.indexOf(BETWEEN); at >= 0; at = name.indexOf(BETWEEN, at + BETWEEN.length)) ends.push(at);
    // Tests of a suite mostly stand together.
    if (ends.length === 0 || (ends.at(-1) === last.length && name.startsWith(last))) continue;
    for (const end of ends) suites.add(name.slice(0, end));
    last = name.slice(0, ends.at(-1));
  }
  return suites;
}

/** What stands before the last ` > `. */
function suiteOf(name: string): string {
  const at = name.lastIndexOf(BETWEEN);
  return at < 0 ? '' : name.slice(0, at);
}

/** Tabs and line ends within a name, and the backslash that marks them. */
function escapeField(text: string): string {
  return text.replace(/[\\\t\n\r]/g, (character) => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' })[character] ?? character);
}
