import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AuditError } from '../../src/errors.ts';
import type { EntryLabel } from '../../src/model/entry-style.ts';
import { formatMarker } from '../../src/model/marker.ts';
import { appendEntry } from '../../src/runlog/append.ts';
import { BUILT_IN_STYLE } from '../../src/runlog/built-in.ts';
import { nextRunId } from '../../src/runlog/run-id.ts';
import { findEntryByKey, isBlank, newestEntry, newestMarker, readRunLog, type RunLog } from '../../src/runlog/run-log.ts';
import { aLog, aMarker, anEntry, aRow, bytesOf, runId, TEMPLATE, textOf } from './logs.ts';

const read = (text: string | Uint8Array): RunLog => readRunLog(typeof text === 'string' ? bytesOf(text) : text, 'docs/LOG.md');
const fixture = (name: string): Uint8Array => readFileSync(new URL(`../fixtures/runlog/${name}`, import.meta.url));
const outline = (labels: readonly EntryLabel[]): unknown[] => labels.map(({ label, inline, code, children }) => (children.length > 0 ? [label, outline(children)] : `${label}${inline ? ': ' : ':\n- '}${code ? '`x`' : 'x'}`));

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof AuditError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'no error';
}

/** The run log of another project as it stands in public: index, three entries, fenced template behind them. */
const SEED = `${process.env['AUDIT_SEEDS'] ?? new URL('../../../shared/seeds', import.meta.url).pathname}/003_a73b76a6787a8a75.txt`;
const sources: [string, () => Uint8Array][] = [['our fixture of the same kind', () => fixture('three-runs.md')]];
if (existsSync(SEED)) sources.push(['a public log', () => readFileSync(SEED)]);
else console.info(`Skipped: the facts are not compared with a public log, since ${SEED} is not there.`);

describe.each(sources)('reading and continuing %s', (_name, load) => {
  const log = read(load());

  it('finds entries, ids, order, index and template', () => {
    expect(log.entries.map((entry) => [entry.id, entry.date?.slice(0, 10), log.outcomeOf(entry)])).toEqual([
      ['RUN-001', '2026-02-19', 'pass-with-known-gaps'], ['RUN-002', '2026-02-19', 'pass-with-known-gaps'], ['RUN-003', '2026-02-19', 'pass'],
    ]);
    expect(log.order).toBe('oldest-first');
    expect(log.idScheme).toEqual({ kind: 'counter', prefix: 'RUN-', width: 3 });
    expect(log.index?.style).toEqual({ columns: ['run-id', 'start', 'end', 'branch', 'commit', 'mode', 'outcome', 'artifacts'], padded: true, outerPipes: true, code: [] });
    expect(log.index?.rows.map((row) => [row.runId, log.index?.cellsOf(row).outcome])).toEqual([['RUN-000', 'never-run'], ['RUN-001', 'pass-with-known-gaps'], ['RUN-002', 'pass-with-known-gaps'], ['RUN-003', 'pass']]);
    expect(log.template?.text).toMatch(/^## RUN-<NNN> - <UTC timestamp>\n/);
    expect(nextRunId(log)).toBe('RUN-004');
  });

  it('takes the style from the template, with the label that only the newest entry has, in its place', () => {
    expect(log.style).toMatchObject({ level: 2, separator: ' - ', blankAfterHeading: false, list: { bullet: '-', bulletSpace: ' ', nestIndent: '  ', boldLabels: false } });
    expect(outline(log.style.labels)).toEqual([
      'Branch: `x`', 'Commit SHA: `x`', 'Operator: x', 'Mode: `x`', 'Scope:\n- x', 'Outcome: `x`', 'Key findings (1-5):\n- x', 'Artifacts:\n- x',
      ['Change summary', ['files touched:\n- x', 'db/migration notes:\n- x']],
      ['Verification summary', ['tests:\n- x', 'logs:\n- x', 'db queries:\n- x', 'static checks:\n- x']],
      ['Follow-ups', ['owner + due date:\n- x']],
    ]);
    expect(JSON.stringify(log.style.labels)).not.toContain('unknown');
  });

  it('continues it as its author would: row below the last row, entry before the template, one blank line around', () => {
    const entry = anEntry({ number: 4, marker: aMarker() }).replace('- Follow-ups:', '  - db queries:\n    - N/A\n  - static checks:\n    - `npm run lint` -> clean.\n- Follow-ups:');
    const text = textOf(appendEntry(log, { entry, indexRow: aRow(4) }));
    const old = textOf(log.bytes);
    const lastRow = /\| RUN-003 .*\n/.exec(old)?.[0] ?? '';
    expect(text).toBe(old.replace(lastRow, `${lastRow}${aRow(4)}\n`).replace('## Entry Template', `${entry}\n## Entry Template`));
    const again = read(text);
    expect(again.entries.map(({ id }) => id)).toEqual(['RUN-001', 'RUN-002', 'RUN-003', 'RUN-004']);
    expect(again.style.labels).toEqual(log.style.labels);
  });
});

describe('reading a log', () => {
  it('gives the built-in style to a log that shows none, and our own template shows the same', () => {
    expect(read('# Log\n').style).toEqual(BUILT_IN_STYLE);
    const own = read(readFileSync(new URL('../../templates/run-log.md', import.meta.url)));
    expect(own.style).toEqual(BUILT_IN_STYLE);
    expect(own).toMatchObject({ entries: [], order: 'oldest-first', idScheme: { prefix: 'RUN-', width: 3 } });
    expect(nextRunId(own)).toBe('RUN-001');
  });

  it('gives the style of the caller to a log that shows none', () => {
    expect(readRunLog(bytesOf('# Log\n'), 'LOG.md', { ...BUILT_IN_STYLE, level: 3 }).style.level).toBe(3);
  });

  it('reads bullets, indent, bold labels and a blank line below the heading from the newest entry', () => {
    const body = '\n*   **Branch:** `main`\n*   **Scope:**\n\t*   everything\n*   **Outcome:** pass\n*   **Weather:** fine\n';
    const { style } = read(`# Log\n\n${anEntry({ number: 1, body })}`);
    expect(style).toMatchObject({ blankAfterHeading: true, list: { bullet: '*', bulletSpace: '   ', nestIndent: '\t', boldLabels: true } });
    expect(style.labels.map(({ field, label, inline, code }) => [field, label, inline, code])).toEqual([
      ['branch', 'Branch', true, true], ['scope', 'Scope', false, false], ['outcome', 'Outcome', true, false], ['unknown', 'Weather', true, false],
    ]);
  });

  it('takes the shape of a value from an older entry where the newest has none', () => {
    const newest = '- Branch:\n- Outcome: `pass`\n';
    expect(read(`# Log\n\n${anEntry({ number: 1, body: '- Branch: `main`\n- Outcome: pass\n' })}\n${anEntry({ number: 2, body: newest })}`).style.labels).toMatchObject([{ label: 'Branch', code: true }, { label: 'Outcome', code: true }]);
  });

  it.each([
    ['with a note behind its value', '- Branch: `work` (pull request 7 into `main`)\n'],
    ['without a value', '- Branch: N/A (detached HEAD)\n'],
  ])('keeps writing a value as code after an entry %s', (_, newest) => {
    const older = anEntry({ number: 1, body: '- Branch: `main`\n- Outcome: pass\n' });
    expect(read(`# Log\n\n${older}\n${anEntry({ number: 2, body: `${newest}- Outcome: pass\n` })}`).style.labels).toMatchObject([{ label: 'Branch', code: true }, { label: 'Outcome', code: false }]);
  });

  it.each([
    ['H3 entries below a section', '# Log\n\n## Entries\n\n### AUDIT-6 - 2026-01-02\n- a\n\n### AUDIT-7 - 2026-01-03\n- b\n\n## Notes\n', ['AUDIT-6', 'AUDIT-7'], 'AUDIT-8'],
    ['a word before the number', '# Log\n\n## Run #009 — 2026-01-02 — a\n- a\n\n## Run #010 — 2026-01-03 — b\n- b\n', ['#009', '#010'], '#011'],
    ['numbered words', '# Log\n\n## Entry: Phase 1 — Iteration 8\na\n\n## Entry: Phase 1 — Iteration 9\nb\n', ['Iteration 8', 'Iteration 9'], 'Iteration 10'],
    ['a counter for each date', '# Log\n\n## RUN-2026-01-02-01 (Planned)\n- a\n\n## RUN-2026-01-03-01\n- b\n', ['RUN-2026-01-02-01', 'RUN-2026-01-03-01'], 'RUN-2026-01-03-02'],
    ['the date before the id', '# Log\n\n### 2026-01-03 - RUN-12 (late)\n- a\n\n### 2026-01-02 - RUN-11\n- b\n\n### 2025-12-30 - Kickoff\n- c\n', ['RUN-12', 'RUN-11', null], 'RUN-13'],
    ['findings below entries', '# Log\n\n## RUN-001 - 2026-01-02\n\n### F-001 cart\n\n### F-002 login\n\n### F-003 tax\n', ['RUN-001'], 'RUN-002'],
    ['structure and placeholders beside entries', '# Log\n\n## Run Index\n\n## RUN-NNN - YYYY-MM-DD\n\n## RUN-<NNN> - <date>\n\n## RUN-007 - 2026-01-02: fix `<input>`\n\n## Notes on UTF-8\n', ['RUN-007'], 'RUN-008'],
    ['fenced and quoted entries', '# Log\n\n## RUN-001 - 2026-01-02\n```\n## RUN-050 - 2026-01-02\n```\n> ## RUN-051 - 2026-01-02\n', ['RUN-001'], 'RUN-002'],
  ])('finds %s', (_what, text, ids, next) => {
    const log = read(text);
    expect(log.entries.map(({ id }) => id)).toEqual(ids);
    expect(nextRunId(log)).toBe(next);
  });

  it('does not end an entry at a rule that stands right below text', () => {
    const log = read('# Log\n\n## RUN-001 - 2026-01-02\nall is well\n---\n');
    expect(log.entries[0]?.end).toBe(log.bytes.length);
  });

  it('believes the stated order unless the entries say otherwise', () => {
    const entries = (numbers: readonly number[]): string => numbers.map((number) => anEntry({ number })).join('\n');
    expect(read(`# Log\n\nNewest entry on top.\n\n${entries([1, 2])}`).order).toBe('newest-first');
    expect(read(`# Log\n\nNewest entry on top.\n\n${entries([1, 2, 3, 4, 5])}`).order).toBe('oldest-first');
    expect(read(`# Log\n\nChronological and append-only.\n\n${entries([3, 2, 1])}`).order).toBe('newest-first');
    expect(read(`# Log\n\n${entries([1])}`).order).toBe('oldest-first');
  });
});

describe('a blank log', () => {
  it('holds nothing but blanks, line ends and a byte order mark', () => {
    expect(['', '\ufeff', '\n', '\ufeff\r\n \t\n'].map((text) => isBlank(bytesOf(text)))).toEqual([true, true, true, true]);
    expect(['x', '\n\ufeff', '\ufeff#', '\u00a0'].map((text) => isBlank(bytesOf(text)))).toEqual([false, false, false, false]);
  });
});

describe('the newest entry', () => {
  it('is the last one of a log that is written oldest first, and the first one of the other', () => {
    expect(newestEntry(read(aLog([{ number: 1 }, { number: 2 }, { number: 3 }])))?.id).toBe('RUN-003');
    expect(newestEntry(read(aLog([{ number: 3 }, { number: 2 }, { number: 1 }])))?.id).toBe('RUN-003');
    expect(newestEntry(read('# Log\n'))).toBeUndefined();
  });
});

describe('the next run id', () => {
  it('follows the highest over entries, index and what is known elsewhere, and fills no gap', () => {
    const log = read(aLog([{ number: 2 }, { number: 9 }, { number: 4 }]).replace(`${aRow(4)}\n`, `${aRow(4)}\n${aRow(12)}\n`));
    expect(nextRunId(log)).toBe('RUN-013');
    expect(nextRunId(log, 'RUN-040')).toBe('RUN-041');
    expect(nextRunId(log, 'RUN-003')).toBe('RUN-013');
    expect(nextRunId(log, 'AUDIT-900')).toBe('RUN-013');
  });

  it('counts rows whose ids are linked, bold or in a code span, and none of another prefix or a placeholder', () => {
    const rows = ['| [RUN-020](#run-020) | a |', '| **RUN-021** | a |', '| `RUN-022` | a |', '| F-900 | a |', '| RUN-NNN | a |', '| RUN-7x | a |'];
    const log = read(aLog([{ number: 1 }]).replace(`${aRow(1)}\n`, `${aRow(1)}\n${rows.join('\n')}\n`));
    expect(log.index?.rows.map((row) => row.runId)).toEqual(['RUN-001', 'RUN-020', 'RUN-021', 'RUN-022', 'F-900', 'RUN-7x']);
    expect(nextRunId(log)).toBe('RUN-023');
  });

  it('takes twelve digits or more for a timestamp', () => {
    expect(nextRunId(read('# Log\n\n## RUN-202601020304 - 2026-01-02\n- a\n\n## RUN-202601030304 - 2026-01-03\n- b\n'))).toBe('RUN-001');
  });

  it('outgrows its width', () => {
    expect(nextRunId(read(aLog([{ number: 998 }, { number: 999 }])))).toBe('RUN-1000');
    expect(nextRunId(read(aLog([{ number: 999 }, { number: 1000 }])))).toBe('RUN-1001');
  });

  it('follows the index, else the template, where there is no entry yet', () => {
    expect(nextRunId(read(aLog([]).replace('| --- |\n', '| --- |\n| AUD-0007 | N/A | N/A | N/A | N/A | x | x | x |\n')))).toBe('AUD-0008');
    expect(nextRunId(read(`# Log\n\n${TEMPLATE.replace('RUN-<NNN>', 'QA-<NNNN>')}`))).toBe('QA-0001');
  });
});

describe('markers in a log', () => {
  const key = (name: string) => aMarker({ key: name });

  it('SEC-96: count only as a comment alone on a line of an entry', () => {
    const line = formatMarker(key('k.fence'));
    const body = `- Outcome: \`pass\`\n\n\`\`\`\n${line}\n\`\`\`\n\n> ${line}\n\n- ${line}\n\ntext ${line}\n\n<!--\n${line}\n`;
    const log = read(`# Log\n\n${formatMarker(key('k.preamble'))}\n\n${anEntry({ number: 1, body, marker: key('k.one') })}\n${anEntry({ number: 2, marker: key('k.two') })}\n${TEMPLATE}`);
    expect(log.markers.map(({ marker }) => marker.key)).toEqual(['k.one', 'k.two']);
    expect(findEntryByKey(log, 'k.two')).toMatchObject({ id: 'RUN-002', marker: { key: 'k.two' } });
    expect(findEntryByKey(log, 'k.fence')).toBeUndefined();
    expect(findEntryByKey(log, 'k.preamble')).toBeUndefined();
  });

  it('keep an entry found whose heading was changed by hand, or that has lines below its marker', () => {
    const text = aLog([{ number: 1, marker: key('k.one') }, { number: 2, marker: key('k.two') }]).replace(/## RUN-002 .*/, '## The bad run').replace(/(<!-- .*k\.one.*-->\n)/, '$1\nNote: looked at again.\n');
    const log = read(text);
    expect(log.entries.map(({ id, heading }) => id ?? heading)).toEqual(['RUN-001', 'The bad run']);
    expect(findEntryByKey(log, 'k.one')?.id).toBe('RUN-001');
    expect(findEntryByKey(log, 'k.two')?.heading).toBe('The bad run');
  });

  it('SEC-93: two entries with one key are refused by name, others are still found', () => {
    const log = read(aLog([{ number: 1, marker: key('k.same') }, { number: 2, marker: key('k.same') }, { number: 3, marker: key('k.three') }]));
    expect(codeOf(() => findEntryByKey(log, 'k.same'))).toMatch(/^DUPLICATE_KEY: docs\/LOG\.md: the markers in lines \d+ and \d+ carry one key, k\.same\.$/);
    expect(findEntryByKey(log, 'k.three')?.id).toBe(runId(3));
  });
});

describe('the newest marker', () => {
  const sequence = (text: string): number | undefined => newestMarker(read(text))?.sequence;
  const marked = (number: number, count: number) => ({ number, marker: aMarker({ key: `k.${number}`, sequence: count }) });

  it('has the highest sequence number, wherever its entry stands', () => {
    expect(sequence(aLog([marked(1, 1), marked(2, 2), { number: 3 }]))).toBe(2);
    expect(sequence(aLog([marked(3, 9), marked(2, 10), marked(1, 8)]))).toBe(10);
    expect(sequence(aLog([marked(1, 7), marked(2, 3), marked(3, 4)]))).toBe(7);
    expect(sequence(aLog([{ number: 1 }]))).toBeUndefined();
  });

  it('is none that stands in no entry, in a fence or is not whole', () => {
    const line = formatMarker(aMarker({ sequence: 50 }));
    const body = `- a\n\n\`\`\`\n${line}\n\`\`\`\n\n> ${line}\n\n${line.replace('digest=', 'digest=x')}\n\n<!-- audit-run-log:v1 key=x -->\n`;
    expect(sequence(`# Log\n\n${line}\n\n${anEntry({ ...marked(1, 4), body })}`)).toBe(4);
  });
});

describe('what is refused', () => {
  const whole = aLog([{ number: 1 }, { number: 2 }]);
  const refused = (text: string | Uint8Array): string => codeOf(() => read(text));

  it('SEC-92: merge conflict marks, with their lines', () => {
    const text = '# Log\n\n## RUN-001 - 2026-01-02\n<<<<<<< ours\na\n||||||| base\n=======\nb\n>>>>>>> theirs\n';
    expect(refused(text)).toBe('LOG_CONFLICT: docs/LOG.md: merge conflict marks in lines 4, 6, 7, 9.');
    expect(refused(text.replaceAll('\n', '\r\n'))).toMatch(/^LOG_CONFLICT/);
    expect(refused('# Log\n\n```\n<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n```\n')).toMatch(/^LOG_CONFLICT/);
    expect(refused('# Log\n\n<<<<<<< ours\n')).toMatch(/^LOG_CONFLICT: .* in line 3\.$/);
  });

  it('takes an underline of seven marks, indented marks and one mark quoted in a fence for no conflict', () => {
    expect(refused('Log\n=======\n\nRuns\n-------\n\n  <<<<<<< x\n\n```\n<<<<<<< x\n```\n')).toBe('no error');
  });

  it('SEC-90: a log that ends inside a fence, comment or raw HTML, told with its line', () => {
    expect(refused(`${whole}\n\`\`\`\nx\n`)).toMatch(/^LOG_OPEN_BLOCK: .*code fence that starts in line \d+/);
    expect(refused(`${whole}\n<!-- x\n`)).toMatch(/^LOG_OPEN_BLOCK: .*HTML comment that starts/);
    expect(refused(`${whole}\n<pre>\n\nx\n`)).toMatch(/^LOG_OPEN_BLOCK: .*HTML block that starts/);
    expect(refused(`${whole}\n- \`\`\`\n  x\n`)).toBe('no error');
  });

  it('NUL bytes, UTF-16 from the start or from a line on, and pointers', () => {
    expect(refused(whole.replace('nightly', 'night\u0000ly'))).toMatch(/^LOG_NUL: docs\/LOG\.md: line 15 holds/);
    expect(refused(Buffer.from(`\ufeff${whole}`, 'utf16le'))).toMatch(/^LOG_ENCODING: .*byte order mark/);
    expect(refused(Buffer.concat([bytesOf(whole), Buffer.from('\ufeff## RUN-003\r\n', 'utf16le')]))).toMatch(/^LOG_ENCODING: .*from line \d+ on the text is UTF-16/);
    expect(refused('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n')).toMatch(/^LOG_LFS_POINTER/);
  });

  it('a log that would outgrow what can be pushed', () => {
    const log = read(Buffer.alloc(100 * 1024 * 1024, 'x'));
    expect(codeOf(() => appendEntry(log, { entry: '## RUN-001\n' }))).toMatch(/^LOG_TOO_LARGE/);
  });
});
