import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CHECK_RULES, checkRunLog, type CheckedDocument } from '../../src/runlog/check.ts';
import { aLog, anEntry, bytesOf, runId, TEMPLATE } from './logs.ts';

const check = (text: string): CheckedDocument => checkRunLog('docs/LOG.md', bytesOf(text));
const told = (text: string): string[] => check(text).problems.map(({ rule, level, line }) => `${line} ${level} ${rule}`);
const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;

describe('checking a log', () => {
  const whole = aLog([{ number: 1 }, { number: 2, outcome: 'failed' }]);

  it('finds nothing in a log that agrees with itself, and says what it is made of', () => {
    expect(check(whole)).toEqual({
      path: 'docs/LOG.md',
      dialect: { entry: 'H2', order: 'oldest-first', idScheme: 'RUN-NNN', index: 'table', template: 'fenced' },
      entries: [
        { id: 'RUN-001', line: 12, date: '2026-03-02T10:00:00Z', outcome: 'pass' },
        { id: 'RUN-002', line: 38, date: '2026-03-03T10:00:00Z', outcome: 'failed' },
      ],
      nextId: 'RUN-003',
      findings: { opened: 0, closed: 0 },
      problems: [],
    });
  });

  it('duplicate-id: names both lines', () => {
    const text = aLog([{ number: 1 }, { number: 2 }]).replace(`## ${runId(2)} - 2026-03-03`, `## ${runId(1)} - 2026-03-03`);
    expect(check(text).problems).toContainEqual({ rule: 'duplicate-id', level: 'error', line: 38, message: 'RUN-001 already stands in line 12' });
  });

  it('missing-index-row: fires on an entry without a row, and not where there is no index', () => {
    const text = whole.replace(/\| RUN-002 .*\n/, '');
    expect(told(text)).toEqual([`${lineOf(text, '## RUN-002')} error missing-index-row`]);
    expect(told(`# Log\n\n${anEntry({ number: 1 })}`)).toEqual([]);
  });

  it('index-row-without-entry: fires on a run that is gone, and not on a bootstrap row of N/A cells', () => {
    const row = '| RUN-009 | 2026-04-01T00:00:00Z | N/A | main | abc1234 | audit-only | pass | out/ |';
    const bootstrap = '| RUN-000 | N/A | N/A | N/A | N/A | bootstrap | never-run | out/ |';
    const text = whole.replace('| RUN-001', `${bootstrap}\n| RUN-001`).replace(/(\| RUN-002 .*\n)/, `$1${row}\n`);
    expect(told(text)).toEqual([`${lineOf(text, '| RUN-009')} warning index-row-without-entry`]);
  });

  it.each([
    ['branch', '| main | c0ffee', '| release | c0ffee'],
    ['commit', '| c0ffeec0ffee', '| d0ffeec0ffee'],
    ['mode', '| audit-only | failed', '| audit+fix | failed'],
    ['outcome', '| audit-only | failed', '| audit-only | pass'],
    ['end', '2026-03-03T10:00:00Z | main', '2026-03-03T10:00:01Z | main'],
  ])('index-mismatch: fires when row and entry differ in %s', (field, from, to) => {
    const row = /\| RUN-002 .*/.exec(whole)?.[0] ?? '';
    const text = whole.replace(row, row.replace(from, to));
    expect(text).not.toBe(whole);
    expect(check(text).problems).toMatchObject([{ rule: 'index-mismatch', level: 'error', line: 10, message: expect.stringContaining(`RUN-002: ${field} is `) }]);
  });

  it('index-mismatch: takes a short commit, a code span, another zone and a reason behind the outcome for the same', () => {
    const text = whole.replace(/(\| RUN-002 .*?)c0ffee[0-9a-f]*/, '$1`c0ffeec0`').replace('2026-03-03T10:00:00Z | main', '2026-03-03T12:00:00+02:00 | main').replace('Outcome: `failed`', 'Outcome: `failed` (2 tests fail)');
    expect(told(text)).toEqual([]);
  });

  it('order: fires only against the majority', () => {
    const numbers = [1, 2, 3, 5, 4, 6];
    const text = aLog(numbers.map((number) => ({ number })));
    expect(told(text)).toEqual([`${lineOf(text, '## RUN-004')} warning order`]);
    expect(told(aLog([...numbers].sort((a, b) => b - a).map((number) => ({ number }))))).toEqual([]);
  });

  it('placeholder-left: fires on values and whole lines, and not on words in a sentence, links or the template', () => {
    const body = ['- Branch: <branch>', '- Commit SHA: TBD', '- Mode: `audit-only` | `audit+fix`', '- Scope:', '  - ...', '  - The TBD list was read, see <https://example.org>.', '- Outcome: `pass`', ''].join('\n');
    const text = `# Log\n\n${anEntry({ number: 1, body })}\n${TEMPLATE}`;
    expect(told(text)).toEqual([4, 5, 6, 8].map((line) => `${line} warning placeholder-left`));
  });

  it('unreadable: tells the code and the line instead of throwing', () => {
    const text = whole.replace('## RUN-002', '<<<<<<< HEAD\n## RUN-002').replace('## Entry Template', '=======\n>>>>>>> other\n## Entry Template');
    const { problems, entries, nextId } = check(text);
    expect(problems).toMatchObject([{ rule: 'unreadable', level: 'error', line: 38, message: expect.stringMatching(/^LOG_CONFLICT: .*lines 38, /) }]);
    expect({ entries, nextId }).toEqual({ entries: [], nextId: null });
  });

  it('counts findings that are marked as opened or closed', () => {
    const body = ['- ⏳ P2: build is slow', '- ✅ P1: stream reconnects', '- **Closed**: old driver', '- Findings opened:', '  - F-001 cart total', '  - F-002 login', '- Findings closed:', '  - None', ''].join('\n');
    expect(check(`# Log\n\n${anEntry({ number: 1, body })}`).findings).toEqual({ opened: 3, closed: 2 });
  });

  it('counts no number of ids for entries that are dated only, and tells equal headings apart', () => {
    const { entries, nextId, dialect, problems } = check('# Log\n\n## Run (2026-01-02)\n- a\n\n## Run (2026-01-02)\n- b\n');
    expect(entries.map(({ id }) => id)).toEqual(['Run (2026-01-02)', 'Run (2026-01-02) (2)']);
    expect({ nextId, scheme: dialect.idScheme, problems }).toEqual({ nextId: null, scheme: 'date', problems: [] });
  });
});

describe('docs/checks.md', () => {
  it('has one paragraph for each rule, with its level', () => {
    const text = readFileSync(new URL('../../docs/checks.md', import.meta.url), 'utf8');
    const listed = [...text.matchAll(/^## (\S+) \((\w+)\)\n\n(?=\S)/gm)].map(([, rule, level]) => [rule, level]);
    expect(listed).toEqual(Object.entries(CHECK_RULES));
  });
});
