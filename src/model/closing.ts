/** The closing rule: what the absence of a known finding proves. Only evidence closes; everything else carries the finding on. */
import type { Checks } from './checks.ts';
import { evidenceCheck, stepCheck, type CheckRun, type Finding } from './finding.ts';
import type { LedgerFinding } from './ledger.ts';
import type { Run } from './run.ts';

export type Closing = Readonly<{ state: 'closed'; how: 'fixed' | 'removed' | 'retired'; evidence: string } | { state: 'unverified'; reason: string }>;

/** What a run covered, prepared for many questions. */
export type Coverage = Readonly<{
  checks: ReadonlyMap<string, CheckRun>;
  covered: ReadonlyMap<string, ReadonlySet<string>>;
  notAnalysed: ReadonlyMap<string, ReadonlySet<string>>;
  /** Of checks that list their rules only. */
  rules: ReadonlyMap<string, ReadonlySet<string>>;
  /** `suppressionKey` of what a check states, but as no finding: suppressed, or without a severity. */
  suppressed: ReadonlyMap<string, ReadonlySet<string>>;
  /** Checks whose tool was called otherwise than in its last complete run. */
  reconfigured: ReadonlySet<string>;
  /** `check` and test name of those that passed only after a failure. */
  flaky: ReadonlySet<string>;
  gonePaths: ReadonlySet<string>;
  renames: ReadonlyMap<string, string>;
  /** Files added by this change, by their ending: each may be a moved one. */
  added: ReadonlyMap<string, readonly string[]>;
  retiredTasks: ReadonlySet<string>;
}>;

export function coverageOf(run: Run, seen: readonly Finding[], before: Checks | null): Coverage {
  return {
    checks: new Map(run.checks.map((check) => [check.check, check])),
    covered: new Map(run.checks.map((check) => [check.check, new Set(check.covered)])),
    notAnalysed: new Map(run.checks.map((check) => [check.check, new Set(check.notAnalysed)])),
    rules: new Map(run.checks.flatMap(({ check, rules }) => (rules === undefined ? [] : [[check, new Set(rules)] as const]))),
    suppressed: new Map(run.checks.map(({ check, suppressed }) => [check, new Set(suppressed)])),
    reconfigured: new Set(run.checks.filter((check) => isReconfigured(check, before)).map(({ check }) => check)),
    flaky: new Set(seen.filter((finding) => finding.flaky === true).map((finding) => testKey(finding.check, finding.place.test))),
    gonePaths: new Set(run.gonePaths),
    renames: renamesOf(run),
    added: addedByEnding(run),
    retiredTasks: new Set(run.retiredTasks),
  };
}

function isReconfigured({ check, configuration }: CheckRun, before: Checks | null): boolean {
  const complete = before?.checks[check]?.complete;
  return complete !== undefined && complete.configuration !== configuration;
}

/** How a suppressed result is told from others: its lines move, and a suppression often stands for all of its kind in a file. */
export function suppressionKey(rule: string, path: string | undefined): string {
  return JSON.stringify([rule, path ?? null]);
}

export function renamesOf(run: Run): ReadonlyMap<string, string> {
  return new Map(run.files.flatMap((file) => (file.status === 'renamed' && file.from !== undefined ? [[file.from, file.path] as const] : [])));
}

function addedByEnding(run: Run): ReadonlyMap<string, readonly string[]> {
  const added = new Map<string, string[]>();
  for (const { path, status } of run.files) {
    if (status === 'added') added.set(endingOf(path), [...(added.get(endingOf(path)) ?? []), path]);
  }
  return added;
}

function testKey(check: string, test: string | undefined): string {
  return JSON.stringify([check, test ?? '']);
}

/** For a known finding that this run did not state. */
export function closingOf(known: LedgerFinding, coverage: Coverage): Closing {
  if (coverage.retiredTasks.has(known.task)) return { state: 'closed', how: 'retired', evidence: 'its task was retired in the configuration' };
  const check = coverage.checks.get(known.check);
  // Two tasks with like names may give two checks one key.
  if (check === undefined || check.task !== known.task) return unverified('its check was not part of this run');
  switch (check.status) {
    case 'failed': return unverified('its check did not run to the end');
    case 'missing': return unverified('its check left no usable report');
    case 'skipped': return unverified('its check was skipped');
    case 'complete':
    case 'partial': return closingInScope(known, check, coverage);
    default: return check.status satisfies never;
  }
}

function closingInScope(known: LedgerFinding, check: CheckRun, coverage: Coverage): Closing {
  switch (check.scope) {
    case 'all':
      if (check.status !== 'complete') return unverified('its check could not analyse everything');
      return check.rules === undefined ? fixed(wholeEvidence(known)) : closingByRule(known, coverage);
    case 'files': return closingByFile(known, coverage);
    case 'tests': return closingByTest(known, coverage);
    case 'unknown': return unverified('its check does not say what it looked at');
    default: return check.scope satisfies never;
  }
}

function wholeEvidence({ check, task }: LedgerFinding): string {
  if (check === evidenceCheck(task)) return 'its reports were read to the end';
  if (check === stepCheck(task)) return 'the step passed, or its report explains it';
  return 'the check ran to its end and no longer reports it';
}

/** A scan of everything for the rules that it lists. */
function closingByRule(known: LedgerFinding, coverage: Coverage): Closing {
  const now = coverage.renames.get(known.path ?? '') ?? known.path;
  const notAnalysed = coverage.notAnalysed.get(known.check);
  if (coverage.rules.get(known.check)?.has(known.rule) !== true) return closingByPath(known, coverage, 'the scan does not list its rule');
  if (now !== undefined && notAnalysed?.has(now) === true) return closingByPath(known, coverage, 'its file could not be analysed');
  if (now === undefined && notAnalysed !== undefined && notAnalysed.size > 0) return unverified('it has no place, and some files could not be analysed');
  if (coverage.suppressed.get(known.check)?.has(suppressionKey(known.rule, now)) === true) return unverified('the scan states results of its rule in this place, but suppressed or without a severity');
  if (coverage.reconfigured.has(known.check)) return unverified('the scan was called otherwise than before; the next one called like this confirms');
  return fixed('the check ran to its end over the whole repository, lists the rule and no longer reports it');
}

function closingByFile(known: LedgerFinding, coverage: Coverage): Closing {
  const path = known.path ?? '';
  const now = coverage.renames.get(path) ?? path;
  if (coverage.notAnalysed.get(known.check)?.has(now) === true) return unverified('its file could not be analysed');
  if (coverage.covered.get(known.check)?.has(now) === true) return fixed('the check read the whole file and no longer reports it');
  return closingByPath(known, coverage, 'its file was not among those analysed');
}

function closingByTest(known: LedgerFinding, coverage: Coverage): Closing {
  const test = known.test ?? '';
  if (coverage.flaky.has(testKey(known.check, test))) return unverified('the test passed only after a failure in the same run');
  if (coverage.covered.get(known.check)?.has(test) === true) return fixed('the test ran and passed');
  if (coverage.notAnalysed.get(known.check)?.has(test) === true) return unverified('the test was skipped');
  return closingByPath(known, coverage, 'the test was not part of this run');
}

/** A file that is gone takes its findings with it, unless it may live on under another name. */
function closingByPath({ check, path }: LedgerFinding, coverage: Coverage, absent: string): Closing {
  if (path === undefined || !coverage.gonePaths.has(path)) return unverified(absent);
  if (coverage.renames.has(path)) return unverified(`its file was renamed, and ${absent}`);
  const mayBe = coverage.added.get(endingOf(path))?.some((added) => coverage.covered.get(check)?.has(added) !== true);
  if (mayBe === true) return unverified('its file is gone, and others were added that it may have become');
  return { state: 'closed', how: 'removed', evidence: 'the file is no longer in the tree' };
}

function endingOf(path: string): string {
  return /\.[^./]*$/.exec(path)?.[0] ?? '';
}

function fixed(evidence: string): Closing {
  return { state: 'closed', how: 'fixed', evidence };
}

function unverified(reason: string): Closing {
  return { state: 'unverified', reason };
}

/** From this many findings of one check … */
const HELD_COUNT = 10;
/** … of which this share vanished … */
const HELD_SHARE = 0.8;
/** … while less than this share of their files changed, nothing closes: a tool that quietly looked at nothing does the same. */
const HELD_TOUCHED = 0.5;

export type Vanishing = Readonly<{ open: number; closing: readonly LedgerFinding[]; touched: ReadonlySet<string> }>;

/** Whether a check's findings vanish in a way that the change does not explain. Tests are named one by one when they pass and are never held. */
export function isHeld(check: CheckRun | undefined, { open, closing, touched }: Vanishing): boolean {
  if (check === undefined || check.scope === 'tests' || closing.length < HELD_COUNT || closing.length < open * HELD_SHARE) return false;
  const paths = new Set(closing.map((finding) => finding.path ?? ''));
  const changed = [...paths].filter((path) => touched.has(path)).length;
  return changed < paths.size * HELD_TOUCHED;
}
