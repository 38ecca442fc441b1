/** The names of all inputs: one table for flags, action inputs, help and documentation. Loaded at every start, so it stays free of libraries that cost. */
import { closest, distance } from 'fastest-levenshtein';
import { AuditError } from './errors.ts';
import { PROBLEM_CODES, type Problem } from './model/problem.ts';

export type Verb = 'record' | 'check';
export const VERBS = ['record', 'check'] as const satisfies readonly Verb[];

export type InputName =
  | 'reports' | 'outcomes' | 'notes' | 'name' | 'mode' | 'operator' | 'scope' | 'log-path'
  | 'log-branch' | 'log' | 'fail-on' | 'comment' | 'check-run' | 'config' | 'entry-key' | 'working-directory' | 'dry-run' | 'output-dir' | 'json'
  | 'github-token' | 'check-run-id' | 'job-total' | 'job-index' | 'job-status' | 'job-workflow';

/** `lines`: many values, one a line; as a flag it may stand several times. `switch`: true or false; as a flag without a value. */
export type InputSpec = Readonly<{
  name: InputName;
  form: 'text' | 'lines' | 'switch';
  verbs: readonly Verb[];
  /** Shown as `--name <placeholder>`. */
  placeholder?: string;
  /** Only there: a step has its own way to say this, or a terminal has no use for it. */
  only?: 'terminal' | 'step';
  /** What `action.yml` gives where the caller gives nothing. Never for what the configuration file may set: it could not speak. */
  actionDefault?: string;
  /** For help and documentation; the default is said in it where there is one. */
  meaning: string;
}>;

/** In the order in which help and README show them. */
export const INPUT_SPECS: readonly InputSpec[] = [
  { name: 'reports', form: 'lines', verbs: ['record'], placeholder: 'task: glob', meaning: 'report files of a task; `!glob` excludes, `task[format]: glob` forces a format' },
  { name: 'outcomes', form: 'lines', verbs: ['record'], placeholder: 'task: outcome', meaning: 'how a step ended: success, failure, cancelled or skipped' },
  { name: 'notes', form: 'lines', verbs: ['record'], placeholder: 'glob', meaning: 'Markdown files that the auditor wrote about the run' },
  { name: 'name', form: 'text', verbs: ['record'], placeholder: 'text', meaning: 'tells several audits of one repository apart (default: Audit)' },
  { name: 'mode', form: 'text', verbs: ['record'], placeholder: 'mode', meaning: 'audit-only or audit+fix (default: audit-only)' },
  { name: 'operator', form: 'text', verbs: ['record'], placeholder: 'text', meaning: 'who ran the audit (default: the user of the machine, or the actor of the workflow)' },
  { name: 'scope', form: 'lines', verbs: ['record'], placeholder: 'text', meaning: 'what was audited (default: derived from the files touched)' },
  { name: 'log-path', form: 'text', verbs: ['record', 'check'], placeholder: 'path', meaning: 'the run log, relative to the repository (default: docs/AUDIT_RUN_LOG.md)' },
  { name: 'log-branch', form: 'text', verbs: ['record'], only: 'step', meaning: 'the branch that holds the run log; made as an orphan if there is none (default: audit-log)' },
  { name: 'log', form: 'text', verbs: ['record'], placeholder: 'rule', meaning: 'required, best-effort or off: whether a log that cannot be written fails the run (default: required)' },
  { name: 'fail-on', form: 'text', verbs: ['record'], placeholder: 'outcome', meaning: 'failed, gaps or never (default: failed)' },
  { name: 'comment', form: 'text', verbs: ['record'], only: 'step', meaning: 'changes, always or off: whether a pull request without news gets a comment (default: changes)' },
  { name: 'check-run', form: 'switch', verbs: ['record'], only: 'step', meaning: 'whether a check run is posted (default: true)' },
  { name: 'config', form: 'text', verbs: ['record'], placeholder: 'path', meaning: 'the configuration file (default: .github/audit-run-log.yml, if it exists)' },
  { name: 'entry-key', form: 'text', verbs: ['record'], placeholder: 'key', meaning: 'the same key is recorded once (default: a new one each time)' },
  { name: 'working-directory', form: 'text', verbs: ['record', 'check'], placeholder: 'folder', actionDefault: '.', meaning: 'where patterns and paths start (default: .)' },
  { name: 'dry-run', form: 'switch', verbs: ['record'], meaning: 'everything but the writes to log and data' },
  { name: 'output-dir', form: 'text', verbs: ['record'], placeholder: 'folder', meaning: 'also write comment.md, summary.md, check-run.json and entry.md there' },
  { name: 'json', form: 'switch', verbs: ['record', 'check'], only: 'terminal', meaning: 'one JSON document on standard output and nothing else there' },
  { name: 'github-token', form: 'text', verbs: ['record'], only: 'step', actionDefault: '${{ github.token }}', meaning: 'reads the pull request and the job, writes log branch, comment and check run' },
  { name: 'check-run-id', form: 'text', verbs: ['record'], only: 'step', actionDefault: '${{ job.check_run_id }}', meaning: 'the id of this job; leave it as it is' },
  { name: 'job-total', form: 'text', verbs: ['record'], only: 'step', actionDefault: '${{ strategy.job-total }}', meaning: 'how many legs the matrix has; leave it as it is' },
  { name: 'job-index', form: 'text', verbs: ['record'], only: 'step', actionDefault: '${{ strategy.job-index }}', meaning: 'which leg of the matrix this is; leave it as it is' },
  { name: 'job-status', form: 'text', verbs: ['record'], only: 'step', actionDefault: '${{ job.status }}', meaning: 'how the job stands; leave it as it is' },
  { name: 'job-workflow', form: 'text', verbs: ['record'], only: 'step', actionDefault: '${{ job.workflow_ref }}', meaning: 'the workflow file that defines this job; leave it as it is' },
];

/** A clause that names the nearest known name, or all of them where none is near. */
export function nearestName(name: string, known: readonly string[]): string {
  const near = closest(name, known);
  return distance(name, near) <= Math.max(2, Math.floor(name.length / 3)) ? `did you mean \`${near}\`?` : `known: ${known.join(', ')}.`;
}

/** Whether the caller can give it there. */
export function isOffered({ only }: InputSpec, surface: 'terminal' | 'step'): boolean {
  return only === undefined || only === surface;
}

/** The non-empty lines of a multi-line value, trimmed. */
export function splitLines(value: string): string[] {
  return value.split(/\r?\n/).map((part) => part.trim()).filter((part) => part !== '');
}

/** An error that names every unknown name with its nearest known one. */
export function unknownNames(names: readonly string[], known: readonly string[]): AuditError {
  const problems = names.map((name): Problem => ({ code: 'UNKNOWN_FLAG', message: `\`${name}\` is not known; ${nearestName(name, known)}` }));
  return new AuditError('UNKNOWN_FLAG', { message: problems.map(({ message }) => message).join('\n'), exitCode: 2, problems });
}

export function unknownVerb(verb: string): AuditError {
  return new AuditError('UNKNOWN_COMMAND', { message: `The command \`${verb}\` is not known; ${nearestName(verb, VERBS)} ${PROBLEM_CODES.UNKNOWN_COMMAND.fix}`, exitCode: 2 });
}
