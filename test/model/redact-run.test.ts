import { describe, expect, it } from 'vitest';
import { keyPrint } from '../../src/model/print.ts';
import { redactRun } from '../../src/model/redact-run.ts';
import { RunSchema } from '../../src/model/schema/run.ts';
import type { Run } from '../../src/model/run.ts';
import { aCheck, aContext, aRun, aTask, compareInTurn, failingTest, lintFinding } from './run-builder.ts';
import { letters } from './secret-samples.ts';

const TOKEN = `ghs_${letters(36)}`;
const OTHER = `ghs_${letters(35)}9`;
const TESTS = { check: 'test/junit', scope: 'tests' } as const;

/** One run of a task of tests, redacted as collecting does it. */
function tests({ failing = [], passed = [], skipped = [] }: Readonly<{ failing?: readonly string[]; passed?: readonly string[]; skipped?: readonly string[] }>): Run {
  return redactRun(aRun({
    tasks: [aTask('test')],
    checks: [aCheck(TESTS.check, { scope: 'tests', covered: [...passed], notAnalysed: [...skipped] })],
    findings: failing.map((name) => failingTest(name)),
  }), []);
}

describe('redactRun', () => {
  const run = aRun({
    context: aContext({ operator: `octo ${TOKEN}`, branch: `fix-${TOKEN}`, scope: [TOKEN] }),
    tasks: [aTask('test', { commands: [`curl -H ${TOKEN}`], evidence: [{ path: `out/${TOKEN}.xml`, format: 'junit', bytes: 1, sha256: 'a'.repeat(64) }] })],
    checks: [aCheck(TESTS.check, { scope: 'tests', covered: [`a ${TOKEN}`], notAnalysed: [`b ${TOKEN}`] })],
    findings: [failingTest(`logs in with ${TOKEN}`, { title: `${TOKEN} is wrong`, detail: `stack\n${TOKEN}` }), lintFinding('x\n', 1, { path: `src/${TOKEN}.ts`, rule: TOKEN })],
    files: [{ path: `${TOKEN}.ts`, from: `old/${TOKEN}`, status: 'renamed', uncommitted: false }],
    problems: [{ code: 'TOOL_ERROR', message: `it said ${TOKEN}`, path: TOKEN, task: 'test' }],
  });

  it('SEC-55: leaves no secret in any text of the run, tells how many places it was in, and gives a run', () => {
    const redacted = redactRun(run, []);
    expect(JSON.stringify(redacted)).not.toContain(letters(4));
    expect(redacted.problems.at(-1)).toEqual({ code: 'REDACTED', message: '16 places in the evidence held a secret, or what looks like one; *** stands there instead.' });
    expect(RunSchema.parse(redacted)).toEqual(redacted);
  });

  it('never takes a hash, a commit, a word of a vocabulary or the branch of the ledger for a secret', () => {
    const { tree, commit, key } = { tree: 'b'.repeat(40), commit: 'a'.repeat(40), key: 'secret-key-1' };
    const clean = aRun({ key, context: aContext({ trigger: 'pull_request', mode: 'audit+fix', commit, tree, baselineBranch: 'release-1', defaultBranch: 'release-1' }), findings: [lintFinding('x\n', 1)] });
    expect(redactRun(clean, ['pull_request', 'audit+fix', 'release-1', commit, tree, key, JSON.stringify(clean.findings[0]?.print)])).toBe(clean);
  });

  it('keeps what a line is known by, and gives a run without secrets back as it is', () => {
    expect(redactRun(run, []).findings[1]?.print).toEqual(run.findings[1]?.print);
    const clean = aRun({ findings: [failingTest('adds')] });
    expect(redactRun(clean, ['never there'])).toBe(clean);
  });
});

describe('identity of what was redacted', () => {
  it('is that of the name without the secret, which differs from run to run', () => {
    expect(tests({ failing: [`logs in with ${TOKEN}`] }).findings[0]?.print).toEqual(keyPrint([TESTS.check, 'logs in with ***']));
    const { comparison } = compareInTurn(tests({ failing: [`logs in with ${TOKEN}`] }), tests({ failing: [`logs in with ${OTHER}`] }));
    expect(comparison.ledger.findings.map(({ test, state }) => ({ test, state }))).toEqual([{ test: 'logs in with ***', state: 'open' }]);
    expect(comparison.opened).toEqual([]);
  });

  it('tells a flaky test from a failing one as before, and keeps the identity that the tool gave', () => {
    const flaky = failingTest(`x ${TOKEN}`, { flaky: true, print: { ...keyPrint(['a']), id: 'tool-1' } });
    expect(redactRun(aRun({ findings: [flaky] }), []).findings[0]?.print).toEqual({ ...keyPrint([TESTS.check, 'x ***', 'flaky']), id: 'tool-1' });
  });

  it('closes a finding when the test of that name passes', () => {
    const { comparison } = compareInTurn(tests({ failing: [`logs in with ${TOKEN}`] }), tests({ passed: [`logs in with ${OTHER}`, 'adds'] }));
    expect(comparison.closed.map(({ how }) => how)).toEqual(['fixed']);
  });

  it('does not close a finding where a test passed whose name differs by the secret only from one that did not run', () => {
    for (const second of [{ passed: [`logs in with ${OTHER}`], skipped: [`logs in with ${TOKEN}`] }, { passed: [`logs in with ${OTHER}`, `logs in with ${TOKEN}`] }, { passed: ['logs in with ***', `logs in with ${TOKEN}`] }]) {
      const { comparison } = compareInTurn(tests({ failing: [`logs in with ${TOKEN}`] }), tests(second));
      expect(comparison.closed).toEqual([]);
      expect(comparison.unverified).toHaveLength(1);
    }
  });

  it('keeps lists of names sorted and without copies', () => {
    const { checks } = tests({ passed: ['a', `m ${TOKEN}`, 'z'], skipped: ['*', TOKEN, OTHER] });
    expect(checks[0]).toMatchObject({ covered: ['a', 'm ***', 'z'], notAnalysed: ['*', '***'] });
  });
});
