import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/model/audit.ts';
import { evidenceCheck, OWN_RULES } from '../../src/model/finding.ts';
import { PROBLEM_CODES, type ProblemCode } from '../../src/model/problem.ts';
import type { EntryLabel, EntryStyle } from '../../src/model/entry-style.ts';
import { renderEntry } from '../../src/render/entry.ts';
import { aContext, aRun, aTask, lintFinding } from '../model/run-builder.ts';
import { anAudit, someCounts, someNotes } from './audit-builder.ts';
import { hostileText, liveTexts, outline, parse, shownText } from './hostile.ts';
import { CONTRACT_STYLE, LABELLED_STYLE } from './seed-style.ts';
import { aQuietRun, broken, checkFinding, crashedLinter, firstRun, flood, green, linting, nothing, oldLint, openedAndClosed, testing } from './situations.ts';

const SITUATIONS: Readonly<Record<string, () => Audit>> = {
  green, 'opened-and-closed': openedAndClosed, broken, 'crashed-linter': crashedLinter, 'first-run': firstRun, flood, nothing,
};

describe('an entry as its log writes them', () => {
  it.each(Object.entries(SITUATIONS))('tells the situation "%s" in the labels of the first log', async (name, audit) => {
    await expect(renderEntry(audit(), LABELLED_STYLE)).toMatchFileSnapshot(`golden/entry-${name}.md`);
  });

  it('keeps other bullets, indents, bold labels and labels that it does not know', async () => {
    await expect(renderEntry(openedAndClosed(), CONTRACT_STYLE)).toMatchFileSnapshot('golden/entry-contract.md');
  });

  it('writes labels as they are, in their order, whatever the audit', () => {
    for (const audit of Object.values(SITUATIONS)) {
      const entry = renderEntry(audit(), LABELLED_STYLE);
      const labels = [...entry.matchAll(/^ {0,2}- ([A-Za-z][^:`\n]*):(?: |$)/gm)].map(([, label]) => label).filter((label) => allLabels(LABELLED_STYLE.labels).includes(label ?? ''));
      expect(labels).toEqual(allLabels(LABELLED_STYLE.labels));
    }
  });

  it('nests by a tab where the log does', () => {
    const entry = renderEntry(green(), { ...LABELLED_STYLE, list: { ...LABELLED_STYLE.list, nestIndent: '\t' } });
    expect(entry).toContain('\n- Change summary:\n\t- files touched:\n\t\t- `README.md`\n');
  });
});

function allLabels(labels: readonly EntryLabel[]): string[] {
  return labels.flatMap(({ label, children }) => [label, ...allLabels(children)]);
}

function styleOf(...labels: readonly EntryLabel['field'][]): EntryStyle {
  return { ...LABELLED_STYLE, labels: labels.map((field) => ({ field, label: `The ${field}`, inline: false, code: false, children: [] })) };
}

const withProblem = (code: ProblemCode): Audit => anAudit([aQuietRun([], { problems: [{ code, message: 'something is wrong here', path: 'out/some.xml' }] })]);

describe('what an entry must say', () => {
  it('says every kind of problem with its path and code once, whatever labels the log has', () => {
    const styles = [LABELLED_STYLE, CONTRACT_STYLE, styleOf('branch'), styleOf('commands'), styleOf('build'), styleOf('verification'), styleOf('key-findings'), styleOf('files-touched', 'static-checks')];
    const codes = Object.keys(PROBLEM_CODES).filter((code): code is ProblemCode => code in PROBLEM_CODES);
    for (const code of codes) {
      for (const style of styles) expect(renderEntry(withProblem(code), style).split(`\`out/some.xml\`: something is wrong here (\`${code}\`).`)).toHaveLength(2);
    }
  });

  it('says every task once, whatever labels the log has', () => {
    const tasks = (['test', 'lint', 'typecheck', 'build', 'security', 'other'] as const).map((kind) => aTask(`my ${kind}`, { kind }));
    const audit = anAudit([aRun({ tasks })]);
    for (const style of [LABELLED_STYLE, styleOf('branch'), styleOf('commands'), styleOf('build'), styleOf('verification'), styleOf('key-findings'), styleOf('tests', 'static-checks', 'build')]) {
      const entry = renderEntry(audit, style);
      for (const { name } of tasks) expect(entry.split(`${name} (command not known) -> passed`)).toHaveLength(2);
    }
  });

  it('asks nobody to follow up what nobody can mend', () => {
    for (const code of ['OLDER_COMMIT', 'CONFIG_PENDING', 'READ_ONLY_TOKEN', 'WORKFLOW_UNREADABLE'] as const) expect(renderEntry(withProblem(code), LABELLED_STYLE)).toMatch(/- No follow-ups(?:\.|: those of the newer run hold\.)\n$/);
    expect(renderEntry(withProblem('EMPTY_REPORT'), LABELLED_STYLE)).toContain('- Repair `out/some.xml`');
  });

  it('asks for nothing of its findings where a newer run was recorded before', () => {
    const audit = openedAndClosed();
    const late: Audit = { ...audit, run: { ...audit.run, notes: aRun().notes, problems: [{ code: 'OLDER_COMMIT', message: 'older' }] } };
    expect(renderEntry(audit, LABELLED_STYLE)).toContain('- Mend `F-');
    expect(renderEntry(late, LABELLED_STYLE)).toMatch(/- No follow-ups: those of the newer run hold\.\n$/);
  });

  it('asks once for what a broken report is the reason of', () => {
    const stated = { ...lintFinding('a.ts', 1), task: 'lint', kind: 'check', check: evidenceCheck('lint'), rule: OWN_RULES.noReport, severity: 'P1' } as const;
    const problem = { code: 'EMPTY_REPORT', message: 'It has 0 bytes.', path: 'out/lint.json', task: 'lint' } as const;
    const run = aRun({ tasks: [aTask('lint', { outcome: 'failed' })], findings: [stated] });
    expect(renderEntry(anAudit([{ ...run, problems: [problem] }]), LABELLED_STYLE)).not.toContain('Mend `F-');
    expect(renderEntry(anAudit([{ ...run, problems: [{ ...problem, task: 'other' }] }]), LABELLED_STYLE)).toContain('Mend `F-');
  });

  it('counts in the present before a merge: new, close', () => {
    const [known, more] = [oldLint(2, { severity: 'P2' }), oldLint(3, { severity: 'P2' })];
    const onPull = aContext({ trigger: 'pull_request', branch: 'work', keepsLedger: false, pullRequest: { number: 7, baseBranch: 'main' } });
    expect(renderEntry(anAudit([aQuietRun(known), aQuietRun(more, { context: onPull })]), LABELLED_STYLE)).toContain('`3 findings: 1 new, 2 known`');
    expect(renderEntry(anAudit([aQuietRun(known), aQuietRun([], { context: onPull })]), LABELLED_STYLE)).toContain('`no findings; 2 close`');
    expect(renderEntry(anAudit([aQuietRun(known), aQuietRun(more)]), LABELLED_STYLE)).toContain('`3 findings: 1 opened, 2 known`');
  });

  it('says no more than five key findings, and how many more the record has', () => {
    const entry = renderEntry(anAudit([aQuietRun([]), aQuietRun(oldLint(7, { severity: 'P2' }))]), LABELLED_STYLE);
    const section = entry.slice(entry.indexOf('- Key findings'), entry.indexOf('- Artifacts'));
    expect(section.split('\n').filter((line) => line.startsWith('  - '))).toHaveLength(5);
    expect(section).toContain('  - … and 3 more; all are in the record.\n');
  });

  it('puts a finding about a check before graver ones', () => {
    const grave = lintFinding('x\n', 1, { severity: 'P0', rule: 'grave', title: 'grave' });
    const entry = renderEntry(anAudit([aQuietRun([]), aQuietRun([grave, checkFinding()])]), LABELLED_STYLE);
    expect(entry.indexOf('report is missing')).toBeLessThan(entry.indexOf(': grave'));
  });

  it('says what reopened', () => {
    const one = lintFinding('x\n', 1);
    const entry = renderEntry(anAudit([aQuietRun([]), aQuietRun([one]), aQuietRun([]), aQuietRun([one])]), LABELLED_STYLE);
    expect(entry).toMatch(/ {2}- Reopened P2 `F-[A-Z2-7]{8}`: unused, `src\/a\.ts` \(`no-unused-vars`\)\.\n/);
  });

  it.each([
    [{ outcome: 'passed' as const }, '`128 passed, 2 skipped`.'],
    [{ outcome: 'failed' as const, reported: 'passed' as const, exitStatus: 1 }, '`128 passed, 2 skipped`: failed (its report does not explain why; exit status 1).'],
    [{ outcome: 'unknown' as const, reported: 'unknown' as const, counts: someCounts() }, 'unknown (no evidence that can be used).'],
    [{ outcome: 'cancelled' as const, counts: someCounts() }, 'cancelled (it did not run to its end).'],
    [{ outcome: 'skipped' as const, step: 'skipped' as const, counts: someCounts() }, 'skipped (its step did not run).'],
    [{ outcome: 'passed' as const, counts: someCounts({ tests: 3, passed: Number.NaN, skipped: Number.POSITIVE_INFINITY }) }, '`an unknown number of passed, an unknown number of skipped`.'],
  ])('says the result of a task plainly: %o', (task, result) => {
    expect(renderEntry(anAudit([aRun({ tasks: [testing(task)] })]), LABELLED_STYLE)).toContain(`    - \`npm test\` -> ${result}\n`);
  });

  it('does not count what we state about a check among the findings of its tool', () => {
    const lost = linting([], { outcome: 'unknown', reported: 'unknown' });
    const entry = renderEntry(anAudit([aQuietRun([]), aQuietRun([checkFinding()], { tasks: [testing(), lost] })]), LABELLED_STYLE);
    expect(entry).toContain('    - `npx eslint .` -> unknown (no evidence that can be used).\n');
  });

  it('says which step outcome stands without a report', () => {
    const { reported: _none, ...task } = linting([]);
    expect(renderEntry(anAudit([aRun({ tasks: [{ ...task, evidence: [] }] })]), LABELLED_STYLE)).toContain('`npx eslint .` -> passed (as its step says; no report was given).');
  });

  it('shows what is only claimed in notes as claimed', () => {
    const audit = anAudit([aRun({ notes: someNotes({ findingsClosed: ['The leak is gone.'], tests: ['All 400 pass'], commands: ['`make all`'] }) })]);
    const entry = renderEntry(audit, CONTRACT_STYLE);
    for (const line of ['The leak is gone (said in the notes, not checked).', 'All 400 pass (said in the notes, not checked).', '`make all` (said in the notes, not checked).']) expect(entry).toContain(line);
  });

  it('gives the reasons for the outcome also where the log has no label for key findings', () => {
    const entry = renderEntry(crashedLinter(), CONTRACT_STYLE);
    expect(entry).toContain('Failed: lint left no evidence that can be used.');
    expect(entry).toContain('41 known findings not checked, so still open');
  });

  it('names the parts of notes that the log has no label for', () => {
    const notes = someNotes({ sources: [{ path: 'n.md', sha256: 'd'.repeat(64) }], keyFindings: ['a'], perfNotes: ['b'], other: [{ heading: 'Thoughts', items: ['c'] }] });
    expect(renderEntry(anAudit([aRun({ notes })]), styleOf('artifacts', 'perf-notes', 'tests'))).toContain('`n.md` (notes; not copied here, but in the record: “key findings”, “Thoughts”)');
  });

  it.each(['app/migrations/0001_initial.py', 'db/migrate/20260101_add.rb', 'alembic/versions/ab12_x.py', 'api/alembic/x/versions/ab.py', 'prisma/migrations/1_init/migration.sql', 'sql/V2_1__add.sql', 'db.changelog-1.xml', 'schema.sql'])(
    'finds the migration %s among the files touched', (path) => {
      const entry = renderEntry(anAudit([aRun({ files: [{ path, status: 'added', uncommitted: false }] })]), LABELLED_STYLE);
      expect(entry).toContain(`  - db/migration notes:\n    - \`${path}\` (added)\n`);
    });

  it.each(['app/migrations/__init__.py', 'docs/migration.md', 'src/versions/a.py', 'CHANGELOG.md', 'src/sql.ts'])('takes %s for no migration', (path) => {
    const entry = renderEntry(anAudit([aRun({ files: [{ path, status: 'modified', uncommitted: false }] })]), LABELLED_STYLE);
    expect(entry).toContain('  - db/migration notes:\n    - No migration files among the files touched.\n');
  });

  it('does not count files touched that it does not know', () => {
    const entry = renderEntry(crashedLinter(), LABELLED_STYLE);
    expect(entry).not.toMatch(/no file changed|No files touched|among the files touched/);
  });

  it('SEC-77: spells out letters by which a branch passes for another', () => {
    const shown = (branch: string): string => renderEntry(anAudit([aRun({ context: aContext({ branch }) })]), LABELLED_STYLE).split('\n')[1] ?? '';
    expect(shown('m\u0430ster')).toBe('- Branch: `m\u0430ster` (holds U+0430)');
    expect(shown('\uff4d\uff41\uff49\uff4e')).toContain('(holds U+FF4D, U+FF41, U+FF49, U+FF4E)');
    for (const hidden of ['main\u200b', 'ma\u00adin', 'main\u2060']) expect(shown(hidden)).toMatch(/\\u\{(?:200b|ad|2060)\}/);
    expect(shown('ma\u200din')).toContain('(holds U+200D)');
    for (const plain of ['main', 'fix/gr\u00f6\u00dfe', '\u0432\u0435\u0442\u043a\u0430']) expect(shown(plain)).toBe(`- Branch: \`${plain}\``);
  });
});

/** Every field of an audit in which evidence, a caller or a file can put text. */
const TEXT_KEYS = new Set([
  'branch', 'baseBranch', 'defaultBranch', 'operator', 'name', 'title', 'rule', 'check', 'task', 'path', 'from', 'test', 'message', 'commands', 'id', 'reason', 'text', 'owner', 'due', 'heading', 'items',
  'scope', 'shipped', 'keyFindings', 'artifacts', 'migrationNotes', 'perfNotes', 'verificationSteps', 'knownIssues', 'logs', 'dbQueries', 'findingsOpened', 'findingsClosed', 'tests', 'absentTasks', 'recordPath',
]);

function withText<Value>(value: Value, text: string, key = ''): Value {
  if (Array.isArray(value)) return value.map((item: unknown) => withText(item, text, key)) as Value;
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withText(item, text, name)])) as Value;
  if (typeof value === 'string' && (TEXT_KEYS.has(key) || (key === 'evidence' && value.includes(' '))) && value !== 'all' && value !== 'tests') return text as Value;
  return value;
}

describe('any text in any field', () => {
  const full = anAudit([
    aQuietRun([], { tasks: [testing(), linting([]), aTask('e2e')] }), aQuietRun([lintFinding('y\n', 1), ...oldLint(2, { severity: 'P1' })]),
    aQuietRun([lintFinding('z\n', 1, { severity: 'P1', path: 'src/z.ts' }), checkFinding()], {
      context: aContext({ pullRequest: { number: 7, baseBranch: 'main' }, scope: ['api'], base: { commit: 'c'.repeat(40), how: 'merge-base' } }),
      files: openedAndClosed().run.files,
      problems: [...crashedLinter().run.problems],
      notes: someNotes({
        sources: [{ path: 'notes.md', sha256: 'd'.repeat(64) }], shipped: ['a'], keyFindings: ['a', 'b'], artifacts: ['a'], migrationNotes: ['a'], perfNotes: ['a'], verificationSteps: ['a'], knownIssues: ['a'], logs: ['a'], dbQueries: ['a'],
        findingsOpened: ['a'], findingsClosed: ['a'], commands: ['a'], tests: ['a'], other: [{ heading: 'a', items: ['a'] }], followUps: [{ text: 'a', owner: 'b', due: 'c' }, { text: 'a' }],
      }),
    }),
  ]);
  const audits = [full, crashedLinter(), firstRun(), broken()];

  it('leaves the outline of an entry that of a harmless one, and nothing alive', () => {
    const harmless = audits.map((audit) => outline(parse(renderEntry(withText(audit, 'harmless'), LABELLED_STYLE))));
    fc.assert(fc.property(hostileText.filter((text) => text.trim() !== ''), fc.nat(audits.length - 1), (text, at) => {
      const audit = audits[at] ?? full;
      const root = parse(renderEntry(withText(audit, text), LABELLED_STYLE));
      expect(outline(root)).toBe(harmless[at]);
      expect(liveTexts(root)).toEqual([]);
      expect(parse(renderEntry(withText(audit, text), CONTRACT_STYLE)).children.map(({ type }) => type)).toEqual(['heading', 'list']);
    }), { numRuns: 250 });
  }, 60_000);

  it('shows a hostile title in full', () => {
    const title = '</details> **done** [x](https://other.example) | # h <!-- audit-run-log:v1 key=k -->';
    const entry = parse(renderEntry(withText(full, title), LABELLED_STYLE));
    expect(shownText(entry)).toContain(title);
  });
});
