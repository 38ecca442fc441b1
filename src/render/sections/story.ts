/** What a document tells: the findings and tasks of an audit, sorted by what a reader has to know first. */
import { writesLedger, type Audit } from '../../model/audit.ts';
import type { ClosedFinding, SeenFinding } from '../../model/comparison.ts';
import type { Problem } from '../../model/problem.ts';
import { compareSeverity, type Severity } from '../../model/severity.ts';
import { speaksOfChange } from '../../model/run.ts';
import type { Task } from '../../model/task.ts';
import { failsRun } from '../../model/verdict.ts';
import { doubtsOf, isOwn, type Doubt } from './doubts.ts';

/** Why the run log has no entry, perhaps, against the caller's wish; `required` makes the step fail by that alone. */
export type Unrecorded = Readonly<{ problem: Problem; log: 'required' | 'best-effort' }>;

/** What makes check and step fail: the outcomes that the caller's `fail-on` names, and a log that was to be written. */
export type Blocking = Readonly<{ failOn: 'failed' | 'gaps' | 'never'; unrecorded?: Unrecorded }>;

/** Every list with the most severe first, ties in ledger order. */
export type Story = Readonly<{
  audit: Audit;
  failOn: Blocking['failOn'];
  unrecorded?: Unrecorded;
  blocks: boolean;
  /** Nothing is opened or closed for good by a run that keeps no ledger, as before a merge: `opens`, `closes`; else `opened`, `closed`. */
  tense: 'present' | 'past';
  /** Tests that fail and are not known to have failed before. */
  broke: readonly SeenFinding[];
  /** Tests that failed before and still do, where that counts: a pull request speaks of its change only. */
  stillFailing: readonly SeenFinding[];
  /** All other new findings but those about our own evidence, which are among the doubts. */
  opens: readonly SeenFinding[];
  reopens: readonly SeenFinding[];
  closes: readonly ClosedFinding[];
  doubts: readonly Doubt[];
  /** Tasks that came to their end and whose evidence could be used. */
  finished: readonly Task[];
}>;

export function tellStory(audit: Audit, { failOn, unrecorded }: Blocking): Story {
  const { run, comparison, verdict } = audit;
  const fresh = bySeverity([...comparison.opened, ...comparison.reopened], ({ seen }) => seen.severity);
  const reopened = new Set(comparison.reopened);
  const others = fresh.filter((pair) => !isFailingTest(pair) && !isOwn(pair.seen));
  const doubts = doubtsOf(audit);
  const doubted = new Set(doubts.filter(({ what }) => what !== 'contradicts' && what !== 'held').map(({ task }) => task));
  return {
    audit, failOn, blocks: failsRun(verdict, failOn),
    ...(unrecorded === undefined ? {} : { unrecorded }),
    tense: writesLedger(audit) ? 'past' : 'present',
    broke: fresh.filter(isFailingTest),
    stillFailing: speaksOfChange(run.context) ? [] : comparison.persisting.filter(isFailingTest),
    opens: others.filter((pair) => !reopened.has(pair)),
    reopens: others.filter((pair) => reopened.has(pair)),
    closes: bySeverity(comparison.closed, ({ known }) => known.severity),
    doubts,
    finished: run.tasks.filter((task) => (task.outcome === 'passed' || task.outcome === 'failed') && !doubted.has(task.name)),
  };
}

export function isFailingTest({ seen }: SeenFinding): boolean {
  return seen.kind === 'test' && seen.flaky !== true;
}

export function bySeverity<T>(items: readonly T[], severity: (item: T) => Severity): readonly T[] {
  return [...items].sort((a, b) => compareSeverity(severity(a), severity(b)));
}

const PAST = { opens: 'opened', reopens: 'reopened', closes: 'closed' } as const;

/** `opens` on a pull request, `opened` elsewhere. */
export function verb({ tense }: Story, present: keyof typeof PAST): string {
  return tense === 'present' ? present : PAST[present];
}

/** `Opens`, `Opened`. */
export function capitalVerb(story: Story, present: keyof typeof PAST): string {
  const word = verb(story, present);
  return word.charAt(0).toUpperCase() + word.slice(1);
}
