import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { planPaths } from '../../src/command/data-files.ts';
import { planEntry } from '../../src/command/plan.ts';
import type { Plan, PlanContext } from '../../src/command/plan-context.ts';
import type { Repository } from '../../src/host/ports.ts';
import { NO_LINKS } from '../../src/model/links.ts';
import type { Problem } from '../../src/model/problem.ts';
import type { Run } from '../../src/model/run.ts';
import { aCheck, aContext, aRun, aTask, failingTest } from '../model/run-builder.ts';

const LOG = 'docs/AUDIT_RUN_LOG.md';
const EMPTY = await readFile(new URL('../../templates/run-log.md', import.meta.url));
const LEDGER = 'docs/audit/branches/main/findings.ndjson';
const [OLD, NEW] = ['1'.repeat(40), '2'.repeat(40)];

type New = Extract<Plan, { state: 'new' }>;
type Order = Awaited<ReturnType<Repository['follows']>>;

/** A log to which runs are recorded one after the other. */
class Log {
  files = new Map<string, Uint8Array>();

  async plan(run: Run, order: Order = 'yes'): Promise<Exclude<Plan, { state: 'unread' }>> {
    const context: PlanContext = { run, logPath: LOG, emptyLog: EMPTY, links: NO_LINKS, follows: () => Promise.resolve(order) };
    const paths = [...planPaths({ context: run.context, logPath: LOG }), ...this.files.keys()];
    const plan = await planEntry(context, { head: 'h', files: this.files, paths });
    if (plan.state === 'unread') throw new Error('a plan asked for more');
    return plan;
  }

  async record(run: Run, order: Order = 'yes'): Promise<New> {
    const plan = await this.plan(run, order);
    if (plan.state !== 'new') throw new Error('it is recorded already');
    this.files = new Map([...this.files, ...plan.files.map(({ path, bytes }) => [path, bytes] as const)]);
    return plan;
  }

  text(path: string): string {
    return Buffer.from(this.files.get(path) ?? []).toString();
  }
}

const failing = (commit: string, key: string): Run => aRun({ key, context: aContext({ commit }), tasks: [aTask('test', { outcome: 'failed' })], checks: [aCheck('test/junit', { scope: 'tests' })], findings: [failingTest('adds')] });
const sound = (commit: string, key: string, problems: Problem[] = []): Run => aRun({ key, context: aContext({ commit }), tasks: [aTask('test')], checks: [aCheck('test/junit', { scope: 'tests', covered: ['adds'] })], problems });
const stateOf = (log: Log): string[] => [...log.text(LEDGER).matchAll(/"state":"(\w+)"/g)].map(([, state = '']) => state);

/** A log whose newest run, of a newer commit, has a failing test. */
async function withNewer(): Promise<Log> {
  const log = new Log();
  await log.record(sound(OLD, 'k1'));
  await log.record(failing(NEW, 'k2'));
  return log;
}

describe('a run of an older commit', () => {
  it('closes nothing and changes nothing of what the newer one left, and says so', async () => {
    const log = await withNewer();
    const before = new Map(log.files);
    const { audit, entry } = await log.record(sound(OLD, 'k3'), 'no');
    expect(stateOf(log)).toEqual(['open']);
    for (const path of [LEDGER, 'docs/audit/branches/main/checks.json', 'docs/audit/branches/main/tests.txt', 'docs/audit/latest.json']) expect(log.files.get(path), path).toBe(before.get(path));
    expect(audit.run.problems).toMatchObject([{ code: 'OLDER_COMMIT', message: '1111111 does not come after 2222222, which RUN-002 has recorded: the ledger stays as that run left it.' }]);
    expect(audit.comparison.unverified).toMatchObject([{ reason: 'this commit is older than the one recorded last' }]);
    expect(audit.comparison.ledger.findings.map(({ state }) => state)).toEqual(['open']);
    expect(entry).not.toMatch(/Close[sd]/);
    expect(log.text(LOG)).toContain('## RUN-003 - ');
  });

  it('leaves the ledger alone where nobody knows whether it is older, and says that', async () => {
    const log = await withNewer();
    const { audit } = await log.record(sound(OLD, 'k3'), 'unknown');
    expect(stateOf(log)).toEqual(['open']);
    expect(audit.run.problems.map(({ code }) => code)).toEqual(['ORDER_UNKNOWN']);
  });

  it('still fails for what it shows itself', async () => {
    const log = await withNewer();
    expect((await log.record(failing(OLD, 'k3'), 'no')).audit.verdict.outcome).toBe('failed');
  });

  it('is told again as it was recorded', async () => {
    const log = await withNewer();
    await log.record(sound(OLD, 'k3'), 'no');
    const again = await log.plan(sound(OLD, 'k3'), 'no');
    expect(again.state).toBe('recorded');
    expect(again.audit.comparison.closed).toEqual([]);
    expect(again.audit.run.context.keepsLedger).toBe(false);
    expect(again.audit.run.problems.map(({ code }) => code)).toEqual(['OLDER_COMMIT']);
  });
});

describe('a run of the commit that was recorded last, or of one after it', () => {
  it('closes with its evidence', async () => {
    const log = await withNewer();
    const { audit } = await log.record(sound('3'.repeat(40), 'k3'), 'yes');
    expect(stateOf(log)).toEqual(['closed']);
    expect(audit.run.problems).toEqual([]);
  });

  it('is not asked about where the commit is the same', async () => {
    const log = await withNewer();
    await log.record(sound(NEW, 'k3'), 'no');
    expect(stateOf(log)).toEqual(['closed']);
  });
});

describe('a run whose workspace held another commit', () => {
  it('closes nothing, writes no ledger, and is no pass', async () => {
    const log = await withNewer();
    const { audit } = await log.record(sound('3'.repeat(40), 'k3', [{ code: 'CHECKOUT_DIFFERS', message: 'another one' }]));
    expect(stateOf(log)).toEqual(['open']);
    expect(audit.verdict).toMatchObject({ outcome: 'pass-with-known-gaps', rows: expect.arrayContaining([expect.objectContaining({ rule: 'checkout-differs' })]) });
    expect(audit.comparison.closed).toEqual([]);
  });
});
