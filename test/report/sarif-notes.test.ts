import { describe, expect, it } from 'vitest';
import type { ParsedReport } from '../../src/report/format.ts';
import { aScan, located, readScans, type Part } from './sarif-document.ts';

/** A scan that says these things of its own work. */
function noted(...notes: readonly Part[]): ParsedReport {
  return readScans([aScan({ invocations: [{ executionSuccessful: true, toolExecutionNotifications: notes }] })]);
}

const says = (text: string, more: Part = {}): Part => ({ message: { text }, ...more });
const codes = ({ problems }: ParsedReport): string[] => problems.map(({ code }) => code);

describe('an error of the tool', () => {
  it('that names a file is a P1 finding there: the report says that the task failed, and the file does not close', () => {
    const parsed = noted(says('Could not parse.', { level: 'error', ...located('a.ts') }));
    expect(parsed).toMatchObject({ outcome: 'failed', findings: [{ rule: 'tool-error', severity: 'P1', path: 'a.ts' }], notAnalysed: ['a.ts'], checks: [{ isWhole: true, scope: 'all', notAnalysed: ['a.ts'] }] });
  });

  it('that names a rule is a P1 finding, and the rule is not listed', () => {
    expect(noted(says('No such pattern.', { level: 'error', associatedRule: { id: 'r' } }))).toMatchObject({ outcome: 'failed', findings: [{ rule: 'tool-error', severity: 'P1' }], checks: [{ scope: 'all', rules: ['tool-error'] }] });
  });

  it.each([['no place', {}], ['a place that no path is known of', { locations: [{ physicalLocation: { artifactLocation: { index: 9 } } }] }]])('with %s breaks the whole run', (_, place) => {
    expect(noted(says('Stopped.', { level: 'error', ...place }))).toMatchObject({ outcome: 'unknown', scope: 'unknown', checks: [{ isWhole: false }] });
  });

  it('is told no longer than any message, also where its kind says what it is', () => {
    const parsed = readScans([aScan({
      tool: { driver: { name: 's', notifications: [{ id: 'n', messageStrings: { d: { text: `{0}${'x'.repeat(9_000)}` } } }] } },
      invocations: [{ executionSuccessful: true, toolExecutionNotifications: [{ level: 'error', descriptor: { index: 0 }, message: { id: 'd', arguments: ['no '] }, ...located('a.ts') }] }],
    })]);
    expect(parsed.findings[0]?.message).toBe(`no ${'x'.repeat(3_997)}`);
    expect(codes(parsed)).toEqual(['TEXT_CUT']);
  });
});

describe('a warning of the tool', () => {
  it('that names a file keeps that file open, and nothing else', () => {
    const parsed = noted(says('Syntax error at line a.ts:3', { level: 'warning', descriptor: { id: 'SyntaxError' }, ...located('a.ts') }));
    expect(parsed).toMatchObject({ outcome: 'passed', scope: 'all', findings: [], checks: [{ isWhole: true, scope: 'all', notAnalysed: ['a.ts'], rules: ['r', 'tool-error'] }] });
    expect(codes(parsed)).toEqual(['TOOL_ERROR']);
  });

  it.each([
    ['is deprecated', 'The query suite "extended" has a new name.'], ['is a hint', 'A newer version is there: 1.97.0.'], ['gives a number', 'Scanned 40 files with 12 rules.'], ['gives advice', 'Using one thread; more are faster.'],
  ])('without a place that %s does not stop closing, and is told', (_, text) => {
    const parsed = noted(says(text, { level: 'warning', descriptor: { id: 'tool/hint' } }), says(text));
    expect(parsed).toMatchObject({ scope: 'all', checks: [{ scope: 'all' }] });
    expect(codes(parsed)).toEqual(['TOOL_WARNING']);
    expect(parsed.problems[0]?.message).toMatch(/^scanner: 2 warnings about no file or rule, taken for no gap of the scan\. The first: /);
  });

  it.each([
    ['Partly parsed: src/odd.js'], ['Timeout when running r on src/slow.js'], ['42 packages could not be found.'], ['Skipped 3 files larger than 1 MB'], ['Out of memory in src/a.c'], ['src/gen was excluded'],
    ['Extraction failed for a.go'], ['No source code was seen during the build'], ['Cannot read src/b.py'], ['File a.ts was not analyzed'], ['Too many matches in c.js'], ['The option --all is ignored'],
  ])('without a place that says that something was left out proves nothing: %s', (text) => {
    const parsed = noted(says(text));
    expect(parsed).toMatchObject({ outcome: 'passed', scope: 'unknown', checks: [{ isWhole: true, scope: 'unknown' }] });
    expect(codes(parsed)).toEqual(['TOOL_ERROR']);
  });

  it('may say it by its kind alone: by its id, its name or its description', () => {
    const kinds = [{ descriptor: { id: 'PartialParsing' } }, { descriptor: { index: 0 } }, { descriptor: { id: 'n2' } }];
    for (const kind of kinds) {
      const tool = { driver: { name: 's', notifications: [{ id: 'n1', name: 'FileSkipped' }, { id: 'n2', shortDescription: { text: 'Files that are not supported' } }] } };
      const parsed = readScans([aScan({ tool, invocations: [{ executionSuccessful: true, toolConfigurationNotifications: [{ message: { text: 'a.js' }, ...kind }] }] })]);
      expect(parsed.scope).toBe('unknown');
    }
  });

  it('that says nothing at all, or names a place that no path is known of, proves nothing', () => {
    expect(noted({ level: 'warning' }).scope).toBe('unknown');
    expect(noted(says('Slow.', { locations: [{ logicalLocations: [{ name: 'f' }] }] })).scope).toBe('unknown');
  });

  it('is what a notification without a level is; notes are none', () => {
    expect(codes(noted(says('skipped a.ts')))).toEqual(['TOOL_ERROR']);
    for (const level of ['note', 'none']) expect(noted(says('skipped a.ts', { level, ...located('a.ts') }))).toMatchObject({ scope: 'all', notAnalysed: [], problems: [] });
  });
});
