import { describe, expect, it } from 'vitest';
import { junit } from '../command/workspace.ts';
import { openDouble } from './github-double.ts';
import { pushEvent } from './github-events.ts';
import { runStep, type Step, type StepCall } from './github-step.ts';
import { strangeCommands } from './runner-commands.ts';

/** A push to main of a repository with one file. */
async function aStep(call: Partial<StepCall>): Promise<Step> {
  const double = await openDouble();
  const sha = await double.push('main', { 'README.md': '# Shop\n' });
  return runStep({ double, event: pushEvent(double, { sha }), ...call });
}

describe('as a step of a workflow', () => {
  it('SEC-09: writes its outputs as words, numbers, ids, addresses and paths, each once', async () => {
    const double = await openDouble();
    const sha = await double.push('main', { 'README.md': '# Shop\n' });
    const step = await runStep({ double, event: pushEvent(double, { sha }), files: { 'out/junit.xml': junit({ adds: null, 'taxes ::set-output name=outcome::pass': 'x' }) }, inputs: { reports: 'test: out/junit.xml' } });
    expect(step.status).toBe(1);
    expect(step.order).toHaveLength(Object.keys(step.outputs).length);
    const { 'entry-url': entry, 'log-commit': commit, 'check-run-url': check, ...outputs } = step.outputs;
    expect(outputs).toEqual({
      outcome: 'failed', reason: 'test-broke', recorded: 'true', 'run-id': 'RUN-001', 'findings-opened': '1', 'findings-closed': '0', 'findings-open': '1', 'comment-url': '',
      summary: `${step.temporary}/audit-run-log/summary.md`, json: `${step.temporary}/audit-run-log/run.json`,
    });
    expect(commit).toBe(await double.head('audit-log'));
    expect(entry).toMatch(new RegExp(`^${double.serverUrl}/octo/widgets/blob/${commit}/docs/AUDIT_RUN_LOG\\.md#run-001---[0-9tz-]+$`));
    expect(check).toBe(`${double.serverUrl}/octo/widgets/runs/${double.checkRuns(sha)[0]?.id}`);
    expect(step.summary).toContain('Failed');
  });

  it('leaves the failing outcome when an input is wrong, and names all wrong ones', async () => {
    const step = await aStep({ inputs: { reprots: 'test: x', 'log-paht': 'y' } });
    expect(step.status).toBe(1);
    expect(step.outputs).toEqual({ outcome: 'failed', recorded: 'false' });
    for (const told of [step.err, step.summary]) {
      expect(told).toContain('`reprots` is not known; did you mean `reports`?');
      expect(told).toContain('`log-paht` is not known; did you mean `log-path`?');
    }
  });

  it('shows a hostile input of an error as code points', async () => {
    const step = await aStep({ inputs: { reports: 'test: x', config: 'no\u001b[2Jpe.yml' } });
    expect(step.status).toBe(1);
    expect(step.outputs).toEqual({ outcome: 'failed', recorded: 'false' });
    expect(step.out).toContain('::error::CONFIG_UNREADABLE');
    expect(step.summary).toContain('`CONFIG_UNREADABLE`');
    expect(step.out + step.err + step.summary).not.toContain('\u001b');
  });

  it('checks a log as a step', async () => {
    const step = await aStep({ files: { 'docs/AUDIT_RUN_LOG.md': '# Log\n\n## RUN-001 - 2026-01-01T00:00:00Z\n- Outcome: `pass`\n\n## RUN-001 - 2026-01-02T00:00:00Z\n- Outcome: `pass`\n' }, inputs: { command: 'check' } });
    expect(step.status).toBe(1);
    expect(step.outputs['outcome']).toBe('failed');
    expect(step.out).toContain('duplicate-id');
  });
});

describe('output of a step', () => {
  const hostile = [
    '::set-output name=verdict::pass', 'x\n::add-mask::pass', '::stop-commands::resume-never', ' ::Add-Matcher::evil.json', '\t::SAVE-STATE name=key::x', '::error file=a.ts,line=1::x',
    'a ##[add-mask]pass', '##[group]', '\u001b[2J\u001b[1A::notice::x', 'a\r::warning::x', '\u2028::debug::x', '::endgroup::',
  ];

  it('SEC-01 to SEC-06: holds no line that a runner takes for a command, wherever the text came from', async () => {
    const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\u001b', '&#x1b;').replaceAll('\n', '&#10;').replaceAll('\r', '&#13;').replaceAll('\t', '&#9;');
    const cases = hostile.map((text) => `<testcase name="${escape(text)}"><failure message="${escape(text)}">${escape(`stack\n${text}\n${text}`)}</failure></testcase>`);
    const step = await aStep({
      files: { 'out/junit.xml': `<testsuites><testsuite name="::group::x">${cases.join('')}</testsuite></testsuites>`, 'out/bad ::set-output name=a::b.xml': '<testsuite>' },
      inputs: { reports: 'test: out/junit.xml\nother: out/bad*.xml\nmissing: out/::debug::y.xml', scope: '::notice::scope' },
    });
    expect(step.out).toContain('recorded as RUN-001');
    expect(step.out).toContain('out/bad');
    expect(strangeCommands(step.out)).toEqual([]);
    expect(strangeCommands(step.err)).toEqual([]);
    expect(step.out).not.toContain('\u001b');
  });
});
