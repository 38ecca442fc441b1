/** Redaction of a run: everything of it that is shown or kept, and what a finding is known by where its name held a secret. */
import type { CheckRun, Finding } from './finding.ts';
import { compareText } from './order.ts';
import { keyPrint } from './print.ts';
import type { Problem } from './problem.ts';
import { MASK, redactValue } from './redact.ts';
import type { Run } from './run.ts';

/** Hashes, words of a vocabulary, and names by which the data of a branch is found again: never taken from evidence. */
const KEPT: ReadonlySet<string> = new Set([
  'schema', 'key', 'commit', 'tree', 'tested', 'sha256', 'print', 'configuration', 'trigger', 'mode', 'how', 'kind', 'severity', 'status', 'outcome', 'step', 'reported', 'code', 'start', 'end',
  'defaultBranch', 'baselineBranch',
]);

/**
 * Every other text of the run, names of tests and paths too, so that no sink can show more than another. A test whose name held a secret is known by
 * the name without it: a token differs from run to run.
 */
export function redactRun(run: Run, secrets: readonly string[]): Run {
  const { value: redacted, found } = redactValue(run, secrets, KEPT);
  if (found === 0) return run;
  return {
    ...redacted,
    checks: redacted.checks.map((check, at) => withoutDoubtful(check, originalsOf(run, redacted, at))),
    findings: redacted.findings.map((finding, at) => (finding.place.test === run.findings[at]?.place.test ? finding : { ...finding, print: testPrint(finding) })),
    problems: [...redacted.problems, redactedProblem(found)],
  };
}

/** As collecting makes it of a name. */
function testPrint({ check, place, print, flaky }: Finding): Finding['print'] {
  const name = [check, place.test ?? ''];
  return { ...keyPrint(flaky === true ? [...name, 'flaky'] : name), ...(print.id === undefined ? {} : { id: print.id }) };
}

type Originals = ReadonlyMap<string, ReadonlySet<string>>;

/** Of the names that a check states: what each redacted one stands for. `null` where nothing in them was redacted. */
function originalsOf(run: Run, redacted: Run, at: number): Originals | null {
  const [before, after] = [run.checks[at], redacted.checks[at]];
  if (before === undefined || after === undefined) return null;
  const failing = run.findings.flatMap((finding, index) => (finding.check === before.check ? [[finding.place.test, redacted.findings[index]?.place.test]] : []));
  const pairs = [...pairsOf(before.covered, after.covered), ...pairsOf(before.notAnalysed, after.notAnalysed), ...failing];
  if (pairs.every(([name, shown]) => name === shown)) return null;
  const originals = new Map<string, Set<string>>();
  for (const [name, shown] of pairs) if (name !== undefined && shown !== undefined) originals.set(shown, (originals.get(shown) ?? new Set()).add(name));
  return originals;
}

function pairsOf(before: readonly string[], after: readonly string[]): (readonly [string, string | undefined])[] {
  return before.map((name, at) => [name, after[at]]);
}

/** Names that differ by nothing but a secret are one now: that it passed would not say which of them did. */
function withoutDoubtful(check: CheckRun, originals: Originals | null): CheckRun {
  if (originals === null) return check;
  const own = (names: readonly string[]): string[] => [...new Set(names)].sort(compareText);
  return { ...check, covered: own(check.covered.filter((name) => (originals.get(name)?.size ?? 1) === 1)), notAnalysed: own(check.notAnalysed) };
}

function redactedProblem(found: number): Problem {
  return { code: 'REDACTED', message: `${found} ${found === 1 ? 'place' : 'places'} in the evidence held a secret, or what looks like one; ${MASK} stands there instead.` };
}
