import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchSteps, readWorkflowSteps } from '../../../src/host/github/workflow-file.ts';
import type { WorkflowStep } from '../../../src/model/job.ts';
import { aJob, type ToldStep } from '../../collect/a-job.ts';

const CI = `
name: CI
on: push
jobs:
  audit:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
      - run: npm ci
      - name: Unit tests on \${{ matrix.os }}
        id: test
        run: |
          # the quick ones
          npm test -- --os "\${{ matrix.os }}"
      - name: Lint
        run: npm run lint
      - uses: octo/audit-run-log@v1
  other:
    steps:
      - name: Lint
        run: npm run other
`;

const TOLD: readonly ToldStep[] = [
  ['Set up job', 'success'], ['Run actions/checkout@v7', 'success'], ['Run npm ci', 'success'], ['Unit tests on ubuntu-26.04', 'success'], ['Lint', 'skipped'],
  ['Run octo/audit-run-log@v1', 'in_progress'], ['Post Run actions/checkout@v7', 'queued'],
];

function read(text: string | null, told: readonly ToldStep[] = TOLD, job = 'audit') {
  return readWorkflowSteps({ text, path: '.github/workflows/ci.yml', job, steps: aJob(...told).steps });
}

function runsOf(text: string, told: readonly ToldStep[] = TOLD): Record<number, string | undefined> {
  return Object.fromEntries([...read(text, told).steps].map(([number, step]) => [number, step.run ?? step.uses]));
}

describe('the steps of a workflow file', () => {
  it('belong to the steps of the job by order and shown name', () => {
    const { steps, problems } = read(CI);
    expect(problems).toEqual([]);
    expect([...steps.keys()]).toEqual([2, 3, 4, 5, 6]);
    expect(steps.get(4)).toEqual({ index: 2, id: 'test', name: 'Unit tests on ${{ matrix.os }}', run: '# the quick ones\nnpm test -- --os "${{ matrix.os }}"\n' });
    expect(steps.get(5)?.run).toBe('npm run lint');
  });

  it('are those of the job, and of no other one', () => {
    expect(read(CI, [['Lint', 'success']], 'other').steps.get(1)?.run).toBe('npm run other');
  });

  it('stand in their order where names repeat', () => {
    const text = 'jobs:\n  audit:\n    steps:\n      - {name: Check, run: first}\n      - {name: Check, run: second}\n';
    expect(runsOf(text, [['Check', 'success'], ['Check', 'success']])).toEqual({ 1: 'first', 2: 'second' });
  });

  it('are left out where no step shows their name', () => {
    const text = 'jobs:\n  audit:\n    steps:\n      - {name: Gone, run: a}\n      - {name: Here, run: b}\n      - {}\n      - 7\n';
    expect(runsOf(text, [['Here', 'success']])).toEqual({ 1: 'b' });
  });

  it('are found by their first line where they have no name, expressions open', () => {
    const text = 'jobs:\n  audit:\n    steps:\n      - run: "\\n  npm run ${{ inputs.script }} -- ${{ inputs.flags }}\\nnpm run more"\n';
    expect(Object.keys(runsOf(text, [['Run npm run build -- --fast', 'success']]))).toEqual(['1']);
    expect(runsOf(text, [['Run npm ci', 'success']])).toEqual({});
  });

  it('are not found where a part of their name would stand for two', () => {
    const text = 'jobs:\n  audit:\n    steps:\n      - {name: "a${{ x }}b${{ y }}b", run: a}\n';
    expect(runsOf(text, [['ab', 'success']])).toEqual({});
    expect(runsOf(text, [['a-b-b', 'success']])).toEqual({ 1: 'a' });
  });

  it('are found below `parallel`, and by names that are numbers', () => {
    const text = 'jobs:\n  audit:\n    steps:\n      - parallel:\n          - {name: One, run: a}\n          - {name: 2, run: b}\n      - wait-all:\n';
    expect(runsOf(text, [['One', 'success'], ['2', 'success']])).toEqual({ 1: 'a', 2: 'b' });
  });

  it('are read through anchors, which GitHub allows', () => {
    const text = 'jobs:\n  one:\n    steps: &steps\n      - &lint {name: Lint, run: npm run lint}\n      - *lint\n  audit:\n    steps: *steps\n';
    expect(runsOf(text, [['Lint', 'success'], ['Lint', 'success']])).toEqual({ 1: 'npm run lint', 2: 'npm run lint' });
  });
});

describe('a workflow file that cannot be used', () => {
  const bomb = `a: &a [x, x]\n${Array.from({ length: 20 }, (_, at) => `b${at}: &b${at} [*${at === 0 ? 'a' : `b${at - 1}`}, *${at === 0 ? 'a' : `b${at - 1}`}]`).join('\n')}\njobs:\n  audit:\n    steps: *b19\n`;

  it.each([
    ['is out of reach', null, 'could not be read'],
    ['is no YAML', 'jobs: [', 'not valid YAML'],
    ['is empty', '', 'no job `audit`'],
    ['is a list', '- a\n', 'no job `audit`'],
    ['has no such job', 'jobs:\n  test:\n    steps: []\n', 'no job `audit`'],
    ['calls another workflow in its place', 'jobs:\n  audit:\n    uses: ./.github/workflows/x.yml\n', 'no job `audit`'],
    ['names a step list that is none', 'jobs:\n  audit:\n    steps: {a: b}\n', 'no job `audit`'],
    ['holds a key twice', 'jobs:\n  audit: {steps: []}\n  audit: {steps: []}\n', 'not valid YAML'],
    ['is above any size that GitHub takes', `jobs: ${'#'.repeat(10_000_000)}`, 'at most'],
    ['is nested without end', `jobs: ${'['.repeat(20_000)}${']'.repeat(20_000)}`, 'levels deep'],
    ['opens brackets without end', '['.repeat(20_000), 'levels deep'],
    ['nests maps without end', `jobs: ${'{a: '.repeat(3_000)}1${'}'.repeat(3_000)}`, 'levels deep'],
    ['nests lists without end', `${'- '.repeat(3_000)}1\n`, 'levels deep'],
    ['nests keys without end', `${'? '.repeat(3_000)}a\n`, 'levels deep'],
    ['has more steps than any job', `jobs:\n  audit:\n    steps:\n${'      - {run: a}\n'.repeat(1_001)}`, 'more than 1000 steps'],
    ['is two documents', 'jobs: {}\n---\njobs: {}\n', 'not valid YAML'],
    ['names an anchor that is not there', 'jobs:\n  audit:\n    steps: *gone\n', 'it'],
    ['follows too many aliases', `x: &x {run: a}\njobs:\n  audit:\n    steps:\n${'      - *x\n'.repeat(600)}`, 'aliases'],
  ])('is told, and gives no step: it %s', (_, text, words) => {
    const { steps, problems } = read(text);
    expect(steps.size).toBe(0);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ code: 'WORKFLOW_UNREADABLE', path: '.github/workflows/ci.yml' });
    expect(problems[0]?.message).toContain(words);
  });

  it('expands nothing that grows', () => {
    expect(read(bomb).steps.size).toBe(0);
  });

  it('does not go round where steps hold themselves', () => {
    expect(runsOf('jobs:\n  audit:\n    steps: &s\n      - {name: A, run: a}\n      - parallel: *s\n      - *s\n', [['A', 'success'], ['A', 'success']])).toEqual({ 1: 'a', 2: 'a' });
  });

  it('runs no tag, and finds no job in a prototype', () => {
    expect(read('jobs:\n  audit:\n    steps:\n      - !!js/function {name: A, run: a}\n').problems.length).toBeLessThanOrEqual(1);
    for (const job of ['__proto__', 'constructor', 'toString']) expect(read('jobs: {}\n', TOLD, job).problems).toHaveLength(1);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.stringMatching(/^(?:[-:&*!{}[\]#|> \na-z]){0,80}$/).map((text) => `jobs:\n  audit:\n    steps:\n${text}`)), (text) => {
      expect(read(text).problems.length).toBeLessThanOrEqual(1);
    }), { numRuns: 500 });
  });
});

describe('matching', () => {
  const words = fc.constantFrom('Lint', 'Test', 'Build it', 'Scan ${{ matrix.a }}', '${{ inputs.a }} twice ${{ inputs.b }}', 'a.*b', '(x');

  it('gives every step back that GitHub shows, with steps of its own around them', () => {
    fc.assert(fc.property(fc.array(words, { maxLength: 8 }), fc.stringMatching(/^[a-z0-9.-]{0,6}$/), (names, value) => {
      const listed = names.map((name, index): WorkflowStep => ({ index, name, run: String(index) }));
      const told: ToldStep[] = [['Set up job', 'success'], ...names.map((name): ToldStep => [name.replace(/\$\{\{.*?\}\}/g, value), 'success']), ['Complete job', 'queued']];
      expect([...matchSteps(aJob(...told).steps, listed)].map(([number, { index }]) => [number, index])).toEqual(names.map((_, at) => [at + 2, at]));
    }));
  });
});
