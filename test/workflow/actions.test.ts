import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aRun, aSmallRepository, anAction, steps, TOKEN } from './a-run.ts';
import { WorkflowError } from './errors.ts';
import { stepOf } from './run-workflow.ts';

const MANIFEST = `name: x
description: x
inputs:
  check-run-id: { description: x, default: "\${{ job.check_run_id }}" }
  token: { description: x, default: "\${{ github.token }}" }
  two words: { description: x }
  Case: { description: x, default: kept }
  status: { description: x, default: "\${{ job.status }}" }
outputs: { said: { description: x } }
runs: { using: node24, main: main.js, post: post.js }
`;
const SHOW = "import { appendFileSync } from 'node:fs';\nconst shown = Object.entries(process.env).filter(([name]) => /^(INPUT|STATE)_/.test(name)).sort().map(([name, value]) => `${name}=${value}`);\n";
const MAIN = `${SHOW}console.log(shown.join('\\n'));\nappendFileSync(process.env.GITHUB_STATE, 'kept=from main\\n');\nappendFileSync(process.env.GITHUB_OUTPUT, 'said=yes\\n');\nappendFileSync(process.env.GITHUB_STEP_SUMMARY, '# Summary\\n');\n`;
const POST = `${SHOW}console.log(['post', ...shown].join('\\n'));\nappendFileSync(process.env.GITHUB_OUTPUT, 'late=1\\n');\n`;
const shower = (files: Readonly<Record<string, string>> = {}): string => anAction({ 'action.yml': MANIFEST, 'main.js': MAIN, 'post.js': POST, 'package.json': '{"type":"module"}', ...files });

describe('an action', () => {
  it('has its inputs upper-cased, spaces as _, hyphens kept, defaults evaluated, and empty where nothing is said', async () => {
    const result = await aRun(steps('{ id: x, uses: ./, with: { Two Words: "a ${{ github.job }}", case: given, other: 1 } }'), { actionFolder: shower() });
    expect(stepOf(result, 'a', 'x').stdout.trim().split('\n')).toEqual(['INPUT_CASE=given', 'INPUT_CHECK-RUN-ID=7100', 'INPUT_OTHER=1', 'INPUT_STATUS=success', `INPUT_TOKEN=${TOKEN}`, 'INPUT_TWO_WORDS=a a']);
    expect(stepOf(result, 'a', 'x')).toMatchObject({ outputs: { said: 'yes' }, summary: '# Summary\n', annotations: [{ level: 'warning', by: 'runner', message: expect.stringContaining("Unexpected input(s) 'other'") }] });
  });

  it('is found under the name of its repository at any version, and knows that name', async () => {
    const action = anAction({ 'action.yml': MANIFEST.replace(', post: post.js', ''), 'main.js': 'console.log(process.env.GITHUB_ACTION_REPOSITORY, process.env.GITHUB_ACTION_REF, process.env.GITHUB_ACTION)' });
    const result = await aRun(steps('uses: OWNER/audit-run-log@v1', 'uses: ./'), { actionFolder: action });
    expect(result.jobs['a']?.steps.map(({ stdout }) => stdout)).toEqual(['OWNER/audit-run-log v1 __OWNER_audit-run-log\n', 'undefined undefined __self\n']);
  });

  it('runs its post step after all steps with inputs evaluated anew and the state of its main, the last registered first', async () => {
    const result = await aRun(steps('{ id: first, name: First, uses: ./, with: { two words: "${{ toJSON(steps.later.outcome) }}" } }', '{ name: Second, uses: ./ }', '{ if: false, name: Third, uses: ./ }', '{ id: later, run: exit 1 }'), { actionFolder: shower() });
    const all = result.jobs['a']?.steps ?? [];
    expect(all.map(({ name, stage, conclusion }) => `${stage} ${name} ${conclusion}`)).toEqual(['main First success', 'main Second success', 'main Third skipped', 'main Run exit 1 failure', 'post Post Second success', 'post Post First success']);
    expect(all[0]?.stdout).toContain('INPUT_TWO_WORDS=null');
    expect(all[5]?.stdout).toContain('INPUT_STATUS=failure\n');
    expect(all[5]?.stdout).toContain('INPUT_TWO_WORDS="failure"\nSTATE_kept=from main\n');
  });

  it('puts nothing of its post step into the outputs of its job', async () => {
    const outputs = '    outputs: { said: "${{ steps.x.outputs.said }}", late: "${{ steps.x.outputs.late }}" }\n    steps:';
    const result = await aRun(steps('{ id: x, uses: ./ }').replace('    steps:', outputs), { actionFolder: shower() });
    expect(result.jobs['a']?.outputs).toEqual({ said: 'yes', late: '' });
    expect(result.jobs['a']?.steps.at(-1)?.outputs).toEqual({ late: '1' });
  });

  it('fails its job where its post step fails, and even then its post step runs where its main could not start', async () => {
    const files = { 'post.js': 'process.exitCode = 4' };
    expect(await aRun(steps('uses: ./'), { actionFolder: shower(files) })).toMatchObject({ conclusion: 'failure', jobs: { a: { steps: [{ outcome: 'success' }, { outcome: 'failure', exitCode: 4 }] } } });
    const tooLarge = await aRun(steps('{ id: x, uses: ./, with: { two words: "${{ github.event.large }}" } }'), { actionFolder: shower(), event: { name: 'push', payload: { large: 'x'.repeat(140_000) } } });
    expect(stepOf(tooLarge, 'a', 'x')).toMatchObject({ outcome: 'failure', exitCode: null, annotations: [{ message: expect.stringContaining('Argument list too long') }] });
    expect(tooLarge.jobs['a']?.steps.map(({ stage }) => stage)).toEqual(['main', 'post']);
  });

  it('whose continue-on-error holds covers its post step too', async () => {
    expect(await aRun(steps('{ uses: ./, continue-on-error: true }'), { actionFolder: shower({ 'post.js': 'process.exitCode = 4' }) })).toMatchObject({ conclusion: 'success' });
  });

  it('that GitHub would not load, or that is not known, is an error before any step runs', async () => {
    const wrong = anAction({ 'action.yml': MANIFEST.replace('job.check_run_id', 'toJSON(steps)'), 'main.js': MAIN, 'post.js': POST });
    const reports: unknown[] = [];
    const onJob = (report: unknown): void => { reports.push(report); };
    await expect(aRun(steps('run: ls', 'uses: ./'), { actionFolder: wrong, onJob })).rejects.toThrow("Unrecognized named-value: 'steps'");
    await expect(aRun(steps('run: ls', 'uses: some/thing@v1'), { onJob })).rejects.toThrow(WorkflowError);
    await expect(aRun(steps('run: ls', 'uses: some/thing@v1'), { onJob })).rejects.toThrow('some/thing@v1');
    expect(reports).toEqual([]);
  });

  it('of the sample sees how the steps before it ended, and decides for those after it', async () => {
    const yaml = readFileSync(join(import.meta.dirname, '..', 'fixtures', 'workflows', 'audit.yml'), 'utf8');
    const manifest = 'name: x\ndescription: x\ninputs: { outcomes: { description: x } }\noutputs: { outcome: { description: x } }\nruns: { using: node24, main: main.js }\n';
    const actionFolder = anAction({ 'action.yml': manifest, 'main.js': 'console.log(process.env.INPUT_OUTCOMES); require("fs").appendFileSync(process.env.GITHUB_OUTPUT, "outcome=failed\\n")' });
    const result = await aRun(yaml, { actionFolder });
    expect(stepOf(result, 'audit', 'audit').stdout).toBe('test: failure\nlint: success\n\n');
    expect(result).toMatchObject({ name: 'Audit', conclusion: 'failure', concurrency: { group: 'audit-refs/heads/main', cancelInProgress: 'false' }, jobs: { audit: { permissions: { checks: 'write', actions: 'none' } } } });
    expect(result.jobs['audit']?.steps.map(({ conclusion }) => conclusion)).toEqual(['success', 'success', 'success', 'success', 'failure', 'success']);
  });

  it('reads the event as it was given', async () => {
    const action = anAction({ 'action.yml': MANIFEST, 'main.js': 'process.stdout.write(require("fs").readFileSync(process.env.GITHUB_EVENT_PATH, "utf8"))', 'post.js': '' });
    const result = await aRun(steps('{ id: x, uses: ./ }'), { actionFolder: action, event: { name: 'push', payload: { a: [1, null] } } });
    expect(JSON.parse(stepOf(result, 'a', 'x').stdout)).toEqual({ a: [1, null] });
  });
});

describe('actions/checkout', () => {
  it('lays out the commit of the event, even if the branch moved since', async () => {
    const repository = aSmallRepository();
    const sha = repository.git('rev-parse', 'HEAD');
    repository.write('a.txt', 'two\n');
    repository.commit();
    const result = await aRun(steps('uses: actions/checkout@v6', '{ id: x, run: "cat a.txt; git rev-parse HEAD; git branch --show-current; git rev-list --count HEAD" }'), { sha }, repository);
    expect(stepOf(result, 'a', 'x').stdout).toBe(`one\n${sha}\nmain\n1\n`);
  });

  it('brings the whole history of a branch, or another branch, where that is asked for', async () => {
    const repository = aSmallRepository();
    const first = repository.git('rev-parse', 'HEAD');
    repository.git('branch', 'other');
    const second = repository.commit('second');
    repository.commit('third');
    const show = 'git log --format=%s; git branch --show-current';
    const result = await aRun(steps('{ uses: actions/checkout@v6, with: { fetch-depth: 0 } }', `{ id: all, run: "${show}" }`, '{ uses: actions/checkout@v6, with: { ref: other, path: x } }', `{ id: other, run: "${show}", working-directory: x }`, `{ uses: actions/checkout@v6, with: { ref: ${first}, path: y } }`, `{ id: commit, run: "${show}", working-directory: y }`), { sha: second }, repository);
    expect(['all', 'other', 'commit'].map((id) => stepOf(result, 'a', id).stdout)).toEqual(['second\nfirst\nmain\n', 'first\nother\n', 'first\n']);
  });

  it('lays out a pull request as its test merge, detached, with the whole history if asked for', async () => {
    const repository = aSmallRepository();
    repository.git('checkout', '-q', '-b', 'topic');
    repository.write('b.txt', 'b\n');
    const head = repository.commit('topic');
    repository.git('checkout', '-q', 'main');
    repository.write('c.txt', 'c\n');
    repository.commit('main');
    repository.git('merge', '-q', '--no-ff', 'topic', '-m', 'merge');
    const sha = repository.git('rev-parse', 'HEAD');
    repository.git('update-ref', 'refs/pull/7/merge', sha);
    repository.git('reset', '-q', '--hard', 'HEAD~1');
    const repo = { full_name: 'octo/widgets' };
    const event = { name: 'pull_request', payload: { action: 'opened', pull_request: { number: 7, head: { ref: 'topic', sha: head, repo }, base: { ref: 'main', repo } } } };
    const yaml = steps('{ uses: actions/checkout@v6, with: { fetch-depth: 0 } }', '{ id: x, run: "ls; git rev-parse HEAD; git branch --show-current; git rev-list --count HEAD; git branch -r; echo $GITHUB_HEAD_REF $GITHUB_BASE_REF $GITHUB_REF_NAME" }').replace('push', 'pull_request');
    const result = await aRun(yaml, { sha, ref: 'refs/pull/7/merge', event }, repository);
    expect(stepOf(result, 'a', 'x').stdout).toBe(`a.txt\nb.txt\nc.txt\n${sha}\n4\n  origin/main\n  origin/topic\n  pull/7/merge\ntopic main 7/merge\n`);
  });

  it('leaves the token in the configuration until the job ends, unless told not to', async () => {
    const show = '{ id: x, run: "git config --get-regexp extraheader || echo none" }';
    const kept = await aRun(steps('uses: actions/checkout@v6', show));
    expect(stepOf(kept, 'a', 'x').stdout).toContain('AUTHORIZATION: basic');
    expect(stepOf(await aRun(steps('{ uses: actions/checkout@v6, with: { persist-credentials: false } }', show)), 'a', 'x').stdout).toBe('none\n');
    expect(kept.jobs['a']?.steps.at(-1)).toMatchObject({ name: 'Post Run actions/checkout@v6', conclusion: 'success' });
    expect(readFileSync(join(kept.jobs['a']?.workspace ?? '', '.git', 'config'), 'utf8')).not.toContain('AUTHORIZATION');
  });

  it('lets a later step push to the repository', async () => {
    const repository = aSmallRepository();
    repository.git('config', 'receive.denyCurrentBranch', 'ignore');
    const result = await aRun(steps('uses: actions/checkout@v6', 'run: "git config user.name a; git config user.email a@example.org; git commit -q --allow-empty -m pushed; git push -q"'), {}, repository);
    expect(result.conclusion).toBe('success');
    expect(repository.git('log', '-1', '--format=%s', 'main')).toBe('pushed');
  });

  it('refuses what it does not stand in for', async () => {
    await expect(aRun(steps('{ uses: actions/checkout@v6, with: { submodules: true } }'))).rejects.toThrow('submodules');
    await expect(aRun(steps('{ uses: actions/checkout@v6, with: { repository: other/x } }'))).rejects.toThrow('other/x');
  });
});
