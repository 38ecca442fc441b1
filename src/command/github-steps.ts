/** How the steps of a job on GitHub ended, and what they ran. */
import { jobTasks, wantsWorkflowFile, type JobTasksRequest } from '../collect/job-tasks.ts';
import type { GitHub } from '../host/github/client.ts';
import type { JobSlot } from '../host/github/entry-key.ts';
import type { GitHubRun } from '../host/github/event.ts';
import { readJob } from '../host/github/jobs.ts';
import type { Job } from '../model/job.ts';
import type { Host, NamedTasks, StepReading } from './host.ts';

/** `workflow`: the text of the file that defines the job, `null` where it cannot be read. `slot`: is told the name of the job. */
export type StepsSource = Readonly<{ client: GitHub; run: GitHubRun; workflow: string | null; slot: JobSlot }>;

export function gitHubSteps(source: StepsSource): Host['readSteps'] {
  return async (named) => readSteps(source, named);
}

async function readSteps({ client, run, workflow, slot }: StepsSource, named: NamedTasks): Promise<StepReading> {
  const { job, problems } = await readJob(client, run);
  if (job !== undefined) slot.named(job.name);
  // Without the job, its status still tells that something failed.
  const request: Omit<JobTasksRequest, 'fileSteps'> = { ...named, job: job ?? null, jobStatus: run.jobStatus, ownActions: run.ownActions };
  const file = job === undefined || !wantsWorkflowFile(request) ? null : await stepsOfFile({ run, workflow }, job.steps);
  const tasks = jobTasks({ ...request, fileSteps: file?.steps ?? null });
  return {
    ends: tasks.ends,
    ...(job === undefined || job.startedAt === null ? {} : { start: job.startedAt }),
    problems: [...problems, ...(file?.problems ?? []), ...tasks.problems],
  };
}

/** YAML is read only where the names of the steps do not say what they ran. */
async function stepsOfFile({ run, workflow }: Readonly<{ run: GitHubRun; workflow: string | null }>, steps: Job['steps']) {
  const { readWorkflowSteps } = await import('../host/github/workflow-file.ts');
  return readWorkflowSteps({ text: workflow, path: run.workflow?.path ?? '', job: run.job, steps });
}
