import { describe, expect, it } from 'vitest';
import { suppressionKey } from '../../src/model/closing.ts';
import type { CheckRun } from '../../src/model/finding.ts';
import { keyPrint } from '../../src/model/print.ts';
import type { Run } from '../../src/model/run.ts';
import { aCheck, aRun, aTask, compareInTurn, lintFinding } from './run-builder.ts';

const CHECK = 'scan/CodeQL';
const finding = lintFinding('a();\n', 1, { check: CHECK, task: 'scan', rule: 'r', path: 'src/a.ts' });
const scan = (overrides: Partial<CheckRun> = {}): CheckRun => aCheck(CHECK, { rules: ['r', 'tool-error'], evidence: ['out/a.sarif'], ...overrides });
const aScan = (check: Partial<CheckRun> = {}, run: Partial<Run> = {}): Run => aRun({ tasks: [aTask('scan', { kind: 'security' })], checks: [scan(check)], ...run });
const stated = (check: Partial<CheckRun> = {}): Run => aScan(check, { findings: [finding] });

/** What happened to the finding: how it closed, or why not. */
function fate(...runs: readonly Run[]): string {
  const { closed, unverified } = compareInTurn(...runs).comparison;
  return closed[0] === undefined ? `unverified: ${unverified[0]?.reason ?? 'not even that'}` : `${closed[0].how}: ${closed[0].evidence}`;
}

describe('a scan of the whole repository', () => {
  it('closes a finding that it no longer states, and says what that rests on', () => {
    expect(fate(stated(), aScan())).toBe('fixed: the check ran to its end over the whole repository, lists the rule and no longer reports it');
  });

  it('does not close a finding whose rule the scan no longer lists', () => {
    expect(fate(stated(), aScan({ rules: ['tool-error'] }))).toBe('unverified: the scan does not list its rule');
    expect(fate(stated(), aScan({ rules: [] }))).toBe('unverified: the scan does not list its rule');
  });

  it('closes one whose rule it no longer lists when the file is gone', () => {
    expect(fate(stated(), aScan({ rules: [] }, { gonePaths: ['src/a.ts'] }))).toBe('removed: the file is no longer in the tree');
  });

  it('does not close a finding in a file that could not be analysed, under its new name neither', () => {
    expect(fate(stated(), aScan({ notAnalysed: ['src/a.ts'] }))).toBe('unverified: its file could not be analysed');
    const moved = { files: [{ path: 'src/b.ts', status: 'renamed', from: 'src/a.ts', uncommitted: false }] } as const;
    expect(fate(stated(), aScan({ notAnalysed: ['src/b.ts'] }, { files: [...moved.files] }))).toBe('unverified: its file could not be analysed');
    expect(fate(stated(), aScan({ notAnalysed: ['src/c.ts'] }))).toMatch(/^fixed/);
  });

  it('does not close a finding without a place while some files could not be analysed: it may be in one of them', () => {
    const { place: _place, ...placeless } = lintFinding('a();\n', 1, { check: CHECK, task: 'scan', rule: 'r', path: 'src/a.ts' });
    const first = aScan({}, { findings: [{ ...placeless, place: {}, print: keyPrint([CHECK, 'r', '']) }] });
    expect(fate(first, aScan({ notAnalysed: ['src/c.ts'] }))).toBe('unverified: it has no place, and some files could not be analysed');
    expect(fate(first, aScan())).toMatch(/^fixed/);
  });

  it('does not close a finding that is stated as suppressed, and closes others of the rule', () => {
    expect(fate(stated(), aScan({ suppressed: [suppressionKey('r', 'src/a.ts')] }))).toBe('unverified: the scan states results of its rule in this place, but suppressed or without a severity');
    expect(fate(stated(), aScan({ suppressed: [suppressionKey('r', 'src/b.ts'), suppressionKey('q', 'src/a.ts')] }))).toMatch(/^fixed/);
  });

  it('does not close by a scan that was called otherwise, until another one called like it confirms', () => {
    const narrow = { configuration: 'narrow' };
    expect(fate(stated({ configuration: 'whole' }), aScan(narrow))).toMatch(/^unverified: the scan was called otherwise/);
    expect(fate(stated(), aScan(narrow))).toMatch(/^unverified: the scan was called otherwise/);
    expect(fate(stated({ configuration: 'whole' }), aScan(narrow), aScan(narrow))).toMatch(/^fixed/);
  });

  it.each([
    ['that is not known to have covered everything', { scope: 'unknown' }], ['that was partial', { status: 'partial' }], ['that failed', { status: 'failed' }], ['whose report is missing', { status: 'missing' }],
  ] as const)('does not close by one %s', (_, check) => {
    expect(fate(stated(), aScan(check))).toMatch(/^unverified/);
  });

  it('does not close by the check of another task that has the same key', () => {
    expect(fate(stated(), aScan({ task: 'scan/CodeQL' }))).toBe('unverified: its check was not part of this run');
  });
});

describe('a tool\'s own id', () => {
  const named = (id: string, line: string): typeof finding => ({ ...finding, title: line, print: { ...lintFinding(line, 1).print, id } });
  const compared = (known: readonly (typeof finding)[], seen: readonly (typeof finding)[]) => compareInTurn(aScan({}, { findings: [...known] }), aScan({}, { findings: [...seen] })).comparison;

  it('tells a finding whose line was edited beyond recognition and moved to another file', () => {
    const { persisting, opened } = compared([named('one', 'a(b, c);')], [{ ...named('one', 'entirely = different;'), place: { path: 'lib/z.ts', line: 9 } }]);
    expect([persisting.length, opened.length]).toEqual([1, 0]);
  });

  it('is not believed where several findings share it: the line decides', () => {
    const { persisting, closed, opened } = compared([named('one', 'first();'), named('one', 'second();')], [named('one', 'second();'), named('one', 'third();')]);
    expect(persisting.map(({ known, seen }) => [known.title, seen.title])).toEqual([['second();', 'second();']]);
    expect([closed.map(({ known }) => known.title), opened.map(({ seen }) => seen.title)]).toEqual([['first();'], ['third();']]);
  });

  it('that changes loses nothing where the line is the same', () => {
    expect(compared([named('one', 'first();')], [named('two', 'first();')])).toMatchObject({ persisting: [{}], opened: [], closed: [] });
  });

  it('decides beside a name, too', () => {
    const keyed = (id: string, key: string): typeof finding => ({ ...finding, print: { ...keyPrint([key]), id } });
    expect(compared([keyed('one', 'x')], [keyed('one', 'y')])).toMatchObject({ persisting: [{}], opened: [], closed: [] });
  });

  it('of another rule is another finding', () => {
    expect(compared([named('one', 'first();')], [{ ...named('one', 'second();'), rule: 'q' }])).toMatchObject({ persisting: [], opened: [{}] });
  });
});
