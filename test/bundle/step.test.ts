import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../host/local/temporary-repository.ts';
import { junit } from '../command/workspace.ts';
import { aRepository, start, type Started } from './program.ts';
import { runnerCommands } from './runner-commands.ts';

type Step = Started & Readonly<{ outputs: ReadonlyMap<string, string>; order: readonly string[]; summary: string }>;

/** As a runner starts an action: no arguments, inputs in the environment, files for outputs and summary. */
function runStep(cwd: string, inputs: Readonly<Record<string, string>>): Step {
  const folder = temporaryFolder();
  const files = { output: join(folder, 'output'), summary: join(folder, 'summary') };
  const env = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
  for (const path of Object.values(files)) writeFileSync(path, '');
  const started = start([], { cwd, env: { ...env, GITHUB_ACTIONS: 'true', GITHUB_OUTPUT: files.output, GITHUB_STEP_SUMMARY: files.summary } });
  const pairs = readOutputs(readFileSync(files.output, 'utf8'));
  return { ...started, outputs: new Map(pairs), order: pairs.map(([name, value]) => `${name}=${value}`), summary: readFileSync(files.summary, 'utf8') };
}

/** `name<<DELIMITER`, lines, `DELIMITER`. https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#multiline-strings */
function readOutputs(text: string): [string, string][] {
  return [...text.matchAll(/^([^\n=<]+)<<(\S+)\n([\s\S]*?)\n?\2\n/gm)].map(([, name = '', , value = '']) => [name, value]);
}

describe('as a step of a workflow', () => {
  it('SEC-09: writes its outputs as words, numbers and ids, the failing outcome first', () => {
    const repository = aRepository();
    repository.write('out/junit.xml', junit({ adds: null, 'taxes ::set-output name=outcome::pass': 'x' }));
    const step = runStep(repository.root, { reports: 'test: out/junit.xml', 'working-directory': '.' });
    expect(step.status).toBe(1);
    expect(step.order.slice(0, 2)).toEqual(['outcome=failed', 'recorded=false']);
    expect(Object.fromEntries(step.outputs)).toEqual({ outcome: 'failed', reason: 'test-broke', recorded: 'true', 'run-id': 'RUN-001', 'findings-opened': '1', 'findings-closed': '0', 'findings-open': '1' });
    expect(step.summary).toContain('Failed');
  });

  it('leaves the failing outcome when an input is wrong, and names all wrong ones', () => {
    const step = runStep(aRepository().root, { reprots: 'test: x', 'log-paht': 'y' });
    expect(step.status).toBe(1);
    expect(step.outputs.get('outcome')).toBe('failed');
    expect(step.err).toContain('`reprots` is not known; did you mean `reports`?');
    expect(step.err).toContain('`log-paht` is not known; did you mean `log-path`?');
  });

  it('shows a hostile input of an error as code points', () => {
    const step = runStep(aRepository().root, { reports: 'test: x', config: 'no\u001b[2Jpe.yml' });
    expect(step.status).toBe(1);
    expect(step.out).toContain('::error::');
    expect(step.out + step.err).not.toContain('\u001b');
  });

  it('checks a log as a step', () => {
    const repository = aRepository();
    repository.write('docs/AUDIT_RUN_LOG.md', '# Log\n\n## RUN-001 - 2026-01-01T00:00:00Z\n- Outcome: `pass`\n\n## RUN-001 - 2026-01-02T00:00:00Z\n- Outcome: `pass`\n');
    const step = runStep(repository.root, { command: 'check' });
    expect(step.status).toBe(1);
    expect(step.out).toContain('duplicate-id');
  });
});

describe('output of a step', () => {
  const hostile = [
    '::set-output name=verdict::pass', 'x\n::add-mask::pass', '::stop-commands::resume-never', ' ::Add-Matcher::evil.json', '\t::SAVE-STATE name=key::x', '::error file=a.ts,line=1::x',
    'a ##[add-mask]pass', '##[group]', '\u001b[2J\u001b[1A::notice::x', 'a\r::warning::x', '\u2028::debug::x', '::endgroup::',
  ];

  it('SEC-01 to SEC-06: holds no line that a runner takes for a command, wherever the text came from', () => {
    const repository = aRepository();
    const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\u001b', '&#x1b;').replaceAll('\n', '&#10;').replaceAll('\r', '&#13;').replaceAll('\t', '&#9;');
    const cases = hostile.map((text) => `<testcase name="${escape(text)}"><failure message="${escape(text)}">${escape(`stack\n${text}\n${text}`)}</failure></testcase>`);
    repository.write('out/junit.xml', `<testsuites><testsuite name="::group::x">${cases.join('')}</testsuite></testsuites>`);
    repository.write('out/bad ::set-output name=a::b.xml', '<testsuite>');
    const started = runStep(repository.root, { reports: 'test: out/junit.xml\nother: out/bad*.xml\nmissing: out/::debug::y.xml', scope: '::notice::scope' });
    expect(started.out).toContain('── Entry (in docs/AUDIT_RUN_LOG.md) ──');
    expect(started.out).toContain('P1');
    expect(runnerCommands(started.out)).toEqual([]);
    expect(runnerCommands(started.err)).toEqual([]);
    expect(started.out).not.toContain('\u001b');
  });
});
