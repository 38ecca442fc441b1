import { describe, expect, it } from 'vitest';
import { renderFailedCheck, renderFailure, renderUnread, type Unread } from '../../src/render/failure.ts';
import { aRun, aTask, failingTest, lintFinding } from '../model/run-builder.ts';
import { someCounts } from './audit-builder.ts';

const NOT_RECORDED = { state: false } as const;

describe('the summary of a run without an audit', () => {
  it('says that nothing is proven, what went wrong, and what to do', () => {
    const text = renderFailure([{ code: 'TOKEN_REFUSED', message: 'Reading the repository: GitHub does not take the token.' }], NOT_RECORDED);
    expect(text).toContain('### ❌ No audit could be made, so nothing is proven');
    expect(text).toContain('`TOKEN_REFUSED` Reading the repository: GitHub does not take the token.');
    expect(text).toContain('To do: The token has ended or was revoked');
    expect(text).toContain('The outcome is `failed`');
  });

  it('SEC-13: shows hostile text as text', () => {
    const text = renderFailure([{ code: 'CONFIG_INVALID', message: 'x: <img src=x onerror=y> @team [a](javascript:b) ::error::c' }], NOT_RECORDED);
    expect(text).toContain('x: `<img src=x onerror=y>` `@team` \\[a]\\(javascript:b) `::error::c`');
  });

  it('counts problems past the twentieth', () => {
    const problems = Array.from({ length: 25 }, (_, at) => ({ code: 'INVALID_INPUT', message: `number ${at}` }) as const);
    expect(renderFailure(problems, NOT_RECORDED)).toContain('5 more are told in the log of the step.');
  });

  it('says what is known of the entry: it is there, it is not, or nobody knows', () => {
    const problems = [{ code: 'UNEXPECTED', message: 'a fault' }] as const;
    expect(renderFailure(problems, NOT_RECORDED)).toContain('no entry was recorded');
    const recorded = renderFailure(problems, { state: true, runId: 'RUN-007' });
    expect(recorded).toContain('### ❌ The audit was recorded, but could not be shown');
    expect(recorded).toContain('The entry **RUN-007** is in the run log');
    const unknown = renderFailure(problems, { state: 'unknown' });
    expect(unknown).toContain('Whether the entry was recorded is not known');
    for (const text of [recorded, unknown]) expect(text).not.toMatch(/no entry was recorded|No audit/);
  });
});

describe('the check of an audit that could not be made', () => {
  it('fails under the name of the audit, and says what to do', () => {
    const { summary, ...head } = renderFailedCheck('Nightly', [{ code: 'CONFIG_INVALID', message: 'x: unknown key.' }]);
    expect(head).toEqual({ name: 'Nightly', conclusion: 'failure', title: 'No audit could be made: CONFIG_INVALID' });
    expect(summary).toContain('To do: Mend every line listed');
  });

  it('fits into a check, however much there is to tell', () => {
    const problems = Array.from({ length: 40 }, () => ({ code: 'CONFIG_INVALID', message: '&\u3042'.repeat(2_000) }) as const);
    const { summary } = renderFailedCheck('Audit', problems);
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(60_000);
    expect(summary).toMatch(/\d+ more are told in the log of the step\./);
  });
});

describe('the summary of a run that could not be compared', () => {
  const cause = { problems: [{ code: 'RATE_LIMITED', message: 'Reading the repository: too many requests were made.' }] } as const;
  const unread: Unread = { cause, configuration: 'unread', links: {} };
  const run = aRun({
    tasks: [aTask('test', { outcome: 'failed', counts: someCounts({ tests: 3, passed: 2, failures: 1 }) }), aTask('lint', { outcome: 'failed', counts: someCounts({ findings: 2 }) }), aTask('types')],
    findings: [lintFinding('a\nb\n', 2), failingTest('adds up')],
    problems: [...cause.problems, { code: 'NO_MATCH', message: 'types: nothing matches out/types.txt.' }],
  });

  it('tells why, what each task did and what was found, the worst first, and records nothing', () => {
    const text = renderUnread(run, unread);
    expect(text).toContain('### ❌ What was known before could not be read, so nothing is proven\n\n`RATE_LIMITED` Reading the repository: too many requests were made.\n\nTo do: Run the job again after');
    expect(text).toContain('| test | **failed** | 2 passed, 1 failed | not known |\n| lint | **failed** | 2 findings | not known |\n| types | passed | no findings | not known |');
    expect(text).toContain('**2 findings in the reports**\n\n- **P1** `adds up` failed\n- **P2** `src/a.ts:2` unused (`no-unused-vars`)\n');
    expect(text).toContain('- `NO_MATCH` types: nothing matches');
    expect(text.match(/RATE\\?_LIMITED/g)).toHaveLength(1);
    expect(text).toContain('no entry was recorded');
  });

  it('says of no finding that it is new, was here before or is mended', () => {
    for (const one of [run, aRun(), { ...run, findings: [] }]) expect(renderUnread(one, unread)).not.toMatch(/first audit|\bopen(s|ed)\b|\bclose[sd]?\b|taken as here|\d new|as before/i);
  });

  it('says so where inputs and defaults alone decided', () => {
    expect(renderUnread(run, unread)).toContain('The configuration file could not be read either');
    expect(renderUnread(run, { ...unread, configuration: 'read' })).not.toContain('onfiguration');
  });

  it('SEC-13: shows hostile text as text', () => {
    const text = renderUnread(aRun({ tasks: [aTask('a|b <b>x</b>')], findings: [lintFinding('a\n', 1, { title: '@team <img src=x>', path: 'a`b.ts' })] }), { ...unread, cause: { problems: [] } });
    expect(text).toContain('`@team` `<img src=x>`');
    expect(text).not.toMatch(/(?<!`)<(?:img|b)\b/);
  });

  it('fits into a job summary, and says how much it leaves out', () => {
    const many = (length: number) => Array.from({ length }, (_, at) => at);
    const title = 'ü'.repeat(2_000);
    const text = renderUnread(aRun({ tasks: many(2_000).map((at) => aTask(`${title}${at}`, { commands: [title, title, title] })), findings: many(5_000).map((at) => failingTest(`${title}${at}`, { title })) }), unread);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_000_000);
    expect(text).toMatch(/and [\d,]+ more checks in the reports/);
    expect(text).toMatch(/and [\d,]+ more \(P1\) in the reports/);
  });
});
