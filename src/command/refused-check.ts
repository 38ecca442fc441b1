/** The check run of a step that could make no audit: without one, a required check of that name would wait for good. */
import { AuditError } from '../errors.ts';
import { gitHubCheckRuns } from '../host/github/check-runs.ts';
import type { GitHub } from '../host/github/client.ts';
import { checkSlot, entryKeyOf, jobSlot } from '../host/github/entry-key.ts';
import type { GitHubRun } from '../host/github/event.ts';
import type { Options } from '../options.ts';
import { postFailedCheck } from '../publish/check-run.ts';
import { renderFailedCheck } from '../render/failure.ts';

export type RefusedRun = Readonly<{ client: GitHub; run: GitHubRun; options: Options; now: Date }>;

/** Where it cannot be posted nothing more is told: the step fails by the error itself. */
export async function postRefusedCheck({ client, run, options, now }: RefusedRun, { problems }: AuditError): Promise<void> {
  if (run.readOnly === 'fork' || options.dryRun || !options.checkRun) return;
  const { name, entryKey } = options;
  const key = entryKeyOf(run, { auditName: name, entryKey });
  const slot = jobSlot(run, entryKey);
  try {
    const runs = gitHubCheckRuns({ client, commit: run.commit });
    await postFailedCheck({ runs, slot: () => checkSlot(slot, key), key }, { ...renderFailedCheck(name, problems), completedAt: now.toISOString() });
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
  }
}
