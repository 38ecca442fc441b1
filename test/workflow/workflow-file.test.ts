import { describe, expect, it } from 'vitest';
import { NotSupportedYet, WorkflowError } from './errors.ts';
import { readWorkflow } from './workflow-file.ts';

const job = (body: string): string => `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    ${body}\n`;

describe('a workflow file', () => {
  it('gives values as text, and nothing for an empty one', async () => {
    const { jobs } = await readWorkflow(job('steps: [{ run: ls, env: { A: 1, B: true, C: , D: 0x10 }, continue-on-error: true }]'));
    expect(jobs['a']?.steps[0]).toMatchObject({ env: { A: '1', B: 'true', C: '', D: '16' }, 'continue-on-error': 'true', with: {} });
  });

  it.each([
    ['an unknown key', job('nope: 1\n    steps: [{ run: ls }]'), 'nope'], ['an unknown permission', job('permissions: { content: read }\n    steps: [{ run: ls }]'), 'content'],
    ['an id that is used twice', job('steps: [{ id: x, run: ls }, { id: x, run: ls }]'), "identifier 'x'"], ['an unknown job in needs', `${job('steps: [{ run: ls }]')}  b: { needs: c, runs-on: ubuntu-latest, steps: [{ run: ls }] }\n`, 'unknown job'],
    ['a context that its place does not have', job('steps: [{ if: stps.x, run: ls }]'), 'stps'], ['a secret in a condition', job('steps: [{ if: secrets.A, run: ls }]'), 'secrets'], ['an event that does not exist', job('steps: [{ run: ls }]').replace('push', 'pushed'), 'pushed'],
    ['YAML that is none', 'on: [', 'Flow'],
  ])('with %s is refused as GitHub would', async (_, yaml, told) => {
    await expect(readWorkflow(yaml)).rejects.toThrow(WorkflowError);
    await expect(readWorkflow(yaml)).rejects.toThrow(told);
  });

  it.each([
    ['a matrix', job('strategy: { matrix: { n: [1, 2] } }\n    steps: [{ run: ls }]'), 'jobs.a: strategy'], ['services', job('services: { db: { image: x } }\n    steps: [{ run: ls }]'), 'jobs.a: services'],
    ['a container', job('container: node:24\n    steps: [{ run: ls }]'), 'jobs.a: container'], ['a call of another workflow', 'on: push\njobs: { a: { uses: ./.github/workflows/b.yml } }', 'jobs.a'],
    ['an environment', job('environment: live\n    steps: [{ run: ls }]'), 'jobs.a: environment'], ['another system', job('steps: [{ run: ls }]').replace('ubuntu', 'windows'), 'windows-latest'],
    ['a job that may fail', job('continue-on-error: true\n    steps: [{ run: ls }]'), 'continue-on-error'],
  ])('that asks for %s is told as not supported, never run without it', async (_, yaml, told) => {
    await expect(readWorkflow(yaml)).rejects.toThrow(NotSupportedYet);
    await expect(readWorkflow(yaml)).rejects.toThrow(told);
  });
});
