/** Which job of which workflow file a step runs in: from the runner's variables, and from the inputs whose defaults say what they do not. */
import { AuditError } from '../../errors.ts';
import { shownVariable, type Environment } from './event-variables.ts';

/** The inputs of these names as they were given; absent and empty is the same. */
export type JobInputs = Readonly<Partial<Record<'check-run-id' | 'job-total' | 'job-index' | 'job-status' | 'job-workflow', string>>>;

/** A workflow file. `sha`: the commit it was read at, where that is told. */
export type WorkflowPlace = Readonly<{ owner: string; repository: string; path: string; ref: string; sha: string | null }>;

/** `owner/name/path@ref`; a path ends with the first `.yml` or `.yaml` before an `@`. */
const WORKFLOW_REF = /^(?<owner>[A-Za-z0-9_-]{1,100})\/(?<repository>[A-Za-z0-9._-]{1,100})\/(?<path>[^\0-\x1f\x7f-\x9f]{1,500}?\.ya?ml)@(?<ref>[^\0-\x1f\x7f-\x9f]{1,1000})$/u;
const SHA = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

export type JobPlace = Readonly<{ checkRunId: number | null; jobIndex: number; jobTotal: number; jobStatus: string | null }>;

/** Throws INVALID_INPUT. */
export function readJobInputs(inputs: JobInputs): JobPlace {
  const status = inputs['job-status'] ?? '';
  return {
    checkRunId: numberInput(inputs, 'check-run-id', 1),
    jobIndex: numberInput(inputs, 'job-index', 0) ?? 0,
    jobTotal: numberInput(inputs, 'job-total', 1) ?? 1,
    jobStatus: status === '' ? null : status,
  };
}

function numberInput(inputs: JobInputs, name: keyof JobInputs, least: number): number | null {
  const value = (inputs[name] ?? '').trim();
  if (value === '') return null;
  const number = Number(value);
  if (!/^\d{1,16}$/.test(value) || !Number.isSafeInteger(number) || number < least) {
    throw new AuditError('INVALID_INPUT', { message: `${name}: expected a whole number from ${least} on; leave the input out.`, exitCode: 2 });
  }
  return number;
}

/** `GITHUB_WORKFLOW_REF` and `_SHA` are those of the workflow that the event started; a called one is told by the job only. */
export function jobWorkflow(env: Environment, inputs: JobInputs): Readonly<{ workflow: WorkflowPlace | null; callerPath: string; called: boolean | null; workflowName: string }> {
  const caller = parsePlace(env['GITHUB_WORKFLOW_REF'], env['GITHUB_WORKFLOW_SHA']);
  const own = parsePlace(inputs['job-workflow'], undefined);
  const called = own === null || caller === null ? null : fileOf(own) !== fileOf(caller);
  return { workflow: own === null ? caller : withCommit(own, caller), callerPath: caller?.path ?? '', called, workflowName: shownVariable(env, 'GITHUB_WORKFLOW') };
}

function fileOf({ owner, repository, path }: WorkflowPlace): string {
  return `${owner}/${repository}/${path}`;
}

/** A workflow that is called by its path comes from the caller's own commit. */
function withCommit(own: WorkflowPlace, caller: WorkflowPlace | null): WorkflowPlace {
  const isBeside = caller !== null && own.owner === caller.owner && own.repository === caller.repository && own.ref === caller.ref;
  if (isBeside) return { ...own, sha: caller.sha };
  return { ...own, sha: SHA.test(own.ref) ? own.ref : null };
}

function parsePlace(text: string | undefined, sha: string | undefined): WorkflowPlace | null {
  const groups = WORKFLOW_REF.exec(text ?? '')?.groups;
  if (groups === undefined) return null;
  const { owner = '', repository = '', path = '', ref = '' } = groups;
  return { owner, repository, path, ref, sha: SHA.test(sha ?? '') ? (sha ?? null) : null };
}
