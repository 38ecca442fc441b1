import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { policyFaults, unpinnedUses } from './policy.ts';
import { shownWorkflows } from './readme.ts';
import { workflowFaults } from './workflow-file.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (...path: readonly string[]): string => readFileSync(join(ROOT, ...path), 'utf8');
const SAMPLE = read('test', 'fixtures', 'workflows', 'audit.yml');
const OWN = readdirSync(join(ROOT, '.github', 'workflows')).filter((name) => /\.ya?ml$/.test(name));
const SHOWN = [{ name: 'the sample', yaml: SAMPLE }, ...shownWorkflows(read('README.md')).map(({ heading, line, yaml }) => ({ name: `README.md, line ${line}, ${heading}`, yaml }))];

describe('workflows that we show', () => {
  it.each(SHOWN)('$name: is one that GitHub takes', async ({ name, yaml }) => {
    expect(await workflowFaults(yaml, name)).toEqual([]);
  });

  it.each(SHOWN)('$name: keeps to the policy', ({ yaml }) => {
    expect(policyFaults(yaml)).toEqual([]);
  });
});

describe('workflows that we run', () => {
  it.each(OWN)('%s: is valid, keeps to the policy, and pins what it uses', async (name) => {
    const yaml = read('.github', 'workflows', name);
    expect(await workflowFaults(yaml, name)).toEqual([]);
    expect(policyFaults(yaml)).toEqual([]);
    expect(unpinnedUses(yaml)).toEqual([]);
  });
});

describe('the policy', () => {
  const without = (text: string, instead = ''): string => {
    expect(SAMPLE).toContain(text);
    return SAMPLE.replace(text, instead);
  };

  it('wants permissions of each job, or of all', () => {
    const own = '    permissions:\n      contents: write\n      pull-requests: write\n      checks: write\n';
    expect(policyFaults(without(own))).toEqual([]);
    expect(policyFaults(without(own).replace('permissions: {}\n', ''))).toEqual(['jobs.audit: it has no permissions of its own, and the workflow has none']);
  });

  it('wants a checkout to drop its credentials, unless the job pushes', () => {
    const kept = without('\n        with:\n          persist-credentials: false');
    expect(policyFaults(kept)).toEqual(['jobs.audit: step 1: it keeps the credentials (persist-credentials: false is missing)']);
    expect(policyFaults(kept.replace('echo linted', 'git push'))).toEqual([]);
    expect(policyFaults(without('persist-credentials: false', 'persist-credentials: true'))).toHaveLength(1);
  });

  it('wants a time limit of each job', () => {
    expect(policyFaults(without('    timeout-minutes: 15\n'))).toEqual(['jobs.audit: it has no timeout-minutes']);
  });

  it.each(['${{ github.event.issue.title }}', '${{github.event.x}}', "${{ format('{0}', github.head_ref) }}", "${{ github['event'].x }}", '${{ toJSON(github.event) }}'])('takes no %s inside of a script', (expression) => {
    expect(policyFaults(without('echo linted', `echo "${expression}"`))).toEqual(['jobs.audit: step 3: it puts text of the event into its script']);
  });

  it('lets the name of the event stand in a script', () => {
    expect(policyFaults(without('echo linted', 'echo ${{ github.event_name }} ${{ github.event_path }}'))).toEqual([]);
  });

  it.each(['on: pull_request_target', 'on: [push, pull_request_target]', 'on: { pull_request_target: { types: [opened] } }'])('takes no `%s`', (on) => {
    expect(policyFaults(SAMPLE.replace(/^on:\n(?: .*\n)+/m, `${on}\n`))).toEqual(['it runs on pull_request_target']);
  });

  it('knows what a tag can move', () => {
    expect(unpinnedUses(SAMPLE)).toEqual(['actions/checkout@v6', 'OWNER/audit-run-log@v1']);
    expect(unpinnedUses(without('actions/checkout@v6', `actions/checkout@${'a'.repeat(40)} # v6`))).toEqual(['OWNER/audit-run-log@v1']);
  });
});
