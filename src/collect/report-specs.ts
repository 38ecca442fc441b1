/** The `reports` and `outcomes` inputs: which files speak of which task, and how each step ended. */
import { AuditError } from '../errors.ts';
import type { Problem } from '../model/problem.ts';
import type { TaskOutcome } from '../model/task.ts';
import { FORMAT_IDS } from '../report/index.ts';

/** `patterns` in the order given, excluding ones with their `!`. `format`: forced, else told by content. */
export type ReportSpec = Readonly<{ task: string; format: string | null; patterns: readonly string[] }>;

/** How a step ended; `exitStatus` where the caller gave a number. Commands and time, in seconds, where the job tells them. */
export type StepEnd = Readonly<{
  outcome: TaskOutcome;
  exitStatus?: number;
  commands?: readonly string[];
  durationSeconds?: number;
  /** `outcomes` named the task and no outcome. `otherwise`: how it ended without that line; `null` where nothing else tells. */
  empty?: Readonly<{ otherwise: TaskOutcome | null }>;
  /** Names of the steps that failed, where they are not the task's own. */
  failedSteps?: readonly string[];
  /** Any failure that a report states explains this one: which step failed is not known. */
  explainedBy?: 'any';
}>;

const TASK = /^[^\0-\x1f\x7f-\x9f\p{Cf}\u2028\u2029:[\]!]{1,100}$/u;
const REPORT_LINE = /^([^:[\]]+?)\s*(?:\[([^\]]*)\])?\s*:\s*(\S.*)$/u;
const REPORT_FORM = 'expected `task: glob` or `task[format]: glob`';

/**
 * Lines of one task and format make one spec, in the order of their first line. A line `!glob` without a task excludes everywhere.
 * Throws INVALID_INPUT with every bad line at once.
 */
export function parseReportSpecs(lines: readonly string[], formats: readonly string[] = FORMAT_IDS): ReportSpec[] {
  const specs = new Map<string, { task: string; format: string | null; patterns: string[] }>();
  const everywhere = lines.filter((line) => line.startsWith('!'));
  const problems: Problem[] = [];
  for (const line of lines.filter((one) => !one.startsWith('!'))) {
    const [, task, format, pattern] = REPORT_LINE.exec(line) ?? [];
    if (task === undefined || pattern === undefined || !TASK.test(task)) problems.push(invalid('reports', line, REPORT_FORM));
    else if (format !== undefined && !formats.includes(format)) problems.push(invalid('reports', line, `\`${format}\` is no report format; known: ${formats.join(', ')}`));
    else addPattern(specs, { task, format: format ?? null, pattern });
  }
  if (problems.length > 0) throw allInvalid(problems);
  return [...specs.values()].map((spec) => ({ ...spec, patterns: [...spec.patterns, ...everywhere] }));
}

function addPattern(specs: Map<string, { task: string; format: string | null; patterns: string[] }>, line: Readonly<{ task: string; format: string | null; pattern: string }>): void {
  const key = JSON.stringify([line.task, line.format]);
  const spec = specs.get(key);
  if (spec === undefined) specs.set(key, { task: line.task, format: line.format, patterns: [line.pattern] });
  else spec.patterns.push(line.pattern);
}

/** GitHub's words for a step (`steps.<id>.outcome`), and ours. */
const OUTCOME_WORDS: Readonly<Record<string, TaskOutcome>> = {
  success: 'passed', passed: 'passed', failure: 'failed', failed: 'failed', cancelled: 'cancelled', skipped: 'skipped', unknown: 'unknown',
};

/** Lines `task: outcome`, or `task: 2` with an exit status. Throws INVALID_INPUT with every bad line at once; a task named twice is bad. */
export function parseOutcomes(lines: readonly string[]): ReadonlyMap<string, StepEnd> {
  const ends = new Map<string, StepEnd>();
  const problems: Problem[] = [];
  for (const line of lines) {
    const at = line.lastIndexOf(':');
    const task = line.slice(0, Math.max(at, 0)).trim();
    const end = at < 0 ? undefined : stepEnd(line.slice(at + 1).trim());
    if (end === undefined || !TASK.test(task)) problems.push(invalid('outcomes', line, 'expected `task: ` and success, failure, cancelled, skipped or an exit status'));
    else if (ends.has(task)) problems.push(invalid('outcomes', line, 'the task is named twice'));
    else ends.set(task, end);
  }
  if (problems.length > 0) throw allInvalid(problems);
  return ends;
}

function stepEnd(word: string): StepEnd | undefined {
  // What `${{ steps.x.outcome }}` becomes when there is no such step, or it never started.
  if (word === '') return { outcome: 'unknown', empty: { otherwise: null } };
  if (/^\d{1,10}$/.test(word)) return { outcome: Number(word) === 0 ? 'passed' : 'failed', exitStatus: Number(word) };
  const outcome = Object.hasOwn(OUTCOME_WORDS, word) ? OUTCOME_WORDS[word] : undefined;
  return outcome === undefined ? undefined : { outcome };
}

function invalid(input: string, line: string, expected: string): Problem {
  return { code: 'INVALID_INPUT', message: `${input}: \`${line}\`: ${expected}.` };
}

function allInvalid(problems: readonly Problem[]): AuditError {
  return new AuditError('INVALID_INPUT', { message: problems.map(({ message }) => message).join('\n'), exitCode: 2, problems });
}
