/** The digest of what a run recorded: the same key with another digest means that a key was used twice. */
import { createHash } from 'node:crypto';
import { compareText } from './order.ts';
import type { Run } from './run.ts';

/** 16 hex digits over audit name, branch, commit, task outcomes and finding prints; never times, durations, numbers or the comparison. */
export function contentDigest(run: Run): string {
  const tasks = run.tasks.map(({ name, outcome }) => [name, outcome] as const).sort((a, b) => compareText(a[0], b[0]));
  const findings = run.findings.map(({ check, rule, place, print }) => JSON.stringify([check, rule, place.path ?? '', place.test ?? '', print])).sort(compareText);
  const content = JSON.stringify([run.context.auditName, run.context.branch, run.context.commit, tasks, findings]);
  return createHash('sha256').update(content, 'utf8').digest('hex').slice(0, 16);
}
