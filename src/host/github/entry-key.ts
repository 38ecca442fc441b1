/** What tells one recording on GitHub from every other one: its key in the log, and the job whose recordings follow each other. */
import { createHash } from 'node:crypto';
import { formatRecordingKey } from '../../model/recording-key.ts';
import type { GitHubRun } from './event.ts';

type KeyedRun = Pick<GitHubRun, 'repository' | 'runId' | 'attempt' | 'checkRunId' | 'job' | 'jobIndex' | 'jobTotal' | 'workflow' | 'callerPath'>;

/** `auditName`: several audits may be recorded by one job. `entryKey`: what tells two recordings of one audit in one job apart. */
export type Recording = Readonly<{ auditName: string; entryKey: string | null }>;

/**
 * At most 200 characters, `entryKey` having at most 100. Where the id of the job's check run is not told, two calls of one workflow in a run are one job,
 * and need an `entry-key` each.
 */
export function entryKeyOf(run: KeyedRun, { auditName, entryKey }: Recording): string {
  return formatRecordingKey({
    repositoryId: run.repository.id, runId: run.runId, attempt: run.attempt,
    job: shortHash([run.callerPath, fileOf(run), run.job, run.jobIndex, run.jobTotal, auditName]),
    instance: String(run.checkRunId ?? 0),
    entryKey,
  });
}

/** Which job of its workflow a recording is of. Its recordings follow each other: attempts of a run, and later runs on the same commit. */
export type JobSlot = Readonly<{
  /** How the jobs API shows the job, once it was read. */
  named(name: string): void;
  /** 16 hex digits. `null`: not known, as a called workflow may be called twice, and only the shown name tells its calls apart. */
  read(): string | null;
}>;

export function jobSlot(run: KeyedRun & Pick<GitHubRun, 'trigger' | 'called'>, entryKey: string | null): JobSlot {
  // Elsewhere the key of the job is its own, and the shown name may differ from run to run.
  let name = run.called === false ? '' : null;
  return {
    named(shown) {
      name ??= shown;
    },
    read: () => (name === null ? null : shortHash([run.callerPath, fileOf(run), run.job, run.jobIndex, run.jobTotal, run.trigger, entryKey, name])),
  };
}

/** The slot of the check run: of one whose job is not known, its own, so that it takes nobody's place. */
export function checkSlot(slot: JobSlot, key: string): string {
  return slot.read() ?? shortHash(['only', key]);
}

/** Without its ref, which differs from run to run. */
function fileOf({ workflow }: KeyedRun): string {
  return workflow === null ? '' : `${workflow.owner}/${workflow.repository}/${workflow.path}`;
}

function shortHash(parts: readonly (string | number | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts), 'utf8').digest('hex').slice(0, 16);
}
