/** Comparing: a run against the ledger of its branch, giving what happened to each finding and the events that say so. */
import type { Baseline } from './baseline.ts';
import { nextChecks, type Checks } from './checks.ts';
import { closingOf, coverageOf, isHeld, renamesOf, type Closing, type Coverage } from './closing.ts';
import type { ClosedFinding, Comparison, SeenFinding, UnverifiedFinding } from './comparison.ts';
import { applyEvents, type FindingEvent } from './event.ts';
import { findingId } from './finding-id.ts';
import type { Finding } from './finding.ts';
import { openingEvents } from './ledger-events.ts';
import type { Ledger, LedgerFinding } from './ledger.ts';
import { matchFindings, sortFindings, type MatchResult } from './match.ts';
import type { Run } from './run.ts';

/** A finding that closed longer ago than this opens anew when it returns. */
const REOPEN_DAYS = 90;

export type Compared = Readonly<{ comparison: Comparison; events: readonly FindingEvent[]; checks: Checks }>;

export function compareRun(run: Run, baseline: Baseline, runId: string): Compared {
  const seen = sortFindings(run.findings);
  const known = baseline.ledger?.findings ?? [];
  const matched = matchFindings(matchRequest(run, known.filter((finding) => finding.state === 'open'), seen));
  const back = matchFindings(matchRequest(run, known.filter((finding) => mayReopen(finding, run)), matched.seenLeft));
  const first = nameNew({ run, baseline, runId }, back.seenLeft);
  const absent = judgeAbsent(run, baseline, { matched, seen });
  const parts = { ...first, ...absent, persisting: inOrder(matched.pairs), reopened: inOrder(back.pairs) };
  const events = openingEvents(run, { ...parts, known, runId });
  const ledger = applyEvents({ branch: baseline.branch, findings: known }, events);
  const comparison: Comparison = {
    ...parts,
    persisting: asKnownNow(parts.persisting, ledger),
    reopened: asKnownNow(parts.reopened, ledger),
    firstRun: baseline.ledger === null,
    waived: [],
    absentTasks: Object.keys(baseline.checks?.tasks ?? {}).filter((task) => !run.tasks.some(({ name }) => name === task) && !run.retiredTasks.includes(task)),
    ledger,
  };
  return { comparison, events, checks: nextChecks({ run, runId, branch: baseline.branch, before: baseline.checks, held: parts.heldChecks }) };
}

function matchRequest(run: Run, known: readonly LedgerFinding[], seen: readonly Finding[]): Parameters<typeof matchFindings>[0] {
  return { known, seen, renames: renamesOf(run), gonePaths: new Set(run.gonePaths) };
}

function mayReopen(finding: LedgerFinding, run: Run): boolean {
  if (finding.closed === undefined) return false;
  return Date.parse(run.context.end) - Date.parse(finding.closed.date) <= REOPEN_DAYS * 86_400_000;
}

function inOrder(pairs: readonly SeenFinding[]): readonly SeenFinding[] {
  const place = new Map(sortFindings(pairs.map((pair) => pair.seen)).map((seen, at) => [seen, at]));
  return [...pairs].sort((a, b) => (place.get(a.seen) ?? 0) - (place.get(b.seen) ?? 0));
}

/** With what this run taught about them: a test that fails again says something else than before. */
function asKnownNow(pairs: readonly SeenFinding[], ledger: Ledger): SeenFinding[] {
  const now = new Map(ledger.findings.map((finding) => [finding.id, finding]));
  return pairs.map(({ known, seen }) => ({ known: now.get(known.id) ?? known, seen }));
}

type Naming = Readonly<{ run: Run; baseline: Baseline; runId: string }>;

/** Findings that nobody knew: opened, or taken over as the starting point of a branch or a check. */
function nameNew({ run, baseline, runId }: Naming, findings: readonly Finding[]): Pick<Comparison, 'opened' | 'adopted' | 'newChecks'> {
  const taken = new Set(baseline.ledger?.findings.map((finding) => finding.id));
  const isNew = newChecks(run, baseline);
  const ordinals = new Map<string, number>();
  const opened: SeenFinding[] = [];
  const adopted: SeenFinding[] = [];
  for (const seen of findings) {
    const twin = JSON.stringify([seen.check, seen.rule, seen.place.path, seen.place.test, seen.print]);
    const ordinal = ordinals.get(twin) ?? 0;
    ordinals.set(twin, ordinal + 1);
    const id = findingId(seen, ordinal, taken);
    taken.add(id);
    const adopts = isAdoptable(seen) && (baseline.ledger === null || isNew.has(seen.check));
    const known = ledgerFinding({ seen, id, adopts }, run, runId);
    (adopts ? adopted : opened).push({ known, seen });
  }
  const newOnes = baseline.ledger === null ? [] : [...new Set(adopted.map(({ seen }) => seen.check))];
  return { opened, adopted, newChecks: newOnes };
}

/** Failing tests, a broken build and missing evidence are never a starting point. */
function isAdoptable(finding: Finding): boolean {
  return finding.kind !== 'test' && finding.kind !== 'build' && finding.kind !== 'check';
}

/** Checks that never ran to the end before, and of which nothing is known. */
function newChecks(run: Run, baseline: Baseline): ReadonlySet<string> {
  const used = new Set(baseline.ledger?.findings.map((finding) => finding.check));
  const isKnown = (check: string): boolean => used.has(check) || baseline.checks?.checks[check]?.complete !== undefined;
  return new Set(run.checks.map(({ check }) => check).filter((check) => !isKnown(check)));
}

type Named = Readonly<{ seen: Finding; id: string; adopts: boolean }>;

function ledgerFinding({ seen, id, adopts }: Named, run: Run, runId: string): LedgerFinding {
  const { check, task, kind, rule, severity, title, place, print } = seen;
  return {
    id, check, task, kind, rule, severity, title,
    ...(place.path === undefined ? {} : { path: place.path }),
    ...(place.test === undefined ? {} : { test: place.test }),
    print,
    state: 'open',
    ...(adopts ? { adopted: true as const } : {}),
    opened: {
      run: runId, commit: run.context.commit, date: run.context.end,
      ...(place.line === undefined ? {} : { line: place.line }),
    },
  };
}

type Absence = Pick<Comparison, 'closed' | 'unverified' | 'heldChecks'>;

/** Known findings that the run did not state. */
function judgeAbsent(run: Run, baseline: Baseline, { matched, seen }: Readonly<{ matched: MatchResult; seen: readonly Finding[] }>): Absence {
  const coverage = coverageOf(run, seen, baseline.checks);
  const judged = matched.knownLeft.map((known) => ({ known, closing: judge(known, coverage, matched) }));
  const held = heldChecks({ run, baseline, coverage }, judged);
  const closed: ClosedFinding[] = [];
  const unverified: UnverifiedFinding[] = [];
  for (const { known, closing } of judged) {
    if (closing.state === 'unverified') unverified.push({ known, reason: withRuns(closing.reason, baseline.checks, known.check) });
    else if (held.has(known.check)) unverified.push({ known, reason: 'too many findings of its check vanished at once; the next complete run confirms' });
    else closed.push({ known, how: closing.how, evidence: closing.evidence });
  }
  return { closed, unverified, heldChecks: [...held].sort() };
}

function judge(known: LedgerFinding, coverage: Coverage, matched: MatchResult): Closing {
  if (matched.unclear.has(known)) return { state: 'unverified', reason: 'the source could not be read to tell it from others of its rule' };
  return closingOf(known, coverage);
}

type Holding = Readonly<{ run: Run; baseline: Baseline; coverage: Coverage }>;
type Judged = Readonly<{ known: LedgerFinding; closing: Closing }>;

function heldChecks({ run, baseline, coverage }: Holding, judged: readonly Judged[]): ReadonlySet<string> {
  const touched = new Set(run.files.flatMap((file) => [file.path, file.from ?? file.path]));
  const checks = new Set(judged.map(({ known }) => known.check));
  const held = [...checks].filter((check) => {
    // Once held, the next complete run confirms, and nothing less.
    if (baseline.checks?.checks[check]?.held === true) return coverage.checks.get(check)?.status !== 'complete';
    const open = baseline.ledger?.findings.filter((finding) => finding.check === check && finding.state === 'open').length ?? 0;
    const closing = judged.filter(({ known, closing: state }) => known.check === check && state.state === 'closed').map(({ known }) => known);
    return isHeld(coverage.checks.get(check), { open, closing, touched });
  });
  return new Set(held);
}

function withRuns(reason: string, checks: Checks | null, check: string): string {
  const missed = checks?.checks[check]?.missed ?? 0;
  return missed === 0 ? reason : `${reason} (not checked for ${missed + 1} runs)`;
}
