/** The key of a recording on GitHub: what makes one run differ from every other one, and how attempts of one are told. */

export type RecordingKey = Readonly<{
  repositoryId: number;
  runId: number;
  attempt: number;
  /** Short hash of the job's workflow file, key and place in the matrix: equal in all attempts. */
  job: string;
  /** What tells this execution of the job: an id of the platform's, or nothing. */
  instance: string;
  /** What the caller added. */
  entryKey: string | null;
}>;

/** Letters, digits, `.`, `_` and `-` only, if the parts hold no others. */
export function formatRecordingKey({ repositoryId, runId, attempt, job, instance, entryKey }: RecordingKey): string {
  return [repositoryId, runId, attempt, job, instance, ...(entryKey === null ? [] : [entryKey])].join('.');
}

/** A recording, and which job it is of, where that is surely known: two calls of one workflow in a run have keys that look alike. */
export type JobRecording = Readonly<{ key: string; job?: string | undefined }>;

/** Whether `other` recorded an earlier attempt of the same job of the same run. Not where the job of either is not known. */
export function isEarlierAttempt(other: JobRecording, { key, job: known }: JobRecording): boolean {
  if (known === undefined || other.job !== known) return false;
  const [repositoryId, runId, attempt, job, , ...entryKey] = key.split('.');
  const [otherRepository, otherRun, otherAttempt, otherJob, , ...otherEntryKey] = other.key.split('.');
  return otherRepository === repositoryId && otherRun === runId && otherJob === job && otherJob !== undefined
    && otherEntryKey.join('.') === entryKey.join('.') && Number(otherAttempt) < Number(attempt);
}
