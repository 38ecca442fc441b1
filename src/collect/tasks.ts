/** Tasks: what the step said, what the reports say, joined to one outcome; and the findings that this itself gives. */
import { suppressionKey } from '../model/closing.ts';
import { evidenceCheck, OWN_RULES, stepCheck, type CheckRun, type Finding } from '../model/finding.ts';
import { compareText } from '../model/order.ts';
import { keyPrint } from '../model/print.ts';
import type { Problem } from '../model/problem.ts';
import type { Severity } from '../model/severity.ts';
import { addCounts, joinOutcomes, NO_COUNTS, type Task, type TaskKind, type TaskOutcome } from '../model/task.ts';
import { ruleName, titleOf } from './findings.ts';
import type { ReadReport, UnreadReport } from './read-reports.ts';
import { checkReports, type CheckReport } from './report-checks.ts';
import type { ReportedCheck } from '../report/format.ts';
import type { StepEnd } from './report-specs.ts';

/** Everything known of one task. `expected`: reports were named for it. */
export type TaskEvidence = Readonly<{
  name: string;
  kind: TaskKind;
  required: boolean;
  commands: readonly string[];
  step: StepEnd | undefined;
  expected: boolean;
  reports: readonly ReadReport[];
  unread: readonly UnreadReport[];
}>;

export function joinTask(evidence: TaskEvidence): Task {
  const reported = reportedOutcome(evidence);
  const votes = [evidence.step?.outcome, reported].filter((vote) => vote !== undefined);
  const durations = evidence.reports.flatMap(({ parsed }) => (parsed.durationSeconds === undefined ? [] : [parsed.durationSeconds]));
  const duration = durations.length === 0 ? evidence.step?.durationSeconds : durations.reduce((sum, one) => sum + one, 0);
  return {
    name: evidence.name,
    kind: evidence.kind,
    required: evidence.required,
    outcome: joinOutcomes(votes),
    ...(evidence.step === undefined ? {} : { step: evidence.step.outcome }),
    ...(reported === undefined ? {} : { reported }),
    counts: evidence.reports.reduce((sum, { parsed }) => addCounts(sum, parsed.counts), NO_COUNTS),
    commands: [...evidence.commands],
    ...(evidence.step?.exitStatus === undefined ? {} : { exitStatus: evidence.step.exitStatus }),
    ...(duration === undefined || !Number.isFinite(duration) ? {} : { durationSeconds: duration }),
    evidence: evidence.reports.map((report) => report.evidence),
  };
}

/** What the reports alone say; a step that did not run explains why there is none. */
function reportedOutcome(evidence: TaskEvidence): TaskOutcome | undefined {
  if (!evidence.expected || isExcused(evidence)) return undefined;
  const votes = evidence.reports.map(({ parsed }) => parsed.outcome);
  // One report for each class: a class whose tests are all switched off does not make the task a skipped one.
  const ran = votes.filter((vote) => vote !== 'skipped');
  return joinOutcomes([...(ran.length > 0 ? ran : votes), ...(evidence.unread.length > 0 ? ['unknown' as const] : [])]);
}

function isExcused({ step, reports }: TaskEvidence): boolean {
  return reports.length === 0 && (step?.outcome === 'skipped' || step?.outcome === 'cancelled');
}

/** What a reader must know of the evidence: unread reports, and what reports say of themselves. */
export function evidenceProblems(evidence: TaskEvidence): Problem[] {
  const unread = isExcused(evidence) ? [] : evidence.unread.map(({ problem, task }) => ({ ...problem, task }));
  const told = evidence.reports.flatMap(({ evidence: { path }, parsed }) => parsed.problems.map(({ code, message }): Problem => ({ code, message: `${evidence.name}: ${path}: ${message}`, path, task: evidence.name })));
  return [...unread, ...told];
}

/** Findings about the task itself: no usable report, a failure that nothing explains, step and report that disagree. */
export function taskFindings(evidence: TaskEvidence, task: Task): Finding[] {
  const findings: Finding[] = [];
  const grave: Severity = task.required ? 'P1' : 'P2';
  const broken = brokenEvidence(evidence);
  if (broken !== undefined) findings.push(ownFinding(task, { rule: OWN_RULES.noReport, severity: grave, title: broken }));
  if (task.step === 'failed' && !isExplained(evidence, task)) {
    findings.push(ownFinding(task, { rule: OWN_RULES.stepFailed, severity: task.kind === 'build' && task.required ? 'P0' : grave, title: failureTitle(evidence, task, broken) }));
  }
  const hiding = evidence.reports.find(hidesFailures);
  if (hiding !== undefined) findings.push(ownFinding(task, { rule: OWN_RULES.hiddenFailures, severity: grave, title: `${hiding.evidence.path} states more failures than it lists` }));
  const contradiction = contradictionOf(evidence, task);
  if (contradiction !== undefined) findings.push(ownFinding(task, { rule: OWN_RULES.contradiction, severity: 'P2', title: contradiction }));
  return findings;
}

/** A complete report that states the problems one by one: they are judged instead of the step. */
function isExplained(evidence: TaskEvidence, task: Task): boolean {
  return task.reported === 'failed' && brokenEvidence(evidence) === undefined && !evidence.reports.some(hidesFailures);
}

/** Failed, and the findings do not say by what: totals that go beyond what is listed. */
function hidesFailures({ parsed }: ReadReport): boolean {
  if (parsed.outcome !== 'failed') return false;
  return parsed.findings.length === 0 || (parsed.scope === 'unknown' && parsed.problems.some(({ code }) => code === 'COUNT_MISMATCH'));
}

const MAX_STEPS = 2;
const STEP_CHARACTERS = 40;

function stepsTitle(names: readonly string[]): string {
  const shown = names.slice(0, MAX_STEPS).map(titleOf).map((name) => (
    // Never between the two halves of a character.
    `"${name.length <= STEP_CHARACTERS ? name : `${name.slice(0, STEP_CHARACTERS - 1).replace(/[\ud800-\udbff]$/, '')}…`}"`
  ));
  const more = names.length - shown.length;
  return `${names.length === 1 ? 'step' : 'steps'} ${more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(' and ')} failed`;
}

function failureTitle({ step }: TaskEvidence, task: Task, broken: string | undefined): string {
  if (step?.failedSteps !== undefined && step.failedSteps.length > 0) return stepsTitle(step.failedSteps);
  const status = task.exitStatus === undefined ? '' : ` with exit status ${task.exitStatus}`;
  return `${task.name} failed${status}${task.reported === undefined || broken !== undefined ? '' : ', and its report states no problem'}`;
}

function contradictionOf({ reports }: TaskEvidence, task: Task): string | undefined {
  if (task.step === 'passed' && task.reported === 'failed') return `the step of ${task.name} succeeded, but its report states failures`;
  return task.step === 'skipped' && reports.length > 0 ? `the step of ${task.name} was skipped, but there is a report of it` : undefined;
}

/** An empty outcome has no vote beside reports that were read to the end. */
export function withoutEmpty(evidence: TaskEvidence): TaskEvidence {
  const { step, reports } = evidence;
  if (step?.empty === undefined || reports.length === 0 || brokenEvidence({ ...evidence, step: undefined }) !== undefined) return evidence;
  const { otherwise } = step.empty;
  return { ...evidence, step: otherwise === null ? undefined : { ...step, outcome: otherwise } };
}

/** The first reason why the evidence is not whole; `undefined` when all of it was read to the end. */
function brokenEvidence(evidence: TaskEvidence): string | undefined {
  if (!evidence.expected || isExcused(evidence)) return undefined;
  const [unread] = evidence.unread;
  if (unread !== undefined) return unread.problem.message;
  for (const { evidence: { path }, parsed } of evidence.reports) {
    const fatal = parsed.problems.find((problem) => problem.fatal);
    if (fatal !== undefined) return `${evidence.name}: ${path}: ${fatal.message}`;
  }
  return undefined;
}

type Own = Readonly<{ rule: string; severity: Severity; title: string }>;

function ownFinding(task: Task, { rule, severity, title }: Own): Finding {
  const check = rule === OWN_RULES.noReport ? evidenceCheck(task.name) : stepCheck(task.name);
  // A broken build is a finding of its kind: it is never taken over as a starting point.
  return { check, task: task.name, kind: rule === OWN_RULES.stepFailed && task.kind === 'build' ? 'build' : 'check', rule, severity, title: titleOf(title), place: {}, print: keyPrint([check, rule]) };
}

/** A check of earlier runs. `reports`: what its last complete run was read from, kept for checks that speak of the whole project. */
export type UsualCheck = Readonly<{ check: string; reports: readonly string[] }>;

/** How far each check of the task got. `usual`: checks of earlier runs, whose reports may be missing now. */
export function taskChecks(evidence: TaskEvidence, task: Task, usual: readonly UsualCheck[]): CheckRun[] {
  const byCheck = new Map<string, CheckReport[]>();
  for (const report of evidence.reports.flatMap(checkReports)) {
    const group = byCheck.get(report.check);
    if (group === undefined) byCheck.set(report.check, [report]);
    else group.push(report);
  }
  const checks = [...byCheck].map(([check, reports]) => reportCheckRun(evidence, { check, reports, usual }));
  const absent = isExcused(evidence) ? 'skipped' : evidence.reports.some(({ parsed }) => parsed.hidesChecks) ? 'failed' : 'missing';
  const missing = evidence.expected ? usual.filter(({ check }) => !checks.some((one) => one.check === check)).map(({ check }) => emptyCheck(task, check, absent)) : [];
  return [...checks, ...missing, ...ownChecks(evidence, task)].sort((a, b) => compareText(a.check, b.check));
}

type CheckReports = Readonly<{ check: string; reports: readonly CheckReport[]; usual: readonly UsualCheck[] }>;

function reportCheckRun(evidence: TaskEvidence, { check, reports, usual }: CheckReports): CheckRun {
  const whole = reports.filter(({ report: { parsed }, scan }) => scan?.isWhole ?? !parsed.problems.some(({ fatal }) => fatal));
  const paths = reports.map(({ report }) => report.evidence.path);
  const [said, ...others] = new Set(reports.map(({ report, scan }) => (scan ?? report.parsed).scope));
  const scope = said === undefined || others.length > 0 ? 'unknown' : said;
  const lacks = scope === 'all' && usual.some((known) => known.check === check && (known.reports.some((path) => !paths.includes(path)) || known.reports.length > paths.length));
  const { tool, version } = reports[0]?.scan ?? reports[0]?.report.parsed ?? {};
  const isHidden = reports.some(({ scan }) => scan !== undefined) && evidence.reports.some(({ parsed }) => parsed.hidesChecks);
  const isWhole = whole.length === reports.length && evidence.unread.length === 0 && !lacks && !isHidden;
  const stopped = evidence.step?.outcome === 'cancelled' || evidence.step?.outcome === 'skipped';
  return {
    check,
    task: evidence.name,
    status: checkStatus(evidence, { read: whole.length, isWhole }),
    ...(tool === undefined ? {} : { tool }),
    ...(version === undefined ? {} : { version }),
    scope,
    ...(stopped ? { covered: [], notAnalysed: [] } : coverageOf(whole, reports)),
    ...scanOf(whole.flatMap(({ scan }) => scan ?? [])),
    evidence: paths,
  };
}

/** What a step that did not run to its end left behind is not of this run. */
function checkStatus({ step }: TaskEvidence, { read, isWhole }: Readonly<{ read: number; isWhole: boolean }>): CheckRun['status'] {
  if (step?.outcome === 'skipped') return 'skipped';
  if (step?.outcome === 'cancelled' || read === 0) return 'failed';
  return isWhole ? 'complete' : 'partial';
}

/** A test that passes in one report and not in another of the task is not certain to be the one that is known. */
function coverageOf(whole: readonly CheckReport[], reports: readonly CheckReport[]): Pick<CheckRun, 'covered' | 'notAnalysed'> {
  const notAnalysed = new Set(whole.flatMap(({ report, scan }) => (scan ?? report.parsed).notAnalysed));
  const doubtful = new Set(reports.length < 2 ? [] : reports.flatMap(({ report: { parsed } }) => [...parsed.notAnalysed, ...parsed.findings.flatMap(({ test }) => test ?? [])]));
  const covered = new Set(whole.flatMap(({ report: { parsed } }) => [...parsed.covered, ...(parsed.coveredSuites ?? [])]).filter((name) => !doubtful.has(name)));
  return { covered: [...covered].sort(), notAnalysed: [...notAnalysed].sort() };
}

/** What the scans of one check looked for: together no more than each of them. */
function scanOf([first, ...others]: readonly ReportedCheck[]): Pick<CheckRun, 'rules' | 'suppressed' | 'configuration'> {
  if (first === undefined) return {};
  const scans = [first, ...others];
  const rules = others.reduce((common, { rules: listed }) => intersection(common, new Set(listed)), new Set(first.rules));
  const suppressed = new Set(scans.flatMap((scan) => scan.suppressed.map(({ rule, path }) => suppressionKey(ruleName(rule), path))));
  const calls = scans.map(({ configuration }) => configuration ?? '').sort();
  return {
    rules: [...new Set([...rules].map(ruleName))].sort(),
    ...(suppressed.size === 0 ? {} : { suppressed: [...suppressed].sort() }),
    ...(calls.every((call) => call === '') ? {} : { configuration: calls.join(' ') }),
  };
}

function intersection(a: ReadonlySet<string>, b: ReadonlySet<string>): Set<string> {
  return new Set([...a].filter((one) => b.has(one)));
}

function ownChecks(evidence: TaskEvidence, task: Task): CheckRun[] {
  const checks: CheckRun[] = [];
  if (evidence.expected) checks.push(emptyCheck(task, evidenceCheck(task.name), isExcused(evidence) ? 'skipped' : 'complete'));
  if (task.step !== undefined) checks.push(emptyCheck(task, stepCheck(task.name), stepStatus(evidence, task)));
  return checks;
}

/** What the step left open is answered by a step that passed, or one that a report explains; and by either only with its reports. */
function stepStatus(evidence: TaskEvidence, task: Task): CheckRun['status'] {
  if (task.step === 'skipped') return 'skipped';
  const answers = task.step === 'passed' ? brokenEvidence(evidence) === undefined : task.step === 'failed' && isExplained(evidence, task);
  return answers ? 'complete' : 'failed';
}

function emptyCheck(task: Task, check: string, status: CheckRun['status']): CheckRun {
  return { check, task: task.name, status, scope: 'all', covered: [], notAnalysed: [], evidence: [] };
}
