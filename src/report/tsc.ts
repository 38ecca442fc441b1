/** What the TypeScript compiler prints (`tsc --pretty false`, and its pretty form): nothing at all when nothing is wrong. */
import { visible } from '../model/visible.ts';
import type { ParsedReport, ReportFormat, ReportLimits, ReportReader } from './format.ts';
import { openLines } from './lines.ts';
import { openLintFindings, type LintFindings } from './lint-findings.ts';
import { counted, openProblems, type Problems } from './problems.ts';
import { capture, captured, openCapture, ownCopy, type Capture } from './text.ts';
import { PLACE_LENGTH, readTscLine, severityOf, stageOf, type Diagnostic, type Stage } from './tsc-lines.ts';

export const tsc: ReportFormat = { id: 'tsc', title: 'TypeScript compiler output', detect, emptyMeans: 'clean', open };

function detect(head: string): boolean {
  return head.split('\n').some((line) => ['diagnostic', 'total'].includes(readTscLine(line.replace(/\r$/, '')).kind));
}

type Reading = {
  readonly limits: ReportLimits;
  readonly problems: Problems;
  findings: LintFindings;
  /** The last message, whose indented lines may still come. */
  open: Readonly<{ diagnostic: Diagnostic; detail: Capture }> | undefined;
  errors: number;
  stated: number | undefined;
  /** How far the compiler came, as its messages show. */
  readonly stages: Set<Stage>;
  crash: string | undefined;
  otherLines: number;
};

function open(limits: ReportLimits): ReportReader {
  const problems = openProblems();
  const reading: Reading = { limits, problems, findings: openLintFindings(limits, problems), open: undefined, errors: 0, stated: undefined, stages: new Set(), crash: undefined, otherLines: 0 };
  // A line is kept as far as its place and its message need.
  const lines = openLines({ limits, problems, cap: limits.text + PLACE_LENGTH }, (line) => readLine(reading, line));
  return {
    write: (bytes) => lines.write(bytes),
    end() {
      const { bytes, last } = lines.end();
      closeMessage(reading);
      if (bytes > 0) judge(reading);
      // Only the total is known to be the end of the output.
      const isCut = last !== '' && readTscLine(last).kind !== 'total';
      if (isCut) problems.tell('INCOMPLETE', 'The last line has no end, so more may have followed: nothing closes by this report.');
      return report(reading, isCut || reading.otherLines > 0 ? 'doubtful' : 'whole');
    },
  };
}

function readLine(reading: Reading, raw: string): void {
  if (reading.problems.stopped()) return;
  const line = readTscLine(raw);
  switch (line.kind) {
    case 'diagnostic':
      closeMessage(reading);
      reading.open = { diagnostic: line.diagnostic, detail: openCapture() };
      return;
    case 'continuation':
      if (reading.open === undefined) reading.otherLines += 1;
      else capture(reading.open.detail, `${line.text}\n`, reading.limits.text);
      return;
    case 'blank':
    case 'aside': return;
    case 'total':
      closeMessage(reading);
      reading.stated = line.errors;
      return;
    case 'restart':
      restart(reading);
      return;
    case 'crash':
      reading.crash ??= raw.slice(0, 200);
      return;
    case 'other':
      reading.otherLines += 1;
      return;
    default: line satisfies never;
  }
}

function restart(reading: Reading): void {
  reading.findings = openLintFindings(reading.limits, reading.problems);
  reading.open = undefined;
  reading.errors = 0;
  reading.stated = undefined;
  reading.stages.clear();
}

function closeMessage(reading: Reading): void {
  if (reading.open === undefined) return;
  const { diagnostic, detail } = reading.open;
  const { rule, message, path, line, column } = diagnostic;
  reading.open = undefined;
  if (diagnostic.category === 'error') reading.errors += 1;
  reading.stages.add(stageOf(diagnostic));
  const text = captured(detail, reading.limits.text, reading.problems.tally).trimEnd();
  reading.findings.add({
    rule, severity: severityOf(diagnostic), message: ownCopy(message),
    ...(text === '' ? {} : { detail: ownCopy(text) }),
    ...(path === undefined ? {} : { path: ownCopy(path) }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
  });
}

/** Whether the text is what a compiler says that came to its end. */
function judge({ problems, findings, crash, stated, errors, otherLines }: Reading): void {
  if (problems.stopped()) return;
  if (crash !== undefined) problems.fatal('TOOL_ERROR', `The compiler did not come to its end: ${visible(crash)}`);
  else if (findings.list().length === 0 && stated === undefined) problems.fatal('NOT_A_REPORT', 'The file holds no message and no total of the TypeScript compiler.');
  else if (stated !== undefined && stated > errors) problems.fatal('COUNT_MISMATCH', `The compiler states ${counted(stated, 'error')}, but the file lists ${errors}.`);
  else if (stated !== undefined && stated < errors) problems.tell('COUNT_MISMATCH', `The compiler states ${counted(stated, 'error')}, but the file lists ${errors}.`);
  if (!problems.stopped() && otherLines > 0) problems.tell('NOT_A_REPORT', `${counted(otherLines, 'line')} of another program between the messages: nothing closes by this report.`);
}

function report(reading: Reading, trust: 'whole' | 'doubtful'): ParsedReport {
  const { problems, findings, stages } = reading;
  const list = findings.list();
  const cameThrough = list.length === 0 || (stages.has('types') && !stages.has('before types'));
  return {
    counts: findings.counts(),
    findings: list,
    outcome: problems.stopped() ? 'unknown' : list.some(({ severity }) => severity === 'P2') || (reading.stated ?? 0) > 0 ? 'failed' : 'passed',
    scope: problems.stopped() || trust === 'doubtful' || !cameThrough ? 'unknown' : 'all',
    covered: [],
    notAnalysed: [],
    tool: 'tsc',
    problems: problems.list(),
  };
}
