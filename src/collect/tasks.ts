/** Tasks: what the step said, what the reports say, joined to one outcome; and the findings that this itself gives. */
import { evidenceCheck, OWN_RULES, stepCheck, type CheckRun, type Finding } from '../model/finding.ts';
import { compareText } from '../model/order.ts';
import { keyPrint } from '../model/print.ts';
import type { Problem } from '../model/problem.ts';
import type { Severity } from '../model/severity.ts';
import { addCounts, joinOutcomes, NO_COUNTS, type Task, type TaskKind, type TaskOutcome } from '../model/task.ts';
import { reportCheck, titleOf } from './findings.ts';
import type { ReadReport, UnreadReport } from './read-reports.ts';
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
  const duration = durations.length === 0 ? undefined : durations.reduce((sum, one) => sum + one, 0);
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
  const unread = isExcused(evidence) ? [] : evidence.unread.map(({ problem }) => problem);
  const told = evidence.reports.flatMap(({ evidence: { path }, parsed }) => parsed.problems.map(({ code, message }): Problem => ({ code, message: `${evidence.name}: ${path}: ${message}`, path })));
  return [...unread, ...told];
}

/** Findings about the task itself: no usable report, a failure that nothing explains, step and report that disagree. */
export function taskFindings(evidence: TaskEvidence, task: Task): Finding[] {
  const findings: Finding[] = [];
  const broken = brokenEvidence(evidence);
  if (broken !== undefined) {
    findings.push(ownFinding(task, { rule: OWN_RULES.noReport, severity: task.required ? 'P1' : 'P2', title: broken }));
  }
  if (task.step === 'failed' && task.reported !== 'failed' && broken === undefined) {
    const rule = task.reported === undefined ? OWN_RULES.stepFailed : OWN_RULES.unexplained;
    const status = task.exitStatus === undefined ? '' : ` with exit status ${task.exitStatus}`;
    const title = task.reported === undefined ? `${task.name} failed${status}` : `${task.name} failed${status}, and its report states no problem`;
    findings.push(ownFinding(task, { rule, severity: task.kind === 'build' && task.required ? 'P0' : task.required ? 'P1' : 'P2', title }));
  }
  if (task.step === 'passed' && task.reported === 'failed') {
    findings.push(ownFinding(task, { rule: OWN_RULES.contradiction, severity: 'P2', title: `the step of ${task.name} succeeded, but its report states failures` }));
  }
  return findings;
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
  return { check, task: task.name, kind: rule === OWN_RULES.stepFailed && task.kind === 'build' ? 'build' : 'check', rule, severity, title: titleOf(title), place: {}, print: keyPrint([check, rule]) };
}

/** How far each check of the task got. `usual`: checks of earlier runs, whose reports may be missing now. */
export function taskChecks(evidence: TaskEvidence, task: Task, usual: readonly string[]): CheckRun[] {
  const byFormat = new Map<string, ReadReport[]>();
  for (const report of evidence.reports) {
    const group = byFormat.get(report.evidence.format);
    if (group === undefined) byFormat.set(report.evidence.format, [report]);
    else group.push(report);
  }
  const checks = [...byFormat].map(([format, reports]) => reportCheckRun(evidence, format, reports));
  const missing = evidence.expected ? usual.filter((check) => !checks.some((one) => one.check === check)).map((check) => emptyCheck(task, check, isExcused(evidence) ? 'skipped' : 'missing')) : [];
  return [...checks, ...missing, ...ownChecks(evidence, task)].sort((a, b) => compareText(a.check, b.check));
}

function reportCheckRun(evidence: TaskEvidence, format: string, reports: readonly ReadReport[]): CheckRun {
  const whole = reports.filter(({ parsed }) => !parsed.problems.some(({ fatal }) => fatal));
  const [first] = reports;
  const isWhole = whole.length === reports.length && evidence.unread.length === 0 && evidence.step?.outcome !== 'cancelled';
  const union = (of: (report: ReadReport) => readonly string[]): string[] => [...new Set(whole.flatMap(of))].sort(compareText);
  const scopes = new Set(reports.map(({ parsed }) => parsed.scope));
  return {
    check: reportCheck({ task: evidence.name, format }),
    task: evidence.name,
    status: isWhole ? 'complete' : whole.length > 0 ? 'partial' : 'failed',
    ...(first?.parsed.tool === undefined ? {} : { tool: first.parsed.tool }),
    ...(first?.parsed.version === undefined ? {} : { version: first.parsed.version }),
    scope: scopes.size === 1 && first !== undefined ? first.parsed.scope : 'unknown',
    covered: union(({ parsed }) => [...parsed.covered, ...(parsed.coveredSuites ?? [])]),
    notAnalysed: union(({ parsed }) => parsed.notAnalysed),
    evidence: reports.map(({ evidence: { path } }) => path),
  };
}

function ownChecks(evidence: TaskEvidence, task: Task): CheckRun[] {
  const checks: CheckRun[] = [];
  if (evidence.expected) checks.push(emptyCheck(task, evidenceCheck(task.name), isExcused(evidence) ? 'skipped' : 'complete'));
  if (task.step === 'passed' || task.step === 'failed') checks.push(emptyCheck(task, stepCheck(task.name), 'complete'));
  else if (task.step !== undefined) checks.push(emptyCheck(task, stepCheck(task.name), task.step === 'skipped' ? 'skipped' : 'failed'));
  return checks;
}

function emptyCheck(task: Task, check: string, status: CheckRun['status']): CheckRun {
  return { check, task: task.name, status, scope: 'all', covered: [], notAnalysed: [], evidence: [] };
}
