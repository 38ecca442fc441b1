import { describe, expect, it } from 'vitest';
import { gitHubSteps } from '../../src/command/github-steps.ts';
import { jobSlot } from '../../src/host/github/entry-key.ts';
import { readGitHubRun } from '../../src/host/github/event.ts';
import { opened } from '../host/github/opened.ts';
import { pushEvent, runnerVariables } from '../host/github/runner-variables.ts';

/** The slot of a job of a workflow that is called, before and after its steps were read. */
async function slotOf(name: string, actions: 'read' | 'none' = 'read'): Promise<readonly [before: string | null, after: string | null]> {
  const { double, as } = await opened();
  const headSha = await double.push('main', { a: '1' });
  double.job({ id: 11, runId: 9_001, attempt: 1, name, headSha });
  const run = readGitHubRun(runnerVariables('push'), pushEvent(), { 'check-run-id': '11', 'job-workflow': 'octo/widgets/.github/workflows/called.yml@refs/heads/main' });
  const slot = jobSlot(run, null);
  const before = slot.read();
  await gitHubSteps({ client: await as(double.token({ contents: 'read', actions })), run, workflow: null, slot })({ names: [], specs: [], known: [], ends: new Map() });
  return [before, slot.read()];
}

describe('which call of a workflow a job is', () => {
  it('is known once its steps were read, and differs from call to call', async () => {
    const [[before, first], [, second], [, again]] = [await slotOf('first / audit'), await slotOf('second / audit'), await slotOf('first / audit')];
    expect(before).toBeNull();
    expect(first).toMatch(/^[0-9a-f]{16}$/);
    expect(second).not.toBe(first);
    expect(again).toBe(first);
  });

  it('is not known where the token may not read the job', async () => {
    expect(await slotOf('first / audit', 'none')).toEqual([null, null]);
  });
});
