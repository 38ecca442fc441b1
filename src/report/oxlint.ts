/**
 * oxlint's `-f json`: diagnostics, and how many files were read. Clean files are not named.
 * The document is written at the end of the run, so a whole one says that the tool ended; with at least one file read and none that could not be parsed, a diagnostic that is gone was looked for.
 * Which paths were asked for is not in the report: an oxlint that is run on fewer paths than before cannot be told from this.
 */
import { compareText } from '../model/order.ts';
import type { Severity } from '../model/severity.ts';
import type { ParsedReport, ReportFormat, ReportLimits, ReportReader } from './format.ts';
import { asCount, asList, asObject, asText, field, openJson } from './json.ts';
import { openLintFindings, type LintFindings } from './lint-findings.ts';
import { openProblems, type Problems } from './problems.ts';

export const oxlint: ReportFormat = { id: 'oxlint', title: 'oxlint JSON', detect, emptyMeans: 'unreadable', open };

function detect(head: string): boolean {
  return /^\s*\{\s*"diagnostics"\s*:\s*\[/.test(head);
}

type Reading = Readonly<{ findings: LintFindings; problems: Problems; notAnalysed: Set<string> }>;

function open(limits: ReportLimits): ReportReader {
  const problems = openProblems();
  const json = openJson(limits, problems);
  return {
    write: (bytes) => json.write(bytes),
    end() {
      const reading: Reading = { findings: openLintFindings(limits, problems), problems, notAnalysed: new Set() };
      const document = json.end();
      const files = problems.stopped() ? undefined : readDocument(document, reading);
      return report(reading, files);
    },
  };
}

/** The number of files read. */
function readDocument(document: unknown, reading: Reading): number | undefined {
  const root = asObject(document);
  const diagnostics = root === undefined ? undefined : asList(field(root, 'diagnostics'));
  if (root === undefined || diagnostics === undefined) {
    reading.problems.fatal('NOT_A_REPORT', 'The document is no list of oxlint diagnostics.');
    return undefined;
  }
  for (const [at, value] of diagnostics.entries()) readDiagnostic(value, at, reading);
  const files = field(root, 'number_of_files');
  if (files === 0 || asCount(files) !== undefined) return Number(files);
  reading.problems.fatal('INCOMPLETE', 'The document does not state `number_of_files`, so nothing says that any file was read.');
  return undefined;
}

function report({ findings, problems, notAnalysed }: Reading, files: number | undefined): ParsedReport {
  const isWhole = !problems.stopped();
  const isFailed = findings.list().some(({ severity }) => severity !== 'P3');
  return {
    counts: findings.counts(),
    findings: findings.list(),
    outcome: !isWhole ? 'unknown' : isFailed ? 'failed' : files === 0 ? 'skipped' : 'passed',
    scope: isWhole && files !== 0 && notAnalysed.size === 0 ? 'all' : 'unknown',
    covered: [],
    notAnalysed: isWhole ? [...notAnalysed].sort(compareText) : [],
    tool: 'oxlint',
    problems: problems.list(),
  };
}

const SEVERITIES: ReadonlyMap<unknown, Severity> = new Map<unknown, Severity>([['error', 'P2'], ['warning', 'P3'], ['advice', 'P3']]);

function readDiagnostic(value: unknown, at: number, { findings, problems, notAnalysed }: Reading): void {
  const diagnostic = asObject(value);
  const message = diagnostic === undefined ? undefined : asText(field(diagnostic, 'message'));
  const severity = diagnostic === undefined ? undefined : SEVERITIES.get(field(diagnostic, 'severity'));
  if (diagnostic === undefined || message === undefined || severity === undefined) {
    problems.fatal('MALFORMED', `Diagnostic ${at + 1} has no message or no known severity.`);
    return;
  }
  const path = asText(field(diagnostic, 'filename'));
  const code = asText(field(diagnostic, 'code'));
  // What no rule states is an error of the parser: the file was not linted.
  const isFatal = code === undefined && severity === 'P2';
  if (isFatal && path !== undefined) notAnalysed.add(path);
  const help = asText(field(diagnostic, 'help'));
  findings.add({
    rule: code ?? (isFatal ? 'fatal' : 'unknown'),
    severity: isFatal ? 'P1' : severity,
    message,
    ...(help === undefined || help === '' ? {} : { detail: help }),
    ...(path === undefined ? {} : { path }),
    ...placeOf(diagnostic),
  });
}

/** Of the first label. */
function placeOf(diagnostic: Readonly<Record<string, unknown>>): Readonly<{ line?: number; column?: number }> {
  const label = asObject(asList(field(diagnostic, 'labels'))?.[0]);
  const span = label === undefined ? undefined : asObject(field(label, 'span'));
  const line = span === undefined ? undefined : asCount(field(span, 'line'));
  const column = span === undefined ? undefined : asCount(field(span, 'column'));
  return { ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) };
}
