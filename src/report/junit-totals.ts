/** What a JUnit suite states about itself, held against what it lists. */
import { counted, type Problems } from './problems.ts';

/** Counted so far in the whole report. `attempts`: failed attempts of tests that were run again. */
export type Counted = { tests: number; failing: number; skipped: number; attempts: number };

type Attributes = ReadonlyMap<string, string>;

/** Totals that are no plain numbers are no totals. */
export type Stated = Readonly<{ tests: number | undefined; failing: number | undefined; skipped: number | undefined }>;

export function statedTotals(attributes: Attributes): Stated {
  return {
    tests: plainNumber(attributes.get('tests')),
    failing: sum(plainNumber(attributes.get('failures')), plainNumber(attributes.get('errors'))),
    skipped: sum(plainNumber(attributes.get('skipped')), plainNumber(attributes.get('disabled'))),
  };
}

/** Digits only, and few enough to be exact. */
export function plainNumber(value: string | undefined): number | undefined {
  return value !== undefined && /^[0-9]{1,15}$/.test(value) ? Number(value) : undefined;
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : a + (b ?? 0);
}

/** Longest plausible duration: 30 years. */
const MAX_SECONDS = 1e9;

/** Seconds, or `undefined` for what cannot be a duration. */
export function statedSeconds(value: string | undefined): number | undefined {
  const seconds = value !== undefined && /^[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]{1,3})?$/.test(value) ? Number(value) : Number.NaN;
  return seconds <= MAX_SECONDS ? seconds : undefined;
}

/**
 * `more failures`: the report states failures that it does not list. `more tests`: tests are missing from the list. `more skipped`: some that look passed were not run.
 * Failed attempts of tests that were run again may be in the totals or not; some tools count what lies directly in a suite only.
 */
export type Mismatch = 'none' | 'more failures' | 'more tests' | 'more skipped' | 'fewer';

/** `direct`: cases and suites that lie in the suite itself. */
export function compareTotals(stated: Stated, listed: Counted, direct: number): Mismatch {
  if (stated.tests !== undefined && stated.tests > listed.tests + listed.attempts) return 'more tests';
  if (stated.failing !== undefined && stated.failing > listed.failing + listed.attempts) return 'more failures';
  if (stated.skipped !== undefined && stated.skipped > listed.skipped) return 'more skipped';
  if (stated.tests === direct && direct < listed.tests) return 'none';
  const isFewer = (stated.tests ?? listed.tests) < listed.tests || (stated.failing ?? listed.failing) < listed.failing;
  return isFewer ? 'fewer' : 'none';
}

const WORST_FIRST: readonly Mismatch[] = ['more tests', 'more failures', 'more skipped', 'fewer'];

type Told = Readonly<{ suite: string; mismatch: Mismatch; stated: Stated; listed: Counted }>;

export type Mismatches = Readonly<{
  add(told: Told): void;
  has(mismatch: Mismatch): boolean;
  /** The worst is told, the others are counted; missing tests are fatal. */
  tell(problems: Problems): void;
}>;

export function openMismatches(): Mismatches {
  const worst = new Map<Mismatch, Told>();
  let count = 0;
  return {
    add(told) {
      if (told.mismatch === 'none') return;
      count += 1;
      if (!worst.has(told.mismatch)) worst.set(told.mismatch, told);
    },
    has: (mismatch) => worst.has(mismatch),
    tell(problems) {
      const [first] = WORST_FIRST.flatMap((mismatch) => worst.get(mismatch) ?? []);
      if (first === undefined) return;
      const message = `${describe(first)}${count === 1 ? '' : ` The totals of ${counted(count - 1, 'other suite')} differ too.`}`;
      if (first.mismatch === 'more tests') problems.fatal('COUNT_MISMATCH', message);
      else problems.tell('COUNT_MISMATCH', message);
    },
  };
}

function describe({ suite, stated, listed }: Told): string {
  const says = [
    ...(stated.tests === undefined ? [] : [counted(stated.tests, 'test')]),
    ...(stated.failing === undefined ? [] : [`${stated.failing} failing`]),
    ...(stated.skipped === undefined ? [] : [`${stated.skipped} skipped`]),
  ].join(', ');
  return `${suite === '' ? 'The report' : `The suite ${suite}`} states ${says}, but lists ${counted(listed.tests, 'test')}, ${listed.failing} failing, ${listed.skipped} skipped.`;
}
