import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../host/local/temporary-repository.ts';
import { AT, aPull, atOnce, BROKEN_REPORTS, countsOf } from './github-pull.ts';

/** Ends the step once GitHub was asked for this. */
async function endedAt(place: 'check' | 'log', kind: 'hang' | 'apply-then-hang') {
  const opened = await aPull();
  opened.double.fault({ when: AT[place], then: { kind } });
  const isAsked = (): boolean => opened.double.exchanges.some(({ path, operation }) => (place === 'check' ? path.endsWith('/check-runs') : operation?.startsWith('mutation Commit') === true));
  const step = await opened.run({
    onStart(child) {
      const timer = setInterval(() => {
        if (!isAsked() && child.exitCode === null) return;
        clearInterval(timer);
        child.kill('SIGINT');
      }, 20);
    },
  });
  return { opened, step };
}

describe('a step that is ended from outside', () => {
  it('while the check run is posted: the outputs tell the entry that is in the log', async () => {
    const { opened, step } = await endedAt('check', 'hang');
    expect(step.status).toBeNull();
    expect(step.outputs).toMatchObject({ outcome: 'failed', recorded: 'true', 'run-id': 'RUN-001', 'log-commit': await opened.double.head('audit-log') });
    expect(step.outputs['entry-url']).toContain(`/blob/${step.outputs['log-commit']}/docs/AUDIT_RUN_LOG.md#run-001`);
    expect(step.order.slice(0, 3)).toEqual(['outcome=failed', 'recorded=false', 'recorded=unknown']);
    expect(countsOf(opened)).toMatchObject({ entries: 1 });
  });

  it('while the log is written: the outputs say that nobody knows', async () => {
    const { step } = await endedAt('log', 'apply-then-hang');
    expect(step.status).toBeNull();
    expect(step.outputs).toEqual({ outcome: 'failed', recorded: 'unknown' });
  });
});

describe('a fault after the entry was recorded', () => {
  it('is told with the entry, which stays', async () => {
    const opened = await aPull();
    const output = join(temporaryFolder(), 'output');
    writeFileSync(output, '');
    opened.double.fault({ when: AT.check, then: { kind: 'do', run: async () => { rmSync(output); } } });
    const step = await opened.run({ env: { GITHUB_OUTPUT: output } });
    expect(step.status).toBe(1);
    expect(step.err).toContain('WRITE_FAILED: The outputs of the step could not be written');
    expect(step.summary).toContain('The entry **RUN-001** is in the run log');
    expect(step.summary).not.toMatch(/no entry was recorded|No audit could be made/);
    expect(countsOf(opened)).toMatchObject({ entries: 1 });
  });
});

describe('the file of the outputs', () => {
  it('holds each output once at the end', async () => {
    const { run } = await aPull();
    const { order, outputs } = await run();
    expect(order.length).toBeGreaterThan(10);
    expect(order).toHaveLength(Object.keys(outputs).length);
    expect(outputs).toMatchObject({ recorded: 'true', 'run-id': 'RUN-001' });
  });
});

describe('a folder for later steps that cannot be written', () => {
  it('leaves its files out, and is told: the audit is recorded and shown', async () => {
    const opened = await aPull();
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const step = await opened.run({ env: { RUNNER_TEMP: file } });
    expect([step.status, step.err]).toEqual([0, '']);
    expect(step.outputs).toMatchObject({ recorded: 'true', summary: '', json: '' });
    expect(step.out).toContain('WRITE_FAILED');
    expect(countsOf(opened)).toEqual({ entries: 1, comments: 1, checks: 1 });
  });
});

describe('a working directory that is not there', () => {
  it.each([['typo', 'there is no such folder'], ['out/vitest.xml', 'this is none']])('is an input that cannot be used, and nothing is asked of GitHub: %s', async (given, why) => {
    const opened = await aPull();
    const before = opened.double.exchanges.length;
    const step = await opened.run({ inputs: { reports: 'test: out/vitest.xml', 'working-directory': given } });
    expect(step.status).toBe(1);
    expect(step.err).toContain(`INVALID_INPUT: working-directory: ${given}: `);
    expect(step.err).toContain(why);
    expect(step.err + step.summary).not.toContain('UNEXPECTED');
    expect(opened.double.exchanges).toHaveLength(before);
  });
});

describe('a start at which GitHub cannot be read', () => {
  const limited = { 'retry-after': '3600' };
  const cases = {
    'no token': { token: '', code: 'TOKEN_MISSING' },
    'a blank token': { token: ' ', code: 'TOKEN_MISSING' },
    'a token that GitHub does not take': { token: 'ghs_revoked', code: 'TOKEN_REFUSED' },
    '`permissions: {}`': { permissions: 'none', code: 'PERMISSION_MISSING' },
    'a limit past all waiting': { fault: { status: 429, headers: limited }, code: 'RATE_LIMITED' },
  } as const;

  it('SEC-126: shows what the reports say, compares nothing, records nothing and fails', async () => {
    await atOnce<{ token?: string; permissions?: 'none'; fault?: { status: number; headers: Record<string, string> }; code: string }>(cases, async ({ token, permissions, fault, code }, name) => {
      const opened = await aPull();
      const { double } = opened;
      if (fault !== undefined) double.fault({ when: AT.snapshot, then: { kind: 'reply', ...fault, body: { message: 'slow down' } } });
      const none = permissions === undefined ? undefined : double.token({ contents: permissions, 'pull-requests': permissions, issues: permissions, checks: permissions, actions: permissions });
      const given = token ?? none;
      const step = await opened.run({ files: BROKEN_REPORTS, ...(given === undefined ? {} : { token: given }) });
      expect(step.status, name).toBe(1);
      expect(step.outputs, name).toEqual({ outcome: 'failed', recorded: 'false', summary: expect.stringMatching(/summary\.md$/) as string, json: expect.stringMatching(/run\.json$/) as string });
      expect(step.err, name).toContain(`${code}: `);
      expect(step.summary, name).toContain('What was known before could not be read');
      expect(step.summary, name).toContain(`\`${code}\` `);
      expect(step.summary, name).toMatch(/\| test \| \*\*failed\*\* \| 1 passed, 1 failed/);
      expect(step.summary, name).toContain('2 findings in the reports');
      expect(step.summary, name).toContain('eqeqeq');
      expect(step.summary, name).not.toMatch(/first audit|opened|closed/i);
      expect(countsOf(opened), name).toEqual({ entries: 0, comments: 0, checks: 0 });
    });
  });
});
