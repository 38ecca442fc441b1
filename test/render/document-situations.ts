/** The five situations that every document has to tell well, each for a pull request with addresses and for a terminal without. */
import type { Audit } from '../../src/model/audit.ts';
import { evidenceCheck, OWN_RULES, type Finding } from '../../src/model/finding.ts';
import type { Links } from '../../src/model/links.ts';
import { keyPrint } from '../../src/model/print.ts';
import type { Run, RunContext } from '../../src/model/run.ts';
import type { Task } from '../../src/model/task.ts';
import { aCheck, aContext, aRun, aTask } from '../model/run-builder.ts';
import { anAudit, someCounts } from './audit-builder.ts';

const COMMIT = 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678';
const BASE_COMMIT = '9f8e7d6c5b4a39281706f5e4d3c2b1a098765432';

export const LINKS: Links = {
  files: `https://github.com/octo/shop/blob/${COMMIT}/`,
  log: 'https://github.com/octo/shop/blob/c0ffee0000000000000000000000000000000000/',
  run: 'https://github.com/octo/shop/actions/runs/7001/attempts/1',
  entry: 'https://github.com/octo/shop/blob/c0ffee0000000000000000000000000000000000/docs/AUDIT_RUN_LOG.md#run-002',
  checkRun: 'https://github.com/octo/shop/runs/9001',
};

export const PULL_REQUEST: RunContext = aContext({
  trigger: 'pull_request', branch: 'etl-queue', commit: COMMIT, base: { commit: BASE_COMMIT, how: 'pull-request' }, pullRequest: { number: 412, baseBranch: 'main' },
});
export const LOCAL: RunContext = aContext({ branch: 'main', commit: COMMIT, base: { commit: BASE_COMMIT, how: 'last-recorded' } });

type Spot = Readonly<{ path: string; line: number; rule: string; title: string }>;

export function toolFinding(task: string, { path, line, rule, title }: Spot, overrides: Partial<Finding> = {}): Finding {
  const check = `${task}/report`;
  return {
    check, task, kind: task === 'semgrep' ? 'security' : 'lint', rule, severity: 'P2', title, place: { path, line }, print: keyPrint([check, path, rule, title, String(line)]), ...overrides,
  };
}

function testTask(name: 'test' | 'pytest', tests: number, overrides: Partial<Task> = {}): Task {
  const command = name === 'test' ? 'npx vitest run --reporter=junit' : 'pytest -q --junitxml=out/pytest.xml';
  return aTask(name, { kind: 'test', step: 'passed', counts: someCounts({ tests, passed: tests }), commands: [command], ...overrides });
}

function lintTask(name: string, findings: number, command: string): Task {
  const outcome = findings > 0 ? 'failed' : 'passed';
  return aTask(name, { kind: name === 'semgrep' ? 'security' : 'lint', outcome, reported: outcome, step: outcome, counts: someCounts({ findings }), commands: [command] });
}

const CHECKS = [
  aCheck('test/junit', { scope: 'tests', covered: ['queue > drains'], tool: 'Vitest' }), aCheck('pytest/junit', { scope: 'tests', covered: ['test_load'], tool: 'pytest' }),
  aCheck('eslint/report', { tool: 'ESLint' }), aCheck('ruff/report', { tool: 'ruff' }), aCheck('semgrep/report', { tool: 'Semgrep' }),
];

const KNOWN = Array.from({ length: 41 }, (_, at) => toolFinding('eslint', { path: `packages/web/src/view-${at}.tsx`, line: at + 3, rule: 'no-explicit-any', title: 'type is any' }));
const TOKEN = toolFinding('semgrep', { path: 'packages/auth/src/token.ts', line: 31, rule: 'timing-attack', title: 'token compared with `==`' }, { severity: 'P1' });
const PROMISE = toolFinding('eslint', { path: 'packages/api/src/queue.ts', line: 88, rule: 'no-floating-promises', title: 'promise not awaited' });
const BARE = toolFinding('ruff', { path: 'services/etl/load.py', line: 41, rule: 'E722', title: 'bare `except`' });
const BROKEN: Finding = {
  check: 'pytest/junit', task: 'pytest', kind: 'test', rule: 'test', severity: 'P1', title: 'expected 0 rows, got 1',
  detail: 'def test_empty_batch():\n>       assert load([]) == []\nE       AssertionError: expected 0 rows, got 1\n\nservices/etl/tests/test_load.py:57: AssertionError',
  place: { path: 'services/etl/tests/test_load.py', line: 57, test: 'test_empty_batch' }, print: keyPrint(['pytest/junit', 'test_empty_batch']),
};
const NO_REPORT: Finding = {
  check: evidenceCheck('eslint'), task: 'eslint', kind: 'check', rule: OWN_RULES.noReport, severity: 'P1', title: 'eslint: out/eslint.json is empty.', place: {}, print: keyPrint([evidenceCheck('eslint'), OWN_RULES.noReport]),
};

const FILES: Run['files'] = [
  { path: 'packages/api/src/queue.ts', status: 'modified', uncommitted: false },
  { path: 'packages/auth/src/token.ts', status: 'modified', uncommitted: false },
  { path: 'services/etl/load.py', status: 'renamed', from: 'services/etl/loader.py', uncommitted: false },
];

/** Five tasks that all ran to the end; those of linters fail when they found something. */
export function aRunWith(findings: readonly Finding[], overrides: Partial<Run> = {}): Run {
  const count = (task: string): number => findings.filter((finding) => finding.task === task && finding.kind !== 'test').length;
  return aRun({
    context: LOCAL,
    tasks: [
      testTask('test', 1284), testTask('pytest', 412), lintTask('eslint', count('eslint'), 'npx eslint . -f json -o out/eslint.json'),
      lintTask('ruff', count('ruff'), 'ruff check . --output-format=sarif'), lintTask('semgrep', count('semgrep'), 'semgrep ci --sarif'),
    ],
    checks: CHECKS, findings: [...findings], files: FILES, ...overrides,
  });
}

/** What stood in the ledger before most of these runs. */
export const BEFORE = aRunWith(KNOWN);

function manyFindings(): readonly Finding[] {
  const spread = (task: string, count: number): Finding[] => Array.from({ length: count }, (_, at) => toolFinding(task, { path: `src/area-${at % 200}/file-${at}.ts`, line: at + 1, rule: `rule-${at % 40}`, title: 'as it was' }));
  const grave = [['infra/deploy.yml', 12], ['auth/token.ts', 31], ['etl/db.py', 9]] as const;
  return [
    ...spread('eslint', 3870), ...spread('ruff', 130), ...spread('semgrep', 9),
    ...grave.map(([path, line]) => toolFinding('semgrep', { path, line, rule: 'secret', title: 'secret in source' }, { severity: 'P1' })),
  ];
}

function replaced(base: Run, task: Task): Run['tasks'] {
  return base.tasks.map((old) => (old.name === task.name ? task : old));
}

function brokenTest(): Run {
  const run = aRunWith([...KNOWN, BROKEN]);
  return { ...run, tasks: replaced(run, testTask('pytest', 412, { outcome: 'failed', reported: 'failed', step: 'failed', counts: someCounts({ tests: 412, passed: 411, failures: 1 }) })) };
}

function crashedLinter(): Run {
  const run = aRunWith([NO_REPORT], { problems: [{ code: 'EMPTY_REPORT', message: 'eslint: out/eslint.json is empty.', path: 'out/eslint.json' }] });
  const checks = CHECKS.map((check) => (check.task === 'eslint' ? { ...check, status: 'missing' as const } : check));
  const eslint = aTask('eslint', { kind: 'lint', outcome: 'failed', step: 'failed', reported: 'unknown', commands: ['npx eslint . -f json -o out/eslint.json'] });
  return { ...run, tasks: replaced(run, eslint), checks: [...checks, aCheck(evidenceCheck('eslint'))] };
}

export type Situation = 'quiet' | 'opened-and-closed' | 'failed-test' | 'first-run' | 'crashed-linter';
export const SITUATIONS: readonly Situation[] = ['quiet', 'opened-and-closed', 'failed-test', 'first-run', 'crashed-linter'];

function runsOf(name: Situation): readonly [before: readonly Run[], now: Run] {
  switch (name) {
    case 'quiet': return [[BEFORE], BEFORE];
    case 'opened-and-closed': return [[aRunWith([...KNOWN, TOKEN])], aRunWith([...KNOWN, PROMISE, BARE])];
    case 'failed-test': return [[BEFORE], brokenTest()];
    case 'first-run': return [[], aRunWith(manyFindings(), { files: [] })];
    case 'crashed-linter': return [[BEFORE], crashedLinter()];
    default: return name satisfies never;
  }
}

export type Where = 'pull-request' | 'local';

export function situation(name: Situation, where: Where): Audit {
  const [before, now] = runsOf(name);
  return anAuditOf(before, now, where);
}

/** The audit of `now` after the runs before it, as a pull request with addresses or in a terminal without. */
export function anAuditOf(before: readonly Run[], now: Run, where: Where): Audit {
  const [first, ...rest] = [...before, { ...now, context: where === 'local' ? LOCAL : PULL_REQUEST }];
  return anAudit([first ?? now, ...rest], where === 'local' ? {} : { links: LINKS });
}
