import { existsSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eslint, junit, Workspace, type LintMessage } from './workspace.ts';

const LOG = 'docs/AUDIT_RUN_LOG.md';
const TEST = ['--reports', 'test: out/junit.xml'];

let workspace: Workspace;
beforeEach(() => { workspace = new Workspace(); });
afterEach(() => { workspace.remove(); });

describe('one recording', () => {
  it('makes the log where there is none, with index row, entry, record, ledger and checks', async () => {
    workspace.write('out/junit.xml', junit({ adds: null, taxes: null }));
    const { status, answer } = await workspace.record(...TEST);
    expect(status).toBe(0);
    expect(answer).toMatchObject({ outcome: 'pass-with-known-gaps', reason: 'first audit: nothing to compare with yet', recorded: true, runId: 'RUN-001', recordPath: 'docs/audit/runs/2026/11/RUN-001.json' });
    const log = workspace.read(LOG);
    expect(log).toMatch(/^\| RUN-001 \| N\/A \| 2026-11-22T14:07:31Z \| main \| [0-9a-f]{40} \| audit-only \| pass-with-known-gaps \| docs\/ \|$/m);
    expect(log).toContain('## RUN-001 - 2026-11-22T14:07:31Z\n');
    expect(log).toContain(answer.entry);
    expect(JSON.parse(workspace.read('docs/audit/runs/2026/11/RUN-001.json'))).toMatchObject({ schema: 1, runId: 'RUN-001', sequence: 1, outcome: 'pass-with-known-gaps' });
    expect(workspace.read('docs/audit/branches/main/findings.ndjson')).toBe('{"schema":1,"branch":"main"}\n');
    expect(JSON.parse(workspace.read('docs/audit/branches/main/checks.json'))).toMatchObject({ last: { run: 'RUN-001' }, tasks: { test: { kind: 'test' } } });
  });

  it('opens a failing test, closes the same id when it is mended, and keeps the old entry byte for byte', async () => {
    workspace.write('out/junit.xml', junit({ adds: null, taxes: null }));
    await workspace.record(...TEST);
    workspace.write('out/junit.xml', junit({ adds: null, taxes: 'expected 12' }));
    const broken = await workspace.record(...TEST);
    expect(broken.status).toBe(1);
    expect(broken.answer).toMatchObject({ outcome: 'failed', reason: '1 test broke', runId: 'RUN-002' });
    const before = workspace.read(LOG);
    workspace.write('out/junit.xml', junit({ adds: null, taxes: null }));
    const mended = await workspace.record(...TEST);
    expect(mended.answer).toMatchObject({ outcome: 'pass', runId: 'RUN-003' });
    expect(mended.answer.findings.closed).toEqual([expect.objectContaining({ id: broken.answer.findings.opened[0]?.id, evidence: 'the test ran and passed' })]);
    const entry = before.slice(before.indexOf('## RUN-002'), before.indexOf('## Entry Template'));
    expect(workspace.read(LOG)).toContain(entry.trimEnd());
  });

  it.each([
    ['is missing (SEC-64)', null, 'NO_MATCH'],
    ['is empty (SEC-37)', '', 'EMPTY_REPORT'],
    ['is blank (SEC-37)', ' \n', 'NOT_A_REPORT'],
    ['is an error page (SEC-37)', '<!doctype html><title>Bad gateway</title>', 'NOT_A_REPORT'],
    ['is an archive (SEC-37)', 'PK\u0003\u0004\0\0', 'NOT_A_REPORT'],
    ['is a picture (SEC-37)', Buffer.from('89504e470d0a1a0a', 'hex'), 'NOT_A_REPORT'],
    ['is cut (SEC-33)', junit({ adds: null, taxes: null }).slice(0, -20), 'INCOMPLETE'],
    ['lists no test (SEC-38)', '<testsuites tests="0"/>', 'NO_TESTS'],
    ['declares an entity (SEC-27)', '<!DOCTYPE a [<!ENTITY h SYSTEM "file:///etc/hostname">]><testsuite><testcase name="&h;"/></testsuite>', 'DTD_REFUSED'],
  ])('closes nothing and is no pass when a report %s, however often', async (_, report, code) => {
    workspace.write('out/junit.xml', junit({ taxes: 'expected 12' }));
    await workspace.record(...TEST);
    workspace.git('clean', '-fdxq', 'out');
    if (report !== null) workspace.write('out/junit.xml', report);
    for (const _again of [1, 2]) {
      const { status, answer } = await workspace.record(...TEST);
      expect(status).toBe(1);
      expect(answer.outcome).toBe('failed');
      expect(answer.findings.closed).toEqual([]);
      expect(answer.findings.unverified.map(({ rule }) => rule)).toEqual(['test']);
      expect(answer.problems.map((problem) => problem.code)).toContain(code);
    }
  });

  it('tells of an empty outcome, which keeps no complete report from passing, and passes nothing by itself', async () => {
    workspace.write('out/junit.xml', junit({ adds: null }));
    await workspace.record(...TEST);
    const beside = await workspace.record(...TEST, '--outcomes', 'test: ');
    expect(beside.answer.outcome).toBe('pass');
    expect(beside.answer.problems.map(({ code }) => code)).toEqual(['OUTCOME_EMPTY']);
    const alone = await workspace.record(...TEST, '--outcomes', 'lint: ');
    expect(alone.answer.outcome).not.toBe('pass');
    expect(alone.answer.problems.map(({ code }) => code)).toEqual(['OUTCOME_EMPTY']);
  });

  it('SEC-61: does not follow a report that is a link out of the repository, and says so', async () => {
    workspace.write('out/a.xml', junit({ adds: null }));
    symlinkSync('/proc/self/environ', join(workspace.root, 'out/b.xml'));
    const { status, answer } = await workspace.record('--reports', 'test: out/*.xml');
    expect(status).toBe(1);
    expect(answer.outcome).toBe('failed');
    expect(answer.problems.map((problem) => problem.code)).toEqual(['SYMLINK']);
    expect(JSON.stringify(answer)).not.toContain('PATH=');
  });

  it('SEC-83: takes no time from a report, however odd the times in it', async () => {
    const times = ['2016-12-31T23:59:60Z', '2100-02-29T00:00:00Z', '+10000-01-01T00:00:00Z', '2026-10-25T02:30:00', '1767225600000', 'yesterday', ''];
    workspace.write('out/junit.xml', `<testsuites>${times.map((time, at) => `<testsuite name="s${at}" timestamp="${time}" time="NaN"><testcase name="t" time="1e999"/></testsuite>`).join('')}</testsuites>`);
    const { answer } = await workspace.record(...TEST);
    expect(answer.entry.match(/\d{4}-\d\d-\d\dT[\d:]+Z/g)).toEqual(['2026-11-22T14:07:31Z']);
    expect(answer.tasks[0]).toMatchObject({ outcome: 'passed', counts: { tests: times.length } });
    expect(JSON.stringify(answer)).not.toMatch(/NaN|Infinity/);
  });

  it('SEC-84: puts entries in the order in which they are recorded, whatever the clock says', async () => {
    workspace.write('out/junit.xml', junit({ adds: null }));
    await workspace.record(...TEST);
    workspace.turnClock(-48);
    await workspace.record(...TEST);
    workspace.turnClock(48);
    await workspace.record(...TEST);
    expect(workspace.read(LOG).match(/^## RUN-\d+ - [\d-]+/gm)).toEqual(['## RUN-001 - 2026-11-22', '## RUN-002 - 2026-11-20', '## RUN-003 - 2026-11-24']);
  });

  it('makes no entry for a person who names nothing to audit', async () => {
    await expect(workspace.record()).rejects.toMatchObject({ code: 'NO_EVIDENCE', exitCode: 2 });
    expect(workspace.git('status', '--porcelain')).toBe('');
  });

  it('lists the files touched since the last recorded commit, and those not committed, without the log', async () => {
    workspace.write('out/junit.xml', junit({ adds: null }));
    await workspace.record(...TEST);
    workspace.write('src/cart.ts', 'export const tax = 1;\n');
    workspace.commit('cart');
    workspace.write('src/open.ts', 'export {};\n');
    const { answer } = await workspace.record(...TEST);
    expect(answer.files).toEqual([
      { path: 'src/cart.ts', status: 'added', uncommitted: false },
      { path: 'src/open.ts', status: 'added', uncommitted: true },
    ]);
  });
});

describe('no false pass', () => {
  it('fails when the totals of a report state failures that nothing lists, now and the next time', async () => {
    workspace.write('out/junit.xml', junit({ a: null, b: null }));
    await workspace.record(...TEST);
    workspace.write('out/junit.xml', '<testsuite name="s" tests="2" failures="1"><testcase name="a"/><testcase name="b"/></testsuite>');
    for (const _again of [1, 2]) expect((await workspace.record(...TEST, '--outcomes', 'test: 1')).answer.outcome).toBe('failed');
  });

  it('tells the pattern that matches nothing among several of one task', async () => {
    workspace.write('out/a.xml', junit({ a: null }));
    const { answer } = await workspace.record('--reports', 'test: out/a.xml', '--reports', 'test: out/b.xml');
    expect(answer.outcome).toBe('failed');
    expect(answer.problems).toEqual([expect.objectContaining({ code: 'NO_MATCH', message: 'test: no file matches `out/b.xml`.' })]);
  });

  it('takes a task of the configuration of which nothing came for unknown, not for absent', async () => {
    workspace.write('.github/audit-run-log.yml', 'tasks:\n  lint: { commands: npx eslint . }\n');
    workspace.write('out/junit.xml', junit({ a: null }));
    const { answer } = await workspace.record(...TEST);
    expect(answer.tasks).toEqual([expect.objectContaining({ name: 'test', outcome: 'passed' }), expect.objectContaining({ name: 'lint', outcome: 'unknown' })]);
    expect(answer.outcome).toBe('failed');
  });

  it('does not forget what was known when half of the data is lost', async () => {
    workspace.write('out/junit.xml', junit({ a: 'x' }));
    await workspace.record(...TEST);
    workspace.git('clean', '-fdq', 'docs/audit/branches/main/findings.ndjson');
    await expect(workspace.record(...TEST)).rejects.toMatchObject({ code: 'LEDGER_CORRUPT' });
  });

  it('keeps the ledger as it was when a run was cancelled', async () => {
    workspace.write('out/junit.xml', junit({ a: 'x' }));
    await workspace.record(...TEST);
    const ledger = workspace.read('docs/audit/branches/main/findings.ndjson');
    workspace.write('out/junit.xml', junit({ a: null }));
    const { status, answer } = await workspace.record(...TEST, '--outcomes', 'test: cancelled');
    expect(status).toBe(0);
    expect(answer).toMatchObject({ outcome: 'failed', findings: { closed: [] } });
    expect(workspace.read('docs/audit/branches/main/findings.ndjson')).toBe(ledger);
  });
});

describe('no false close', () => {
  const LINT = ['--reports', 'lint: out/eslint.json'];
  const found = { 'src/a.js': [{ rule: 'no-var', line: 1, severity: 2 as const }], 'src/c.js': [] };

  it('keeps a finding whose file was renamed and not analysed, and closes it once the new one was', async () => {
    workspace.write('src/a.js', 'var a = 1;\nexport { a };\n');
    workspace.write('src/c.js', 'export {};\n');
    workspace.commit('code');
    workspace.write('out/eslint.json', eslint(found));
    await workspace.record(...LINT);
    workspace.git('mv', 'src/a.js', 'src/b.js');
    workspace.commit('move');
    workspace.write('out/eslint.json', eslint({ 'src/c.js': [] }));
    const moved = await workspace.record(...LINT);
    expect(moved.answer.findings).toMatchObject({ closed: [], unverified: [{ rule: 'no-var' }] });
    workspace.write('out/eslint.json', eslint({ 'src/b.js': [], 'src/c.js': [] }));
    expect((await workspace.record(...LINT)).answer.findings.closed).toEqual([expect.objectContaining({ path: 'src/b.js' })]);
  });

  it('keeps a finding in a path that was never in the tree', async () => {
    workspace.write('out/junit.xml', '<testsuite name="s"><testcase name="a" file="test/none.js"><failure message="x"/></testcase></testsuite>');
    await workspace.record(...TEST);
    workspace.write('out/junit.xml', junit({ other: null }));
    expect((await workspace.record(...TEST)).answer.findings).toMatchObject({ closed: [], unverified: [{ rule: 'test' }] });
  });

  it('closes a finding with the file that was deleted', async () => {
    workspace.write('src/a.js', 'var a = 1;\n');
    workspace.commit('code');
    workspace.write('out/eslint.json', eslint(found));
    await workspace.record(...LINT);
    workspace.git('rm', '-q', 'src/a.js');
    workspace.commit('delete');
    workspace.write('out/eslint.json', eslint({ 'src/c.js': [] }));
    expect((await workspace.record(...LINT)).answer.findings.closed).toEqual([expect.objectContaining({ path: 'src/a.js', evidence: 'the file is no longer in the tree' })]);
  });

  it('keeps a failed build open while it fails, whatever else is missing', async () => {
    await workspace.record('--outcomes', 'build: failure');
    const { answer } = await workspace.record('--outcomes', 'build: failure', '--reports', 'build: out/none.xml');
    expect(answer.findings.closed).toEqual([]);
  });
});

describe('a repository with 4,000 old lint errors', () => {
  const LINT = ['--reports', 'lint: out/eslint.json', '--outcomes', 'lint: 1'];
  const source = (extra: string): string => `${extra}${Array.from({ length: 40 }, (_, at) => `var v${at} = ${at};\n`).join('')}`;
  const old = (shift: number): LintMessage[] => Array.from({ length: 40 }, (_, at) => ({ rule: 'no-var', line: at + 1 + shift }));
  const files = Array.from({ length: 100 }, (_, at) => `src/f${at}.js`);

  it('takes them as the starting point, and then shows only the two that a change opens', async () => {
    for (const path of files) workspace.write(path, source(''));
    workspace.commit('old code');
    workspace.write('out/eslint.json', eslint(Object.fromEntries(files.map((path) => [join(workspace.root, path), old(0)]))));
    const first = await workspace.record(...LINT);
    expect(first.status).toBe(0);
    expect(first.answer).toMatchObject({ outcome: 'pass-with-known-gaps', findings: { opened: [], adopted: 4000 } });
    workspace.write('src/f7.js', source('var first = 1;\nlet second = eval("1");\n'));
    const changed: readonly LintMessage[] = [{ rule: 'no-var', line: 1 }, { rule: 'no-eval', line: 2 }, ...old(2)];
    workspace.write('out/eslint.json', eslint(Object.fromEntries(files.map((path) => [join(workspace.root, path), path === 'src/f7.js' ? changed : old(0)]))));
    const second = await workspace.record(...LINT);
    expect(second.answer.findings.opened.map(({ rule, path, line }) => `${rule} ${path ?? ''}:${line ?? 0}`)).toEqual(['no-var src/f7.js:1', 'no-eval src/f7.js:2']);
    expect(second.answer).toMatchObject({ outcome: 'pass-with-known-gaps', reason: '2 P2 findings opened', findings: { closed: [], persisting: 4000 } });
  });
});

describe('one key', () => {
  it('is recorded once, and tells the recorded run again as it was', async () => {
    workspace.write('out/junit.xml', junit({ taxes: 'expected 12' }));
    const first = await workspace.record(...TEST, '--entry-key', 'job-7');
    const log = workspace.read(LOG);
    const again = await workspace.record(...TEST, '--entry-key', 'job-7');
    expect(workspace.read(LOG)).toBe(log);
    expect(again.answer).toMatchObject({ recorded: true, runId: 'RUN-001', outcome: 'failed', reason: first.answer.reason });
    expect(again.answer.findings.opened.map(({ id }) => id)).toEqual(first.answer.findings.opened.map(({ id }) => id));
    expect(again.answer.entry).toBe(first.answer.entry);
  });

  it('is not taken for the run of another audit or branch', async () => {
    workspace.write('out/junit.xml', junit({ taxes: null }));
    await workspace.record(...TEST, '--entry-key', 'job-7');
    const other = await workspace.record(...TEST, '--entry-key', 'job-7', '--name', 'Nightly');
    expect(other.answer).toMatchObject({ recorded: false, problems: [{ code: 'KEY_REUSED' }] });
  });

  it('takes the outcome from the entry when the record of the run is lost', async () => {
    workspace.write('out/junit.xml', junit({ taxes: null }));
    await workspace.record(...TEST, '--entry-key', 'job-7');
    workspace.git('clean', '-fdq', 'docs/audit/runs');
    expect((await workspace.record(...TEST, '--entry-key', 'job-7')).answer).toMatchObject({ recorded: true, outcome: 'pass-with-known-gaps', reason: 'so its entry says; the record of the run is missing' });
  });

  it('is refused for other content', async () => {
    workspace.write('out/junit.xml', junit({ taxes: 'expected 12' }));
    await workspace.record(...TEST, '--entry-key', 'job-7');
    const log = workspace.read(LOG);
    workspace.write('out/junit.xml', junit({ taxes: null }));
    const { status, answer } = await workspace.record(...TEST, '--entry-key', 'job-7');
    expect(status).toBe(1);
    expect(answer).toMatchObject({ recorded: false, runId: null, problems: [{ code: 'KEY_REUSED' }] });
    expect(workspace.read(LOG)).toBe(log);
  });
});

describe('a log that cannot be used', () => {
  const refused = async (code: string): Promise<void> => {
    workspace.write('out/junit.xml', junit({ adds: null }));
    const { status, answer } = await workspace.record(...TEST, '--output-dir', 'out/shown');
    expect(status).toBe(1);
    expect(answer).toMatchObject({ recorded: false, runId: null });
    expect(answer.problems.map((problem) => problem.code)).toEqual([code]);
    // What would have been the entry is kept for whoever mends the log.
    expect(workspace.read('out/shown/entry.md')).toBe(answer.entry);
    expect(answer.entry).toContain('Outcome');
    expect(existsSync(join(workspace.root, 'docs/audit'))).toBe(false);
  };

  it.each([
    ['merge conflict marks', '# Log\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n', 'LOG_CONFLICT'],
    ['NUL bytes', '# Log\n\0\n', 'LOG_NUL'],
    ['an open fence', '# Log\n\n```\nnever closed\n', 'LOG_OPEN_BLOCK'],
    ['a Git LFS pointer', `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 1\n`, 'LOG_LFS_POINTER'],
  ])('with %s is left as it is, and the entry is kept', async (_, content, code) => {
    workspace.write(LOG, content);
    await refused(code);
    expect(workspace.read(LOG)).toBe(content);
  });

  it('that is a link is not followed (SEC-86)', async () => {
    workspace.write('docs/other.md', '# Other\n');
    symlinkSync('other.md', join(workspace.root, LOG));
    await refused('LOG_NOT_REGULAR');
    expect(workspace.read('docs/other.md')).toBe('# Other\n');
  });

  it('whose folder cannot be made leaves nothing behind', async () => {
    writeFileSync(join(workspace.root, 'docs'), 'a file\n');
    workspace.write('out/junit.xml', junit({ adds: null }));
    await expect(workspace.record(...TEST)).rejects.toMatchObject({ code: 'LOG_NOT_REGULAR' });
    expect(workspace.read('docs')).toBe('a file\n');
  });

  it('fails nothing when the caller asked for best effort only', async () => {
    workspace.write(LOG, '# Log\n\0\n');
    workspace.write('out/junit.xml', junit({ adds: null }));
    const { status, answer } = await workspace.record(...TEST, '--log', 'best-effort');
    expect(status).toBe(0);
    expect(answer.problems.map(({ code }) => code)).toEqual(['LOG_NUL']);
  });
});

describe('a ledger that cannot be used', () => {
  it.each([['--log', 'best-effort'], ['--log', 'off'], ['--dry-run']])('is never taken for an empty one, also with %s %s', async (...flags) => {
    workspace.write('out/junit.xml', junit({ adds: 'x' }));
    await workspace.record(...TEST);
    const ledger = join(workspace.root, 'docs/audit/branches/main/findings.ndjson');
    renameSync(ledger, join(workspace.root, 'out/elsewhere'));
    symlinkSync(join(workspace.root, 'out/elsewhere'), ledger);
    await expect(workspace.record(...TEST, ...flags)).rejects.toMatchObject({ code: 'LOG_NOT_REGULAR' });
  });

  it('stops the recording before anything is written', async () => {
    workspace.write('docs/audit/branches/main/findings.ndjson', 'not a ledger\n');
    await expect(workspace.record(...TEST)).rejects.toMatchObject({ code: 'LEDGER_CORRUPT', exitCode: 2 });
    expect(existsSync(join(workspace.root, LOG))).toBe(false);
  });
});

describe('branches', () => {
  it("compares a new branch with the default branch's findings, and keeps its own from then on", async () => {
    workspace.write('out/junit.xml', junit({ taxes: 'expected 12' }));
    const onMain = await workspace.record(...TEST);
    workspace.commit('log');
    workspace.git('checkout', '-q', '-b', 'feature/Tax');
    workspace.write('out/junit.xml', junit({ taxes: null }));
    const onBranch = await workspace.record(...TEST);
    expect(onBranch.answer.findings.closed.map(({ id }) => id)).toEqual(onMain.answer.findings.opened.map(({ id }) => id));
    expect(workspace.read('docs/audit/branches/main/findings.ndjson')).toContain('"state":"open"');
  });

  it('records a detached HEAD as such, and writes no ledger for it', async () => {
    workspace.git('checkout', '-q', '--detach');
    workspace.write('out/junit.xml', junit({ adds: null }));
    const { answer } = await workspace.record(...TEST);
    expect(answer.recorded).toBe(true);
    expect(answer.entry).toMatch(/Branch: .*detached/);
    expect(existsSync(join(workspace.root, 'docs/audit/branches'))).toBe(false);
    expect(answer.problems.map(({ code }) => code)).toEqual(['DETACHED_HEAD']);
  });
});

describe('without writing', () => {
  it('shows everything on a dry run and leaves the tree as it was', async () => {
    workspace.write('out/junit.xml', junit({ adds: null }));
    const { answer } = await workspace.record(...TEST, '--dry-run');
    expect(answer).toMatchObject({ recorded: false, runId: null, problems: [] });
    expect(answer.entry).toContain('## RUN-001');
    expect(answer.summary).toContain('**Not recorded**');
    expect(answer.summary + answer.comment).not.toContain('RUN-001 ·');
    expect(workspace.git('status', '--porcelain')).toBe('');
  });
});

describe('in a terminal', () => {
  it('shows entry, comment and check, and ends with the paths', async () => {
    workspace.write('out/junit.xml', junit({ adds: null }));
    const { out } = await workspace.call('record', ...TEST);
    expect(out).toMatch(/── Entry \(in docs\/AUDIT_RUN_LOG.md\) ──\n## RUN-001/);
    expect(out).toContain('── Comment ──');
    expect(out).toContain('── Check run: neutral ──');
    expect(out).toMatch(/recorded as RUN-001 in docs\/AUDIT_RUN_LOG.md\nrecord: {3}docs\/audit\/runs\/2026\/11\/RUN-001.json\n$/);
  });
});

describe('check', () => {
  it('finds no fault in a log that was made here', async () => {
    workspace.write('out/junit.xml', junit({ adds: null }));
    await workspace.record(...TEST);
    await workspace.record(...TEST);
    const { status, out } = await workspace.call('check', '--json', LOG);
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ documents: [{ path: LOG, nextId: 'RUN-003', entries: [{ id: 'RUN-001' }, { id: 'RUN-002' }], problems: [] }] });
  });

  it('tells an entry that was edited, and one that was removed, with its index row or without', async () => {
    workspace.write('out/junit.xml', junit({ adds: null }));
    for (const _run of [1, 2, 3]) await workspace.record(...TEST);
    const log = workspace.read(LOG);
    const rulesOf = async (text: string): Promise<string[]> => {
      workspace.write(LOG, text);
      return (JSON.parse((await workspace.call('check', '--json', LOG)).out) as { documents: { problems: { rule: string }[] }[] }).documents[0]?.problems.map(({ rule }) => rule) ?? [];
    };
    expect(await rulesOf(log)).toEqual([]);
    expect(await rulesOf(log.replaceAll('\n', '\r\n'))).toEqual([]);
    expect(await rulesOf(log.replace('`1 passed`', '`9 passed`'))).toEqual(['entry-changed']);
    const without = log.replace(/## RUN-002[\s\S]*?(?=## RUN-003)/, '').replace(/^\| RUN-002 .*\n/m, '');
    expect(await rulesOf(without)).toEqual(['entry-missing']);
  });
});
