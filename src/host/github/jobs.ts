/** The job that this step is part of, as the jobs API tells it. */
import { AuditError } from '../../errors.ts';
import type { Job } from '../../model/job.ts';
import type { Problem } from '../../model/problem.ts';
import type { Job as AnsweredJob } from './answers.ts';
import type { RestCalls } from './client-calls.ts';
import type { GitHubRun } from './event.ts';

type JobCalls = Pick<RestCalls, 'job' | 'jobs'>;
type JobRun = Pick<GitHubRun, 'runId' | 'attempt' | 'checkRunId' | 'runnerName' | 'job'>;

/** A run has at most 256 jobs of a matrix, and may have several. */
const MAX_PAGES = 10;

/** Without a job where it could not be read; never throws what GitHub answered. */
export async function readJob(calls: JobCalls, run: JobRun): Promise<Readonly<{ job?: Job; problems: readonly Problem[] }>> {
  try {
    const answered = (run.checkRunId === null ? undefined : await jobById(calls, run, run.checkRunId)) ?? await jobByRunner(calls, run);
    return answered === undefined ? { problems: [notFound(run)] } : { job: jobOf(answered), problems: [] };
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    return { problems: error.problems };
  }
}

/** That the id of the check run is the id of the job is measured, not documented: where it is not, the jobs are listed. */
async function jobById(calls: JobCalls, run: JobRun, id: number): Promise<AnsweredJob | undefined> {
  try {
    const job = await calls.job(id);
    return job.run_id === run.runId ? job : undefined;
  } catch (error) {
    if (error instanceof AuditError && error.code === 'NOT_FOUND_ON_GITHUB') return undefined;
    throw error;
  }
}

/** The one job in progress on this runner; of several, the one that is named by its key. */
async function jobByRunner(calls: JobCalls, run: JobRun): Promise<AnsweredJob | undefined> {
  const running: AnsweredJob[] = [];
  for (let page = 1, hasNext = true; hasNext && page <= MAX_PAGES; page += 1) {
    const answer = await calls.jobs({ id: run.runId, attempt: run.attempt }, page);
    running.push(...answer.items.filter((job) => job.status === 'in_progress' && job.runner_name === run.runnerName && run.runnerName !== ''));
    hasNext = answer.hasNext;
  }
  if (running.length === 1) return running[0];
  const named = running.filter(({ name }) => name === run.job || name.endsWith(` / ${run.job}`));
  return named.length === 1 ? named[0] : undefined;
}

function notFound({ job }: JobRun): Problem {
  return { code: 'JOB_UNKNOWN', message: `GitHub tells no job in progress that is surely this one (\`${job}\`): how its steps ended is known from \`outcomes\` and reports only.` };
}

function jobOf(job: AnsweredJob): Job {
  return {
    id: job.id, name: job.name, status: job.status, conclusion: job.conclusion,
    startedAt: utc(job.started_at), completedAt: utc(job.completed_at),
    steps: (job.steps ?? []).map(({ name, number, status, conclusion, started_at: started, completed_at: completed }) => ({
      name, number, status, conclusion, startedAt: utc(started), completedAt: utc(completed),
    })),
  };
}

/** Whole seconds, whatever zone and fraction the server tells. */
function utc(time: string | null | undefined): string | null {
  const at = new Date(time ?? '');
  return Number.isNaN(at.getTime()) ? null : `${at.toISOString().slice(0, 19)}Z`;
}
