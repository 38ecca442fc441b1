/** The verdict: the table of rows that decide the outcome, and their maximum. Nothing else ever lowers or raises an outcome. */
import type { Comparison, SeenFinding } from './comparison.ts';
import { OWN_RULES } from './finding.ts';
import { OUTCOMES, type Outcome, type OutcomeRow, type Verdict } from './outcome.ts';
import { speaksOfChange, type Run } from './run.ts';
import type { Severity } from './severity.ts';
import type { Task } from './task.ts';

type Facts = Readonly<{ run: Run; comparison: Comparison }>;
/** `null`: the row does not apply. `count` and `what` make the reason; `findings` are ids. */
type Applied = Readonly<{ reason: string; findings?: readonly string[] }> | null;
/** `change`: outcome for a pull request, which speaks of its change only; `branch`: for everything else. */
type Row = Readonly<{ rule: string; change: Outcome; branch: Outcome; applies(facts: Facts): Applied }>;

/** Worst first, and in the order in which reasons are told. Table of `findings.md` 3.2 as settled in the design, rows without evidence so far left out. */
const ROWS: readonly Row[] = [
  { rule: 'no-evidence', change: 'failed', branch: 'failed', applies: ({ run }) => (run.tasks.length === 0 ? { reason: 'nothing was given that could be audited' } : null) },
  { rule: 'test-broke', change: 'failed', branch: 'failed', applies: (facts) => findingsRow(newOnes(facts).filter(isFailingTest), (count) => `${count} ${plural(count, 'test')} ${facts.comparison.firstRun ? (count === 1 ? 'fails' : 'fail') : 'broke'}`) },
  { rule: 'test-still-failing', change: 'pass', branch: 'failed', applies: ({ comparison }) => findingsRow(comparison.persisting.filter(isFailingTest), (count) => `${count} ${plural(count, 'test')} still ${count === 1 ? 'fails' : 'fail'}`) },
  { rule: 'build-failed', change: 'failed', branch: 'failed', applies: tasksRow((task) => task.kind === 'build' && task.outcome === 'failed' && task.required, 'failed') },
  { rule: 'task-unfinished', change: 'failed', branch: 'failed', applies: tasksRow((task, run) => task.required && leftNoEvidence(task, run), 'left no evidence that can be used') },
  { rule: 'task-failed', change: 'failed', branch: 'failed', applies: tasksRow((task, run) => task.required && task.kind !== 'build' && failedUnexplained(task, run), 'failed without a report that explains it') },
  { rule: 'cancelled', change: 'failed', branch: 'failed', applies: tasksRow((task) => task.required && task.outcome === 'cancelled', 'was cancelled') },
  { rule: 'opened-p0-p1', change: 'failed', branch: 'failed', applies: (facts) => openedRow(facts, ['P0', 'P1'], (count) => `${count} ${plural(count, 'finding')} of P0 or P1`) },
  { rule: 'open-p0', change: 'pass', branch: 'failed', applies: ({ comparison }) => findingsRow(atSeverity(comparison.persisting, ['P0']), (count) => `${count} P0 ${plural(count, 'finding')} still open`) },
  { rule: 'checkout-differs', change: 'pass-with-known-gaps', branch: 'pass-with-known-gaps', applies: ({ run }) => (run.problems.some(({ code }) => code === 'CHECKOUT_DIFFERS') ? { reason: 'the workspace held another commit than the one that is audited' } : null) },
  { rule: 'optional-task', change: 'pass-with-known-gaps', branch: 'pass-with-known-gaps', applies: tasksRow((task, run) => !task.required && (task.outcome === 'cancelled' || leftNoEvidence(task, run) || failedUnexplained(task, run)), 'is optional and gave no good result') },
  { rule: 'first-run', change: 'pass-with-known-gaps', branch: 'pass-with-known-gaps', applies: ({ comparison }) => (comparison.firstRun ? { reason: 'first audit: nothing to compare with yet' } : null) },
  { rule: 'opened-p2', change: 'pass-with-known-gaps', branch: 'pass-with-known-gaps', applies: (facts) => openedRow(facts, ['P2'], (count) => `${count} P2 ${plural(count, 'finding')}`) },
  { rule: 'vanishing-held', change: 'pass-with-known-gaps', branch: 'pass-with-known-gaps', applies: ({ comparison }) => listRow(comparison.heldChecks, (count) => `too many findings of ${count} ${plural(count, 'check')} vanished at once to believe it`) },
  { rule: 'unverified-p0-p1', change: 'pass-with-known-gaps', branch: 'pass-with-known-gaps', applies: unverifiedRow },
  { rule: 'task-absent', change: 'pass-with-known-gaps', branch: 'pass-with-known-gaps', applies: ({ comparison }) => listRow(comparison.absentTasks, (count) => `${count} ${plural(count, 'task')} of earlier runs did not run`) },
  { rule: 'task-skipped', change: 'pass-with-known-gaps', branch: 'pass-with-known-gaps', applies: tasksRow((task) => task.outcome === 'skipped', 'was skipped') },
  { rule: 'check-missing', change: 'pass-with-known-gaps', branch: 'pass-with-known-gaps', applies: ({ run }) => listRow(missingChecks(run), (count) => `${count} ${plural(count, 'check')} of earlier runs left no report`) },
  { rule: 'new-check', change: 'pass-with-known-gaps', branch: 'pass-with-known-gaps', applies: ({ comparison }) => listRow(comparison.newChecks, (count) => `${count} ${plural(count, 'check')} ran for the first time`) },
  { rule: 'open-p1', change: 'pass', branch: 'pass-with-known-gaps', applies: ({ comparison }) => findingsRow(atSeverity(comparison.persisting.filter(isNoTest), ['P1']), (count) => `${count} P1 ${plural(count, 'finding')} still open`) },
];

/** What a pass may claim: no more than what was seen. */
function passReason(run: Run, comparison: Comparison): string {
  const opened = comparison.opened.length + comparison.reopened.length === 0 ? 'nothing opened' : 'nothing opened of P2 or worse';
  // Tests that are skipped are told as such; a file that could not be analysed is a part of the check that did not run.
  const isWhole = run.checks.every(({ status, scope, notAnalysed }) => status === 'complete' && (scope === 'tests' || notAnalysed.length === 0)) && comparison.unverified.length === 0;
  return isWhole ? `${opened} and every check ran to the end` : `${opened}, though not everything could be checked`;
}

/** Rows whose outcome is `pass` for this run are left out: they did not decide anything. */
export function judgeAudit(run: Run, comparison: Comparison): Verdict {
  const column = speaksOfChange(run.context) ? 'change' : 'branch';
  const rows = ROWS.flatMap((row): OutcomeRow[] => {
    const applied = row.applies({ run, comparison });
    return applied === null || row[column] === 'pass' ? [] : [{ rule: row.rule, outcome: row[column], reason: applied.reason, findings: applied.findings ?? [] }];
  }).sort((a, b) => OUTCOMES.indexOf(b.outcome) - OUTCOMES.indexOf(a.outcome));
  const [deciding] = rows;
  return {
    outcome: deciding?.outcome ?? 'pass',
    reason: deciding?.reason ?? passReason(run, comparison),
    rows,
    cancelled: deciding !== undefined && rows.every((row) => row.outcome !== 'failed' || row.rule === 'cancelled') && deciding.rule === 'cancelled',
  };
}

function newOnes({ comparison }: Facts): readonly SeenFinding[] {
  return [...comparison.opened, ...comparison.reopened];
}

function openedRow(facts: Facts, severities: readonly Severity[], what: (count: number) => string): Applied {
  const pairs = atSeverity(newOnes(facts).filter(isNoTest), severities);
  const again = pairs.filter((pair) => facts.comparison.reopened.includes(pair)).length;
  const happened = again === 0 ? 'opened' : again === pairs.length ? 'reopened' : 'opened or reopened';
  return findingsRow(pairs, (count) => `${what(count)} ${happened}`);
}

function isFailingTest({ seen }: SeenFinding): boolean {
  return seen.kind === 'test' && seen.flaky !== true;
}

function isNoTest(pair: SeenFinding): boolean {
  return !isFailingTest(pair);
}

function atSeverity(pairs: readonly SeenFinding[], severities: readonly Severity[]): readonly SeenFinding[] {
  return pairs.filter(({ seen }) => severities.includes(seen.severity));
}

/** A report was expected and could not be used, or nothing at all is known, whatever the reports beside it say. */
export function leftNoEvidence(task: Task, run: Run): boolean {
  if (task.reported === 'unknown' || task.outcome === 'unknown') return true;
  return run.findings.some((finding) => finding.task === task.name && finding.rule === OWN_RULES.noReport);
}

/** A complete report that lists what is wrong explains a failure: that is judged one by one. Where none does, the run says so by a finding of its own. */
export function failedUnexplained(task: Task, run: Run): boolean {
  // Without usable evidence it is told as that.
  if (task.outcome !== 'failed' || task.reported === 'unknown') return false;
  const own: readonly string[] = [OWN_RULES.stepFailed, OWN_RULES.hiddenFailures];
  return task.reported !== 'failed' || run.findings.some((finding) => finding.task === task.name && own.includes(finding.rule)) || !run.findings.some(({ task: name }) => name === task.name);
}

/** Of tasks that have evidence beside: those without are told as such. */
function missingChecks(run: Run): readonly string[] {
  const told = new Set(run.tasks.filter((task) => leftNoEvidence(task, run)).map(({ name }) => name));
  return run.checks.flatMap(({ check, task, status }) => (status === 'missing' && !told.has(task) ? [check] : []));
}

function tasksRow(matches: (task: Task, run: Run) => boolean, what: string): (facts: Facts) => Applied {
  return ({ run }) => {
    const [first, ...more] = run.tasks.filter((task) => matches(task, run));
    if (first === undefined) return null;
    return { reason: more.length === 0 ? `${first.name} ${what}` : `${first.name} and ${more.length} more: each ${what}` };
  };
}

function findingsRow(pairs: readonly SeenFinding[], reason: (count: number) => string): Applied {
  return pairs.length === 0 ? null : { reason: reason(pairs.length), findings: pairs.map(({ known }) => known.id) };
}

function listRow(list: readonly string[], reason: (count: number) => string): Applied {
  return list.length === 0 ? null : { reason: reason(list.length) };
}

function unverifiedRow({ comparison }: Facts): Applied {
  const grave = comparison.unverified.filter(({ known }) => known.severity === 'P0' || known.severity === 'P1');
  if (grave.length === 0) return null;
  return { reason: `${grave.length} known ${plural(grave.length, 'finding')} of P0 or P1 could not be checked`, findings: grave.map(({ known }) => known.id) };
}

function plural(count: number, noun: string): string {
  return count === 1 ? noun : `${noun}s`;
}

/** Whether the outcome makes the step fail. A cancelled run says so without failing anything. */
export function failsRun(verdict: Verdict, failOn: 'failed' | 'gaps' | 'never'): boolean {
  if (failOn === 'never' || verdict.cancelled) return false;
  return verdict.outcome === 'failed' || (failOn === 'gaps' && verdict.outcome === 'pass-with-known-gaps');
}
