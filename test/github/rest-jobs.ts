/** REST over the jobs of workflow runs. */
import { completed } from './contract/contract.ts';
import { apiUrlOf, paged, pageUrlOf, type Route } from './route.ts';
import { Refusal, type JobState, type State } from './types.ts';

export function jobRoutes(state: State): readonly Route[] {
  return [
    {
      method: 'GET', pattern: /^\/actions\/jobs\/(?<id>\d+)$/, needs: { actions: 'read' },
      answer(_, { id }) {
        const job = state.jobs.get(Number(id));
        if (job === undefined) throw new Refusal(404, 'Not Found');
        return { status: 200, body: jobBody(state, job) };
      },
    },
    {
      method: 'GET', pattern: /^\/actions\/runs\/(?<run>\d+)\/attempts\/(?<attempt>\d+)\/jobs$/, needs: { actions: 'read' },
      answer(asked, { run, attempt }) {
        const jobs = [...state.jobs.values()].filter((job) => job.runId === Number(run) && job.attempt === Number(attempt));
        if (jobs.length === 0) throw new Refusal(404, 'Not Found');
        const { items, headers } = paged(state, asked, jobs);
        return { status: 200, headers, body: { total_count: jobs.length, jobs: items.map((job) => jobBody(state, job)) } };
      },
    },
  ];
}

function jobBody(state: State, job: JobState): unknown {
  const page = `${pageUrlOf(state)}/actions/runs/${job.runId}`;
  return completed('job', {
    id: job.id, run_id: job.runId, run_attempt: job.attempt, name: job.name, head_sha: job.headSha, status: job.status, conclusion: job.conclusion,
    started_at: job.startedAt, completed_at: job.completedAt, created_at: job.startedAt, runner_name: job.runnerName, runner_id: 1, workflow_name: 'CI', steps: job.steps, labels: ['ubuntu-latest'],
    html_url: `${page}/job/${job.id}`, run_url: page, url: `${apiUrlOf(state)}/actions/jobs/${job.id}`, check_run_url: `${apiUrlOf(state)}/check-runs/${job.id}`,
  });
}
