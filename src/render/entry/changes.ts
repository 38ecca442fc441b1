/** What an entry says about files: artifacts, files touched, migrations. */
import { UNRECORDED } from '../../model/audit.ts';
import type { EntryField } from '../../model/entry-style.ts';
import type { ChangedFile, Run } from '../../model/run.ts';
import { codeSpan, link, text } from '../untrusted.ts';
import { capLines, enumerate, line, proseLines, type Line, type Section } from './line.ts';
import { fileProblems, knowsFiles, problemLine } from './problems.ts';

const FILES_SHOWN = 100;
const EVIDENCE_SHOWN = 50;

/** The record, the reports that were read, the notes, then what the notes name. */
export const artifacts: Section = ({ audit, fields }) => {
  const { run, links } = audit;
  const reports = [...new Set(run.tasks.flatMap((task) => task.evidence.map(({ path }) => path)))];
  const page = links.run === undefined ? [] : [link([{ type: 'text', value: 'Workflow run' }], links.run)];
  return [
    ...(audit.runId === UNRECORDED ? [] : [line(codeSpan(audit.recordPath))]),
    ...page,
    ...capLines(reports, (path) => line(codeSpan(path)), { limit: EVIDENCE_SHOWN, what: 'reports' }),
    ...notesFiles(run, fields),
    ...proseLines(run.notes.artifacts),
  ];
};

/** Parts of notes with the labels under which an entry shows them; without one of these the part is only in the record. */
const NOTE_PARTS: readonly (readonly [words: string, part: keyof Run['notes'], fields: readonly EntryField[]])[] = [
  ['what shipped', 'shipped', ['change-summary']], ['key findings', 'keyFindings', ['key-findings']], ['migrations', 'migrationNotes', ['migration-notes', 'change-summary']],
  ['performance', 'perfNotes', ['perf-notes']], ['verification steps', 'verificationSteps', ['verification-steps']], ['logs', 'logs', ['logs']], ['database queries', 'dbQueries', ['db-queries']],
  ['findings opened', 'findingsOpened', ['findings-opened']], ['findings closed', 'findingsClosed', ['findings-closed']], ['commands', 'commands', ['commands']], ['tests', 'tests', ['tests']],
  ['follow-ups', 'followUps', ['follow-ups', 'owner-due']], ['known issues', 'knownIssues', ['follow-ups', 'owner-due']], ['files', 'files', []],
];

/** The notes are named, and with them what of them has no label here. */
function notesFiles({ notes }: Run, fields: ReadonlySet<EntryField>): Line[] {
  const [first, ...more] = notes.sources.map(({ path }) => codeSpan(path));
  if (first === undefined) return [];
  const missing = NOTE_PARTS.filter(([, part, places]) => notes[part].length > 0 && !places.some((field) => fields.has(field))).map(([words]) => words);
  const elsewhere = [...missing, ...notes.other.map(({ heading }) => heading)].map((heading) => line('“', text(heading, 80), '”'));
  const rest = elsewhere.length === 0 ? [] : line('; not copied here, but in the record: ', enumerate(elsewhere, 12));
  return [line(first, ' (notes', rest, ')'), ...capLines(more, (path) => line(path, ' (notes)'), { limit: EVIDENCE_SHOWN, what: 'notes' })];
}

export const filesTouched: Section = (context) => {
  const { run } = context.audit;
  const problems = fileProblems(context).map(problemLine);
  if (run.files.length === 0) return problems.length > 0 ? problems : [line('No files touched.')];
  return [...capLines(run.files, fileLine, { limit: FILES_SHOWN, what: 'files' }), ...problems];
};

function fileLine(file: ChangedFile): Line {
  const marks = [
    ...(file.status === 'added' || file.status === 'deleted' ? [line(file.status)] : []),
    ...(file.status === 'renamed' ? [file.from === undefined ? line('renamed') : line('renamed from ', codeSpan(file.from))] : []),
    ...(file.uncommitted ? [line('not committed')] : []),
  ];
  return line(codeSpan(file.path), marks.length === 0 ? [] : line(' (', enumerate(marks, marks.length), ')'));
}

/**
 * Where tools keep migrations: Django and Laravel, Rails, Alembic, Prisma, Flyway, Liquibase, and any SQL beside code.
 * Folders stand anywhere in the path.
 */
const MIGRATIONS = [
  /(?:^|\/)migrations?\/(?!.*__init__\.py$).+/i,
  /(?:^|\/)db\/migrate\//i,
  /(?:^|\/)alembic\/(?:.*\/)?versions\//i,
  /(?:^|\/)[VUR]\d*[\d._]*__[^/]+\.sql$/,
  /(?:^|\/)(?:db\.)?changelog[^/]*\.(?:xml|ya?ml|json|sql)$/i,
  /\.sql$/i,
];

function isMigration(path: string): boolean {
  return path.length <= 4096 && MIGRATIONS.some((pattern) => pattern.test(path));
}

export const migrationNotes: Section = ({ audit: { run } }) => {
  const found = run.files.filter((file) => isMigration(file.path));
  const none = found.length === 0 ? [line(`No migration files among the files ${knowsFiles(run) ? 'touched' : 'known to be touched'}.`)] : [];
  return [...none, ...capLines(found, fileLine, { limit: FILES_SHOWN, what: 'migration files' }), ...proseLines(run.notes.migrationNotes)];
};

/** A change summary without labels of its own: what shipped, then the files with the migrations among them. */
export const changeSummary: Section = (context, label) => {
  const { run } = context.audit;
  const found = run.files.filter((file) => isMigration(file.path)).map(({ path }) => codeSpan(path));
  return [
    ...proseLines(run.notes.shipped),
    ...filesTouched(context, label),
    ...(found.length === 0 ? [] : [line('Migrations among them: ', enumerate(found, 8), '.')]),
    ...proseLines(run.notes.migrationNotes),
  ];
};
