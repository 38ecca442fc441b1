import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { eslint, junit } from '../command/workspace.ts';
import { openDouble, watchCalls } from './github-double.ts';
import { pullEvent } from './github-events.ts';
import { cloneLog, LOG_PATH } from './github-log.ts';
import { AT, aPull, atOnce, BROKEN_REPORTS, countsOf, INPUTS, type OpenPull } from './github-pull.ts';
import type { Step } from './github-step.ts';
import { strangeCommands } from './runner-commands.ts';

const ALL = { entries: 1, comments: 1, checks: 1 };
const isWrite = (call: string): boolean => !call.startsWith('GET ') && !call.startsWith('query ');

function recorded({ outputs }: Step): readonly unknown[] {
  return [outputs['recorded'], outputs['run-id']];
}

describe('one key', () => {
  /** None of both reads the log before the other one does. */
  function startTogether({ double }: OpenPull): void {
    let open: () => void = () => undefined;
    const both = new Promise<void>((done) => { open = done; });
    let waiting = 0;
    const run = async (): Promise<void> => {
      waiting += 1;
      if (waiting === 2) open();
      await both;
    };
    double.fault({ when: { ...AT.snapshot, times: 2 }, then: { kind: 'do', run } });
  }

  it('SEC-104: of two processes at once is recorded once, and both say so', async () => {
    const opened = await aPull();
    startTogether(opened);
    const steps = await Promise.all([opened.run(), opened.run()]);
    expect(steps.map(({ status }) => status)).toEqual([0, 0]);
    expect(steps.map(recorded)).toEqual([['true', 'RUN-001'], ['true', 'RUN-001']]);
    expect(countsOf(opened)).toMatchObject({ entries: 1, comments: 1 });
  });

  it('SEC-105: with other content is refused with the remedy, and the first entry stays', async () => {
    const opened = await aPull();
    await opened.run();
    const before = cloneLog(opened.double.gitDir).log;
    const second = await opened.run({ files: BROKEN_REPORTS });
    expect([second.status, second.outputs['recorded']]).toEqual([1, 'false']);
    expect(second.out).toContain('KEY_REUSED: ');
    expect(second.summary).toContain('- `KEY_REUSED` ');
    expect(second.summary).toContain('two recordings of one audit an `entry-key` each.');
    expect(cloneLog(opened.double.gitDir).log).toBe(before);
    const third = await opened.run({ files: BROKEN_REPORTS, inputs: { ...INPUTS, 'entry-key': 'second' } });
    expect(recorded(third)).toEqual(['true', 'RUN-002']);
  });
});

describe('a run that is repeated', () => {
  it('SEC-133: in the same attempt adds nothing; a second attempt is an entry of its own that names the first', async () => {
    const opened = await aPull();
    const steps = [await opened.run(), await opened.run(), await opened.run({ attempt: 2 })];
    expect(steps.map(recorded)).toEqual([['true', 'RUN-001'], ['true', 'RUN-001'], ['true', 'RUN-002']]);
    expect(steps[1]?.outputs['log-commit']).toBe('');
    const { entries } = cloneLog(opened.double.gitDir);
    expect(entries.map(({ id }) => id)).toEqual(['RUN-001', 'RUN-002']);
    expect(entries[1]?.text).toContain(', attempt 2 of the run; the one before is RUN-001\n');
    expect(entries[1]?.marker).toContain(' attempt-of=RUN-001 ');
    expect(opened.double.comments(opened.pull.number)).toHaveLength(1);
  });
});

describe('a process that is killed', () => {
  it('SEC-106: at any of its requests loses nothing and doubles nothing: the same run again brings the rest', async () => {
    const whole = await aPull();
    const calls = watchCalls(whole.double);
    await whole.run();
    const steps = calls().length;
    expect(steps).toBeGreaterThanOrEqual(8);
    await atOnce(Object.fromEntries(Array.from({ length: steps }, (_, at) => [`request ${at + 1}`, at + 1])), async (nth, name) => {
      const opened = await aPull();
      let child: ChildProcess | undefined;
      opened.double.fault({ when: { nth }, then: { kind: 'do', run: async () => { child?.kill('SIGKILL'); } } });
      const killed = await opened.run({ onStart: (started) => { child = started; } });
      expect(killed.status, name).toBe(null);
      // A crash never reads as a pass, and says of the entry what is so.
      const { entries } = cloneLog(opened.double.gitDir);
      expect(entries.length, name).toBeLessThanOrEqual(1);
      expect(killed.outputs['outcome'], name).toBe('failed');
      expect(['unknown/', entries.length === 1 ? 'true/RUN-001' : 'false/'], name).toContain(`${killed.outputs['recorded']}/${killed.outputs['run-id'] ?? ''}`);
      const again = await opened.run();
      expect([again.status, ...recorded(again)], name).toEqual([0, 'true', 'RUN-001']);
      expect(countsOf(opened), name).toMatchObject({ entries: 1, comments: 1 });
      expect(opened.double.checkRuns(opened.pull.headSha).at(-1), name).toMatchObject({ status: 'completed', conclusion: 'neutral' });
    });
  });
});

describe('a log branch that changes between reading and writing', () => {
  it('SEC-111: by force to another history gets the entry on what is there now', async () => {
    const opened = await aPull();
    const { double } = opened;
    const other = '# Another log\n\nWith another past.\n';
    double.fault({ when: AT.log, then: { kind: 'do', run: async () => { await double.push('audit-log', { [LOG_PATH]: other }, { force: true }); } } });
    const step = await opened.run();
    expect([step.status, ...recorded(step)]).toEqual([0, 'true', 'RUN-001']);
    const { log, entries } = cloneLog(double.gitDir);
    expect(log.startsWith(other)).toBe(true);
    expect(entries.map(({ id }) => id)).toEqual(['RUN-001']);
  });

  it('SEC-112: by being deleted is not made anew: the step fails and names it', async () => {
    const opened = await aPull();
    const { double, pull } = opened;
    double.fault({ when: AT.log, then: { kind: 'do', run: () => double.deleteBranch('audit-log') } });
    const step = await opened.run();
    expect([step.status, step.outputs['recorded'], step.outputs['log-commit']]).toEqual([1, 'false', '']);
    for (const told of [step.out, step.summary]) expect(told).toContain('The branch audit-log was there when this run began, and is gone.');
    expect(await double.head('audit-log')).toBeUndefined();
    expect([double.comments(pull.number).length, double.checkRuns(pull.headSha).length]).toEqual([1, 1]);
  });

  it('SEC-103: by pushes of others is written to again until it stands still', async () => {
    const opened = await aPull();
    const { double } = opened;
    double.fault({ when: { ...AT.log, times: 2 }, then: { kind: 'do', run: async () => { await double.push('audit-log', { 'notes.txt': `${Math.random()}\n` }); } } });
    const step = await opened.run();
    expect([step.status, ...recorded(step)]).toEqual([0, 'true', 'RUN-001']);
    expect(countsOf(opened)).toEqual(ALL);
  });
});

describe('a token', () => {
  it('SEC-113: that is refused from some call on is not tried again, and what is missing is told for each sink', async () => {
    const opened = await aPull();
    const calls = watchCalls(opened.double);
    opened.double.fault({ when: { nth: 4, times: 99 }, then: { kind: 'reply', status: 401, body: { message: 'Bad credentials' } } });
    const step = await opened.run();
    expect([step.status, step.outputs['recorded'], step.outputs['outcome']]).toEqual([1, 'false', 'pass-with-known-gaps']);
    expect(countsOf(opened)).toEqual({ entries: 0, comments: 0, checks: 0 });
    expect(calls().slice(3).toSorted()).toEqual(['POST /check-runs', 'mutation Commit', 'query Comments']);
    for (const words of ['Writing to the branch audit-log', 'Posting the check run', 'Reading the comments of pull request 7']) {
      expect(step.out).toContain(`TOKEN_REFUSED: ${words}: `);
      expect(step.summary).toContain(`- \`TOKEN_REFUSED\` ${words}: `);
    }
  });

  it.each([['is not there', ''], ['may do nothing', null]])('SEC-126: that %s leaves summary and outputs, and the remedy is named', async (_, token) => {
    const opened = await aPull();
    const calls = watchCalls(opened.double);
    const step = await opened.run({ token: token ?? opened.double.token({}) });
    expect(step.status).toBe(1);
    expect(step.outputs).toMatchObject({ outcome: 'failed', recorded: 'false', summary: `${step.temporary}/audit-run-log/summary.md`, json: `${step.temporary}/audit-run-log/run.json` });
    expect(step.summary).toContain('What was known before could not be read, so nothing is proven');
    expect(step.summary).toContain(token === '' ? '`TOKEN_MISSING`' : 'Add `contents: read` to the `permissions` of the job.');
    expect(calls().filter(isWrite)).toEqual([]);
  });

  it.each([['a fork', { fork: 99 }, 'octocat'], ['Dependabot', {}, 'dependabot[bot]']])('SEC-127: of a run of %s may only read: nothing is written, the summary holds the entry, and the outcome decides', async (whose, place, actor) => {
    const opened = await aPull();
    const { double, pull, run } = opened;
    const token = double.token({ contents: 'read', 'pull-requests': 'read', issues: 'read', checks: 'read', actions: 'read' });
    const calls = watchCalls(double);
    const call = { token, actor, event: pullEvent(double, pull, place) };
    const [sound, broken] = [await run(call), await run({ ...call, files: BROKEN_REPORTS, runId: 9_002 })];
    expect([sound.status, sound.outputs['recorded'], broken.status, broken.outputs['recorded']]).toEqual([0, 'false', 1, 'false']);
    // Dependabot's may be more than read-only: whether it is, one refused write tells.
    expect(calls().filter(isWrite)).toEqual(whose === 'a fork' ? [] : ['mutation Commit', 'mutation Commit']);
    expect(countsOf(opened)).toEqual({ entries: 0, comments: 0, checks: 0 });
    for (const { out, summary } of [sound, broken]) {
      expect(out).toContain(`READ_ONLY_TOKEN: This is a run of ${whose === 'a fork' ? 'a pull request from a fork' : whose}`);
      expect(summary).toContain(`\n- Commit SHA: \`${pull.headSha}\`\n`);
    }
  });

  it('SEC-125: that GitHub says in its answers is shown nowhere, also when debugging', async () => {
    const opened = await aPull();
    const { double, pull, run } = opened;
    const token = double.token();
    const said = { message: `cannot take ${token} of https://x-access-token:${token}@127.0.0.1/ (authorization: bearer ${token})` };
    for (const place of ['comment', 'job', 'files'] as const) double.fault({ when: AT[place], then: { kind: 'reply', status: 422, body: said } });
    const step = await run({ token, env: { RUNNER_DEBUG: '1', ACTIONS_STEP_DEBUG: 'true' } });
    expect(step.outputs['recorded']).toBe('true');
    expect(step.out).toContain('cannot take');
    const { files } = cloneLog(double.gitDir);
    const shown = [step.out, step.err, step.summary, JSON.stringify(step.outputs), readFileSync(step.outputs['json'] ?? '', 'utf8'), ...files.values(), JSON.stringify(double.comments(pull.number)), JSON.stringify(double.checkRuns(pull.headSha))].join('\n');
    for (const form of [token, Buffer.from(token).toString('base64').replace(/=+$/, ''), token.slice(4)]) expect(shown).not.toContain(form);
  });

  it('SEC-120: goes to no other host: a redirect is an error, of reads and of writes', async () => {
    const elsewhere = await openDouble();
    const opened = await aPull();
    const away = (status: number) => ({ kind: 'reply', status, headers: { location: `${elsewhere.apiUrl}/graphql` } }) as const;
    opened.double.fault({ when: AT.job, then: away(302) });
    opened.double.fault({ when: AT.log, then: away(307) });
    opened.double.fault({ when: AT.check, then: away(301) });
    const step = await opened.run();
    expect([step.status, step.outputs['recorded']]).toEqual([1, 'false']);
    expect(step.out.match(/^REDIRECT_REFUSED: /gm)).toHaveLength(3);
    expect(elsewhere.exchanges).toEqual([]);
    expect(countsOf(opened)).toEqual({ entries: 0, comments: 1, checks: 0 });
  });
});

describe('a log that the token may not see', () => {
  it('SEC-115: is no empty one: nothing is written, and both reasons are told', async () => {
    const opened = await aPull();
    const calls = watchCalls(opened.double);
    opened.double.fault({ when: AT.snapshot, then: { kind: 'reply', status: 404, body: { message: 'Not Found' } } });
    const step = await opened.run();
    expect(step.status).toBe(1);
    expect(step.outputs).toMatchObject({ outcome: 'failed', recorded: 'false' });
    expect(step.summary).not.toContain('First audit');
    expect(step.summary).toContain('it is not there, or the token may not see it');
    expect(calls().filter(isWrite)).toEqual([]);
    expect(countsOf(opened)).toEqual({ entries: 0, comments: 0, checks: 0 });
  });
});

describe('reports of any size', () => {
  const wide = '😀 <!-- ]]> ``` | @everyone '.repeat(40);

  it('SEC-122, SEC-123, SEC-124: leave comment, check run and summary within their limits, verdict first and marker kept, and cuts are told', async () => {
    const opened = await aPull();
    const { double, pull, run } = opened;
    const tests = Object.fromEntries(Array.from({ length: 3_000 }, (_, at) => [`test ${at} ${'😀'.repeat(200)}`, `${wide.replaceAll(/[<&>"]/g, '?')}${at}`]));
    const messages = Array.from({ length: 2_000 }, (_, at) => ({ rule: `rule-${at % 7}`, line: at + 1, message: `${at} ${wide}` }));
    const source = Array.from({ length: 2_000 }, (_, at) => `line ${at}`).join('\n');
    await double.push('work', { 'src/wide.js': source });
    // A starting point, so that all of it opens.
    await run({ runId: 9_001, files: { 'out/vitest.xml': junit({ known: null }), 'out/eslint.json': eslint({ 'src/cart.js': [] }), 'src/wide.js': source } });
    const step = await run({ runId: 9_002, files: { 'out/vitest.xml': junit({ known: null, ...tests }), 'out/eslint.json': eslint({ 'src/wide.js': messages }), 'src/wide.js': source } });
    expect([step.status, ...recorded(step)]).toEqual([1, 'true', 'RUN-002']);
    const [comment, ...more] = double.comments(pull.number);
    expect(more).toEqual([]);
    expect(Buffer.byteLength(comment?.body ?? '')).toBeLessThanOrEqual(60_000);
    expect(comment?.body).toMatch(/^<!-- audit-run-log:comment:v1 name=audit-[0-9a-f]{8} -->\n### ❌ Failed: /);
    expect(comment?.body).toContain(' more ');
    const check = double.checkRuns(pull.headSha).at(-1);
    expect(check?.annotations.length).toBeLessThanOrEqual(50);
    expect(check?.title?.length).toBeLessThanOrEqual(60);
    for (const text of [check?.summary, check?.text]) expect(Buffer.byteLength(text ?? '')).toBeLessThanOrEqual(60_000);
    expect(Buffer.byteLength(step.summary)).toBeLessThanOrEqual(1_000_000);
    expect(step.summary).toMatch(/^## ❌ Failed: /);
    expect(step.summary).toContain(' more ');
    expect(strangeCommands(step.out + step.err)).toEqual([]);
  });
});

describe('a conversation that is locked', () => {
  it('SEC-130: gets no comment, which is told, and all else goes on', async () => {
    const opened = await aPull();
    await opened.double.updatePull(opened.pull.number, { locked: true });
    const step = await opened.run();
    expect([step.status, ...recorded(step)]).toEqual([0, 'true', 'RUN-001']);
    expect(countsOf(opened)).toEqual({ ...ALL, comments: 0 });
    expect(step.out).toContain('CONVERSATION_LOCKED: ');
    expect(step.summary).toContain('- `CONVERSATION_LOCKED` ');
  });
});

describe('what others wrote under our name', () => {
  it('SEC-137: a comment of a stranger that carries our marker stays as it is, and ours is made', async () => {
    const opened = await aPull();
    const { double, pull, run } = opened;
    await run({ runId: 9_001, files: BROKEN_REPORTS });
    const [real] = double.comments(pull.number);
    // The same from the start, in another pull request of the same repository.
    await double.push('other', { 'src/b.js': 'b\n' }, { from: 'refs/heads/main' });
    const second = await double.openPull({ head: 'other', base: 'main', number: 8 });
    const forged = double.addComment(8, `${real?.body ?? ''}\nAll is well.`, 'mallory');
    const before = { ...forged };
    for (const runId of [9_002, 9_003]) await run({ runId, event: pullEvent(double, second, { head: 'other' }), files: BROKEN_REPORTS });
    expect(double.comments(8).find(({ id }) => id === forged.id)).toEqual(before);
    expect(double.comments(8).map(({ login }) => login)).toEqual(['mallory', 'github-actions[bot]']);
  });

  it('SEC-138: our comment is brought back to the truth when a person edited or deleted it, and there are never two', async () => {
    const { double, pull, run } = await aPull();
    await run({ runId: 9_001, files: BROKEN_REPORTS });
    const [ours] = double.comments(pull.number);
    if (ours === undefined) throw new Error('there is no comment');
    const [marker = ''] = ours.body.split('\n');
    ours.body = `${marker}\n### ✅ Audit passed\n`;
    await run({ runId: 9_002, files: BROKEN_REPORTS });
    expect(double.comments(pull.number).map(({ id, body }) => [id, body.split('\n')[1]])).toEqual([[ours.id, '### ❌ Failed: 1 test fails']]);
    await fetch(`${double.apiUrl}/repos/${double.fullName}/issues/comments/${ours.id}`, { method: 'DELETE', headers: { authorization: `Bearer ${double.token()}` } });
    expect(double.comments(pull.number)).toEqual([]);
    await run({ runId: 9_003, files: BROKEN_REPORTS });
    expect(double.comments(pull.number).map(({ body }) => body.split('\n')[1])).toEqual(['### ❌ Failed: 1 test fails']);
  });

  it.each([['of another app', 'other-app'], ['of another workflow', 'github-actions']])('SEC-139: a check run of our name %s stays as it is, and hides nothing', async (_, app) => {
    const { double, pull, run } = await aPull();
    const token = double.token(undefined, { login: `${app}[bot]`, app });
    const body = JSON.stringify({ name: 'Audit', head_sha: pull.headSha, external_id: 'other', status: 'completed', conclusion: 'success', output: { title: 'Audit passed', summary: 'fine' } });
    await fetch(`${double.apiUrl}/repos/${double.fullName}/check-runs`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body });
    const [foreign] = double.checkRuns(pull.headSha);
    const before = structuredClone(foreign);
    const step = await run({ files: BROKEN_REPORTS });
    expect([step.status, step.outputs['outcome']]).toEqual([1, 'failed']);
    const checks = double.checkRuns(pull.headSha);
    expect(checks[0]).toEqual(before);
    expect(checks.slice(1)).toMatchObject([{ name: 'Audit', conclusion: 'failure', app: 'github-actions' }]);
  });
});
