/** One test case of a JUnit report: its verdict from child elements and status words, and the text that tells why. */
import type { ReportedFinding } from './format.ts';
import { plainNumber } from './junit-totals.ts';
import { capture, captured, openCapture, ownCopy, wholeCharacters, type Capture } from './text.ts';
import type { Tally } from './problems.ts';

/** What a child element of a case says. `rerun`: a further failed attempt of a test that failed; `flaky`: a failed attempt of a test that passed in the end. */
export type Verdict = 'failure' | 'error' | 'skipped' | 'flaky' | 'rerun';

const VERDICTS: ReadonlyMap<string, Verdict> = new Map([
  ['failure', 'failure'], ['error', 'error'], ['skipped', 'skipped'], ['flakyFailure', 'flaky'], ['flakyError', 'flaky'], ['rerunFailure', 'rerun'], ['rerunError', 'rerun'],
]);

export function verdictOf(element: string): Verdict | undefined {
  return VERDICTS.get(element);
}

/** `status` (CTest, GoogleTest, Cucumber) and `result` (GoogleTest) in lower case. */
const FAILING_WORDS: ReadonlySet<string> = new Set(['fail', 'failed', 'failure', 'error', 'errored', 'broken', 'timeout']);
const SKIPPED_WORDS: ReadonlySet<string> = new Set(['notrun', 'not run', 'not_run', 'disabled', 'skipped', 'skip', 'ignored', 'suppressed', 'pending', 'todo']);

/** Why a test, or a suite, did not pass. The first `message` counts, the bodies are joined. */
export type Reason = { message: string; type: string; body: Capture };

export function openReason(): Reason {
  return { message: '', type: '', body: openCapture() };
}

export function addReason(reason: Reason, attributes: ReadonlyMap<string, string>, cap: number): void {
  if (reason.message.trim() === '') reason.message = attributes.get('message') ?? '';
  if (reason.type === '') reason.type = attributes.get('type') ?? '';
  if (reason.body.length > 0) capture(reason.body, '\n\n', cap);
}

export type OpenCase = {
  readonly attributes: ReadonlyMap<string, string>;
  /** The worst of all that was said. */
  result: 'passed' | 'flaky' | 'skipped' | 'failure' | 'error';
  /** Failed attempts beside the one that counts. */
  attempts: number;
  reason: Reason | undefined;
};

const WORSE: readonly OpenCase['result'][] = ['passed', 'flaky', 'skipped', 'failure', 'error'];

export function openCase(attributes: ReadonlyMap<string, string>): OpenCase {
  const open: OpenCase = { attributes, result: 'passed', attempts: 0, reason: undefined };
  addWord(open, attributes.get('status'));
  addWord(open, attributes.get('result'));
  return open;
}

function addWord(open: OpenCase, word: string | undefined): void {
  if (word === undefined) return;
  const lower = word.toLowerCase();
  if (FAILING_WORDS.has(lower)) open.result = 'failure';
  else if (SKIPPED_WORDS.has(lower) && open.result === 'passed') open.result = 'skipped';
}

export function addVerdict(open: OpenCase, verdict: Verdict): void {
  if (verdict === 'flaky' || verdict === 'rerun') open.attempts += 1;
  // A failed attempt without a passed one: the test failed.
  const result = verdict === 'rerun' ? 'failure' : verdict;
  if (WORSE.indexOf(result) > WORSE.indexOf(open.result)) open.result = result;
}

/** Where a test stands, as far as the report says so. */
export type TestPlace = Readonly<{ path?: string; line?: number }>;

export type Told = Readonly<{ test: string; place: TestPlace; severity: 'P1' | 'P2'; fallback: string }>;

/** What a report may still keep: of one text, and of all that follow. */
export type Room = Readonly<{ cap: number; textLeft: number; tally: Tally }>;

/** A message is cut no shorter, however much was kept before. */
const SHORTEST_MESSAGE = 1_000;

/** The finding of a failed or flaky test. */
export function reasonFinding(reason: Reason, told: Told, room: Room): ReportedFinding {
  // Blank lines around it are layout of the file.
  const body = captured(reason.body, room.cap, room.tally).replace(/^(?:[ \t]*\n)+/, '').trimEnd();
  const stated = reason.message.trim() === '' ? firstTellingLine(body) || reason.type.trim() || told.fallback : reason.message;
  const message = fit(stated, Math.max(SHORTEST_MESSAGE, room.textLeft), room.tally);
  const detail = fit(body, Math.max(0, room.textLeft - message.length), room.tally);
  return {
    rule: told.severity === 'P1' ? 'test' : 'flaky-test',
    severity: told.severity,
    message: ownCopy(message),
    ...(detail === '' ? {} : { detail: ownCopy(detail) }),
    ...told.place,
    test: told.test,
    ...(told.severity === 'P2' ? { flaky: true } : {}),
  };
}

function fit(text: string, room: number, tally: Tally): string {
  if (text.length <= room) return text;
  const kept = wholeCharacters(text.slice(0, room));
  tally.cutTexts += 1;
  tally.cutCharacters += text.length - kept.length;
  return kept;
}

function firstTellingLine(body: string): string {
  for (let from = 0; from < body.length;) {
    const end = body.indexOf('\n', from);
    const line = body.slice(from, end < 0 ? body.length : end).trim();
    if (/[\p{L}\p{N}]/u.test(line)) return line;
    if (end < 0) break;
    from = end + 1;
  }
  return '';
}

/**
 * The file from the case or its suite; the line from the case. pytest counts lines from 0.
 * Without them: the suite's or class's name is the file if the failure's own text holds `<name>:<line>`.
 */
export function placeOfCase(attributes: ReadonlyMap<string, string>, suite: Readonly<{ name: string | undefined; file: string | undefined }>, body: string): TestPlace {
  const file = attributes.get('file') ?? attributes.get('filepath') ?? suite.file;
  const stated = plainNumber(attributes.get('line') ?? attributes.get('lineno'));
  const line = stated === undefined ? undefined : suite.name === 'pytest' ? stated + 1 : stated;
  if (file !== undefined && file.trim() !== '') {
    const found = line ?? lineInBody(file, body);
    return { path: ownCopy(file), ...(found === undefined ? {} : { line: found }) };
  }
  for (const name of [attributes.get('classname'), suite.name]) {
    const found = name !== undefined && /^[^\s:]{1,400}\.[A-Za-z]{1,5}$/.test(name) ? lineInBody(name, body) : undefined;
    if (name !== undefined && found !== undefined) return { path: ownCopy(name), line: found };
  }
  return {};
}

function lineInBody(file: string, body: string): number | undefined {
  for (let at = body.indexOf(`${file}:`); at >= 0; at = body.indexOf(`${file}:`, at + 1)) {
    const digits = /^[0-9]{1,9}(?![0-9])/.exec(body.slice(at + file.length + 1, at + file.length + 11))?.[0];
    const before = at === 0 ? '' : body.charAt(at - 1);
    if (digits !== undefined && !/[\w.-]/.test(before)) return Number(digits);
  }
  return undefined;
}
