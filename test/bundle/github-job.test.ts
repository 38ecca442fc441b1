/** Steps of the job that are no task, from the runner to the run log. */
import { describe, expect, it } from 'vitest';
import { BROKEN, SOUND } from './github-shop.ts';
import { openScene } from './github-scene.ts';

const LOG = 'docs/AUDIT_RUN_LOG.md';

describe('a step that is no task and failed once', () => {
  const notify = (yaml: string): string => yaml.replace('      - id: audit\n', "      - name: Notify Slack\n        if: ${{ !cancelled() }}\n        run: test ! -f fail.txt\n      - id: audit\n");

  it('is named in its finding, which closes with evidence once the job passes, and for good', async () => {
    const scene = await openScene({ workflow: notify });
    await scene.push(SOUND);
    const failed = await scene.push({ 'fail.txt': 'x' });
    expect(failed.audit.outputs).toMatchObject({ outcome: 'failed', 'findings-opened': '1' });
    expect(await scene.double.show('audit-log', LOG)).toContain('step "Notify Slack" failed');
    const mended = await scene.push({ 'fail.txt': null });
    expect(mended.audit.outputs).toMatchObject({ outcome: 'pass', 'findings-closed': '1', 'findings-open': '0' });
    const quiet = await scene.push({ 'src/b.js': '1' });
    expect(quiet.audit.outputs).toMatchObject({ outcome: 'pass', 'findings-open': '0' });
  });
});

describe('a job whose steps the token may not read', () => {
  const unread = (yaml: string): string => yaml.replace(/^ *actions: read.*\n/m, '');

  it('fails for what its reports state, and not once more for the job', async () => {
    const scene = await openScene({ workflow: unread });
    await scene.push(SOUND);
    const broken = await scene.openPull(BROKEN);
    expect(broken.audit.outputs).toMatchObject({ outcome: 'failed', 'findings-opened': '2' });
    expect(await scene.double.show('audit-log', LOG)).not.toContain('job failed');
  });

  it('fails for the job where no report states a failure', async () => {
    const scene = await openScene({ workflow: (yaml) => unread(yaml).replace('- run: npm ci', '- run: test ! -f fail.txt').replace('- name: test\n', '- name: test\n        if: ${{ !cancelled() }}\n') });
    await scene.push(SOUND);
    const failed = await scene.push({ 'fail.txt': 'x' });
    expect(failed.audit.outputs).toMatchObject({ outcome: 'failed', 'findings-opened': '1' });
    expect(await scene.double.show('audit-log', LOG)).toContain('job failed');
  });
});
