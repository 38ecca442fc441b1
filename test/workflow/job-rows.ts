/** A job and its steps as the jobs API tells them while it runs: what ended is filled, the rest is null. */
import { pullOf, RUNNER_NAME } from './contexts.ts';
import type { JobPlan } from './job-state.ts';
import type { JobReport, Outcome, StepReport } from './types.ts';

export class JobRows {
  readonly #plan: JobPlan;
  readonly #name: string;
  readonly #steps: number;
  readonly #startedAt: string;
  readonly #rows: StepReport[];
  #ending: Readonly<{ conclusion: Outcome; at: string }> | undefined;

  /** `Set up job` has ended by then, and is number 1. */
  constructor(plan: JobPlan, name: string, steps: readonly string[]) {
    this.#plan = plan;
    this.#name = name;
    this.#steps = steps.length;
    this.#startedAt = this.#now();
    this.#rows = [
      { name: 'Set up job', number: 1, status: 'completed', conclusion: 'success', started_at: this.#startedAt, completed_at: this.#startedAt },
      ...steps.map((step, index): StepReport => ({ name: step, number: index + 2, status: 'queued', conclusion: null, started_at: null, completed_at: null })),
    ];
  }

  async start(number: number, name: string): Promise<void> {
    await this.#change(number, { name, status: 'in_progress', started_at: this.#now() });
  }

  async finish(number: number, conclusion: Outcome): Promise<void> {
    await this.#change(number, { status: 'completed', conclusion, completed_at: this.#now() });
  }

  /** ExecutionContext.CreatePostChild of actions/runner: post steps have the numbers below twice that of the last step. `before` is how many were registered earlier. */
  addPost(name: string, before: number): number {
    const number = (this.#steps + 1) * 2 - before;
    this.#rows.splice(this.#steps + 1, 0, { name, number, status: 'queued', conclusion: null, started_at: null, completed_at: null });
    return number;
  }

  async end(conclusion: Outcome): Promise<void> {
    const at = this.#now();
    this.#rows.push({ name: 'Complete job', number: (this.#rows.at(-1)?.number ?? 1) + 1, status: 'completed', conclusion: 'success', started_at: at, completed_at: at });
    this.#ending = { conclusion, at };
    await this.tell();
  }

  async tell(): Promise<void> {
    await this.#plan.request.onJob?.(this.#report());
  }

  async #change(number: number, change: Partial<StepReport>): Promise<void> {
    const index = this.#rows.findIndex((row) => row.number === number);
    const row = this.#rows[index];
    if (row === undefined) throw new Error(`there is no step ${number}`);
    this.#rows[index] = { ...row, ...change };
    await this.tell();
  }

  #report(): JobReport {
    const { request, workflow, workflowPath, checkRunId, job } = this.#plan;
    const pull = pullOf(request);
    return {
      id: checkRunId, runId: request.runId, attempt: request.attempt ?? 1, name: this.#name, headSha: pull?.head.sha ?? request.sha,
      headBranch: pull?.head.ref ?? request.ref.replace(/^refs\/(?:heads|tags)\//, ''), workflowName: workflow.name ?? workflowPath, runnerName: RUNNER_NAME, labels: [job['runs-on']],
      status: this.#ending === undefined ? 'in_progress' : 'completed', conclusion: this.#ending?.conclusion ?? null,
      createdAt: this.#startedAt, startedAt: this.#startedAt, completedAt: this.#ending?.at ?? null, steps: [...this.#rows],
    };
  }

  #now(): string {
    return (this.#plan.request.clock?.() ?? new Date()).toISOString().replace(/\.\d+Z$/, 'Z');
  }
}
