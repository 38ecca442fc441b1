import { describe, expect, it } from 'vitest';
import { collectFindings, placeReport } from '../../src/collect/findings.ts';
import type { ReadReport } from '../../src/collect/read-reports.ts';
import { checkReports, reportCheck } from '../../src/collect/report-checks.ts';
import { joinTask, taskChecks, taskFindings, type TaskEvidence, type UsualCheck } from '../../src/collect/tasks.ts';
import { localFiles } from '../../src/host/local/files.ts';
import { suppressionKey } from '../../src/model/closing.ts';
import type { CheckRun } from '../../src/model/finding.ts';
import { keyPrint, linePrinter } from '../../src/model/print.ts';
import { judgeAudit } from '../../src/model/verdict.ts';
import { sarif } from '../../src/report/sarif.ts';
import { repositoryAt, temporaryFolder } from '../host/local/temporary-repository.ts';
import { aContext, aRun, compareInTurn } from '../model/run-builder.ts';
import { read } from '../report/reading.ts';

type Part = Readonly<Record<string, unknown>>;

const aScan = (name: string, more: Part = {}): Part => ({ tool: { driver: { name, rules: [{ id: 'r' }, { id: 'q' }] } }, invocations: [{ executionSuccessful: true }], results: [], ...more });
const result = (uri: string, more: Part = {}): Part => ({ ruleId: 'r', message: { text: 'm' }, locations: [{ physicalLocation: { artifactLocation: { uri }, region: { startLine: 1 } } }], ...more });

function aReport(runs: readonly Part[], path = 'out/a.sarif'): ReadReport {
  return { task: 'scan', evidence: { path, format: 'sarif', bytes: 1, sha256: '' }, parsed: read(sarif, JSON.stringify({ version: '2.1.0', runs })) };
}

const cut: ReadReport = { ...aReport([]), evidence: { path: 'out/cut.sarif', format: 'sarif', bytes: 1, sha256: '' } };
const eslint: ReadReport = { task: 'scan', evidence: { path: 'out/e.json', format: 'eslint', bytes: 1, sha256: '' }, parsed: { counts: aReport([]).parsed.counts, findings: [], outcome: 'passed', scope: 'files', covered: ['a.js'], notAnalysed: [], problems: [] } };

function checksOf(reports: readonly ReadReport[], usual: readonly UsualCheck[] = []): CheckRun[] {
  const evidence: TaskEvidence = { name: 'scan', kind: 'security', required: true, commands: [], step: undefined, expected: true, reports, unread: [] };
  return taskChecks(evidence, joinTask(evidence), usual).filter(({ check }) => check !== 'scan/evidence');
}

const states = (reports: readonly ReadReport[], usual?: readonly UsualCheck[]): string[] => checksOf(reports, usual).map(({ check, status, scope }) => `${check} ${status} ${scope}`);

describe('the key of a check', () => {
  const key = (tool?: string, category?: string): string => reportCheck({ task: 'scan', format: 'sarif', scan: { ...(tool === undefined ? {} : { tool }), ...(category === undefined ? {} : { category }) } });

  it('is task and tool, and the category where there is one; else the format', () => {
    expect(key('CodeQL', 'wf.yml:scan/language:go')).toBe('scan/CodeQL/wf.yml:scan/language:go');
    expect(key('CodeQL')).toBe('scan/CodeQL');
    expect(key()).toBe('scan/sarif');
    expect(reportCheck({ task: 'scan', format: 'junit' })).toBe('scan/junit');
  });

  it('is never that of a check of our own, or of another format, whatever a tool is called', () => {
    for (const name of ['step', 'evidence', 'junit', 'tsc', 'sarif']) expect(key(name)).toBe(`scan/sarif:${name}`);
    expect(key('a/b', 'c')).not.toBe(key('a', 'b/c'));
  });

  it('is one for each tool, whatever it is called', () => {
    const names = ['step', 'sarif:step', 'sarif:sarif:step', 'a/b', 'a%2Fb', 'a%252Fb'];
    expect(new Set(names.map((name) => key(name))).size).toBe(names.length);
  });

  it('SEC-05: is one line of visible text, and another for each name of tool and category that a report gives', () => {
    const names = ['t', 't\n', 't\n::set-output name=a::b', 't ::set-output name=a::b', `t${'x'.repeat(200)}`, `t${'x'.repeat(201)}`, 't\u202e', 't\\u{202e}'];
    const keys = [...names.map((name) => aScan(name)), ...names.map((name) => aScan('c', { automationDetails: { id: `${name}/` } }))].flatMap((scan) => checkReports(aReport([scan])).map(({ check }) => check));
    expect(new Set(keys).size).toBe(names.length * 2);
    for (const one of keys) expect(one).toMatch(/^scan\/[ -~]{1,102}$/);
  });
});

describe('a report of several scans', () => {
  it('gives a check for each tool and category, and each finding to its own', async () => {
    const go = { automationDetails: { id: 'go/' } };
    const report = aReport([aScan('CodeQL', { ...go, results: [result('a.go')] }), aScan('CodeQL'), aScan('Semgrep', { results: [result('b.js')] })]);
    expect(states([report])).toEqual(['scan/CodeQL complete all', 'scan/CodeQL/go complete all', 'scan/Semgrep complete all']);
    const root = temporaryFolder();
    const findings = await collectFindings([report], { folders: { root, cwd: root }, sources: localFiles(root), kindOf: () => 'security' });
    expect(findings.map(({ check, place }) => [check, place.path])).toEqual([['scan/CodeQL/go', 'a.go'], ['scan/Semgrep', 'b.js']]);
  });

  it('keeps the check of a scan that failed from closing, and no other', () => {
    expect(states([aReport([aScan('A', { results: null }), aScan('B')])])).toEqual(['scan/A failed unknown', 'scan/B complete all']);
  });

  it('misses the scan that it had before', () => {
    expect(states([aReport([aScan('A')])], [{ check: 'scan/A/go', reports: ['out/a.sarif'] }])).toEqual(['scan/A complete all', 'scan/A/go missing all']);
  });

  it('is partial where fewer scans of one check are in it than before', () => {
    const usual = [{ check: 'scan/A', reports: ['out/a.sarif', 'out/a.sarif'] }];
    expect(checksOf([aReport([aScan('A'), aScan('A')])])[0]?.evidence).toEqual(['out/a.sarif', 'out/a.sarif']);
    expect(states([aReport([aScan('A'), aScan('A')])], usual)).toEqual(['scan/A complete all']);
    expect(states([aReport([aScan('A')])], usual)).toEqual(['scan/A partial all']);
  });

  it('is partial where another document was not read to its end, which may hold more of it; other formats are not', () => {
    expect(states([aReport([aScan('A')]), cut, eslint], [{ check: 'scan/B', reports: [] }])).toEqual(['scan/A partial all', 'scan/B failed all', 'scan/eslint complete files']);
  });

  it('has looked for the rules that all scans of the check list', () => {
    const fewer = aScan('A', { tool: { driver: { name: 'A', rules: [{ id: 'q' }, { id: 'z' }] } } });
    expect(checksOf([aReport([aScan('A'), fewer])])[0]?.rules).toEqual(['q', 'tool-error']);
    expect(checksOf([eslint])[0]).not.toHaveProperty('rules');
  });

  it('proves nothing by one scan of a check whose other scan does not say what it covered', () => {
    expect(states([aReport([aScan('A'), aScan('A', { invocations: [] })])])).toEqual(['scan/A complete unknown']);
  });

  it('is as many checks as there are scans, and no more than one for another format', () => {
    expect(checkReports(aReport([aScan('A'), aScan('B')])).map(({ check }) => check)).toEqual(['scan/A', 'scan/B']);
    expect(checkReports(eslint)).toEqual([{ check: 'scan/eslint', report: eslint }]);
  });
});

describe('a tool that reports an error about a file', () => {
  const error = { level: 'error', message: { text: 'cannot parse' }, locations: result('odd.js')['locations'] };
  const report = aReport([aScan('A', { invocations: [{ executionSuccessful: true, toolExecutionNotifications: [error] }] })]);
  const evidence: TaskEvidence = { name: 'scan', kind: 'security', required: true, commands: [], step: { outcome: 'passed' }, expected: true, reports: [report], unread: [] };

  it('fails its task, and the audit that first sees it; where it persists, no pass says that every check ran to the end', async () => {
    const task = joinTask(evidence);
    expect(task).toMatchObject({ outcome: 'failed', step: 'passed', reported: 'failed' });
    const root = temporaryFolder();
    const findings = [...await collectFindings([report], { folders: { root, cwd: root }, sources: localFiles(root), kindOf: () => 'security' }), ...taskFindings(evidence, task)];
    const run = aRun({ tasks: [task], checks: taskChecks(evidence, task, []), findings, context: aContext({ pullRequest: { number: 7, baseBranch: 'main' } }) });
    const before = aRun({ tasks: [task], checks: run.checks });
    expect(judgeAudit(run, compareInTurn(before, run).comparison)).toMatchObject({ outcome: 'failed', reason: '1 finding of P0 or P1 opened' });
    expect(judgeAudit(run, compareInTurn(before, run, run).comparison).reason).toBe('nothing opened, though not everything could be checked');
  });
});

describe('paths of a scan', () => {
  it('are those of the repository: what could not be analysed, and what is suppressed', () => {
    const root = '/ci/repo';
    const invocations = [{ executionSuccessful: true, toolExecutionNotifications: [{ message: { text: 'slow' }, locations: result('file:///ci/repo/pkg/slow.js')['locations'] }, { message: { text: 'slow' }, locations: result('/elsewhere/b.js')['locations'] }] }];
    const suppressed = ['x.js', '/elsewhere/y.js'].map((uri) => result(uri, { suppressions: [{ kind: 'inSource' }] }));
    const report = placeReport(aReport([aScan('A', { invocations, results: suppressed })]), { root, cwd: `${root}/pkg` });
    expect(checksOf([report])[0]).toMatchObject({ notAnalysed: ['pkg/slow.js'], suppressed: [suppressionKey('r', 'pkg/x.js'), suppressionKey('r', undefined)].sort() });
  });
});

describe('identity of results', () => {
  it('is the line, with the tool\'s own id beside it; where the source cannot be read, what the tool makes of the text', async () => {
    const root = temporaryFolder();
    repositoryAt(root).write('a.js', 'one();\n');
    const report = aReport([aScan('A', { results: [
      result('a.js', { fingerprints: { 'own/v2': 'n', 'own/v1': 'o' }, partialFingerprints: { primaryLocationLineHash: 'p:1' } }),
      result('gone.js', { partialFingerprints: { primaryLocationLineHash: 'p:1' } }), result('gone.js', { message: { text: 'p:1' } }),
    ] })]);
    const [line, hash, title] = await collectFindings([report], { folders: { root, cwd: root }, sources: localFiles(root), kindOf: () => 'security' });
    expect(line?.print).toEqual({ ...linePrinter('one();\n')(1), id: keyPrint(['own/v1:o']).key });
    expect(hash?.print).toEqual(keyPrint(['scan/A', 'r', 'gone.js', 'primaryLocationLineHash:p:1']));
    expect(title?.print).toEqual(keyPrint(['scan/A', 'r', 'gone.js', 'p:1']));
  });
});
