/** Logs for the tests: built from parts, so that each shape of a file can be asked for. */
import { formatMarker, type EntryMarker } from '../../src/model/marker.ts';

export const TEMPLATE = [
  '## Entry Template', '', 'Fill in one per run:', '', '```md', '## RUN-<NNN> - <UTC timestamp>', '- Branch:', '- Commit SHA:', '- Operator:',
  '- Mode: `audit-only` | `audit+fix`', '- Scope:', '- Outcome: `pass` | `pass-with-known-gaps` | `failed`', '- Key findings (1-5):', '  - ...',
  '- Artifacts:', '  - docs/REPORT_<date>.md', '- Change summary:', '  - files touched:', '  - db/migration notes:', '- Verification summary:', '  - tests:', '  - logs:',
  '- Follow-ups:', '  - owner + due date:', '```', '',
].join('\n');

export const COMMIT = 'c0ffee'.repeat(7).slice(0, 40);
const COLUMNS = '| Run ID | UTC Start | UTC End | Branch | Commit SHA | Mode | Outcome | Artifacts Root |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n';

export type EntryParts = Readonly<{ number: number; body?: string; marker?: EntryMarker; outcome?: string }>;

export function runId(number: number): string {
  return `RUN-${String(number).padStart(3, '0')}`;
}

export function endOf(number: number): string {
  return `2026-03-${String((number % 27) + 1).padStart(2, '0')}T10:00:00Z`;
}

export function anEntry({ number, body, marker, outcome = 'pass' }: EntryParts): string {
  const text = body ?? [
    '- Branch: `main`', `- Commit SHA: \`${COMMIT}\``, '- Operator: nightly job', '- Mode: `audit-only`', '- Scope:', '  - The whole repository.', `- Outcome: \`${outcome}\``,
    '- Key findings (1-5):', '  - None: all reports are clean.', '- Artifacts:', '  - `out/junit.xml`', '- Change summary:', '  - files touched:', '    - `src/cart.ts`',
    '  - db/migration notes:', '    - None.', '- Verification summary:', '  - tests:', '    - `npm test` -> `12 passed`.', '  - logs:', '    - N/A', '- Follow-ups:',
    '  - owner + due date:', '    - None.', '',
  ].join('\n');
  return `## ${runId(number)} - ${endOf(number)}\n${text}${marker === undefined ? '' : `${formatMarker(marker)}\n`}`;
}

export function aMarker(overrides: Partial<EntryMarker> = {}): EntryMarker {
  return { key: 'r1.2.1.audit', sequence: 1, commit: COMMIT, tree: COMMIT, content: '0123456789abcdef', digest: 'ab'.repeat(32), ...overrides };
}

export function aRow(number: number, outcome = 'pass'): string {
  return `| ${runId(number)} | 2026-03-01T09:00:00Z | ${endOf(number)} | main | ${COMMIT} | audit-only | ${outcome} | out/ |`;
}

/** Title, index, entries and template; no final newline if `template` is empty and the last entry has none. */
export function aLog(entries: readonly EntryParts[], template = TEMPLATE): string {
  const rows = entries.map(({ number, outcome }) => `${aRow(number, outcome)}\n`).join('');
  return `# Shop Audit Log\n\nOne entry for each audit.\n\n## Run Index\n\n${COLUMNS}${rows}\n${[...entries.map(anEntry), template].filter((part) => part !== '').join('\n')}`;
}

export function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}

export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
