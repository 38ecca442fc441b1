/** The state of the checks of a branch: when each last ran to the end, and which tasks are expected. Everything about the ledger that changes with every run. */
import { z } from 'zod';
import { AuditError } from '../errors.ts';
import { conforming, parseJson } from './json-document.ts';
import type { Run } from './run.ts';
import { TaskKindSchema } from './task.ts';

const VERSION = 1;

export const ChecksSchema = z.object({
  schema: z.literal(VERSION),
  branch: z.string(),
  /** The newest recorded run of the branch. */
  last: z.object({ run: z.string(), commit: z.string(), key: z.string() }),
  tasks: z.record(z.string(), z.object({ kind: TaskKindSchema, required: z.boolean() })),
  checks: z.record(z.string(), z.object({
    task: z.string(),
    /** The newest run in which it was complete; absent if it never was. `reports`: of a check that speaks of the whole project, what it was read from. */
    complete: z.object({ run: z.string(), commit: z.string(), reports: z.array(z.string()).optional() }).optional(),
    tool: z.string().optional(),
    version: z.string().optional(),
    /** Runs since then in which it was not complete. */
    missed: z.number().int().nonnegative(),
    /** So many findings vanished in the newest complete run that none was closed; the next complete run confirms. */
    held: z.literal(true).optional(),
  })),
});
export type Checks = Readonly<z.infer<typeof ChecksSchema>>;

export function formatChecks(checks: Checks): string {
  return `${JSON.stringify(checks, undefined, 1)}\n`;
}

/** Throws LEDGER_CORRUPT or LEDGER_NEWER. */
export function parseChecks(text: string, path: string): Checks {
  const value = parseJson(text, path);
  const version = z.object({ schema: z.number() }).safeParse(value);
  if (version.success && version.data.schema > VERSION) {
    throw new AuditError('LEDGER_NEWER', { message: `${path} has schema ${version.data.schema}; this version reads ${VERSION}.`, path, exitCode: 2 });
  }
  return conforming(ChecksSchema, value, path);
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
    const complete = now?.status === 'complete' ? { run: runId, commit, ...(now.scope === 'all' && now.evidence.length > 0 ? { reports: now.evidence } : {}) } : old?.complete;
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
  return { schema: VERSION, branch, last: { run: runId, commit, key: run.key }, tasks, checks: Object.fromEntries(checks) };
}
