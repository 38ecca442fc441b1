import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jobTasks, wantsWorkflowFile, type JobTasksRequest } from '../../src/collect/job-tasks.ts';
import { parseOutcomes } from '../../src/collect/report-specs.ts';
import type { WorkflowStep } from '../../src/model/job.ts';
import { aJob, type ToldStep } from './a-job.ts';

function aRequest(told: readonly ToldStep[], overrides: Partial<JobTasksRequest> = {}): JobTasksRequest {
  return { job: aJob(...told), fileSteps: null, names: [], specs: [], known: [], ends: new Map(), jobStatus: null, ownActions: ['octo/audit-run-log'], ...overrides };
}

function endsOf(told: readonly ToldStep[], overrides: Partial<JobTasksRequest> = {}) {
  return Object.fromEntries(jobTasks(aRequest(told, overrides)).ends);
}

function outcomesOf(told: readonly ToldStep[], overrides: Partial<JobTasksRequest> = {}): Record<string, string> {
  return Object.fromEntries([...jobTasks(aRequest(told, overrides)).ends].map(([task, { outcome }]) => [task, outcome]));
}

/** Steps of the workflow file by the number of the job's step. */
function fileOf(steps: Readonly<Record<number, Omit<WorkflowStep, 'index'>>>): ReadonlyMap<number, WorkflowStep> {
  return new Map(Object.entries(steps).map(([number, step], index) => [Number(number), { index, ...step }]));
}

const SET_UP: readonly ToldStep[] = [['Set up job', 'success'], ['Run actions/checkout@v7', 'success'], ['Run actions/setup-node@v6', 'success'], ['Run npm ci', 'success', 20]];
const OURS: readonly ToldStep[] = [['Run octo/audit-run-log@v1', 'in_progress'], ['Post Run actions/checkout@v7', 'queued'], ['Complete job', 'queued']];

describe('which steps are tasks', () => {
  it('takes steps whose name holds a word of the kinds, and not those that set up', () => {
    expect(outcomesOf([...SET_UP, ['Run npm test', 'success'], ['Lint', 'success'], ['Run unit tests', 'success'], ...OURS])).toEqual({ 'npm test': 'passed', Lint: 'passed', 'unit tests': 'passed' });
  });

  it.each([
    'Install test dependencies', 'Set up test database', 'Upload test results', 'Cache lint results', 'Run actions/upload-artifact@v7', 'Run dorny/test-reporter@v3', 'Run actions/cache@v5',
    'Build octo/scanner@v1', 'Pull ghcr.io/octo/lint:1', 'Pre Run octo/lint@v1', 'Post Run octo/lint@v1', 'Initialize containers', 'Publish test results', 'Checkout tests',
  ])('makes no task of `%s` where it succeeded', (name) => {
    expect(outcomesOf([[name, 'success']])).toEqual({});
  });

  it('takes a step of the workflow file for a task, though the runner could have named one so', () => {
    expect(outcomesOf([['Build ./docs', 'success']], { fileSteps: fileOf({ 1: { name: 'Build ./docs', run: 'make docs' } }) })).toEqual({ 'Build ./docs': 'passed' });
    expect(outcomesOf([['Build ./docs', 'success']])).toEqual({});
  });

  it.each(['Run golangci/golangci-lint-action@v9', 'Run github/codeql-action/analyze@v4', 'Run ./.github/actions/lint'])('makes a task of the action in `%s`', (name) => {
    expect(Object.values(outcomesOf([[name, 'success']]))).toEqual(['passed']);
  });

  it('calls a task by its action without the ref, which every update changes', () => {
    expect(outcomesOf([['Run golangci/golangci-lint-action@v8', 'success']])).toEqual(outcomesOf([['Run golangci/golangci-lint-action@v9', 'success']]));
  });

  it('makes no task of our own steps, the one at work and earlier ones', () => {
    expect(outcomesOf([['Run octo/audit-run-log@v1', 'failure'], ...OURS])).toEqual({});
    expect(outcomesOf([['Audit', 'success'], ['Audit again', 'in_progress']], { fileSteps: fileOf({ 1: { name: 'Audit', uses: 'octo/audit-run-log@v1' }, 2: { name: 'Audit again', uses: 'octo/audit-run-log/sub@v1' } }) })).toEqual({});
  });

  it('counts the failure of a local action that is not ours', () => {
    expect(outcomesOf([['Run ./', 'failure'], ...OURS], { jobStatus: 'failure' })).toEqual({ job: 'failed' });
    expect(outcomesOf([['Run ./', 'in_progress']], { ownActions: ['./'] })).toEqual({});
  });

  it('takes two steps of one name for one task, and the worse of them', () => {
    expect(outcomesOf([['Run npm test', 'failure'], ['Run npm test', 'success']])).toEqual({ 'npm test': 'failed' });
  });

  it('gives a task a name that the inputs can repeat', () => {
    const [name = ''] = Object.keys(outcomesOf([['Run npm run test:unit -- --grep "[a]!"\u0007', 'success']]));
    expect(parseOutcomes([`${name}: success`]).get(name)).toEqual({ outcome: 'passed' });
  });
});

describe('which step speaks for a named task', () => {
  it.each([
    ['its name', [['Smoke', 'failure']], {}],
    ['its name in other letters', [['sMOKE', 'failure']], {}],
    ['its id', [['Try it out', 'failure']], { fileSteps: fileOf({ 1: { id: 'smoke', name: 'Try it out' } }) }],
    ['the command of an unnamed step', [['Run smoke', 'failure']], {}],
  ] as const)('is found by %s', (_, told, overrides) => {
    expect(outcomesOf(told, { names: ['smoke'], ...overrides })).toEqual({ smoke: 'failed' });
  });

  it.each([
    ['test', 'Run npm test'], ['test', 'Run unit tests'], ['lint', 'Run npm run lint'], ['tests', 'Run npm test'], ['types', 'Run npm run types'], ['e2e', 'Run npm run test:e2e'], ['unit tests', 'Run all unit tests'],
  ])('is found for %s by the words of `%s`', (name, step) => {
    expect(outcomesOf([[step, 'failure']], { names: [name] })).toEqual({ [name]: 'failed' });
  });

  it('goes to the task of which it says most', () => {
    const told: ToldStep[] = [['Run npm test', 'success'], ['Run npm run test:e2e', 'failure']];
    expect(outcomesOf(told, { names: ['test', 'test e2e'] })).toEqual({ test: 'passed', 'test e2e': 'failed' });
  });

  it('is not found by words alone once a step bears the very name', () => {
    expect(outcomesOf([['test', 'success'], ['Run npm run test:e2e', 'failure']], { names: ['test'] })).toEqual({ test: 'passed', 'npm run test e2e': 'failed' });
  });

  it('is not one that only sets up, so that its success excuses no empty report', () => {
    expect(outcomesOf([['Install test tools', 'success']], { names: ['test'] })).toEqual({});
  });

  it('is not found by words that say nothing of its kind', () => {
    expect(outcomesOf([['Run npm test', 'success']], { names: ['npm'] })).toEqual({ 'npm test': 'passed' });
  });

  it('is not found in a word that only begins alike', () => {
    expect(outcomesOf([['Run npm run contest', 'failure']], { names: ['test'] })).toEqual({ job: 'failed' });
  });
});

describe('how a task ended', () => {
  it.each([['success', 'passed'], ['failure', 'failed'], ['timed_out', 'failed'], ['cancelled', 'cancelled'], ['skipped', 'skipped'], ['neutral', 'unknown'], ['brand_new', 'unknown'], ['toString', 'unknown']])('%s is %s', (conclusion, outcome) => {
    expect(outcomesOf([['Lint', conclusion]])).toEqual({ Lint: outcome });
  });

  it.each(['in_progress', 'queued'])('has no vote while its step is %s', (state) => {
    expect(outcomesOf([['Lint', state]], { names: ['lint'] })).toEqual({});
  });

  it('takes the worse of the job and `outcomes`, for a step that may fail without failing the job', () => {
    const given = parseOutcomes(['lint: failure', 'test: success', 'types: 2']);
    expect(outcomesOf([['lint', 'success'], ['test', 'failure'], ['types', 'success']], { names: ['lint', 'test', 'types'], ends: given })).toEqual({ lint: 'failed', test: 'failed', types: 'failed' });
  });

  it('keeps the exit status that the caller gave', () => {
    expect(endsOf([['lint', 'success', 4]], { names: ['lint'], ends: parseOutcomes(['lint: 2']) })['lint']).toMatchObject({ outcome: 'failed', exitStatus: 2, durationSeconds: 4 });
  });

  it('keeps what the caller said of a task that no step speaks for', () => {
    expect(outcomesOf([], { names: ['scan'], ends: parseOutcomes(['scan: failure']) })).toEqual({ scan: 'failed' });
  });

  it('is not skipped where only a part of it is switched off', () => {
    expect(outcomesOf([['Run npm test', 'success'], ['Run npm run test:e2e', 'skipped']], { names: ['test'] })).toEqual({ test: 'passed' });
  });
});

describe('the rest of the job', () => {
  it('is a failed task where a step failed that is none', () => {
    expect(endsOf([['Run npm ci', 'failure', 3], ['Run npm test', 'skipped'], ...OURS])).toMatchObject({ job: { outcome: 'failed', commands: ['npm ci'], durationSeconds: 3 }, 'npm test': { outcome: 'skipped' } });
  });

  it('says nothing where all steps succeeded', () => {
    expect(outcomesOf([...SET_UP, ...OURS], { jobStatus: 'success' })).toEqual({});
  });

  it('fails where the job failed and GitHub does not tell the step yet', () => {
    expect(outcomesOf([...SET_UP, ['Run npm run lint', 'in_progress'], ['Run octo/audit-run-log@v1', 'queued']], { jobStatus: 'failure' })).toEqual({ job: 'failed' });
  });

  it('fails where the job failed, though `outcomes` names a failure that may be allowed to fail', () => {
    expect(outcomesOf([['lint', 'success'], ...OURS], { names: ['lint'], ends: parseOutcomes(['lint: failure']), jobStatus: 'failure' })).toEqual({ lint: 'failed', job: 'failed' });
  });

  it('does not fail twice for the step that a task stands for', () => {
    expect(outcomesOf([['lint', 'failure'], ...OURS], { jobStatus: 'failure' })).toEqual({ lint: 'failed' });
  });

  it('SEC-134: is cancelled with the job', () => {
    expect(outcomesOf([['Run npm ci', 'success'], ...OURS], { jobStatus: 'cancelled' })).toEqual({ job: 'cancelled' });
    expect(outcomesOf([['Run npm ci', 'cancelled'], ...OURS], { jobStatus: 'cancelled' })).toEqual({ job: 'cancelled' });
    expect(outcomesOf([['Run npm test', 'cancelled'], ...OURS], { jobStatus: 'cancelled' })).toEqual({ 'npm test': 'cancelled' });
  });

  it('is told by the status alone where the job could not be read', () => {
    expect(outcomesOf([], { job: null, jobStatus: 'failure' })).toEqual({ job: 'failed' });
    expect(outcomesOf([], { job: null, jobStatus: 'failure', ends: parseOutcomes(['lint: failure']) })).toEqual({ lint: 'failed' });
    expect(outcomesOf([], { job: null, jobStatus: 'success' })).toEqual({});
  });

  it('names the steps that failed and are no task', () => {
    expect(endsOf([['Notify Slack', 'failure'], ['Lint', 'failure'], ['Run npm ci', 'failure']])['job']?.failedSteps).toEqual(['Notify Slack', 'Run npm ci']);
  });

  it('may be explained by any report where nobody tells which step failed, and only there', () => {
    expect(endsOf([], { job: null, jobStatus: 'failure' })['job']?.explainedBy).toBe('any');
    expect(endsOf([['Run npm ci', 'failure'], ...OURS], { jobStatus: 'failure' })['job']?.explainedBy).toBeUndefined();
    expect(endsOf([['Run npm test', 'in_progress'], ...OURS], { jobStatus: 'failure' })['job']?.explainedBy).toBeUndefined();
  });

  it('joins a task that the caller called `job`', () => {
    expect(outcomesOf([['Run npm ci', 'failure']], { names: ['job'], ends: parseOutcomes(['job: success']) })).toEqual({ job: 'failed' });
  });
});

describe('a job that failed in an earlier run', () => {
  const known = ['job', 'test'];

  it.each([
    ['the steps tell that nothing failed', [...SET_UP, ['Run npm test', 'success'], ...OURS], {}],
    ['its status is a success', [...SET_UP, ...OURS], { jobStatus: 'success' }],
    ['its status is a success, and a step has a condition', [['Tell of the failure', 'skipped'], ...OURS], { jobStatus: 'success' }],
    ['only its status could be read', [], { job: null, jobStatus: 'success' }],
    ['only the step of a task failed', [...SET_UP, ['Run npm test', 'failure'], ...OURS], { jobStatus: 'failure' }],
  ] as const)('passes where %s', (_, told, overrides) => {
    expect(outcomesOf(told, { known, ...overrides })['job']).toBe('passed');
  });

  it.each([
    ['beside a failed task, its step was skipped', [['Run npm test', 'failure'], ['Tell the team', 'skipped'], ...OURS], { jobStatus: 'failure' }],
    ['one of its steps is not told yet', [['Run npm ci', 'in_progress'], ...OURS], {}],
    ['our own step cannot be told from others', [['Run npm ci', 'success'], ['Audit', 'in_progress']], {}],
    ['nothing is known', [], { job: null }],
    ['no steps could be read and a task is said to have failed', [], { job: null, jobStatus: 'failure', ends: parseOutcomes(['lint: failure']) }],
    ['a task of that name has reports', [...SET_UP, ...OURS], { jobStatus: 'success', specs: [{ task: 'job', format: null, patterns: ['out/*.xml'] }] }],
  ] as const)('does not pass where %s', (_, told, overrides) => {
    expect(outcomesOf(told, { known, ...overrides })['job']).toBeUndefined();
  });

  it('fails again, whatever was known', () => {
    expect(outcomesOf([['Run npm ci', 'failure'], ...OURS], { known, jobStatus: 'failure' })).toEqual({ job: 'failed' });
  });

  it('says nothing where it never failed', () => {
    expect(outcomesOf([...SET_UP, ...OURS], { known: ['test'], jobStatus: 'success' })).toEqual({});
  });
});

describe('a step that writes the report of a task', () => {
  const specs = [{ task: 'unit', format: null, patterns: ['out/vitest.xml'] }, { task: 'style', format: null, patterns: ['./out/eslint.json', '!out/old.json'] }];
  const names = ['unit', 'style'];

  it.each([
    ['Run npx vitest run --reporter=junit --outputFile=out/vitest.xml', 'unit'], ['Run npx eslint . -f json -o out/eslint.json', 'style'],
    ['Run npx eslint . -f json > ./out/eslint.json', 'style'], ['Run mkdir -p out && npx eslint . -o "out/eslint.json"', 'style'],
  ])('is its step: `%s`', (step, task) => {
    expect(outcomesOf([[step, 'failure']], { names, specs })).toEqual({ [task]: 'failed' });
  });

  it('is its step by the command in the workflow file, whatever its heading says', () => {
    const fileSteps = fileOf({ 1: { name: 'Check it', run: 'npx vitest run \\\n  --outputFile=out/vitest.xml\n' } });
    expect(outcomesOf([['Check it', 'failure']], { names, specs, fileSteps })).toEqual({ unit: 'failed' });
  });

  it('goes before words, and behind a name', () => {
    const told: ToldStep[] = [['Run npx eslint . -o out/unit.json', 'failure']];
    expect(outcomesOf(told, { names: ['eslint', 'unit'], specs: [{ task: 'unit', format: null, patterns: ['out/unit.json'] }] })).toEqual({ unit: 'failed' });
    expect(outcomesOf([['style', 'failure']], { names, specs, fileSteps: fileOf({ 1: { name: 'style', run: 'x out/vitest.xml' } }) })).toEqual({ style: 'failed' });
  });

  it('is of the task whose path is longest', () => {
    const both = [{ task: 'a', format: null, patterns: ['out/v.xml'] }, { task: 'b', format: null, patterns: ['app/out/v.xml'] }];
    expect(outcomesOf([['Run x -o app/out/v.xml', 'failure']], { names: ['a', 'b'], specs: both })).toEqual({ b: 'failed' });
  });

  it.each(['Run cat out/vitest.xml', 'Run test -s out/vitest.xml', 'Run curl -F f=@out/vitest.xml host', 'Run upload out/vitest.xml', 'Run x out/vitest.xml.bak', 'Run x layout/vitest.xml', 'Run x -o out/old.json'])('is no step of it that only uses it, or another: `%s`', (step) => {
    expect(outcomesOf([[step, 'success']], { names, specs })).toEqual({});
    expect(outcomesOf([[step, 'failure']], { names, specs })).toEqual({ job: 'failed' });
  });
});

describe('a command that no named task means', () => {
  it.each(['npm test', 'npm run lint', 'npx eslint .', 'cargo clippy', 'go test ./...', 'python -m pytest', 'CI=1 make test', 'pnpm -r run build', 'bundle exec rspec'])('is a task by what it begins with: `%s`', (command) => {
    expect(Object.values(outcomesOf([[`Run ${command}`, 'success']]))).toEqual(['passed']);
  });

  it.each(['test ! -f fail.txt', 'test -f x', '[ -d test ]', 'test "$A" = test', './deploy.sh staging test', 'node tools/seed.js --for e2e', 'npm ci --prefix lint'])('is none for a word that stands behind, or for the shell: `%s`', (command) => {
    expect(outcomesOf([[`Run ${command}`, 'success']])).toEqual({});
    expect(outcomesOf([[`Run ${command}`, 'failure']])).toEqual({ job: 'failed' });
  });

  it('is no part of a task called `test` for a question of the shell', () => {
    expect(outcomesOf([['Run test ! -f fail.txt', 'failure']], { names: ['test'] })).toEqual({ job: 'failed' });
  });
});

describe('an empty outcome', () => {
  it('leaves what the step says beside it, for reports to decide', () => {
    const ends = parseOutcomes(['lint: ']);
    expect(endsOf([['lint', 'success']], { names: ['lint'], ends })['lint']).toMatchObject({ outcome: 'unknown', empty: { otherwise: 'passed' } });
    expect(endsOf([['lint', 'failure']], { names: ['lint'], ends })['lint']).toMatchObject({ outcome: 'failed', empty: { otherwise: 'failed' } });
  });
});

describe('what GitHub did not tell yet', () => {
  it('is told of a task before our step', () => {
    expect(jobTasks(aRequest([['Run npm run lint', 'in_progress'], ...OURS])).problems.map(({ code }) => code)).toEqual(['JOB_UNKNOWN']);
    expect(jobTasks(aRequest([['Lint', 'queued'], ...OURS])).problems[0]?.message).toContain('Lint');
  });

  it('is not told of tasks behind our step, nor of our own step under a name of its own', () => {
    expect(jobTasks(aRequest([...OURS, ['Run npm run lint', 'queued']])).problems).toEqual([]);
    expect(jobTasks(aRequest([['Audit', 'in_progress']])).problems).toEqual([]);
  });
});

describe('commands and times', () => {
  it('takes the command of an unnamed step from its name', () => {
    expect(endsOf([['Run npm test -- --ci', 'success', 12]])).toEqual({ 'npm test -- --ci': { outcome: 'passed', commands: ['npm test -- --ci'], durationSeconds: 12 } });
  });

  it.each(['unit tests', 'pytest', 'go tests', 'python unit tests', 'eslint', 'npm test && \\'])('does not take what may be a heading, or a part, for a command: `Run %s`', (heading) => {
    const [end] = Object.values(endsOf([[`Run ${heading}`, 'success']], { names: [heading] }));
    expect(end?.outcome).toBe('passed');
    expect(end?.commands).toBeUndefined();
    expect(wantsWorkflowFile(aRequest([[`Run ${heading}`, 'success']]))).toBe(true);
  });

  it('takes the commands of a named step from the workflow file', () => {
    const run = '# all of it\nnpm run lint \\\n  -- --max-warnings 0\n\n  npm run types  \r\necho ${{ matrix.node }}\n';
    expect(endsOf([['Lint', 'success']], { fileSteps: fileOf({ 1: { name: 'Lint', run } }) })['Lint']?.commands).toEqual(['npm run lint -- --max-warnings 0', 'npm run types', 'echo ${{ matrix.node }}']);
  });

  it('says what it leaves out', () => {
    const run = Array.from({ length: 8 }, (_, at) => `npm run test${at} ${'x'.repeat(at === 0 ? 300 : 1)}`).join('\n');
    const commands = endsOf([['Test', 'success']], { fileSteps: fileOf({ 1: { name: 'Test', run } }) })['Test']?.commands ?? [];
    expect(commands).toHaveLength(6);
    expect(commands[0]).toMatch(/^npm run test0 x{185}…$/);
    expect(commands[5]).toBe('… and 3 more lines');
  });

  it('has no time for a step that was skipped, or whose clock went back', () => {
    expect(endsOf([['Lint', 'skipped', 5]])['Lint']).toEqual({ outcome: 'skipped' });
    expect(endsOf([['Lint', 'success', -5]])['Lint']).toEqual({ outcome: 'passed' });
  });

  it('adds up the times of a task of several steps', () => {
    expect(endsOf([['Run npm test', 'success', 5], ['Run npm run test:e2e', 'success', 7]], { names: ['test'] })['test']?.durationSeconds).toBe(12);
  });
});

describe('the workflow file', () => {
  const wants = (told: readonly ToldStep[], names: readonly string[] = []): boolean => wantsWorkflowFile(aRequest(told, { names }));

  it('is not needed where names show the commands', () => {
    expect(wants([...SET_UP, ['Run npm test', 'success'], ['Run npm run lint', 'success'], ...OURS], ['test', 'lint'])).toBe(false);
  });

  it('is needed for the command of a named step, for an id, and for what failed', () => {
    expect(wants([['Lint', 'success'], ...OURS])).toBe(true);
    expect(wants([['Run npm test', 'success'], ...OURS], ['smoke'])).toBe(true);
    expect(wants([['Prepare', 'failure'], ...OURS])).toBe(true);
  });

  it('is not needed because our own step has a name', () => {
    expect(wants([['Run npm test', 'success'], ['Audit', 'in_progress']], ['test'])).toBe(false);
  });
});

describe('any job', () => {
  const name = fc.oneof(fc.constantFrom('Run npm test', 'Lint', 'Audit', 'Build', 'Post Run x', '__proto__', 'constructor', ''), fc.string());
  const state = fc.oneof(fc.constantFrom('success', 'failure', 'cancelled', 'skipped', 'in_progress', 'queued'), fc.string());
  const told = fc.array(fc.tuple(name, state), { maxLength: 12 });
  const names = fc.uniqueArray(fc.constantFrom('test', 'lint', 'build', 'scan', 'job', '__proto__'), { maxLength: 4 });

  it('never passes where one of its steps failed', () => {
    fc.assert(fc.property(told, names, (steps, named) => {
      const { ends } = jobTasks(aRequest(steps, { names: named, ownActions: [] }));
      const hasFailed = steps.some(([, one]) => one === 'failure');
      expect([...ends.values()].some(({ outcome }) => outcome === 'failed')).toBe(hasFailed);
    }), { numRuns: 500 });
  });

  it('never passes a task of which no step succeeded', () => {
    fc.assert(fc.property(told, names, (steps, named) => {
      const { ends } = jobTasks(aRequest(steps, { names: named }));
      const passes = [...ends.values()].some(({ outcome }) => outcome === 'passed');
      expect(passes && !steps.some(([, one]) => one === 'success')).toBe(false);
    }), { numRuns: 500 });
  });
});
