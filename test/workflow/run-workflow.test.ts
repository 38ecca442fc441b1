import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { aRun, anAction, steps } from './a-run.ts';
import { stepOf, type JobReport, type WorkflowResult } from './run-workflow.ts';

const told = (result: WorkflowResult, job = 'a'): string[] => (result.jobs[job]?.steps ?? []).map(({ name, outcome, conclusion }) => `${name}: ${outcome}${outcome === conclusion ? '' : `/${conclusion}`}`);

describe('steps', () => {
  it('skip after a failure, unless they ask for failure(), always() or only not cancelled', async () => {
    const result = await aRun(steps('run: exit 3', 'run: echo plain', '{ if: failure(), run: echo failure }', '{ if: always(), run: echo always }', '{ if: "${{ !cancelled() }}", run: echo not }', '{ if: cancelled(), run: echo cancelled }'));
    expect(told(result)).toEqual(['Run exit 3: failure', 'Run echo plain: skipped', 'Run echo failure: success', 'Run echo always: success', 'Run echo not: success', 'Run echo cancelled: skipped']);
    expect(result).toMatchObject({ started: true, conclusion: 'failure', jobs: { a: { result: 'failure' } } });
    expect(result.jobs['a']?.steps[0]).toMatchObject({ exitCode: 3, annotations: [{ level: 'error', message: 'Process completed with exit code 3.', by: 'runner' }] });
  });

  it('with continue-on-error fail in outcome and pass in conclusion', async () => {
    const result = await aRun(steps('{ id: lint, continue-on-error: true, run: exit 1 }', '{ id: seen, run: "echo ${{ steps.lint.outcome }} ${{ steps.lint.conclusion }} ${{ job.status }}" }'));
    expect(told(result)).toEqual(['Run exit 1: failure/success', 'Run echo failure success success: success']);
    expect(stepOf(result, 'a', 'seen').stdout).toBe('failure success success\n');
    expect(result.conclusion).toBe('success');
  });

  it('pass outputs on, in both forms, and only under an id of their own', async () => {
    const result = await aRun(steps('{ id: one, run: "printf \'a=1\\nb<<EOF\\nx\\ny\\nEOF\\n\' >> $GITHUB_OUTPUT" }', '{ run: "echo c=2 >> $GITHUB_OUTPUT" }', '{ id: all, run: "cat <<\'END\'\\n${{ toJSON(steps) }}\\nEND" }'));
    expect(JSON.parse(stepOf(result, 'a', 'all').stdout)).toEqual({ one: { outputs: { a: '1', b: 'x\ny' }, outcome: 'success', conclusion: 'success' } });
  });

  it('fail where what they wrote for the runner cannot be read', async () => {
    const result = await aRun(steps('{ id: bad, run: "echo none >> $GITHUB_OUTPUT" }'));
    expect(stepOf(result, 'a', 'bad')).toMatchObject({ outcome: 'failure', exitCode: 0, annotations: [{ message: "Unable to process file command 'output' successfully." }, { message: "Invalid format 'none'" }] });
  });

  it('fail where an expression or a program is wrong, and the job goes on', async () => {
    const result = await aRun(steps('{ id: json, run: "echo ${{ fromJSON(github.sha) }}" }', '{ id: shell, if: always(), shell: "none-such {0}", run: x }'));
    expect(stepOf(result, 'a', 'json').outcome).toBe('failure');
    expect(stepOf(result, 'a', 'shell')).toMatchObject({ outcome: 'failure', exitCode: null });
  });

  it('stop at the first command that fails, and in a pipe only where the shell is named bash', async () => {
    const result = await aRun(steps('{ id: plain, run: "false | cat\\necho on" }', '{ id: bash, shell: bash, run: "false | cat\\necho on" }', '{ id: stop, if: always(), run: "false\\necho on" }'));
    expect([stepOf(result, 'a', 'plain').stdout, stepOf(result, 'a', 'bash').stdout, stepOf(result, 'a', 'stop').stdout]).toEqual(['on\n', '', '']);
  });

  it('put expressions into a script as text, whatever that does to the script', async () => {
    const yaml = steps('{ id: x, run: "echo ${{ github.event.title }}" }');
    const result = await aRun(yaml, { event: { name: 'push', payload: { title: 'a; echo injected' } } });
    expect(stepOf(result, 'a', 'x').stdout).toBe('a\ninjected\n');
  });

  it('run in a folder of the workspace, by default that of the job', async () => {
    const result = await aRun(`on: push\ndefaults: { run: { working-directory: x } }\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - { run: "mkdir -p x/y", working-directory: . }\n      - { id: job, run: pwd }\n      - { id: own, run: pwd, working-directory: x/y }\n`);
    expect(stepOf(result, 'a', 'job').stdout).toMatch(/\/widgets\/widgets\/x\n$/);
    expect(stepOf(result, 'a', 'own').stdout).toMatch(/\/widgets\/widgets\/x\/y\n$/);
  });

  it('may leave programs running for those after them, which end with the job', async () => {
    const left = '(touch made; until [ -e go ]; do sleep 0.05; done; touch late) > /dev/null 2>&1 &';
    const result = await aRun(steps(`run: "${left}"`, 'run: until [ -e made ]; do sleep 0.05; done'));
    expect(result.conclusion).toBe('success');
    const workspace = result.jobs['a']?.workspace ?? '';
    writeFileSync(join(workspace, 'go'), '');
    await wait(300);
    expect(existsSync(join(workspace, 'late'))).toBe(false);
  });

  it('that take longer than they may are stopped and fail', async () => {
    const result = await aRun(steps('{ id: slow, timeout-minutes: 0.005, run: exec sleep 20 }'));
    expect(stepOf(result, 'a', 'slow')).toMatchObject({ outcome: 'failure', exitCode: 130 });
    expect(stepOf(result, 'a', 'slow').annotations.map(({ message }) => message)).toContain("The action 'Run exec sleep 20' has timed out after 0.005 minutes.");
  });
});

describe('a cancelled run', () => {
  it('stops its step, and runs afterwards only what asks for it', async () => {
    const controller = new AbortController();
    const onJob = ({ steps: rows }: JobReport): void => {
      if (rows[1]?.status === 'in_progress') setTimeout(() => controller.abort(), 200);
    };
    const result = await aRun(steps('run: exec sleep 20', 'run: echo plain', '{ if: always(), run: echo always }', '{ if: cancelled(), run: echo cancelled }', '{ if: "!cancelled()", run: echo not }', '{ if: failure(), run: echo failure }'), { cancel: controller.signal, onJob });
    expect(told(result)).toEqual(['Run exec sleep 20: cancelled', 'Run echo plain: skipped', 'Run echo always: success', 'Run echo cancelled: success', 'Run echo not: skipped', 'Run echo failure: skipped']);
    expect(result.conclusion).toBe('cancelled');
  });

  it('starts no step that does not ask for it', async () => {
    const controller = new AbortController();
    const onJob = (): void => controller.abort();
    const result = await aRun(steps('run: echo plain', '{ if: always(), run: echo always }'), { cancel: controller.signal, onJob });
    expect(told(result)).toEqual(['Run echo plain: skipped', 'Run echo always: success']);
    expect(result.jobs['a']?.result).toBe('cancelled');
  });

  it('lets a step end that runs whatever happens', async () => {
    const controller = new AbortController();
    const onJob = ({ steps: rows }: JobReport): void => {
      if (rows[1]?.status === 'in_progress') setTimeout(() => controller.abort(), 100);
    };
    const result = await aRun(steps('{ if: always(), run: sleep 0.4; echo done }'), { cancel: controller.signal, onJob });
    expect(result).toMatchObject({ conclusion: 'cancelled', jobs: { a: { steps: [{ stdout: 'done\n', outcome: 'success' }] } } });
  });
});

describe('env', () => {
  it('of a step wins over that of the job, that over the workflow, and what the runner says over all', async () => {
    const result = await aRun(`on: push\nenv: { A: workflow, B: workflow, C: workflow }\njobs:\n  a:\n    runs-on: ubuntu-latest\n    env: { B: job, C: job }\n    steps:\n      - { id: x, env: { C: step, GITHUB_JOB: mine, D: "\${{ env.B }}" }, run: "echo $A $B $C $D $GITHUB_JOB $CI" }\n`);
    expect(stepOf(result, 'a', 'x').stdout).toBe('workflow job step job a true\n');
  });

  it('may switch CI off', async () => {
    expect(stepOf(await aRun(steps('{ id: x, env: { CI: no }, run: "echo $CI" }')), 'a', 'x').stdout).toBe('no\n');
  });

  it('has the folder first that was added to GITHUB_PATH last', async () => {
    const result = await aRun(steps('run: for path in /one /two /one; do echo $path; done >> $GITHUB_PATH', '{ id: x, run: "echo $PATH | cut -d: -f1-2" }'));
    expect(stepOf(result, 'a', 'x').stdout).toBe('/one:/two\n');
  });

  it('written to GITHUB_ENV and GITHUB_PATH holds from the next step on, but no NODE_OPTIONS', async () => {
    const write = 'mkdir -p bin && printf \'#!/bin/sh\\necho tool\\n\' > bin/tool && chmod +x bin/tool\necho "$PWD/bin" >> $GITHUB_PATH\nprintf \'A<<E\\n1\\n2\\nE\\nNODE_OPTIONS=x\\n\' >> $GITHUB_ENV';
    const result = await aRun(steps(`id: write\nrun: |\n  ${write.replaceAll('\n', '\n  ')}\n  echo "now:$A"`, '{ id: read, run: "echo \\"$A$NODE_OPTIONS\\"; tool" }'));
    expect(stepOf(result, 'a', 'write').stdout).toBe('now:\n');
    expect(stepOf(result, 'a', 'read').stdout).toBe('1\n2\ntool\n');
    expect(stepOf(result, 'a', 'write').annotations).toMatchObject([{ message: "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command." }]);
  });

  it('finds the programs of the test first', async () => {
    const tools = anAction({ npm: '#!/bin/sh\necho "stands in for npm $1"\n' });
    chmodSync(join(tools, 'npm'), 0o755);
    expect(stepOf(await aRun(steps('{ id: x, run: npm ci }'), { tools }), 'a', 'x').stdout).toBe('stands in for npm ci\n');
  });

  it('holds nothing of the process that runs the tests but PATH', async () => {
    const result = await aRun(steps('{ id: x, run: "env | cut -d= -f1 | sort" }'));
    const names = stepOf(result, 'a', 'x').stdout.trim().split('\n').filter((name) => !/^(?:GITHUB|RUNNER)_/.test(name));
    expect(names).toEqual(['CI', 'HOME', 'LANG', 'PATH', 'PWD', 'SHLVL', '_']);
  });

  it('tells a step of a push where it is', async () => {
    const result = await aRun(steps('{ id: x, run: "env | grep ^GITHUB_" }'));
    const env = Object.fromEntries(stepOf(result, 'a', 'x').stdout.trim().split('\n').map((line) => line.split('=', 2)));
    expect(env).toMatchObject({
      GITHUB_ACTIONS: 'true', GITHUB_API_URL: 'http://127.0.0.1:9', GITHUB_GRAPHQL_URL: 'http://127.0.0.1:9/graphql', GITHUB_REPOSITORY: 'octo/widgets', GITHUB_REPOSITORY_ID: '42', GITHUB_REPOSITORY_OWNER: 'octo',
      GITHUB_RUN_ID: '7', GITHUB_RUN_ATTEMPT: '1', GITHUB_JOB: 'a', GITHUB_REF: 'refs/heads/main', GITHUB_REF_NAME: 'main', GITHUB_HEAD_REF: '', GITHUB_BASE_REF: '', GITHUB_EVENT_NAME: 'push', GITHUB_ACTOR: 'octocat', GITHUB_ACTION: 'x',
      GITHUB_WORKFLOW: '.github/workflows/audit.yml', GITHUB_WORKFLOW_REF: 'octo/widgets/.github/workflows/audit.yml@refs/heads/main',
    });
    expect(env).not.toHaveProperty('GITHUB_TOKEN');
  });
});

describe('jobs', () => {
  const jobs = (lines: string): string => `on: push\njobs:\n${lines}`;
  const job = (key: string, more: string, run = 'ls'): string => `  ${key}: { runs-on: ubuntu-latest, ${more}${more === '' ? '' : ', '}steps: [{ id: s, run: '${run}' }] }\n`;

  it('run after those they need, and see their results and outputs', async () => {
    const yaml = jobs(job('b', 'needs: a', 'echo ${{ needs.a.result }} ${{ needs.a.outputs.x }}') + job('a', 'outputs: { x: "${{ steps.s.outputs.v }}" }', 'echo v=5 >> $GITHUB_OUTPUT'));
    expect(stepOf(await aRun(yaml), 'b', 's').stdout).toBe('success 5\n');
  });

  it('are skipped when one before them fails or is skipped, however far, unless their `if` says else', async () => {
    const result = await aRun(jobs(job('a', '', 'exit 1') + job('b', 'needs: a') + job('c', 'needs: [b], if: always()') + job('d', 'needs: c') + job('e', 'needs: c, if: failure()') + job('f', 'needs: [a], if: needs.a.result != null')));
    expect(Object.fromEntries(Object.entries(result.jobs).map(([key, { result: outcome }]) => [key, outcome]))).toEqual({ a: 'failure', b: 'skipped', c: 'success', d: 'skipped', e: 'success', f: 'skipped' });
  });

  it('are skipped after one that was skipped', async () => {
    expect(await aRun(jobs(job('a', 'if: false') + job('b', 'needs: a')))).toMatchObject({ conclusion: 'skipped', jobs: { a: { result: 'skipped' }, b: { result: 'skipped' } } });
  });

  it('see what a person gave to workflow_dispatch over the defaults, as the types declared', async () => {
    const yaml = steps('{ id: s, run: "echo ${{ inputs.a }} ${{ inputs.b }} ${{ inputs.c && 1 || 2 }}" }').replace('on: push', 'on: { workflow_dispatch: { inputs: { a: { default: x }, b: { type: number, default: 3 }, c: { type: boolean } } } }');
    expect(stepOf(await aRun(yaml, { event: { name: 'workflow_dispatch', payload: { inputs: { a: 'y', c: 'false' } } } }), 'a', 's').stdout).toBe('y 3 2\n');
  });

  it('do not start for an event that `on` does not take', async () => {
    expect(await aRun(steps('run: ls').replace('on: push', 'on: { push: { branches: [next] } }'))).toMatchObject({ started: false, conclusion: null, jobs: {} });
  });

  it('get a token with what they name, else what the workflow names, and nothing else', async () => {
    const asked: unknown[] = [];
    const token = (permissions: unknown): string => `t-${asked.push(permissions)}`;
    const yaml = `on: push\npermissions: { contents: read }\njobs:\n${job('a', 'permissions: { contents: write, pull-requests: write }')}${job('b', 'needs: a')}${job('c', 'needs: b, permissions: {}')}`;
    await aRun(yaml, { token });
    expect(asked).toMatchObject([{ contents: 'write', 'pull-requests': 'write', checks: 'none', actions: 'none' }, { contents: 'read', 'pull-requests': 'none' }, { contents: 'none', checks: 'none' }]);
  });

  it('of a pull request from a fork only read', async () => {
    const payload = { action: 'opened', pull_request: { number: 7, head: { ref: 'x', sha: 'f'.repeat(40), repo: { full_name: 'other/widgets' } }, base: { ref: 'main', repo: { full_name: 'octo/widgets' } } } };
    const result = await aRun(`on: pull_request\npermissions: { contents: write, checks: write }\njobs:\n${job('a', '')}`, { event: { name: 'pull_request', payload }, ref: 'refs/pull/7/merge' });
    expect(result.jobs['a']?.permissions).toMatchObject({ contents: 'read', checks: 'read', issues: 'none' });
  });

  it('of Dependabot only read, unless the workflow asks for more', async () => {
    const asking = `on: [push, workflow_run]\npermissions: write-all\njobs:\n${job('a', '')}`;
    const silent = jobs(job('a', ''));
    expect((await aRun(silent, { actor: 'dependabot[bot]', defaultPermissions: 'write' })).jobs['a']?.permissions).toMatchObject({ contents: 'read', 'id-token': 'none' });
    expect((await aRun(silent, { actor: 'octocat', defaultPermissions: 'write' })).jobs['a']?.permissions).toMatchObject({ contents: 'write', 'id-token': 'write' });
    expect((await aRun(asking, { actor: 'dependabot[bot]' })).jobs['a']?.permissions).toMatchObject({ contents: 'write' });
  });

  it('that name no permissions have those of the repository', async () => {
    expect((await aRun(jobs(job('a', '')))).jobs['a']?.permissions).toMatchObject({ contents: 'read', packages: 'read', issues: 'none' });
    expect((await aRun(jobs(job('a', '')), { defaultPermissions: 'write' })).jobs['a']?.permissions).toMatchObject({ contents: 'write', checks: 'write' });
    expect((await aRun(jobs(job('a', 'permissions: read-all')))).jobs['a']?.permissions).toMatchObject({ checks: 'read', 'id-token': 'none' });
  });
});

describe('the jobs API', () => {
  it('is told the running job with its finished steps filled and the rest null', async () => {
    const reports: JobReport[] = [];
    await aRun(steps('{ name: "Test ${{ github.ref_name }}", run: exit 1 }', '{ if: always(), run: "echo a\\necho b" }', 'uses: actions/setup-node@v6'), { onJob: (report) => { reports.push(report); }, clock: () => new Date('2026-01-02T03:04:05.678Z') });
    const at = '2026-01-02T03:04:05Z';
    expect(reports[3]).toMatchObject({ id: 7_100, runId: 7, attempt: 1, name: 'a', status: 'in_progress', conclusion: null, completedAt: null, headBranch: 'main' });
    expect(reports[3]?.steps).toEqual([
      { name: 'Set up job', number: 1, status: 'completed', conclusion: 'success', started_at: at, completed_at: at }, { name: 'Test main', number: 2, status: 'completed', conclusion: 'failure', started_at: at, completed_at: at },
      { name: 'Run echo a', number: 3, status: 'in_progress', conclusion: null, started_at: at, completed_at: null }, { name: 'Run actions/setup-node@v6', number: 4, status: 'queued', conclusion: null, started_at: null, completed_at: null },
    ]);
    expect(reports.at(-1)).toMatchObject({ status: 'completed', conclusion: 'failure', completedAt: at });
    expect(reports.at(-1)?.steps.map(({ name, number }) => `${number} ${name}`)).toEqual(['1 Set up job', '2 Test main', '3 Run echo a', '4 Run actions/setup-node@v6', '5 Complete job']);
  });

  it('numbers post steps up to twice the last step, in the order in which they run', async () => {
    let rows: readonly string[] = [];
    await aRun(steps('uses: actions/checkout@v6', 'uses: actions/setup-node@v6', 'run: ls'), { onJob: (report) => { rows = report.steps.map(({ name, number }) => `${number} ${name}`); } });
    expect(rows).toEqual(['1 Set up job', '2 Run actions/checkout@v6', '3 Run actions/setup-node@v6', '4 Run ls', '7 Post Run actions/setup-node@v6', '8 Post Run actions/checkout@v6', '9 Complete job']);
  });
});
