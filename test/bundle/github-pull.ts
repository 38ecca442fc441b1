/** A pull request whose reports lie in the workspace, for steps of ours alone. */
import type { Fault, LoopbackGitHub, LoopbackOptions } from '../github/loopback.ts';
import type { PullState } from '../github/types.ts';
import { openDouble } from './github-double.ts';
import { pullEvent } from './github-events.ts';
import { cloneLog, LOG_PATH } from './github-log.ts';
import { BROKEN, MENDED, SOUND } from './github-shop.ts';
import { runStep, type Step, type StepCall } from './github-step.ts';
import { SAYS } from './github-tools.ts';

const SOUND_REPORTS = reportsOf(MENDED);
/** One test fails, and lint finds one error. */
export const BROKEN_REPORTS = reportsOf(BROKEN);
export const INPUTS = { reports: 'test: out/vitest.xml\nlint: out/eslint.json' };
/** The log before: words of people, and no entry. */
const LOG = '# Audit run log\n\nBy hand.\n';

/** So that the commands of its steps can be looked up. */
const WORKFLOW = 'name: Audit\non: pull_request\njobs:\n  audit:\n    runs-on: ubuntu-latest\n    steps:\n      - { name: test, run: npx vitest run }\n      - { name: lint, run: npx eslint . }\n      - uses: octo/audit-run-log@v1\n';

function reportsOf(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { 'out/vitest.xml': files[SAYS.test] ?? '', 'out/eslint.json': files[SAYS.lint] ?? '' };
}

/** `run`: of the pull request's workflow; its reports are sound ones. */
export type OpenPull = Readonly<{ double: LoopbackGitHub; pull: PullState; run(call?: Partial<StepCall>): Promise<Step> }>;

export async function aPull(options: LoopbackOptions = {}): Promise<OpenPull> {
  const double = await openDouble(options);
  await double.push('main', { ...SOUND, '.github/workflows/audit.yml': WORKFLOW });
  await double.push('audit-log', { [LOG_PATH]: LOG });
  await double.push('work', MENDED, { from: 'refs/heads/main' });
  const pull = await double.openPull({ head: 'work', base: 'main' });
  return { double, pull, run: async (call = {}) => runStep({ double, event: pullEvent(double, pull), files: SOUND_REPORTS, inputs: INPUTS, ...call }) };
}

/** How many of each stand on GitHub: entries in the log, comments on the pull request, check runs on its head. */
export function countsOf({ double, pull }: Pick<OpenPull, 'double' | 'pull'>): Readonly<{ entries: number; comments: number; checks: number }> {
  return { entries: cloneLog(double.gitDir).entries.length, comments: double.comments(pull.number).length, checks: double.checkRuns(pull.headSha).length };
}

/** The request by which something is read or written. */
export const AT = {
  snapshot: { graphql: /^query Snapshot/ }, log: { graphql: /^mutation Commit/ }, comment: { method: 'POST', path: /\/issues\/\d+\/comments$/ }, comments: { graphql: /^query Comments/ },
  check: { method: 'POST', path: /\/check-runs$/ }, job: { path: /\/actions\/jobs\// }, files: { path: /\/pulls\/\d+\/files/ },
} as const satisfies Readonly<Record<string, Fault['when']>>;

/** Each with a repository of its own, all at once: processes mostly wait, and what they wait for is of their own. */
export async function atOnce<T>(cases: Readonly<Record<string, T>>, check: (one: T, name: string) => Promise<void>): Promise<void> {
  await Promise.all(Object.entries(cases).map(async ([name, one]) => check(one, name)));
}
