import { describe, expect, it } from 'vitest';
import { nextInventory } from '../../src/model/test-inventory.ts';
import type { CheckRun } from '../../src/model/finding.ts';
import { aCheck, aRun, failingTest } from './run-builder.ts';

const tests = (covered: readonly string[], more: Partial<CheckRun> = {}) => aCheck('test/junit', { scope: 'tests', covered: [...covered], ...more });
const HEADER = '# audit-run-log tests 1\n';

describe('the inventory of tests', () => {
  it('holds the tests that ran, passed or failed, sorted, each once', () => {
    const run = aRun({ checks: [tests(['taxes', 'adds', 'adds'])], findings: [failingTest('rounds')] });
    expect(nextInventory(null, run)).toBe(`${HEADER}test/junit\tadds\ntest/junit\trounds\ntest/junit\ttaxes\n`);
  });

  it('holds no suite beside its tests', () => {
    const run = aRun({ checks: [tests(['cart', 'cart > tax', 'cart > tax > rounds', 'alone'])] });
    expect(nextInventory(null, run)).toBe(`${HEADER}test/junit\talone\ntest/junit\tcart > tax > rounds\n`);
  });

  it('is not made for a branch without tests', () => {
    expect(nextInventory(null, aRun({ checks: [aCheck('lint/eslint')] }))).toBeNull();
  });

  it('keeps what it had of a check that did not run to its end, or was not part of the run', () => {
    const before = `${HEADER}e2e/junit\tlogs in\ntest/junit\tadds\ntest/junit\ttaxes\n`;
    expect(nextInventory(before, aRun({ checks: [tests(['adds'], { status: 'partial' })] }))).toBe(before);
  });

  it('forgets a test that a complete run no longer has', () => {
    expect(nextInventory(`${HEADER}test/junit\tadds\ntest/junit\ttaxes\n`, aRun({ checks: [tests(['adds'])] }))).toBe(`${HEADER}test/junit\tadds\n`);
  });

  it('forgets the checks of a task that was retired, and of no other whose name begins alike', () => {
    const before = `${HEADER}test/junit\tadds\ntest2/junit\tlogs in\n`;
    expect(nextInventory(before, aRun({ retiredTasks: ['test'] }))).toBe(`${HEADER}test2/junit\tlogs in\n`);
  });

  it('keeps each test on one line, whatever its name holds', () => {
    const run = aRun({ checks: [tests(['a\nb', 'a\tb', 'a\\nb', 'a\rb'])] });
    const text = nextInventory(null, run) ?? '';
    expect(text.split('\n')).toHaveLength(6);
    expect(nextInventory(text, aRun())).toBe(text);
    expect(new Set(text.split('\n')).size).toBe(6);
  });

  it('keeps counts for each suite where there are more tests than are kept by name', () => {
    const names = Array.from({ length: 20_001 }, (_, at) => `suite ${at % 2} > case ${at}`);
    expect(nextInventory(null, aRun({ checks: [tests(names)] }))).toBe(`${HEADER}test/junit\tsuite 0\t10001\ntest/junit\tsuite 1\t10000\n`);
  });
});
