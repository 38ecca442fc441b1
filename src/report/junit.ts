/**
 * JUnit XML as Surefire, Gradle, pytest, jest-junit, Vitest, gotestsum, PHPUnit, Playwright, nextest, CTest and `node --test` write it.
 * No schema is followed by all: every `testsuite` and `testcase` counts wherever it stands, results are counted, and stated totals can only make things worse.
 */
import type { TaskOutcome } from '../model/task.ts';
import type { ParsedReport, ReportFormat, ReportLimits, ReportReader } from './format.ts';
import { junitHandler } from './junit-reading.ts';
import { openReading, type JunitReading } from './junit-state.ts';
import { openProblems } from './problems.ts';
import { openXml } from './xml.ts';

export const junit: ReportFormat = { id: 'junit', title: 'JUnit XML', detect, emptyMeans: 'unreadable', open };

/** Before the root element: declaration, instructions and comments. A document type may hold anything, so behind one the element is looked for everywhere. */
const PROLOG = /(?:\s+|<\?[^>]*>|<!--(?:[^-]|-(?!->))*-->)*/y;
const ROOT = /<(?:[\w.-]+:)?testsuites?[\s/>]/;

function detect(head: string): boolean {
  PROLOG.lastIndex = 0;
  PROLOG.test(head);
  const rest = head.slice(PROLOG.lastIndex);
  if (/^<!DOCTYPE(?!\s+html)/.test(rest)) return ROOT.test(rest);
  return rest.startsWith('<') && ROOT.exec(rest)?.index === 0;
}

function open(limits: ReportLimits): ReportReader {
  const problems = openProblems();
  const reading = openReading(limits, problems);
  const xml = openXml({ handler: junitHandler(reading), limits, problems });
  return {
    write: (bytes) => xml.write(bytes),
    end() {
      xml.end();
      return report(reading);
    },
  };
}

function report(reading: JunitReading): ParsedReport {
  const { counts, findings, problems, mismatches } = reading;
  if (!problems.stopped()) {
    mismatches.tell(problems);
    if (counts.tests === 0) problems.fatal('NO_TESTS', 'The report lists no test.');
  }
  const isWhole = !problems.stopped();
  const seconds = reading.rootSeconds ?? reading.suiteSeconds;
  const stated = new Set(findings.map(({ test }) => test));
  return {
    counts: { ...counts },
    findings,
    outcome: outcomeOf(reading),
    // Tests that a suite counts as failed or skipped may be among those that look passed.
    scope: mismatches.has('more failures') || mismatches.has('more skipped') ? 'unknown' : 'tests',
    covered: isWhole ? certain(reading) : [],
    ...(isWhole ? { coveredSuites: [...reading.containers].filter((name) => name !== '' && !stated.has(name)).sort() } : {}),
    notAnalysed: isWhole ? reading.skipped.sort() : [],
    ...(seconds === undefined || !Number.isFinite(seconds) ? {} : { durationSeconds: seconds }),
    problems: problems.list(),
  };
}

function outcomeOf({ counts, problems, mismatches }: JunitReading): TaskOutcome {
  if (problems.stopped()) return 'unknown';
  if (counts.failures + counts.errors > 0 || mismatches.has('more failures')) return 'failed';
  return counts.skipped === counts.tests ? 'skipped' : 'passed';
}

/** Passed tests. Of several tests with one name, none is certain to be the one that is known, unless all of them passed. */
function certain({ passed, occurrences }: JunitReading): readonly string[] {
  const repeated = occurrences.repeated();
  if (repeated.length === 0) return passed.sort();
  const all = new Set(passed);
  const unsure = new Set(repeated.filter((names) => !names.every((name) => all.has(name))).flat());
  return passed.filter((name) => !unsure.has(name)).sort();
}
