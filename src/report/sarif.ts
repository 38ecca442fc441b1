/**
 * SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0): runs of one or several tools, each a check of its own.
 * A run whose invocations were all successful analysed the whole repository for every rule that it lists; without one, its silence proves nothing.
 * Paths through the code, graphs, stacks, fixes and related places are not read, and neither are files that the document names.
 */
import { compareText } from '../model/order.ts';
import type { ParsedReport, ReportFormat, ReportLimits, ReportReader } from './format.ts';
import { asList, asObject, field, openJson } from './json.ts';
import { openProblems } from './problems.ts';
import { brief, objectsIn, textIn } from './sarif-fields.ts';
import { openRunReading, readRun, type RunReading, type ScanRead } from './sarif-run.ts';

export const sarif: ReportFormat = { id: 'sarif', title: 'SARIF 2.1.0', detect, emptyMeans: 'unreadable', open };

const VERSION = '2.1.0';
/** GitHub takes 20 in one document. */
const RUNS = 1_000;
/** Runs that failed, told one by one. */
const FAILURES_TOLD = 20;
/** Lists that hold nothing we tell: left out before the document is parsed, for a tool may write a million steps. */
const UNREAD = new Set(['codeFlows', 'threadFlows', 'threadFlowLocations', 'graphs', 'graphTraversals', 'stacks', 'fixes', 'relatedLocations', 'attachments', 'addresses', 'webRequests', 'webResponses', 'taxonomies', 'translations']);

/** A document says by its schema, its version or its tool what it is; the version may stand behind the runs. */
function detect(head: string): boolean {
  const [start, schema, version] = /^\s*\{\s*(?:"\$schema"\s*:\s*"([^"]*)"\s*,\s*)?(?:"version"\s*:\s*"(\d+\.\d+\.\d+[^"]*)"\s*,\s*)?(?:"\$schema"\s*:\s*"[^"]*"\s*,\s*)?/.exec(head) ?? [];
  if (start === undefined) return false;
  if (/sarif/i.test(schema ?? '')) return true;
  const hasRuns = head.startsWith('"runs"', start.length);
  return (version !== undefined && (hasRuns || /"\$schema"\s*:\s*"[^"]*sarif/i.test(start))) || (hasRuns && /"driver"\s*:/.test(head));
}

function open(limits: ReportLimits): ReportReader {
  const problems = openProblems();
  const json = openJson(limits, problems, UNREAD);
  return {
    write: (bytes) => json.write(bytes),
    end() {
      const reading = openRunReading(limits, problems);
      const document = json.end();
      const scans = problems.stopped() ? [] : readDocument(document, reading);
      return report(scans, reading);
    },
  };
}

function readDocument(document: unknown, reading: RunReading): ScanRead[] {
  const { problems } = reading;
  const root = asObject(document);
  const runs = root === undefined ? undefined : asList(field(root, 'runs'));
  const version = textIn(root, 'version');
  if (root === undefined || version === undefined) problems.fatal('NOT_A_REPORT', 'The document states no `version`, as SARIF does.');
  else if (version !== VERSION) problems.fatal('NOT_A_REPORT', `The document is SARIF ${brief(version)}; only ${VERSION} is read.`);
  else if (runs === undefined) problems.fatal('INCOMPLETE', 'The document has no list of runs.');
  else if (runs.length === 0) problems.fatal('INCOMPLETE', 'The document holds no run, so nothing says that anything was scanned.');
  else if (runs.length > RUNS) problems.fatal('LIMIT_REACHED', `The document holds more than ${RUNS} runs.`);
  else if (objectsIn(root, 'inlineExternalProperties').length > 0) problems.fatal('PARTS_ELSEWHERE', 'The document keeps parts of its runs apart from them (`inlineExternalProperties`), which is not read.');
  if (problems.stopped() || runs === undefined) return [];
  return runs.flatMap((value, at) => {
    const run = asObject(value);
    if (run !== undefined) return problems.stopped() ? [] : readRun(run, at, reading) ?? [];
    problems.fatal('MALFORMED', `Run ${at + 1} is no object.`);
    return [];
  });
}

function report(scans: readonly ScanRead[], { findings, problems }: RunReading): ParsedReport {
  const isRead = !problems.stopped();
  const failures = isRead ? scans.flatMap(({ failure }) => failure ?? []) : [];
  for (const { code, message } of failures.slice(0, FAILURES_TOLD)) problems.fatal(code, message);
  if (failures.length > FAILURES_TOLD) problems.fatal('TOOL_ERROR', `${failures.length - FAILURES_TOLD} more runs prove nothing either.`);
  const isWhole = !problems.stopped();
  const isFailed = findings.list().some(({ severity }) => severity !== 'P3');
  const [first, ...more] = scans.map(({ check }) => check);
  const alone = more.length === 0 ? first : undefined;
  return {
    counts: findings.counts(),
    findings: findings.list(),
    outcome: !isWhole ? 'unknown' : isFailed ? 'failed' : 'passed',
    scope: isWhole && scans.every(({ check }) => check.scope === 'all') ? 'all' : 'unknown',
    covered: [],
    notAnalysed: [...new Set(scans.flatMap(({ check }) => check.notAnalysed))].sort(compareText),
    // A document that cannot be read to its end may hold any check, and more of each.
    checks: scans.map(({ check }) => (isRead ? check : { ...check, isWhole: false })),
    ...(isRead ? {} : { hidesChecks: true as const }),
    ...(alone?.tool === undefined ? {} : { tool: alone.tool }),
    ...(alone?.version === undefined ? {} : { version: alone.version }),
    problems: problems.list(),
  };
}
