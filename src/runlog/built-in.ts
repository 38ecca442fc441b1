/** The built-in style: how entries are written in a log that has none yet. `templates/run-log.md` shows the same. */
import type { EntryField, EntryLabel, EntryStyle } from '../model/entry-style.ts';

function inline(field: EntryField, label: string): EntryLabel {
  return { field, label, inline: true, code: field !== 'operator', children: [] };
}

function nested(field: EntryField, label: string, children: readonly EntryLabel[] = []): EntryLabel {
  return { field, label, inline: false, code: false, children };
}

export const BUILT_IN_STYLE: EntryStyle = {
  level: 2,
  separator: ' - ',
  blankAfterHeading: false,
  list: { bullet: '-', bulletSpace: ' ', nestIndent: '  ', boldLabels: false },
  labels: [
    inline('branch', 'Branch'),
    inline('commit', 'Commit SHA'),
    inline('operator', 'Operator'),
    inline('mode', 'Mode'),
    nested('scope', 'Scope'),
    inline('outcome', 'Outcome'),
    nested('key-findings', 'Key findings (1-5)'),
    nested('artifacts', 'Artifacts'),
    nested('change-summary', 'Change summary', [nested('files-touched', 'files touched'), nested('migration-notes', 'db/migration notes')]),
    nested('verification', 'Verification summary', [
      nested('tests', 'tests'), nested('logs', 'logs'), nested('db-queries', 'db queries'), nested('static-checks', 'static checks'), nested('build', 'build'),
    ]),
    nested('follow-ups', 'Follow-ups', [nested('owner-due', 'owner + due date')]),
  ],
};
