/** One stage of a step: whether it runs, until when, and what its end means for the job. */
import { WorkflowError } from './errors.ts';
import { conditionScope, stepEnvironment, stepScope } from './contexts.ts';
import { evaluateWhole, holds } from './expression.ts';
import type { JobState, Stage } from './job-state.ts';
import { emptyRecord, keptAnnotations, report, type StepRecord } from './record.ts';
import type { Outcome, StepResult } from './types.ts';

export async function runStage(job: JobState, stage: Stage): Promise<StepResult> {
  const record = emptyRecord();
  if (job.cancel.aborted) job.status = 'cancelled';
  const outcome = await carryOut(job, stage, record);
  const conclusion = outcome === 'failure' && mayFail(job, stage) ? 'success' : outcome;
  if (conclusion === 'failure' && job.status === 'success') job.status = 'failure';
  const { id } = stage.step;
  if (id !== undefined && stage.kind === 'main') job.steps.set(id, { outputs: record.outputs, outcome, conclusion });
  const { stdout, stderr, exitCode, commands, summary } = record;
  return {
    ...(id === undefined ? {} : { id }), name: stage.name, stage: stage.kind, outcome, conclusion, outputs: Object.fromEntries(record.outputs), stdout, stderr, exitCode,
    log: record.log.join('\n'), annotations: keptAnnotations(record), commands, summary,
  };
}

function mayFail(job: JobState, { step }: Stage): boolean {
  return evaluateWhole(step['continue-on-error'] ?? 'false', stepScope(job)) === true || step['continue-on-error'] === 'true';
}

async function carryOut(job: JobState, stage: Stage, record: StepRecord): Promise<Outcome> {
  try {
    const env = stepEnvironment(job, stage.step);
    const isWanted = (): boolean => holds(stage.condition, conditionScope(job, env));
    if (!isWanted()) return 'skipped';
    const watch = watchOver(job, stage, isWanted);
    try {
      await stage.execute({ job, stage, env, scope: stepScope(job, env), record, stop: watch.signal });
    } finally {
      watch.end();
    }
    if (watch.signal.reason === 'cancel') return 'cancelled';
    if (watch.signal.reason === 'timeout') report(record, 'error', `The action '${stage.name}' has timed out after ${stage.step['timeout-minutes']} minutes.`);
    return record.failed || watch.signal.aborted ? 'failure' : 'success';
  } catch (error) {
    // An expression that cannot be evaluated fails its step; what this runner cannot do ends the run.
    if (!(error instanceof WorkflowError)) throw error;
    report(record, 'error', error.message);
    return 'failure';
  }
}

/** Aborts with the reason `cancel` when the job is cancelled, unless the condition still holds then, and with `timeout` when the step's time is over. */
function watchOver(job: JobState, { step }: Stage, isWanted: () => boolean): { signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const onCancel = (): void => {
    job.status = 'cancelled';
    if (!isWanted()) controller.abort('cancel');
  };
  job.cancel.addEventListener('abort', onCancel, { once: true });
  const minutes = Number(evaluateWhole(step['timeout-minutes'] ?? '0', stepScope(job)));
  const timer = minutes > 0 ? setTimeout(() => controller.abort('timeout'), minutes * 60_000) : undefined;
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer);
      job.cancel.removeEventListener('abort', onCancel);
    },
  };
}
