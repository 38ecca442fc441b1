/** A workflow file as values: refused where GitHub would refuse it, and where it asks for what the runner here cannot do. */
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { parse } from 'yaml';
import * as z from 'zod/mini';
import { NotSupportedYet, WorkflowError } from './errors.ts';

export type Step = z.output<typeof STEP>;
export type Job = z.output<typeof JOB>;
export type Workflow = z.output<typeof WORKFLOW>;
export type PermissionsAsked = z.output<typeof PERMISSIONS>;
/** What an event must meet, by the event's name; `null` where any will do. */
export type Filter = z.output<typeof FILTER>;

// Scalars become text as the runner takes them: `env: { A: 1, B: true, C: }` is '1', 'true' and ''.
const SCALAR = z.pipe(z.union([z.string(), z.number(), z.boolean(), z.null()]), z.transform((value): string => (value === null ? '' : String(value))));
const TEXTS = z._default(z.record(z.string(), SCALAR), {});
const ONE_OR_MORE = z.pipe(z.union([SCALAR, z.array(SCALAR)]), z.transform((value): string[] => (typeof value === 'string' ? [value] : value)));
const PERMISSIONS = z.union([z.literal('read-all'), z.literal('write-all'), z.record(z.string(), z.enum(['read', 'write', 'none']))]);
const RUN_DEFAULTS = z._default(z.strictObject({ run: z._default(z.strictObject({ shell: z.optional(SCALAR), 'working-directory': z.optional(SCALAR) }), {}) }), { run: {} });

const STEP = z.strictObject({
  id: z.optional(z.string()), name: z.optional(SCALAR), if: z.optional(SCALAR), run: z.optional(SCALAR), uses: z.optional(z.string()), with: TEXTS, env: TEXTS,
  shell: z.optional(SCALAR), 'working-directory': z.optional(SCALAR), 'continue-on-error': z.optional(SCALAR), 'timeout-minutes': z.optional(SCALAR),
});

const JOB = z.strictObject({
  name: z.optional(SCALAR), needs: z._default(ONE_OR_MORE, []), if: z.optional(SCALAR), 'runs-on': SCALAR, permissions: z.optional(PERMISSIONS), env: TEXTS,
  defaults: RUN_DEFAULTS, outputs: TEXTS, 'timeout-minutes': z.optional(SCALAR), steps: z.array(STEP),
});

const FILTER = z.nullable(z.strictObject({
  types: z.optional(ONE_OR_MORE), branches: z.optional(ONE_OR_MORE), 'branches-ignore': z.optional(ONE_OR_MORE), tags: z.optional(ONE_OR_MORE), 'tags-ignore': z.optional(ONE_OR_MORE),
  paths: z.optional(ONE_OR_MORE), 'paths-ignore': z.optional(ONE_OR_MORE), workflows: z.optional(ONE_OR_MORE), inputs: z.optional(z.record(z.string(), z.nullable(z.looseObject({ default: z.optional(SCALAR), type: z.optional(z.string()) })))),
}));
const CONCURRENCY = z.pipe(z.union([z.string(), z.strictObject({ group: SCALAR, 'cancel-in-progress': z._default(SCALAR, 'false'), queue: z._default(SCALAR, 'single') })]),
  z.transform((value) => (typeof value === 'string' ? { group: value, 'cancel-in-progress': 'false', queue: 'single' } : value)));

const WORKFLOW = z.strictObject({
  name: z.optional(SCALAR), permissions: z.optional(PERMISSIONS), env: TEXTS, defaults: RUN_DEFAULTS, concurrency: z.optional(CONCURRENCY),
  on: z.pipe(z.union([z.string(), z.array(z.string()), z.record(z.string(), z.unknown())]), z.transform(triggers)), jobs: z.record(z.string(), JOB),
});

function triggers(on: string | string[] | Record<string, unknown>): ReadonlyMap<string, Filter> {
  if (typeof on === 'string') return new Map([[on, null]]);
  if (Array.isArray(on)) return new Map(on.map((event) => [event, null]));
  // `schedule` holds its times in a list; what runs at them is the caller's event.
  return new Map(Object.entries(on).map(([event, filter]) => [event, event === 'schedule' ? null : read(FILTER, filter, `on.${event}`)]));
}

/** Values that fit; a key that GitHub knows and we do not is said to be unsupported. */
function read<T>(schema: z.ZodMiniType<T>, value: unknown, where: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = [where, ...(issue?.path ?? [])].filter((part) => part !== '').join('.');
  const keys = issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : undefined;
  throw new NotSupportedYet(keys === undefined ? `${path} in this form` : `${path === '' ? '' : `${path}: `}${keys}`);
}

/** The faults that GitHub's own parser finds, with line and column. */
export async function workflowFaults(yaml: string, name = 'workflow.yml'): Promise<string[]> {
  const { context, value } = parseWorkflow({ name, content: yaml }, new NoOperationTraceWriter());
  const found = context.errors.getErrors().map(({ message }) => message);
  if (value === undefined || found.length > 0) return found;
  const { errors = [] } = await convertWorkflowTemplate(context, value);
  return errors.map(({ Message }) => Message);
}

/** Throws WorkflowError and NotSupportedYet. */
export async function readWorkflow(yaml: string, name?: string): Promise<Workflow> {
  const faults = await workflowFaults(yaml, name);
  if (faults.length > 0) throw new WorkflowError(faults);
  const workflow = read(WORKFLOW, parse(yaml, { version: '1.2' }), '');
  for (const [id, job] of Object.entries(workflow.jobs)) if (!job['runs-on'].startsWith('ubuntu-')) throw new NotSupportedYet(`jobs.${id}.runs-on: ${job['runs-on']}`);
  return workflow;
}
