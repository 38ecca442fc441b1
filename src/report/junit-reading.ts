/** The elements of a JUnit report as they open and close: suites, cases, verdicts; everything else is passed over. */
import { addReason, addVerdict, openCase, openReason, placeOfCase, reasonFinding, verdictOf, type OpenCase, type Reason, type Told } from './junit-case.ts';
import { learnForm } from './junit-forms.ts';
import { NO_SUITE, suiteNames } from './junit-names.ts';
import { readPassed } from './junit-passed.ts';
import { addPassed, nameTest, type ElementKind, type JunitReading, type Suite } from './junit-state.ts';
import { compareTotals, statedSeconds, statedTotals, type Counted } from './junit-totals.ts';
import { counted, shown } from './problems.ts';
import { capture, openCapture, ownCopy } from './text.ts';
import type { Attributes, XmlHandler } from './xml-state.ts';

export function junitHandler(reading: JunitReading): XmlHandler {
  return {
    open(prefixed, attributes) {
      const name = localName(prefixed);
      const kind = openElement(reading, name, attributes);
      reading.kinds.push(kind);
      return kind === 'verdict' || kind === 'trace' ? 'text' : 'no text';
    },
    text(piece) {
      if (reading.reason !== undefined) capture(reading.reason.body, piece, reading.limits.text);
    },
    close() {
      const kind = reading.kinds.pop();
      if (kind === 'suite') closeSuite(reading);
      else if (kind === 'case') closeCase(reading);
      else if (kind === 'verdict') reading.reason = undefined;
    },
    leaves: (buffer, at) => readPassed(reading, buffer, at),
  };
}

function localName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

function openElement(reading: JunitReading, name: string, attributes: Attributes): ElementKind {
  const parent = reading.kinds.at(-1);
  if (name === 'testsuite' || name === 'testsuites') return openSuite(reading, name, attributes);
  if (parent === undefined) {
    reading.problems.fatal('NOT_A_REPORT', `The root element is \`${shown(name)}\`; \`testsuites\` or \`testsuite\` was expected.`);
    return 'other';
  }
  if (name === 'testcase') return beginCase(reading, attributes);
  if (parent === 'case') return openVerdict(reading, name, attributes);
  if (parent === 'suite' && (name === 'failure' || name === 'error')) return openSuiteReason(reading, attributes);
  // Surefire and nextest put the stack of an attempt into an element of its own.
  return parent === 'verdict' && name === 'stackTrace' ? openTrace(reading) : 'other';
}

function openSuite(reading: JunitReading, element: string, attributes: Attributes): 'suite' {
  const outer = reading.suites.at(-1);
  if (outer !== undefined) outer.direct += 1;
  const seconds = statedSeconds(attributes.get('time')) ?? (attributes.has('time') ? Number.NaN : undefined);
  if (outer === undefined) reading.rootSeconds = seconds;
  else if (reading.suites.length === 1 && seconds !== undefined) reading.suiteSeconds = (reading.suiteSeconds ?? 0) + seconds;
  const outerNames = outer?.names ?? NO_SUITE;
  const names = element === 'testsuites' ? outerNames : suiteNames(outerNames, attributes.get('name'));
  reading.suites.push({
    names, name: attributes.get('name'), file: attributes.get('file') ?? outer?.file, stated: statedTotals(attributes), before: { ...reading.listed },
    passedBefore: reading.counts.passed, direct: 0, reason: undefined, lastClass: { classname: undefined, names },
  });
  return 'suite';
}

function beginCase(reading: JunitReading, attributes: Attributes): 'case' {
  if (reading.counts.tests >= reading.limits.cases) reading.problems.fatal('LIMIT_REACHED', `The report lists more than ${counted(reading.limits.cases, 'test')}.`);
  const suite = reading.suites.at(-1);
  if (suite !== undefined) suite.direct += 1;
  reading.cases.push(openCase(attributes));
  learnForm(reading.forms, attributes);
  return 'case';
}

function openVerdict(reading: JunitReading, name: string, attributes: Attributes): ElementKind {
  const verdict = verdictOf(name);
  const open = reading.cases.at(-1);
  if (verdict === undefined || open === undefined) return 'other';
  addVerdict(open, verdict);
  // Why a test was skipped, and further attempts of one that failed, are not kept.
  if (verdict === 'skipped') return 'other';
  if (verdict === 'rerun' && open.reason !== undefined) return 'other';
  open.reason ??= openReason();
  addReason(open.reason, attributes, reading.limits.text);
  reading.reason = open.reason;
  return 'verdict';
}

function openSuiteReason(reading: JunitReading, attributes: Attributes): ElementKind {
  const suite = reading.suites.at(-1);
  if (suite === undefined) return 'other';
  suite.reason ??= openReason();
  addReason(suite.reason, attributes, reading.limits.text);
  reading.reason = suite.reason;
  return 'verdict';
}

/** The white space before it is layout of the file. */
function openTrace({ reason }: JunitReading): 'trace' {
  if (reason !== undefined && reason.body.kept.trim() === '') reason.body = openCapture();
  return 'trace';
}

function closeCase(reading: JunitReading): void {
  const open = reading.cases.pop();
  const suite = reading.suites.at(-1);
  if (open === undefined || suite === undefined || reading.problems.stopped()) return;
  const { attributes } = open;
  const test = nameTest(reading, suite, { name: attributes.get('name'), classname: attributes.get('classname') ?? attributes.get('class') });
  reading.listed.attempts += open.attempts;
  if (open.result === 'passed' || open.result === 'flaky') addPassed(reading, suite, test);
  if (open.result === 'skipped') {
    reading.counts.skipped += 1;
    reading.listed.skipped += 1;
    reading.skipped.push(test);
  } else if (open.result !== 'passed') closeFailed(reading, { open, suite, test });
}

function closeFailed(reading: JunitReading, { open, suite, test }: Readonly<{ open: OpenCase; suite: Suite; test: string }>): void {
  const isFlaky = open.result === 'flaky';
  if (isFlaky) reading.counts.flaky += 1;
  else {
    reading.counts[open.result === 'error' ? 'errors' : 'failures'] += 1;
    reading.listed.failing += 1;
  }
  const reason = open.reason ?? openReason();
  const place = placeOfCase(open.attributes, suite, reason.body.kept);
  const fallback = isFlaky ? 'passed only after it had failed' : 'failed without a message';
  addFinding(reading, reason, { test, place, severity: isFlaky ? 'P2' : 'P1', fallback });
}

function addFinding(reading: JunitReading, reason: Reason, told: Told): void {
  const { limits, problems, findings } = reading;
  if (findings.length >= limits.findings) {
    problems.fatal('LIMIT_REACHED', `The report states more than ${counted(limits.findings, 'finding')}.`);
    return;
  }
  const finding = reasonFinding(reason, told, { cap: limits.text, textLeft: reading.textLeft, tally: problems.tally });
  reading.textLeft -= finding.message.length + (finding.detail?.length ?? 0);
  findings.push(finding);
}

function closeSuite(reading: JunitReading): void {
  const suite = reading.suites.pop();
  if (suite === undefined || reading.problems.stopped()) return;
  const test = suite.names.path;
  if (suite.reason !== undefined) {
    reading.counts.errors += 1;
    reading.listed.failing += 1;
    const place = suite.file === undefined ? {} : { path: ownCopy(suite.file) };
    addFinding(reading, suite.reason, { test: test === '' ? 'the whole test run' : test, place, severity: 'P1', fallback: 'the suite failed without a message' });
  } else if (reading.counts.passed > suite.passedBefore && test !== '') reading.containers.add(test);
  const { before, stated, direct } = suite;
  const { listed } = reading;
  const own: Counted = { tests: listed.tests - before.tests, failing: listed.failing - before.failing, skipped: listed.skipped - before.skipped, attempts: listed.attempts - before.attempts };
  reading.mismatches.add({ suite: shown(test), mismatch: compareTotals(stated, own, direct), stated, listed: own });
}
