/** Where the reading of a JUnit report stands, and how a test is named and counted. */
import type { Counts } from '../model/task.ts';
import { noCounts, type ReportedFinding, type ReportLimits } from './format.ts';
import type { OpenCase, Reason } from './junit-case.ts';
import { openForms, type Forms } from './junit-forms.ts';
import { openOccurrences, suiteNames, testName, type Occurrences, type SuiteNames } from './junit-names.ts';
import { openMismatches, type Counted, type Mismatches, type Stated } from './junit-totals.ts';
import type { Problems } from './problems.ts';

/** Characters of messages and details kept for one report; failing tests beyond keep the beginning of their message. */
const TEXT_CHARACTERS = 50_000_000;

export type Suite = {
  readonly names: SuiteNames;
  readonly name: string | undefined;
  readonly file: string | undefined;
  readonly stated: Stated;
  /** The counts when it opened. */
  readonly before: Counted;
  readonly passedBefore: number;
  /** Cases and suites directly inside. */
  direct: number;
  reason: Reason | undefined;
  /** The last class, since its tests follow one another. */
  lastClass: Readonly<{ classname: string | undefined; names: SuiteNames }>;
};

export type ElementKind = 'suite' | 'case' | 'verdict' | 'trace' | 'other';

export type JunitReading = {
  readonly limits: ReportLimits;
  readonly problems: Problems;
  readonly kinds: ElementKind[];
  readonly suites: Suite[];
  readonly cases: OpenCase[];
  /** What the text of the open verdict goes to. */
  reason: Reason | undefined;
  readonly counts: { -readonly [K in keyof Counts]: Counts[K] };
  readonly listed: Counted;
  readonly findings: ReportedFinding[];
  textLeft: number;
  readonly occurrences: Occurrences;
  readonly passed: string[];
  readonly skipped: string[];
  readonly containers: Set<string>;
  readonly mismatches: Mismatches;
  readonly forms: Forms;
  /** Of the root, if it states any; of the suites directly below else. `NaN`: not known. */
  rootSeconds: number | undefined;
  suiteSeconds: number | undefined;
};

export function openReading(limits: ReportLimits, problems: Problems): JunitReading {
  return {
    limits, problems, kinds: [], suites: [], cases: [], reason: undefined, counts: noCounts(), listed: { tests: 0, failing: 0, skipped: 0, attempts: 0 }, findings: [],
    textLeft: TEXT_CHARACTERS, occurrences: openOccurrences(), passed: [], skipped: [], containers: new Set(), mismatches: openMismatches(), forms: openForms(), rootSeconds: undefined, suiteSeconds: undefined,
  };
}

type NamedCase = Readonly<{ name: string | undefined; classname: string | undefined }>;

/** Counts the test, and gives it its full name, which no other test of the report has. */
export function nameTest(reading: JunitReading, suite: Suite, { name, classname }: NamedCase): string {
  if (suite.lastClass.classname !== classname) {
    // A class named as its test is no class (jest-junit, CTest).
    suite.lastClass = { classname, names: classname === name ? suite.names : suiteNames(suite.names, classname) };
  }
  reading.counts.tests += 1;
  reading.listed.tests += 1;
  return reading.occurrences.next(testName(suite.lastClass.names, name ?? ''));
}

export function addPassed(reading: JunitReading, suite: Suite, test: string): void {
  reading.counts.passed += 1;
  reading.passed.push(test);
  reading.containers.add(suite.lastClass.names.path);
}
