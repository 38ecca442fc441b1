/** The state of the checks of a branch: when each last ran to the end, and which tasks are expected. Everything about the ledger that changes with every run. */
import type { CheckRun } from './finding.ts';
import type { Run } from './run.ts';
import type { Checks } from './schema/checks.ts';

export type { Checks } from './schema/checks.ts';

export const CHECKS_VERSION = 1;

export function formatChecks(checks: Checks): string {
  return `${JSON.stringify(checks, undefined, 1)}\n`;
}

/** What the next run of the check is held against. */
function lastingOf({ scope, evidence, configuration }: CheckRun): Readonly<{ reports?: string[]; configuration?: string }> {
  return { ...(scope === 'all' && evidence.length > 0 ? { reports: [...evidence] } : {}), ...(configuration === undefined ? {} : { configuration }) };
}

type CheckUpdate = Readonly<{ run: Run; runId: string; branch: string; before: Checks | null; held: readonly string[] }>;

/** The state after a run. Tasks stay expected, and checks known, until the configuration retires their task. */
export function nextChecks({ run, runId, branch, before, held }: CheckUpdate): Checks {
  const { commit } = run.context;
  const ran = new Map(run.checks.map((check) => [check.check, check]));
  const known = Object.entries(before?.checks ?? {}).filter(([, { task }]) => !run.retiredTasks.includes(task)).map(([name]) => name);
  const names = [...new Set([...known, ...ran.keys()])].sort();
  const checks = names.map((name): [string, Checks['checks'][string]] => {
    const old = before?.checks[name];
    const now = ran.get(name);
    const complete = now?.status === 'complete' ? { run: runId, commit, ...lastingOf(now) } : old?.complete;
    const tool = now?.tool ?? old?.tool;
    const version = now?.version ?? old?.version;
    return [name, {
      task: now?.task ?? old?.task ?? '',
      ...(complete === undefined ? {} : { complete }),
      ...(tool === undefined ? {} : { tool }),
      ...(version === undefined ? {} : { version }),
      missed: now?.status === 'complete' ? 0 : (old?.missed ?? 0) + 1,
      ...(held.includes(name) || (old?.held === true && now?.status !== 'complete') ? { held: true as const } : {}),
    }];
  });
  const expected = Object.entries(before?.tasks ?? {}).filter(([name]) => !run.retiredTasks.includes(name));
  const tasks = Object.fromEntries([...expected, ...run.tasks.map(({ name, kind, required }) => [name, { kind, required }] as const)]);
  return { schema: CHECKS_VERSION, branch, last: { run: runId, commit, key: run.key }, tasks, checks: Object.fromEntries(checks) };
}
