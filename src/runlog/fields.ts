/** Names of fields: what labels and columns of people's logs stand for. */
import type { EntryField, IndexField } from '../model/entry-style.ts';

const LABELS: Readonly<Record<Exclude<EntryField, 'unknown'>, readonly string[]>> = {
  branch: ['branch', 'git branch', 'branch name'],
  commit: ['commit', 'commit sha', 'sha', 'head sha', 'commit sha/tag', 'commit hash', 'commit id', 'git sha', 'revision', 'head'],
  operator: ['operator', 'auditor', 'auditors', 'agent', 'author', 'run by', 'executed by', 'performed by'],
  mode: ['mode', 'run mode', 'audit mode'],
  scope: ['scope', 'audit scope', 'run scope'],
  outcome: ['outcome', 'result', 'status', 'verdict', 'overall', 'overall outcome', 'overall result', 'run outcome'],
  start: ['utc start', 'start', 'started', 'start time', 'started at', 'start utc'],
  end: ['utc end', 'end', 'ended', 'end time', 'ended at', 'finished', 'end utc'],
  date: ['date', 'date/time', 'datetime', 'time', 'timestamp', 'utc timestamp', 'utc', 'run date'],
  'key-findings': ['key findings', 'findings', 'main findings', 'findings summary'],
  'findings-opened': ['findings opened', 'findings opened this run', 'opened findings', 'opened', 'new findings', 'findings created'],
  'findings-closed': ['findings closed', 'findings closed this run', 'closed findings', 'closed', 'findings fixed'],
  artifacts: ['artifacts', 'artefacts', 'artifacts root', 'screenshots / artifacts', 'screenshots/artifacts', 'evidence', 'evidence produced'],
  'change-summary': ['change summary', 'changes', 'summary of changes', 'what changed', 'what shipped'],
  'files-touched': ['files touched', 'files changed', 'changed files', 'exact files changed', 'files created/modified', 'touched files'],
  'migration-notes': ['db/migration notes', 'db / migration notes', 'migration notes', 'migrations', 'db migrations', 'migration'],
  'perf-notes': ['perf notes', 'performance notes', 'performance', 'network/perf notes'],
  verification: ['verification summary', 'verification', 'verification results'],
  tests: ['tests', 'test', 'test results', 'unit tests', 'tests run'],
  logs: ['logs', 'log review', 'log checks'],
  'db-queries': ['db queries', 'database queries', 'db checks', 'db'],
  'static-checks': ['static checks', 'static analysis', 'lint', 'linting', 'linters'],
  build: ['build', 'builds', 'build result'],
  commands: ['commands', 'commands executed', 'commands run', 'command'],
  'verification-steps': ['verification steps', 'manual verification', 'verification checklist'],
  'follow-ups': ['follow-ups', 'follow-up', 'follow ups', 'followups', 'known issues / follow-ups', 'known issues / follow-up', 'known issues/follow-ups', 'known issues', 'next actions', 'next steps'],
  'owner-due': ['owner + due date', 'owner and due date', 'owner / due date', 'owner/due date', 'owner & due date', 'owner, due date'],
};

const COLUMNS: Readonly<Record<Exclude<IndexField, 'unknown'>, readonly string[]>> = {
  'run-id': ['run id', 'id', 'run', 'audit id', 'entry', '#', 'no', 'run #'],
  start: LABELS.start,
  end: LABELS.end,
  date: LABELS.date,
  branch: LABELS.branch,
  commit: LABELS.commit,
  operator: LABELS.operator,
  mode: LABELS.mode,
  outcome: LABELS.outcome,
  artifacts: LABELS.artifacts,
};

function byName<Field extends string>(names: Readonly<Record<Field, readonly string[]>>): ReadonlyMap<string, Field> {
  const map = new Map<string, Field>();
  for (const field of Object.keys(names) as Field[]) for (const name of names[field]) map.set(name, field);
  return map;
}

const FIELD_BY_LABEL = byName(LABELS);
const FIELD_BY_COLUMN = byName(COLUMNS);

/** One name for all spellings: lower case, without emphasis, colon and what stands in brackets. */
export function labelName(label: string): string {
  return label.toLowerCase().replace(/[*_`]/g, '').replace(/\([^()]*\)/g, ' ').replace(/\s+/g, ' ').replace(/[\s:.]+$/, '').trim();
}

export function entryField(label: string): EntryField {
  return FIELD_BY_LABEL.get(labelName(label)) ?? 'unknown';
}

export function indexField(header: string): IndexField {
  return FIELD_BY_COLUMN.get(labelName(header)) ?? 'unknown';
}

/** A group holds further labels; every other field holds a value. */
export function isGroup(field: EntryField): boolean {
  return field === 'change-summary' || field === 'verification' || field === 'follow-ups';
}

/** Fields that hold one short value, so that it stands behind its label unless the log shows otherwise. */
export function isScalar(field: EntryField): boolean {
  return field === 'branch' || field === 'commit' || field === 'operator' || field === 'mode' || field === 'outcome' || field === 'start' || field === 'end' || field === 'date';
}
