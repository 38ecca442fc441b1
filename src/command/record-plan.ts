/** Putting the entry of a run into the log, or saying why it is not there. */
import { AuditError } from '../errors.ts';
import { UNRECORDED } from '../model/audit.ts';
import type { Problem } from '../model/problem.ts';
import type { Recorded } from '../publish/publisher.ts';
import { planOnce, recordEntry } from '../publish/run-log.ts';
import { planPaths } from './data-files.ts';
import type { Host } from './host.ts';
import { planEntry } from './plan.ts';
import type { Plan, PlanContext, PlanState } from './plan-context.ts';

type CompletePlan = Exclude<Plan, { state: 'unread' }>;
export type RecordedPlan = Readonly<{ plan: CompletePlan; recorded: Recorded }>;

/** `onState`: called as soon as something else is known of the entry. */
export type Recorder = Host & Readonly<{ onState(recorded: Recorded['state']): Promise<void> }>;

/** What comes after is shown in any case. Throws AuditError where no answer can be made: a ledger that cannot be read. */
export async function recordPlan(known: Omit<PlanContext, 'follows' | 'job'>, host: Recorder): Promise<RecordedPlan> {
  const job = host.job();
  const context: PlanContext = { ...known, ...(job === null ? {} : { job }), follows: (commit) => host.repository.follows(commit) };
  const { options, store } = host;
  const wish = options.dryRun ? 'dry run' : options.log === 'off' ? 'log: off' : host.readOnly === null ? undefined : 'read-only token';
  if (wish !== undefined) return showOnly(context, host, wish);
  const { planned: plan, recorded, before, commit, problem } = await recordEntry({ ...planRequest(context, store), retries: host.retries, wait: host.wait, random: host.random, clock: host.clock, onState: host.onState });
  if (recorded === true && plan !== null) return { plan, recorded: { state: true, ...(before ? { before } : {}), ...(commit === undefined ? {} : { commit: commit.id }) } };
  await host.onState(recorded);
  const refused = recorded === false && problem?.code === 'PERMISSION_MISSING' ? host.whenRefused : null;
  const why = refused !== null ? { wish: 'read-only token' as const, problem: refused } : problem === undefined ? {} : { problem };
  return { plan: await unrecorded(context, host.data), recorded: { state: recorded, ...why } };
}

function planRequest(context: PlanContext, store: Host['store']) {
  return { store, paths: planPaths({ context: context.run.context, logPath: context.logPath }), plan: (state: PlanState) => planEntry(context, state) };
}

/** Compared with the log as it stands, and written nowhere. */
async function showOnly(context: PlanContext, { store, data, readOnly }: Host, wish: NonNullable<Recorded['wish']>): Promise<RecordedPlan> {
  const why = wish === 'read-only token' && readOnly !== null ? { problem: readOnly } : {};
  try {
    const { planned: plan } = await planOnce(planRequest(context, store));
    return { plan, recorded: plan.state === 'recorded' ? { state: true, before: true } : { state: false, wish, ...why } };
  } catch (error) {
    if (!(error instanceof AuditError) || error.exitCode === 2) throw error;
    const [problem = { code: error.code, message: error.message }]: readonly Problem[] = error.problems;
    return { plan: await unrecorded(context, data), recorded: { state: false, problem } };
  }
}

/** The entry as it would be in a log of its own. */
async function unrecorded(context: PlanContext, data: ReadonlyMap<string, Uint8Array>): Promise<CompletePlan> {
  const files = new Map([...data].filter(([path]) => path !== context.logPath));
  const plan = await planEntry({ ...context, runId: UNRECORDED }, { head: '', files, paths: [...files.keys()] });
  if (plan.state === 'unread') throw new Error('a plan without a log found an entry in it');
  return plan;
}
