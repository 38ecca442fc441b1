/** ESLint's `-f json` and `-f json-with-metadata` (eslint.org/docs/latest/use/formatters): every file is listed, clean ones too. Messages are counted; the summary counts are not read. */
import { compareText } from '../model/order.ts';
import type { ParsedReport, ReportFormat, ReportLimits, ReportReader } from './format.ts';
import { asCount, asList, asObject, asText, field, openJson } from './json.ts';
import { openLintFindings, type LintFindings } from './lint-findings.ts';
import { openProblems, type Problems } from './problems.ts';

export const eslint: ReportFormat = { id: 'eslint', title: 'ESLint JSON', detect, emptyMeans: 'unreadable', open };

/** A result opens with its path; `json-with-metadata` puts the list under `results`. No file at all is `[]`. */
function detect(head: string): boolean {
  return /^\s*(?:\{\s*"results"\s*:\s*)?\[\s*(?:\{\s*"filePath"\s*:|\]\s*(?:$|,\s*"metadata"\s*:))/.test(head);
}

type Reading = Readonly<{ findings: LintFindings; problems: Problems; covered: Set<string>; notAnalysed: Set<string> }>;

function open(limits: ReportLimits): ReportReader {
  const problems = openProblems();
  const json = openJson(limits, problems);
  return {
    write: (bytes) => json.write(bytes),
    end() {
      const reading: Reading = { findings: openLintFindings(limits, problems), problems, covered: new Set(), notAnalysed: new Set() };
      const document = json.end();
      if (!problems.stopped()) readResults(document, reading);
      return report(reading);
    },
  };
}

function report({ findings, problems, covered, notAnalysed }: Reading): ParsedReport {
  const isWhole = !problems.stopped();
  const analysed = [...covered].filter((path) => !notAnalysed.has(path)).sort(compareText);
  const isFailed = findings.list().some(({ severity }) => severity !== 'P3');
  return {
    counts: findings.counts(),
    findings: findings.list(),
    outcome: !isWhole ? 'unknown' : isFailed ? 'failed' : analysed.length === 0 ? 'skipped' : 'passed',
    scope: 'files',
    covered: isWhole ? analysed : [],
    notAnalysed: isWhole ? [...notAnalysed].sort(compareText) : [],
    tool: 'eslint',
    problems: problems.list(),
  };
}

function readResults(document: unknown, reading: Reading): void {
  const root = asObject(document);
  const results = asList(document) ?? (root === undefined ? undefined : asList(field(root, 'results')));
  if (results === undefined) {
    reading.problems.fatal('NOT_A_REPORT', 'The document is no list of ESLint results.');
    return;
  }
  for (const [at, value] of results.entries()) {
    const result = asObject(value);
    const path = result === undefined ? undefined : asText(field(result, 'filePath'));
    const messages = result === undefined ? undefined : asList(field(result, 'messages'));
    if (path === undefined || messages === undefined) {
      reading.problems.fatal('MALFORMED', `Result ${at + 1} has no \`filePath\` or no \`messages\`.`);
      return;
    }
    reading.covered.add(path);
    for (const message of messages) readMessage(message, path, reading);
    if (reading.problems.stopped()) return;
  }
}

/** A message that no rule made and that says so: the file was passed over. */
const IGNORED = /^File ignored /;

function readMessage(value: unknown, path: string, { findings, problems, notAnalysed }: Reading): void {
  const message = asObject(value);
  const severity = message === undefined ? undefined : field(message, 'severity');
  if (message === undefined || (severity !== 1 && severity !== 2)) {
    problems.fatal('MALFORMED', 'A message has no severity 1 or 2.');
    return;
  }
  const rule = asText(field(message, 'ruleId'));
  const text = asText(field(message, 'message')) ?? '';
  const isFatal = field(message, 'fatal') === true;
  const isIgnored = rule === undefined && !isFatal && severity === 1 && IGNORED.test(text);
  if (isFatal || isIgnored) notAnalysed.add(path);
  if (isIgnored) return;
  const line = asCount(field(message, 'line'));
  const column = asCount(field(message, 'column'));
  findings.add({
    rule: rule ?? (isFatal ? 'fatal' : 'unknown'),
    severity: isFatal ? 'P1' : severity === 2 ? 'P2' : 'P3',
    message: text,
    path,
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
  });
}
