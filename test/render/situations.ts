/** Audits in the situations in which people read entries. */
import type { Audit } from '../../src/model/audit.ts';
import { keyPrint } from '../../src/model/print.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Run } from '../../src/model/run.ts';
import { aCheck, aContext, aRun, aTask, failingTest, lintFinding } from '../model/run-builder.ts';
import { anAudit, anEvidence, someCounts, someNotes } from './audit-builder.ts';

const BASE = { commit: '1939baa0655a3fbc1c7d38e1a68845e1281766f0', how: 'last-recorded' } as const;
const NEXT = aContext({ commit: '9f8e7d6c5b4a39281706f5e4d3c2b1a098765432', base: BASE, end: '2026-11-24T14:07:31Z', start: '2026-11-24T14:02:09Z' });
const SOURCE = 'export async function drain() {\n  queue.flush();\n}\n';

export function oldLint(count: number, overrides: Partial<Finding> = {}): Finding[] {
  return Array.from({ length: count }, (_, at) => lintFinding(SOURCE, 2, {
    path: `packages/old/src/file-${String(at).padStart(3, '0')}.ts`, severity: 'P3', rule: at % 3 === 0 ? 'no-unused-vars' : 'prefer-const', title: 'an old matter.', ...overrides,
  }));
}

export function testing(overrides: Partial<Run['tasks'][number]> = {}): Run['tasks'][number] {
  return aTask('test', { counts: someCounts({ tests: 130, passed: 128, skipped: 2 }), commands: ['npm test'], evidence: [anEvidence('out/junit.xml')], ...overrides });
}

export function linting(findings: readonly Finding[], overrides: Partial<Run['tasks'][number]> = {}): Run['tasks'][number] {
  const bad = findings.length > 0 ? { outcome: 'failed', reported: 'failed', exitStatus: 1 } as const : {};
  return aTask('lint', { counts: someCounts({ findings: findings.length }), commands: ['npx eslint .'], evidence: [anEvidence('out/eslint.json', { format: 'eslint' })], ...bad, ...overrides });
}

/** Tests pass; lint reports these. */
export function aQuietRun(findings: readonly Finding[], overrides: Partial<Run> = {}): Run {
  return aRun({
    tasks: [testing(), linting(findings)],
    checks: [aCheck('test/junit', { scope: 'tests', covered: ['cart adds tax', 'load drops empty batches'] }), aCheck('lint/eslint')],
    findings: [...findings],
    ...overrides,
  });
}

const awaited = lintFinding(SOURCE, 2, { path: 'packages/api/src/queue.ts', rule: 'no-floating-promises', title: 'promise not awaited.' });
const compared = lintFinding('if (a == b) return;\n', 1, { path: 'packages/auth/src/token.ts', rule: 'eqeqeq', title: 'token compared with `==`', severity: 'P1' });

export function green(): Audit {
  return anAudit([aQuietRun([]), aQuietRun([], { context: NEXT, files: [{ path: 'README.md', status: 'modified', uncommitted: false }] })]);
}

export function openedAndClosed(): Audit {
  const files: Run['files'] = [
    { path: 'packages/api/src/queue.ts', status: 'modified', uncommitted: false },
    { path: 'packages/auth/src/token.ts', status: 'modified', uncommitted: true },
    { path: 'services/etl/migrations/0007_add_index.py', status: 'added', uncommitted: false },
    { path: 'services/etl/load.py', status: 'renamed', from: 'services/etl/loader.py', uncommitted: false },
    { path: 'old/notes.txt', status: 'deleted', uncommitted: false },
  ];
  const notes = someNotes({
    sources: [{ path: 'docs/audit-notes.md', sha256: 'd'.repeat(64) }], keyFindings: ['The limiter works, but only for one process.'], shipped: ['Queue rewritten.'],
    artifacts: ['`docs/reports/QUEUE_REVIEW.md`'], logs: ['`logs/queue.log` read for 24 h, nothing new.'],
    followUps: [{ text: 'Decide what happens to the `old/` folder', owner: 'Infra maintainers', due: '2027-02-24' }, { text: 'Ask ops about the queue length.' }],
    other: [{ heading: 'Thoughts', items: ['none'] }],
  });
  return anAudit([aQuietRun([]), aQuietRun([compared, ...oldLint(41)]), aQuietRun([awaited, ...oldLint(41)], { context: NEXT, files, notes })]);
}

/** A test broke, the build failed with nothing but its step to say so, one task was skipped and one is missing. */
export function broken(): Audit {
  const broke = failingTest('load drops empty batches', { title: 'load drops empty batches: expected 0 rows, got 1', place: { test: 'load drops empty batches', path: 'services/etl/tests/test_load.py', line: 57 } });
  const { reported: _none, ...build } = aTask('build', { kind: 'build', outcome: 'failed', step: 'failed', exitStatus: 2 });
  const e2e = aTask('e2e', { outcome: 'passed' });
  return anAudit([
    aQuietRun([], { tasks: [testing(), linting([]), e2e] }),
    aQuietRun([broke], {
      context: aContext({ ...NEXT, branch: null }),
      tasks: [
        testing({ outcome: 'failed', reported: 'failed', counts: someCounts({ tests: 412, passed: 411, failures: 1 }), commands: [] }), linting([]), build,
        aTask('types', { kind: 'typecheck', outcome: 'skipped', step: 'skipped', reported: 'skipped', required: false }),
      ],
    }),
  ]);
}

export function crashedLinter(): Audit {
  const lost = linting([], { outcome: 'unknown', reported: 'unknown', step: 'failed', exitStatus: 2 });
  return anAudit([
    aQuietRun([]), aQuietRun(oldLint(41)),
    aQuietRun([], {
      context: NEXT, tasks: [testing(), lost], checks: [aCheck('test/junit', { scope: 'tests', covered: ['cart adds tax', 'load drops empty batches'] }), aCheck('lint/eslint', { status: 'failed' })],
      problems: [
        { code: 'EMPTY_REPORT', message: 'The file has 0 bytes; eslint writes at least `[]`.', path: 'out/eslint.json' },
        { code: 'FILES_UNKNOWN', message: 'The base commit is not in this clone, so files touched are not known.' },
        { code: 'TEXT_CUT', message: '3 long messages were cut.', path: 'out/junit.xml' },
      ],
    }),
  ]);
}

export function firstRun(): Audit {
  return anAudit([aQuietRun([compared, ...oldLint(40)])]);
}

/** More than an entry can tell one by one. */
export function flood(): Audit {
  const many = oldLint(130, { severity: 'P2' });
  const grave = lintFinding(SOURCE, 2, { path: 'infra/deploy.yml', rule: 'secrets', severity: 'P0', title: 'secret in the log' });
  const files = Array.from({ length: 130 }, (_, at): Run['files'][number] => ({ path: `packages/old/src/file-${at}.ts`, status: 'modified', uncommitted: false }));
  return anAudit([aQuietRun([]), aQuietRun([...many, grave], { context: NEXT, files })]);
}

/** Nothing was given: no task, no file, no base. */
export function nothing(): Audit {
  return anAudit([aRun({ problems: [{ code: 'NO_EVIDENCE', message: 'Neither reports nor outcomes were given.' }] })]);
}

export function checkFinding(): Finding {
  return failingTest('x', { kind: 'check', check: 'lint/eslint', task: 'lint', rule: 'missing-report', severity: 'P2', title: 'report is missing', place: {}, print: keyPrint(['lint', 'missing']) });
}
