/** The contract of a report format: bytes in, counts and findings without identity out. */
import type { Severity } from '../model/severity.ts';
import type { Counts, TaskOutcome } from '../model/task.ts';
import type { ProblemCode } from '../model/problem.ts';

/** A problem as the report states it. Paths are as written in the report; no identity, no print. */
export type ReportedFinding = Readonly<{
  rule: string;
  severity: Severity;
  /** The tool's message: may be long and have many lines; cut by the collector. */
  message: string;
  detail?: string;
  path?: string;
  line?: number;
  column?: number;
  /** Full name of the test for test results; its identity. */
  test?: string;
  flaky?: boolean;
  /** Which of the report's `checks` states it. */
  check?: number;
  /** The tool's own identity of the problem, made to last from run to run; not every tool gives each problem one of its own. */
  toolId?: string;
  /** What the tool makes of the text around it: tells it from others of its rule where the source cannot be read. */
  contentHash?: string;
}>;

/** What one tool did, in a report that may hold the work of several: a check of its own. */
export type ReportedCheck = Readonly<{
  tool?: string;
  version?: string;
  /** Tells several scans of one tool apart: `language:go`. */
  category?: string;
  /** False: it did not run to its end. A fatal problem of the report says why. */
  isWhole: boolean;
  /** `all`: it looked at the whole project, for the `rules` it lists. */
  scope: 'all' | 'unknown';
  /** Paths that the tool could not analyse. */
  notAnalysed: readonly string[];
  /** Rules looked for. */
  rules: readonly string[];
  /** Rule and path of results that were suppressed, or are stated without a severity: they are no findings. */
  suppressed: readonly Readonly<{ rule: string; path?: string }>[];
  /** A hash of how the tool was called, where the report says it. */
  configuration?: string;
}>;

/** Why a report proves nothing, or less than it seems to. `fatal`: the check did not run to the end. */
export type ReportProblem = Readonly<{ code: ProblemCode; message: string; fatal: boolean }>;

export type ParsedReport = Readonly<{
  counts: Counts;
  /** In the order of the report. */
  findings: readonly ReportedFinding[];
  /** What the report alone says of its task. `unknown` whenever a problem is fatal. */
  outcome: TaskOutcome;
  /**
   * What silence about a place proves: `all` the tool looks at the whole project by itself; `files` only those in `covered`;
   * `tests` only tests in `covered`, which ran and passed.
   */
  scope: 'all' | 'files' | 'tests' | 'unknown';
  covered: readonly string[];
  /** Suites and classes that held a passing test and no error of their own, sorted: only by these closes a finding about a suite itself, which is never the name of a test that ran. */
  coveredSuites?: readonly string[];
  /** Tests skipped; paths that the tool could not analyse. */
  notAnalysed: readonly string[];
  /** Of formats that hold several checks, in place of what the report says as a whole. */
  checks?: readonly ReportedCheck[];
  /** The document could not be read to its end: it may hold more checks than are listed. */
  hidesChecks?: true;
  tool?: string;
  version?: string;
  durationSeconds?: number;
  problems: readonly ReportProblem[];
}>;

/** As `NO_COUNTS` of the model, which brings its schema along: readers start without. */
export function noCounts(): { -readonly [K in keyof Counts]: Counts[K] } {
  return { tests: 0, passed: 0, failures: 0, errors: 0, skipped: 0, flaky: 0, findings: 0 };
}

/** Caps of one reading. Whoever hits one gets a fatal `LIMIT_REACHED` problem that names it. */
export type ReportLimits = Readonly<{
  bytes: number;
  depth: number;
  attributes: number;
  cases: number;
  findings: number;
  /** Characters kept of one message, detail or name; longer ones are cut and told by `TEXT_CUT`. */
  text: number;
}>;

export const DEFAULT_LIMITS: ReportLimits = {
  bytes: 1024 ** 3, depth: 64, attributes: 256, cases: 2_000_000, findings: 100_000, text: 65_536,
};
/** Whole-document JSON is held in memory. */
export const JSON_BYTES = 100_000_000;

/** Takes the bytes of one report in pieces of any size. `end` never throws for bad input: it returns a report with a fatal problem. */
export type ReportReader = Readonly<{ write(bytes: Uint8Array): void; end(): ParsedReport }>;

export type ReportFormat = Readonly<{
  /** Stands in `task[format]: glob`, in check keys and in evidence: lower case, digits, `-`. */
  id: string;
  /** For the README's table. */
  title: string;
  /** Whether the first bytes (up to 64 KiB, decoded as Latin-1, BOM removed) look like this format. */
  detect(head: string): boolean;
  /** What a file of zero bytes means: some tools write nothing when nothing is wrong. */
  emptyMeans: 'clean' | 'unreadable';
  open(limits: ReportLimits): ReportReader;
}>;
