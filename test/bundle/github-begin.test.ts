/** What a step tells of where it begins: the log that it takes over, reports that are older than its job, a configuration that cannot be used. */
import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../host/local/temporary-repository.ts';
import { openDouble } from './github-double.ts';
import { pullEvent, pushEvent } from './github-events.ts';
import { LOG_PATH } from './github-log.ts';
import { aPull, INPUTS } from './github-pull.ts';
import { MENDED } from './github-shop.ts';
import { runStep } from './github-step.ts';
import { SAYS } from './github-tools.ts';

const REPORTS = { 'out/vitest.xml': MENDED[SAYS.test] ?? '', 'out/eslint.json': MENDED[SAYS.lint] ?? '' };

describe('the first run', () => {
  it('says that the log of the default branch is taken over, and what is not; the second run says nothing', async () => {
    const double = await openDouble();
    const before = await double.push('main', { 'src/a.js': 'a\n', [LOG_PATH]: '# Audit run log\n\nBy hand.\n' });
    const first = await runStep({ double, event: pushEvent(double, { sha: before }), files: REPORTS, inputs: INPUTS, runId: 1 });
    expect(first.outputs).toMatchObject({ recorded: 'true', 'run-id': 'RUN-001' });
    expect(first.summary).toContain('`LOG_BEGUN` `docs/AUDIT_RUN_LOG.md`: The branch audit-log begins with the log of the default branch');
    expect(first.summary).toMatch(/\*\*Notices\*\*[\s\S]*NO_START/);
    expect(first.summary).not.toContain('**Problems**');
    const sha = await double.push('main', { 'src/a.js': 'b\n' });
    const second = await runStep({ double, event: pushEvent(double, { before, sha }), files: REPORTS, inputs: INPUTS, runId: 2 });
    expect(second.outputs).toMatchObject({ recorded: 'true', 'run-id': 'RUN-002', outcome: 'pass' });
    expect(second.summary).not.toMatch(/LOG_BEGUN|NO_START/);
  });
});

describe('a log that is kept on the default branch itself', () => {
  it('says once what that costs', async () => {
    const double = await openDouble();
    const call = { double, files: REPORTS, inputs: { ...INPUTS, 'log-branch': 'main' } };
    const before = await double.push('main', { 'src/a.js': 'a\n' });
    const first = await runStep({ ...call, event: pushEvent(double, { sha: before }), runId: 1 });
    expect(first.outputs).toMatchObject({ recorded: 'true', 'run-id': 'RUN-001', 'log-commit': await double.head('main') });
    expect(first.summary).toContain('`LOG_ON_BRANCH` Each recording, of pull requests too, is a commit on main');
    const sha = await double.push('main', { 'src/a.js': 'b\n' });
    const second = await runStep({ ...call, event: pushEvent(double, { before: first.outputs['log-commit'] ?? '', sha }), runId: 2 });
    expect(second.outputs).toMatchObject({ recorded: 'true', 'run-id': 'RUN-002', outcome: 'pass' });
    expect(second.summary).not.toContain('LOG_ON_BRANCH');
  });
});

describe('a report that was there before the job', () => {
  it('is no evidence: the event file tells when the job began', async () => {
    const { double, pull, run } = await aPull();
    const path = join(temporaryFolder(), 'event.json');
    const soon = new Date(Date.now() + 3_600_000);
    writeFileSync(path, JSON.stringify(pullEvent(double, pull).payload));
    utimesSync(path, soon, soon);
    const step = await run({ env: { GITHUB_EVENT_PATH: path } });
    expect(step.outputs).toMatchObject({ outcome: 'failed', recorded: 'true' });
    expect(step.summary).toContain('STALE_REPORT');
  });
});

describe('a log that is too long for the first query', () => {
  it('is waited for where GitHub limits how much is asked', async () => {
    const { double, run } = await aPull();
    await double.push('audit-log', { [LOG_PATH]: `# Audit run log\n\n${'A line by hand.\n'.repeat(50_000)}` });
    // More often than one read is tried by itself.
    double.fault({ when: { path: /\/git\/blobs\//, times: 4 }, then: { kind: 'reply', status: 403, headers: { 'retry-after': '1' }, body: { message: 'You have exceeded a secondary rate limit.' } } });
    const step = await run();
    expect(step.outputs).toMatchObject({ recorded: 'true', 'run-id': 'RUN-001' });
    expect(double.exchanges.filter(({ path }) => path.includes('/git/blobs/')).map(({ status }) => status)).toEqual([403, 403, 403, 403, 200]);
  }, 120_000);
});

describe('an audit that cannot be made', () => {
  const CONFIG = '.github/audit-run-log.yml';

  it('leaves a failed check under the name, so that nobody waits for it, until the next one of its job', async () => {
    const double = await openDouble();
    const sha = await double.push('main', { 'src/a.js': 'a\n', [CONFIG]: 'no-such-key: <b>\n', 'other.yml': 'name: Audit\n' });
    const call = { double, event: pushEvent(double, { sha }), files: REPORTS };
    const refused = await runStep({ ...call, inputs: INPUTS, runId: 1 });
    expect(refused).toMatchObject({ status: 1, outputs: { outcome: 'failed', recorded: 'false' } });
    const [check] = double.checkRuns(sha);
    expect(check).toMatchObject({ name: 'Audit', conclusion: 'failure', title: 'No audit could be made: CONFIG_INVALID' });
    expect(check?.summary).toContain('no-such-key');
    expect(await double.head('audit-log')).toBeUndefined();
    const made = await runStep({ ...call, inputs: { ...INPUTS, config: 'other.yml' }, runId: 2 });
    expect(made.outputs['recorded']).toBe('true');
    expect(double.checkRuns(sha).map(({ conclusion }) => conclusion)).toEqual(['failure', 'neutral']);
  });

  it('leaves none where none was to be posted', async () => {
    const double = await openDouble();
    const sha = await double.push('main', { 'src/a.js': 'a\n', [CONFIG]: 'no-such-key: 1\n' });
    for (const [runId, inputs] of [[1, { 'check-run': 'false' }], [2, { 'dry-run': 'true' }]] as const) {
      expect((await runStep({ double, event: pushEvent(double, { sha }), files: REPORTS, inputs: { ...INPUTS, ...inputs }, runId })).status).toBe(1);
    }
    expect(double.checkRuns(sha)).toEqual([]);
  });
});
