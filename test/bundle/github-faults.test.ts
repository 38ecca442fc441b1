import { describe, expect, it } from 'vitest';
import { watchCalls } from './github-double.ts';
import { pullEvent } from './github-events.ts';
import { LOG_PATH } from './github-log.ts';
import { AT, aPull, atOnce, BROKEN_REPORTS, countsOf } from './github-pull.ts';
import { openScene, type Ran, type Scene } from './github-scene.ts';
import { MENDED, outcomes, SOUND } from './github-shop.ts';

const ALL = { entries: 1, comments: 1, checks: 1 };

/** The README's workflow with one of its lines changed. */
async function sceneWith(line: string, instead: string): Promise<Scene> {
  return openScene({
    workflow(yaml) {
      if (!yaml.includes(line)) throw new Error(`the workflow has no line with ${line}`);
      return yaml.replace(line, instead);
    },
  });
}

/** The first run of all, on a pull request: its comment is news in any case. */
async function firstRun(scene: Scene): Promise<Awaited<ReturnType<Scene['openPull']>>> {
  await scene.double.push('main', SOUND);
  return scene.openPull(MENDED);
}

/** Both where the step is looked at and in the summary, with its code and the words. */
function assertTold({ out, summary }: Readonly<{ out: string; summary: string }>, code: string, words: string): void {
  expect(out).toContain(`${code}: `);
  expect(out).toContain(words);
  expect(summary).toContain(`- \`${code}\` `);
  expect(summary.replaceAll('\\', '')).toContain(words);
}

function shown({ audit: { stdout, summary } }: Ran): Readonly<{ out: string; summary: string }> {
  return { out: stdout, summary };
}

describe('a permission that the workflow does not give', () => {
  it('SEC-114: `contents: write` fails the step, and the entry stands in the summary', async () => {
    const scene = await sceneWith('contents: write', 'contents: read');
    const ran = await firstRun(scene);
    expect(outcomes(ran)).toEqual({ job: 'failure', step: 'failure', exitCode: 1 });
    expect(ran.audit.outputs).toMatchObject({ outcome: 'pass-with-known-gaps', recorded: 'false', 'run-id': '', 'entry-url': '', 'log-commit': '' });
    expect(await scene.double.head('audit-log')).toBeUndefined();
    assertTold(shown(ran), 'PERMISSION_MISSING', 'Add `contents: write` to the `permissions` of the job.');
    expect(ran.audit.summary).toContain('**Not recorded**');
    expect(ran.audit.summary).toContain(`\n- Branch: \`work\` (pull request ${ran.number} into \`main\`)\n- Commit SHA: \`${ran.headSha}\`\n`);
    expect(scene.double.comments(ran.number)).toHaveLength(1);
    expect(scene.double.checkRuns(ran.headSha)).toMatchObject([{ conclusion: 'neutral' }]);
  });

  it('SEC-114: `contents: write` is only told where the log may be missing', async () => {
    const scene = await openScene({ workflow: (yaml) => yaml.replace('contents: write', 'contents: read').replace('          reports: |', '          log: best-effort\n          reports: |') });
    const ran = await firstRun(scene);
    expect(outcomes(ran)).toEqual({ job: 'success', step: 'success', exitCode: 0 });
    expect(ran.audit.outputs).toMatchObject({ outcome: 'pass-with-known-gaps', recorded: 'false' });
    assertTold(shown(ran), 'PERMISSION_MISSING', 'Add `contents: write` to the `permissions` of the job.');
  });

  it('SEC-114: of a comment or check run leaves its sink out, names the line to add, and the rest goes on', async () => {
    await atOnce({
      'pull-requests: none': { line: 'pull-requests: write', comments: 0, checks: 1 },
      'pull-requests: read': { line: 'pull-requests: write', comments: 0, checks: 1 },
      'checks: read': { line: 'checks: write', comments: 1, checks: 0 },
    }, async ({ line, ...counts }, instead) => {
      const scene = await sceneWith(line, instead);
      const ran = await firstRun(scene);
      expect(outcomes(ran), instead).toEqual({ job: 'success', step: 'success', exitCode: 0 });
      expect(ran.audit.outputs, instead).toMatchObject({ outcome: 'pass-with-known-gaps', recorded: 'true', 'run-id': 'RUN-001' });
      expect(countsOf({ double: scene.double, pull: ran }), instead).toEqual({ entries: 1, ...counts });
      assertTold(shown(ran), 'PERMISSION_MISSING', `\`${line}\``);
      // By comparison, where the pull request cannot be read.
      expect(await scene.double.show('audit-log', LOG_PATH), instead).toContain('  - files touched:\n    - `.github/workflows/audit.yml` (added)\n    - `src/cart.js`\n');
    });
  });

  it('SEC-114: `actions: read` leaves the steps unread, and reports alone decide', async () => {
    const scene = await sceneWith('actions: read', 'actions: none');
    const ran = await firstRun(scene);
    expect(outcomes(ran)).toEqual({ job: 'success', step: 'success', exitCode: 0 });
    expect(countsOf({ double: scene.double, pull: ran })).toEqual(ALL);
    assertTold(shown(ran), 'PERMISSION_MISSING', 'Reading the steps of the job: the token may not do this (403: “Resource not accessible by integration”). Add `actions: read`');
  });
});

const refusal = (status: number) => ({ kind: 'reply', status, body: { message: 'Not today' } }) as const;

describe('a request that GitHub refuses', () => {
  it('for a comment, a check run or the job is told, and fails nothing', async () => {
    await atOnce({
      'comment 404': { place: 'comment', status: 404, code: 'NOT_FOUND_ON_GITHUB', counts: { ...ALL, comments: 0 } },
      'comment 422': { place: 'comment', status: 422, code: 'REFUSED_BY_GITHUB', counts: { ...ALL, comments: 0 } },
      'check 409': { place: 'check', status: 409, code: 'REFUSED_BY_GITHUB', counts: { ...ALL, checks: 0 } },
      'check 422': { place: 'check', status: 422, code: 'REFUSED_BY_GITHUB', counts: { ...ALL, checks: 0 } },
      'job 422': { place: 'job', status: 422, code: 'REFUSED_BY_GITHUB', counts: ALL },
    } as const, async ({ place, status, code, counts }, name) => {
      const opened = await aPull();
      opened.double.fault({ when: AT[place], then: refusal(status) });
      const step = await opened.run();
      expect([step.status, step.outputs['recorded'], step.err], name).toEqual([0, 'true', '']);
      expect(countsOf(opened), name).toEqual(counts);
      assertTold(step, code, `${status}: “Not today”`);
    });
  });

  it('for the log fails the step, which says that nothing was recorded', async () => {
    await atOnce({ 409: 409, 422: 422 }, async (status) => {
      const opened = await aPull();
      opened.double.fault({ when: AT.log, then: refusal(status) });
      const step = await opened.run();
      expect([step.status, step.outputs['recorded'], step.outputs['outcome']]).toEqual([1, 'false', 'pass-with-known-gaps']);
      expect(countsOf(opened)).toEqual({ ...ALL, entries: 0 });
      assertTold(step, 'REFUSED_BY_GITHUB', `Writing to the branch audit-log: GitHub refused (${status}: “Not today”)`);
    });
  });

  it('for the log with 404 is tried again: the branch may have been deleted and made anew', async () => {
    const opened = await aPull();
    opened.double.fault({ when: AT.log, then: refusal(404) });
    const step = await opened.run();
    expect([step.status, step.outputs['recorded']]).toEqual([0, 'true']);
    expect(countsOf(opened)).toEqual(ALL);
  });

  it('for the job by its id with 404 has the jobs of the run listed instead', async () => {
    const opened = await aPull();
    opened.double.fault({ when: AT.job, then: refusal(404) });
    const calls = watchCalls(opened.double);
    expect(await opened.run()).toMatchObject({ status: 0, err: '' });
    expect(calls()).toContain('GET /actions/runs/{id}/attempts/{id}/jobs');
  });

  it('for the files of the pull request has them compared instead', async () => {
    const opened = await aPull();
    opened.double.fault({ when: AT.files, then: refusal(404) });
    const calls = watchCalls(opened.double);
    expect(await opened.run()).toMatchObject({ status: 0, err: '' });
    expect(calls()).toContain('GET /compare/{sha}...{sha}');
    expect(await opened.double.show('audit-log', LOG_PATH)).toContain('  - files touched:\n    - `src/cart.js`\n');
  });
});

describe('too many requests', () => {
  it('SEC-116: have the log written to again, not before the time that was told, however it was told', async () => {
    await atOnce({
      '429': { kind: 'reply', status: 429, headers: { 'retry-after': '1' }, body: { message: 'slow down' } },
      'a secondary limit': { kind: 'reply', status: 403, headers: { 'retry-after': '1' }, body: { message: 'You have exceeded a secondary rate limit.' } },
      'an error of GraphQL': { kind: 'reply', status: 200, headers: { 'retry-after': '1' }, body: { data: null, errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded', path: ['createCommitOnBranch'] }] } },
    } as const, async (then, name) => {
      const opened = await aPull();
      const at = { asked: 0, again: 0 };
      opened.double.fault({ when: AT.log, then });
      opened.double.fault({ when: AT.log, then: { kind: 'do', run: async () => { at.again = performance.now(); } } });
      // Read just before the log is written to for the first time.
      opened.double.fault({ when: AT.files, then: { kind: 'do', run: async () => { at.asked = performance.now(); } } });
      const step = await opened.run();
      expect([step.status, step.outputs['recorded']], name).toEqual([0, 'true']);
      expect(at.again - at.asked, name).toBeGreaterThanOrEqual(1_000);
      expect(countsOf(opened), name).toEqual(ALL);
    });
  });

  it('SEC-116, SEC-117: are not slept through for long: the time is told', async () => {
    await atOnce({
      'in 60 minutes': { 'retry-after': '3600' },
      // The second in which the budget ends has to be over.
      'in 41 minutes': { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.floor(Date.now() / 1_000) + 2_430) },
    }, async (headers, when) => {
      const opened = await aPull();
      opened.double.fault({ when: AT.log, then: { kind: 'reply', status: 403, headers, body: { message: 'API rate limit exceeded' } } });
      const start = performance.now();
      const step = await opened.run();
      expect(performance.now() - start).toBeLessThan(20_000);
      expect([step.status, step.outputs['recorded']]).toEqual([1, 'false']);
      expect(countsOf(opened)).toEqual({ ...ALL, entries: 0 });
      assertTold(step, 'RATE_LIMITED', `It takes requests again ${when}.`);
    });
  });

  it.each([['comment', {}, 'in 60 s'], ['check', { 'retry-after': '1' }, 'in 1 s']] as const)('SEC-116: leave the %s out, once and told (%j)', async (place, headers, when) => {
    const opened = await aPull();
    opened.double.fault({ when: AT[place], then: { kind: 'reply', status: 429, headers, body: { message: 'slow down' } } });
    const step = await opened.run();
    expect([step.status, step.outputs['recorded']]).toEqual([0, 'true']);
    expect(countsOf(opened)).toEqual({ ...ALL, ...(place === 'comment' ? { comments: 0 } : { checks: 0 }) });
    assertTold(step, 'RATE_LIMITED', `It takes requests again ${when}.`);
  });
});

describe('a write whose answer is lost', () => {
  const losses = {
    'a fault after it took effect': { kind: 'apply-then-reply', status: 502 }, 'a connection that broke off after it': { kind: 'apply-then-drop' }, 'an answer that was cut': { kind: 'truncate' },
    'a fault before it': { kind: 'reply', status: 503 }, 'a connection that broke off before it': { kind: 'drop-before' },
  } as const;

  it('SEC-118: makes one comment and one check run, however it is lost', async () => {
    await atOnce(losses, async (then, name) => {
      const opened = await aPull();
      for (const place of ['comment', 'check'] as const) opened.double.fault({ when: AT[place], then });
      const step = await opened.run();
      expect([step.status, step.outputs['recorded']], name).toEqual([0, 'true']);
      expect(countsOf(opened), name).toEqual(ALL);
      expect([step.outputs['comment-url'], step.outputs['check-run-url']], name).not.toContain('');
      expect(step.out, name).not.toContain('GITHUB_UNAVAILABLE');
    });
  });

  it('SEC-108: makes one entry, however it is lost, and the run is told as it was', async () => {
    await atOnce(losses, async (then, name) => {
      const opened = await aPull();
      opened.double.fault({ when: AT.log, then });
      const step = await opened.run({ files: BROKEN_REPORTS });
      expect(step.outputs, name).toMatchObject({ outcome: 'failed', recorded: 'true', 'run-id': 'RUN-001', 'findings-opened': '1', 'findings-open': '2' });
      expect(countsOf(opened), name).toEqual(ALL);
      expect(step.summary, name).toContain('1 finding counts as already there');
    });
  });

  it('SEC-107: that fails for good is told for each sink, the entry stays, and the same run again mends the sinks and adds nothing', async () => {
    const opened = await aPull();
    for (const place of ['comment', 'check'] as const) opened.double.fault({ when: { ...AT[place], times: 2 }, then: { kind: 'reply', status: 500, body: { message: 'Server Error' } } });
    const step = await opened.run();
    expect([step.status, step.outputs['recorded'], step.outputs['run-id']]).toEqual([0, 'true', 'RUN-001']);
    expect(countsOf(opened)).toEqual({ entries: 1, comments: 0, checks: 0 });
    for (const words of ['Commenting on pull request 7', 'Posting the check run']) assertTold(step, 'GITHUB_UNAVAILABLE', words);
    const again = await opened.run();
    expect([again.status, again.outputs['recorded'], again.outputs['run-id']]).toEqual([0, 'true', 'RUN-001']);
    expect(countsOf(opened)).toEqual(ALL);
  });
});

describe('a read that fails', () => {
  it('at the start is tried again: the run goes on where it worked then', async () => {
    await atOnce({ cut: { kind: 'truncate' }, broken: { kind: 'drop-before' }, fault: { kind: 'reply', status: 502 } } as const, async (then, name) => {
      const opened = await aPull();
      opened.double.fault({ when: AT.snapshot, then });
      const step = await opened.run();
      expect([step.status, step.outputs['recorded'], step.err], name).toEqual([0, 'true', '']);
      expect(countsOf(opened), name).toEqual(ALL);
    });
  });

  it('on the second page of the files: those of the first are named, and that there are more is told', async () => {
    const opened = await aPull({ limits: { pageSize: 2 } });
    await opened.double.push('work', Object.fromEntries(['b.js', 'c.js', 'd.js'].map((name) => [`src/${name}`, 'x\n'])));
    const pull = await opened.double.updatePull(opened.pull.number);
    opened.double.fault({ when: { path: /\/pulls\/\d+\/files\?.*\bpage=2\b/ }, then: refusal(422) });
    const step = await opened.run({ event: pullEvent(opened.double, pull) });
    expect([step.status, step.outputs['recorded']]).toEqual([0, 'true']);
    assertTold(step, 'FILES_UNKNOWN', 'Only 2 of the files of pull request 7 are known');
    const [, files] = / {2}- files touched:\n([\s\S]*?)\n {2}- db/.exec(await opened.double.show('audit-log', LOG_PATH) ?? '') ?? [];
    expect(files?.split('\n')).toEqual(['    - `src/b.js` (added)', '    - `src/c.js` (added)', expect.stringContaining('Only 2 of the files of pull request 7 are known') as string]);
  });

  it('SEC-121: on the second page of the comments: no second comment is made, and that is told', async () => {
    const opened = await aPull();
    const { double, pull, run } = opened;
    for (let made = 0; made < 100; made += 1) double.addComment(pull.number, `comment ${made}`, 'octocat');
    await run();
    const [ours] = double.comments(pull.number).filter(({ login }) => login !== 'octocat');
    double.fault({ when: AT.comments, then: refusal(422) });
    const step = await run({ runId: 9_002, files: BROKEN_REPORTS });
    expect(step.outputs).toMatchObject({ outcome: 'failed', recorded: 'true', 'comment-url': '' });
    assertTold(step, 'REFUSED_BY_GITHUB', 'Reading the comments of pull request 7');
    expect(double.comments(pull.number).filter(({ login }) => login !== 'octocat')).toEqual([ours]);
    const next = await run({ runId: 9_003, files: BROKEN_REPORTS });
    expect(next.outputs['comment-url']).toContain(`#issuecomment-${ours?.id}`);
    expect(double.comments(pull.number)).toHaveLength(101);
  });
});
