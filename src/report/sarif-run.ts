/** One run of a SARIF document: a check of its own, by tool and category. */
import { compareText } from '../model/order.ts';
import type { ProblemCode } from '../model/problem.ts';
import type { ReportedCheck, ReportLimits } from './format.ts';
import { asList, asObject, field } from './json.ts';
import { openLintFindings, type LintFindings } from './lint-findings.ts';
import { counted, type Problems } from './problems.ts';
import { scanEnd, type ScanEnd } from './sarif-ends.ts';
import { brief, objectIn, textIn, type JsonObject } from './sarif-fields.ts';
import { openMessages, type Messages } from './sarif-message.ts';
import { plainName } from './sarif-names.ts';
import { openPlaces } from './sarif-places.ts';
import { openResults, type Results } from './sarif-result.ts';
import { configurationOf, openRules, type Rules } from './sarif-rules.ts';

/** The rule of what a tool reports about its own work in a file; every scan that ends well looks for it. */
const TOOL_ERROR_RULE = 'tool-error';
/** More rules in one run are a mistake: GitHub takes no more. */
const RULES = 25_000;
/** Results set aside are kept by rule and place; more of them than GitHub takes results are a mistake. */
const ASIDE = 25_000;
const NAME_CHARACTERS = 100;

/** Of one document. */
export type RunReading = Readonly<{ findings: LintFindings; problems: Problems; messages: Messages; room: { asideLeft: number } }>;

export function openRunReading(limits: ReportLimits, problems: Problems): RunReading {
  return { findings: openLintFindings(limits, problems), problems, messages: openMessages(limits.text, problems.tally), room: { asideLeft: ASIDE } };
}

/** `failure`: why the run proves nothing. */
export type ScanRead = Readonly<{ check: ReportedCheck; failure: Failure | undefined }>;
type Failure = Readonly<{ code: ProblemCode; message: string }>;

/** `at`: position of the run in the document, by which its findings name it. `undefined`, and a fatal problem, for a run of no known tool: it may be that of any check. */
export function readRun(run: JsonObject, at: number, reading: RunReading): ScanRead | undefined {
  const driver = objectIn(objectIn(run, 'tool'), 'driver');
  const tool = plainName(textIn(driver, 'name') ?? '', NAME_CHARACTERS);
  if (tool === '') {
    reading.problems.fatal('MALFORMED', `Run ${at + 1} names no tool (\`tool.driver.name\`).`);
    return undefined;
  }
  const places = openPlaces(run);
  const rules = openRules(run, reading.problems.tally);
  const end = scanEnd(run, { places, rules, messages: reading.messages });
  const name = brief(tool);
  const results = openResults({ ...reading, at, places, rules });
  const stated = field(run, 'results');
  const broken = readResults(stated, results);
  for (const { message, path } of end.errors) reading.findings.add({ rule: TOOL_ERROR_RULE, severity: 'P1', message, check: at, ...(path === undefined ? {} : { path }) });
  tellAll({ run, name, end, rules, results }, reading.problems);
  const failure = failureOf({ run, end, rules, broken, isScanned: Array.isArray(stated) });
  const category = categoryOf(run);
  const version = textIn(driver, 'semanticVersion') ?? textIn(driver, 'version');
  const configuration = configurationOf(run);
  return {
    failure: failure === undefined ? undefined : { code: failure.code, message: `${name}: ${failure.message}` },
    check: {
      tool,
      ...(category === '' ? {} : { category }),
      ...(version === undefined ? {} : { version: version.slice(0, NAME_CHARACTERS) }),
      isWhole: failure === undefined,
      scope: failure === undefined && end.isProven && !results.isOverfull() ? 'all' : 'unknown',
      notAnalysed: [...end.notAnalysed].sort(compareText),
      rules: [...rules.active.filter((rule) => !end.lostRules.has(rule)), TOOL_ERROR_RULE],
      suppressed: results.setAside(),
      ...(configuration === undefined ? {} : { configuration }),
    },
  };
}

/** What is wrong with the list itself. */
function readResults(stated: unknown, results: Results): string | undefined {
  const list = asList(stated);
  if (list === undefined) return stated === undefined || stated === null ? undefined : 'its results are no list.';
  let broken: string | undefined;
  for (const [at, value] of list.entries()) {
    const result = asObject(value);
    if (result === undefined) broken ??= `result ${at + 1} is no object.`;
    else results.add(result);
  }
  return broken;
}

type Ending = Readonly<{ run: JsonObject; end: ScanEnd; rules: Rules; broken: string | undefined; isScanned: boolean }>;

function failureOf({ run, end, rules, broken, isScanned }: Ending): Failure | undefined {
  if (end.failure !== undefined) return { code: 'TOOL_ERROR', message: `${end.failure}.` };
  if (broken !== undefined) return { code: 'MALFORMED', message: broken };
  if (externalParts(run).includes('results')) return { code: 'PARTS_ELSEWHERE', message: 'its results stand in other files, which are not read.' };
  if (!isScanned) return { code: 'INCOMPLETE', message: 'it has no list of results, so nothing says that it scanned anything.' };
  if (rules.active.length > RULES) return { code: 'LIMIT_REACHED', message: `it lists more than ${counted(RULES, 'rule')}.` };
  return undefined;
}

/** Parts of the run that its tool put into files of their own. */
function externalParts(run: JsonObject): string[] {
  return Object.keys(objectIn(run, 'externalPropertyFileReferences') ?? {});
}

type Told = Readonly<{ run: JsonObject; name: string; end: ScanEnd; rules: Rules; results: Results }>;

function tellAll({ run, name, end, rules, results }: Told, problems: Problems): void {
  for (const { code, message } of end.told) problems.tell(code, `${name}: ${message}.`);
  const elsewhere = externalParts(run).filter((part) => part !== 'results').sort(compareText);
  if (elsewhere.length > 0) problems.tell('PARTS_ELSEWHERE', `${name}: ${brief(elsewhere.join(', '))} stand in other files, which are not read.`);
  const suppressed = results.suppressedCount();
  if (suppressed > 0) problems.tell('SUPPRESSED', `${name}: ${counted(suppressed, 'result')} suppressed, and no finding.`);
  const unranked = results.unrankedCount();
  if (unranked > 0) problems.tell('SUPPRESSED', `${name}: ${counted(unranked, 'result')} of the level \`none\`, and no finding.`);
  if (results.isOverfull()) problems.tell('LIMIT_REACHED', `${name}: results that are no findings stand in more than ${counted(ASIDE, 'place')} of this document: nothing closes by this scan.`);
  const odd = rules.oddSeverities();
  if (odd > 0) problems.tell('UNKNOWN_WORD', `${name}: the \`security-severity\` of ${counted(odd, 'rule')} is no number above 0 and up to 10: the level counts.`);
  const unknown = results.unknownWords();
  if (unknown.length > 0) problems.tell('UNKNOWN_WORD', `${name}: unknown kinds or levels of results, taken for findings: ${unknown.map((word) => brief(word)).join(', ')}.`);
}

const SLASH = 0x2f;

/** `nightly/scan/2026-11-22` and `nightly/scan/` are runs of `nightly/scan`; without a slash the id is the run's own (2.1.0, 3.17.3). */
function categoryOf(run: JsonObject): string {
  const id = textIn(objectIn(run, 'automationDetails'), 'id') ?? '';
  let start = 0;
  let end = Math.max(id.lastIndexOf('/'), 0);
  while (start < end && id.charCodeAt(start) === SLASH) start += 1;
  while (end > start && id.charCodeAt(end - 1) === SLASH) end -= 1;
  return plainName(id.slice(start, end), NAME_CHARACTERS);
}
