/** What a workflow that we show or run must keep to, beyond being valid. */
import { parse } from 'yaml';
import * as z from 'zod/mini';
import { splitTemplate } from './expression.ts';

const STEP = z.looseObject({ uses: z.optional(z.string()), run: z.optional(z.string()), with: z.optional(z.record(z.string(), z.unknown())) });
const JOB = z.looseObject({ permissions: z.optional(z.unknown()), 'timeout-minutes': z.optional(z.unknown()), uses: z.optional(z.string()), steps: z._default(z.array(STEP), []) });
const WORKFLOW = z.looseObject({ on: z.unknown(), permissions: z.optional(z.unknown()), jobs: z.record(z.string(), JOB) });

type Job = z.output<typeof JOB>;
type Step = z.output<typeof STEP>;

/** A text that others write must reach a script by the environment: here it becomes part of the script. */
const UNTRUSTED = /\bgithub\s*(?:\.\s*|\[\s*')(?:event|head_ref)\b/i;
const PINNED = /^(?:\.\/|\$\/|[^@]+@[0-9a-f]{40}$)/;

/** One sentence for each breach, with its job and step; none for a workflow that keeps to all. */
export function policyFaults(yaml: string): string[] {
  const { on, permissions, jobs } = WORKFLOW.parse(parse(yaml));
  const target = eventsOf(on).includes('pull_request_target') ? ['it runs on pull_request_target'] : [];
  return [...target, ...Object.entries(jobs).flatMap(([id, job]) => jobFaults(job, permissions).map((fault) => `jobs.${id}: ${fault}`))];
}

/** Actions of others that a tag can move. What runs in our own repository is pinned; what we show need not be. */
export function unpinnedUses(yaml: string): string[] {
  return Object.values(WORKFLOW.parse(parse(yaml)).jobs).flatMap(({ uses, steps }) => [uses, ...steps.map((step) => step.uses)]).filter((uses): uses is string => uses !== undefined && !PINNED.test(uses));
}

function eventsOf(on: unknown): string[] {
  if (typeof on === 'string') return [on];
  if (Array.isArray(on)) return on.map(String);
  return typeof on === 'object' && on !== null ? Object.keys(on) : [];
}

function jobFaults(job: Job, common: unknown): string[] {
  const faults: string[] = [];
  if (job.permissions === undefined && common === undefined) faults.push('it has no permissions of its own, and the workflow has none');
  if (job['timeout-minutes'] === undefined && job.uses === undefined) faults.push('it has no timeout-minutes');
  const pushes = job.steps.some(({ run }) => /\bgit push\b/.test(run ?? ''));
  for (const [index, step] of job.steps.entries()) faults.push(...stepFaults(step, pushes).map((fault) => `step ${index + 1}: ${fault}`));
  return faults;
}

function stepFaults({ uses, run, with: inputs }: Step, pushes: boolean): string[] {
  const faults: string[] = [];
  // A job that pushes needs the credentials it keeps.
  if (uses?.startsWith('actions/checkout@') === true && !pushes && String(inputs?.['persist-credentials']) !== 'false') faults.push('it keeps the credentials (persist-credentials: false is missing)');
  if (splitTemplate(run ?? '').some((piece) => 'expression' in piece && UNTRUSTED.test(piece.expression))) faults.push('it puts text of the event into its script');
  return faults;
}
