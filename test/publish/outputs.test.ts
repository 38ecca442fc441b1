import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../host/local/temporary-repository.ts';

/** What one process wrote is remembered by its module: each test is a process of its own. */
async function aProcess() {
  vi.resetModules();
  const path = join(temporaryFolder(), 'output');
  writeFileSync(path, '');
  vi.stubEnv('GITHUB_OUTPUT', path);
  const { settleOutputs, writeOutputs } = await import('../../src/publish/outputs.ts');
  return { path, settleOutputs, writeOutputs, text: () => readFileSync(path, 'utf8'), lines: () => readFileSync(path, 'utf8').replaceAll(/ghadelimiter_[0-9a-f-]+/g, 'D') };
}

beforeEach(() => () => { vi.unstubAllEnvs(); });

describe('the file of the outputs', () => {
  it('holds each output once at the end, as it was written last', async () => {
    const { path, settleOutputs, writeOutputs, lines } = await aProcess();
    await writeOutputs({ outcome: 'failed', recorded: 'false' });
    await writeOutputs({ recorded: 'unknown' });
    await writeOutputs({ recorded: 'true', 'run-id': 'RUN-001', 'entry-url': '' });
    settleOutputs(path);
    expect(lines()).toBe('outcome<<D\nfailed\nD\nrecorded<<D\ntrue\nD\nrun-id<<D\nRUN-001\nD\nentry-url<<D\n\nD\n');
  });

  it.each([['before', 'mine=1\n', ''], ['after', '', 'mine=1\n'], ['in our form', '', 'recorded<<ghadelimiter_00000000-0000-0000-0000-000000000000\ntrue\nghadelimiter_00000000-0000-0000-0000-000000000000\n']])('stays as it is where it holds what was not written here: %s', async (_, before, after) => {
    const { path, settleOutputs, writeOutputs, text } = await aProcess();
    writeFileSync(path, before);
    await writeOutputs({ outcome: 'failed' });
    await writeOutputs({ outcome: 'pass' });
    appendFileSync(path, after);
    const all = text();
    settleOutputs(path);
    expect(text()).toBe(all);
  });

  it('is left alone where it is gone', async () => {
    const { settleOutputs, writeOutputs } = await aProcess();
    await writeOutputs({ outcome: 'failed' });
    await writeOutputs({ outcome: 'pass' });
    expect(() => settleOutputs(join(temporaryFolder(), 'gone'))).not.toThrow();
  });
});
