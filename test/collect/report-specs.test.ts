import { describe, expect, it } from 'vitest';
import { parseOutcomes, parseReportSpecs } from '../../src/collect/report-specs.ts';
import { AuditError } from '../../src/errors.ts';

const FORMATS = ['junit', 'eslint'];

function problemsOf(act: () => unknown): string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof AuditError) return error.problems.map(({ message }) => message);
    throw error;
  }
  return [];
}

describe('parseReportSpecs', () => {
  it('reads task and pattern, and the format where one is forced', () => {
    expect(parseReportSpecs(['unit tests: out/*.xml', 'lint[eslint]: out/eslint.json'], FORMATS)).toEqual([
      { task: 'unit tests', format: null, patterns: ['out/*.xml'] },
      { task: 'lint', format: 'eslint', patterns: ['out/eslint.json'] },
    ]);
  });

  it('gathers the patterns of a task, excluding ones among them, in their order', () => {
    expect(parseReportSpecs(['test: a/*.xml', 'test: !a/old.xml', 'test: b/*.xml'], FORMATS)).toEqual([{ task: 'test', format: null, patterns: ['a/*.xml', '!a/old.xml', 'b/*.xml'] }]);
  });

  it('applies an excluding pattern without a task to every task', () => {
    expect(parseReportSpecs(['test: **/*.xml', '!**/vendor/**'], FORMATS)[0]?.patterns).toEqual(['**/*.xml', '!**/vendor/**']);
  });

  it('keeps colons that belong to the pattern', () => {
    expect(parseReportSpecs(['test: out/a:b.xml'], FORMATS)[0]?.patterns).toEqual(['out/a:b.xml']);
  });

  it('tells every bad line at once', () => {
    expect(problemsOf(() => parseReportSpecs(['out/*.xml', 'lint[nope]: x', 'test: ok.xml', ': x'], FORMATS))).toEqual([
      'reports: `out/*.xml`: expected `task: glob` or `task[format]: glob`.',
      'reports: `lint[nope]: x`: `nope` is no report format; known: junit, eslint.',
      'reports: `: x`: expected `task: glob` or `task[format]: glob`.',
    ]);
  });
});

describe('parseOutcomes', () => {
  it("reads GitHub's words, our own, and exit statuses", () => {
    expect([...parseOutcomes(['a: success', 'b: failure', 'c: skipped', 'd: cancelled', 'e: passed', 'f: 0', 'g: 2'])]).toEqual([
      ['a', { outcome: 'passed' }], ['b', { outcome: 'failed' }], ['c', { outcome: 'skipped' }], ['d', { outcome: 'cancelled' }], ['e', { outcome: 'passed' }],
      ['f', { outcome: 'passed', exitStatus: 0 }], ['g', { outcome: 'failed', exitStatus: 2 }],
    ]);
  });

  it('takes the empty value of a step that does not exist as unknown, never as a pass', () => {
    expect(parseOutcomes(['lint:']).get('lint')).toEqual({ outcome: 'unknown', empty: { otherwise: null } });
  });

  it('refuses unknown words, prototype names and a task named twice, all at once', () => {
    expect(problemsOf(() => parseOutcomes(['a: fine', 'b: constructor', 'c: success', 'c: failure', 'success']))).toHaveLength(4);
  });
});
