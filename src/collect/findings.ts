/** Findings of reports, given their identity: the place in the repository and the prints of its source line. */
import { AuditError } from '../errors.ts';
import type { FileSource } from '../host/ports.ts';
import type { Finding, Place, Print } from '../model/finding.ts';
import { keyPrint, linePrinter } from '../model/print.ts';
import type { TaskKind } from '../model/task.ts';
import { visible } from '../model/visible.ts';
import type { ReportedCheck, ReportedFinding } from '../report/format.ts';
import { repositoryPath, type Folders } from './place.ts';
import type { ReadReport } from './read-reports.ts';
import { reportCheck } from './report-checks.ts';

/** A source over this size is not read for prints: generated code, where a line says little. */
const SOURCE_BYTES = 5_000_000;
const TITLE_CHARACTERS = 120;
const DETAIL_CHARACTERS = 4_000;

export type FindingContext = Readonly<{
  folders: Folders;
  /** Rooted at the repository's top. */
  sources: FileSource;
  kindOf(task: string): TaskKind;
}>;

/** One finding for each that a report states, in the order of the reports. */
export async function collectFindings(reports: readonly ReadReport[], context: FindingContext): Promise<Finding[]> {
  const printers = new Map<string, ((line: number) => Print) | null>();
  const findings: Finding[] = [];
  const told = new Map<string, ReadReport>();
  for (const report of reports) {
    const { task, evidence: { format }, parsed } = report;
    const checkOf = (reported: ReportedFinding): string => reportCheck({ task, format, scan: parsed.checks?.[reported.check ?? -1] });
    for (const reported of parsed.findings) {
      const check = checkOf(reported);
      // Two projects of one tool state the same line of a file that both use: one problem. Twice in one report are two.
      const key = reported.test === undefined ? JSON.stringify([check, reported.rule, reported.path, reported.line, reported.column, reported.message]) : undefined;
      const first = key === undefined ? undefined : told.get(key);
      if (first !== undefined && first !== report) continue;
      if (key !== undefined) told.set(key, report);
      const place = placeOf(reported, context.folders);
      const print = await printOf({ check, reported, place }, context.sources, printers);
      findings.push(toFinding({ check, task, kind: context.kindOf(task), reported, place, print }));
    }
  }
  return findings;
}

/** The report with its own path and those of its scope as paths of the repository; a place outside of it cannot hold a known finding. */
export function placeReport(report: ReadReport, folders: Folders): ReadReport {
  const evidence = { ...report.evidence, path: repositoryPath(report.evidence.path, folders) ?? report.evidence.path };
  const placed = (paths: readonly string[]): string[] => paths.flatMap((path) => repositoryPath(path, folders) ?? []);
  const { checks, ...parsed } = report.parsed;
  if (checks !== undefined) return { ...report, evidence, parsed: { ...parsed, checks: checks.map((scan) => placeScan(scan, folders)) } };
  if (parsed.scope !== 'files') return { ...report, evidence };
  return { ...report, evidence, parsed: { ...parsed, covered: placed(parsed.covered), notAnalysed: placed(parsed.notAnalysed) } };
}

function placeScan(scan: ReportedCheck, folders: Folders): ReportedCheck {
  return {
    ...scan,
    notAnalysed: scan.notAnalysed.flatMap((path) => repositoryPath(path, folders) ?? []),
    suppressed: scan.suppressed.map(({ rule, path }) => {
      const placed = path === undefined ? undefined : repositoryPath(path, folders);
      return { rule, ...(placed === undefined ? {} : { path: placed }) };
    }),
  };
}

function placeOf(reported: ReportedFinding, folders: Folders): Place {
  const path = reported.path === undefined ? undefined : repositoryPath(reported.path, folders);
  return {
    ...(path === undefined ? {} : { path }),
    ...(path === undefined || reported.line === undefined || reported.line < 1 ? {} : { line: reported.line }),
    ...(path === undefined || reported.column === undefined || reported.column < 1 ? {} : { column: reported.column }),
    ...(reported.test === undefined ? {} : { test: reported.test }),
  };
}

type Printed = Readonly<{ check: string; reported: ReportedFinding; place: Place }>;

async function printOf(printed: Printed, sources: FileSource, printers: Map<string, ((line: number) => Print) | null>): Promise<Print> {
  const print = await placePrint(printed, sources, printers);
  const { toolId } = printed.reported;
  return toolId === undefined ? print : { ...print, id: keyPrint([toolId]).key };
}

/** A test is known by its name; a line by its text and surroundings; what has neither by its rule and file. */
async function placePrint({ check, reported, place }: Printed, sources: FileSource, printers: Map<string, ((line: number) => Print) | null>): Promise<Print> {
  if (reported.test !== undefined) return keyPrint(reported.flaky === true ? [check, reported.test, 'flaky'] : [check, reported.test]);
  const { path, line } = place;
  if (path === undefined || line === undefined) return keyPrint([check, reported.rule, path ?? reported.path ?? '']);
  let printer = printers.get(path);
  if (printer === undefined) {
    printer = await openPrinter(path, sources);
    printers.set(path, printer);
  }
  return printer === null ? keyPrint([check, reported.rule, path, reported.contentHash ?? titleOf(reported.message)]) : printer(line);
}

/** `null` when the source cannot be read: links, missing and oversized files give no print of a line. */
async function openPrinter(path: string, sources: FileSource): Promise<((line: number) => Print) | null> {
  const pieces: Uint8Array[] = [];
  try {
    await sources.read(path, { bytes: SOURCE_BYTES }, (piece) => pieces.push(Uint8Array.from(piece)));
  } catch (error) {
    if (error instanceof AuditError) return null;
    throw error;
  }
  return linePrinter(Buffer.concat(pieces).toString('utf8'));
}

type Named = Readonly<{ check: string; task: string; kind: TaskKind; reported: ReportedFinding; place: Place; print: Print }>;

function toFinding({ check, task, kind, reported, place, print }: Named): Finding {
  const title = titleOf(outsidePath(reported, place) === undefined ? reported.message : `${reported.message} (${outsidePath(reported, place) ?? ''})`);
  const detail = reported.detail ?? (title.startsWith(reported.message.trim()) ? undefined : reported.message);
  return {
    check, task,
    // A test is a test even in the report of a task of another kind.
    kind: reported.test === undefined ? kind : 'test',
    rule: ruleName(reported.rule),
    severity: reported.severity,
    title: title || 'no message',
    ...(detail === undefined || detail.trim() === '' ? {} : { detail: cut(visible(detail), DETAIL_CHARACTERS) }),
    place, print,
    ...(reported.flaky === undefined ? {} : { flaky: reported.flaky }),
  };
}

/** Where the tool says it is, if that is no place of the repository: better than nothing for a reader. */
function outsidePath({ path, line, test }: ReportedFinding, place: Place): string | undefined {
  if (path === undefined || place.path !== undefined || test !== undefined) return undefined;
  return line === undefined ? path : `${path}:${line}`;
}

/** A rule as findings name it. */
export function ruleName(reported: string): string {
  return titleOf(reported) || 'unknown';
}

/** A title: white space collapsed, invisible characters spelt out, cut with `…`. */
export function titleOf(value: string): string {
  return cut(visible(value.slice(0, TITLE_CHARACTERS * 20).replace(/\s+/g, ' ').trim()), TITLE_CHARACTERS);
}

function cut(value: string, limit: number): string {
  if (value.length <= limit) return value;
  const end = limit - 1;
  // Never between the two halves of a character.
  return `${value.slice(0, (value.codePointAt(end - 1) ?? 0) > 0xffff ? end - 1 : end)}…`;
}
