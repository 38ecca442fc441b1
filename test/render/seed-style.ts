/** The styles of two logs, as a reading of their newest entries and templates gives them. */
import type { EntryField, EntryLabel, EntryStyle, IndexStyle } from '../../src/model/entry-style.ts';

function inline(field: EntryField, label: string, form: 'code' | 'plain' = 'plain'): EntryLabel {
  return { field, label, inline: true, code: form === 'code', children: [] };
}

function below(field: EntryField, label: string, children: readonly EntryLabel[] = []): EntryLabel {
  return { field, label, inline: false, code: false, children };
}

/** Labels of the first log, with `static checks` as its newest entry has it. */
export const LABELLED_STYLE: EntryStyle = {
  level: 2, separator: ' - ', blankAfterHeading: false,
  list: { bullet: '-', bulletSpace: ' ', nestIndent: '  ', boldLabels: false },
  labels: [
    inline('branch', 'Branch', 'code'), inline('commit', 'Commit SHA', 'code'), inline('operator', 'Operator'), inline('mode', 'Mode', 'code'),
    below('scope', 'Scope'), inline('outcome', 'Outcome', 'code'), below('key-findings', 'Key findings (1-5)'), below('artifacts', 'Artifacts'),
    below('change-summary', 'Change summary', [below('files-touched', 'files touched'), below('migration-notes', 'db/migration notes')]),
    below('verification', 'Verification summary', [
      below('tests', 'tests'), below('logs', 'logs'), below('db-queries', 'db queries'), below('static-checks', 'static checks'),
    ]),
    below('follow-ups', 'Follow-ups', [below('owner-due', 'owner + due date')]),
  ],
};

/** Every field once, with other bullets, other indents and a label that nobody knows. */
export const CONTRACT_STYLE: EntryStyle = {
  level: 3, separator: ' — ', blankAfterHeading: true,
  list: { bullet: '*', bulletSpace: ' ', nestIndent: '    ', boldLabels: true },
  labels: [
    inline('date', 'Date'), inline('start', 'Start'), inline('end', 'End'), inline('branch', 'Branch'), inline('commit', 'Commit'), inline('operator', 'Auditor'),
    inline('mode', 'Mode'), inline('scope', 'Scope'), inline('outcome', 'Outcome'), below('change-summary', 'What shipped'),
    below('findings-closed', 'Findings closed this run'), below('findings-opened', 'Findings opened this run'), below('commands', 'Commands executed'),
    below('tests', 'Test coverage added'), below('build', 'Build'), below('perf-notes', 'Perf notes'), below('verification-steps', 'Verification steps'),
    below('artifacts', 'Screenshots / artifacts'), inline('unknown', 'Weather'), below('follow-ups', 'Known issues / follow-ups'),
  ],
};

export const INDEX_STYLE: IndexStyle = {
  columns: ['run-id', 'start', 'end', 'branch', 'commit', 'mode', 'outcome', 'artifacts'], padded: true, outerPipes: true, code: [],
};
