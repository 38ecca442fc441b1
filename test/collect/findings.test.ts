import { symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { collectFindings, placeReport, titleOf } from '../../src/collect/findings.ts';
import type { ReadReport } from '../../src/collect/read-reports.ts';
import { localFiles } from '../../src/host/local/files.ts';
import { linePrinter } from '../../src/model/print.ts';
import { NO_COUNTS } from '../../src/model/task.ts';
import type { ReportedFinding } from '../../src/report/format.ts';
import { repositoryAt, temporaryFolder } from '../host/local/temporary-repository.ts';

const SOURCE = 'a();\nb();\n';

function aProject() {
  const root = temporaryFolder();
  repositoryAt(root).write('pkg/src/a.ts', SOURCE);
  const folders = { root, cwd: `${root}/pkg` };
  const report = (findings: readonly ReportedFinding[], covered: readonly string[] = []): ReadReport => ({
    task: 'lint', evidence: { path: 'out/x', format: 'eslint', bytes: 1, sha256: '' },
    parsed: { counts: NO_COUNTS, findings, outcome: 'failed', scope: 'files', covered, notAnalysed: [], problems: [] },
  });
  const collect = (...findings: readonly ReportedFinding[]) => collectFindings([report(findings)], { folders, sources: localFiles(root), kindOf: () => 'lint' });
  return { root, folders, report, collect };
}

const reported = (overrides: Partial<ReportedFinding> = {}): ReportedFinding => ({ rule: 'no-a', severity: 'P2', message: 'not allowed', path: 'src/a.ts', line: 2, ...overrides });

describe('collectFindings', () => {
  it('prints a finding by its source line, and places it in the repository', async () => {
    const [finding] = await aProject().collect(reported());
    expect(finding).toMatchObject({ check: 'lint/eslint', kind: 'lint', place: { path: 'pkg/src/a.ts', line: 2 }, print: linePrinter(SOURCE)(2) });
  });

  it('prints by rule, file and message where the source cannot be read, and never follows a link to it', async () => {
    const project = aProject();
    symlinkSync('/etc/hostname', `${project.root}/pkg/src/link.ts`);
    const [missing, link] = await project.collect(reported({ path: 'src/none.ts' }), reported({ path: 'src/link.ts', line: 1 }));
    expect(missing?.print).toHaveProperty('key');
    expect(link?.print).toHaveProperty('key');
  });

  it('gives no place to a path outside of the repository', async () => {
    const [finding] = await aProject().collect(reported({ path: '/etc/passwd' }));
    expect(finding?.place).toEqual({});
  });

  it('takes a test for a test whatever its task is, and knows it by its name', async () => {
    const project = aProject();
    const [one] = await project.collect(reported({ test: 'cart > adds', rule: 'test' }));
    const [moved] = await project.collect(reported({ test: 'cart > adds', rule: 'test', line: 1, message: 'other' }));
    expect(one?.kind).toBe('test');
    expect(moved?.print).toEqual(one?.print);
  });

  it('keeps a long message as detail, and what acts in it as code points', async () => {
    const [finding] = await aProject().collect(reported({ message: `first\n${'x'.repeat(9_000)}\u202e` }));
    expect(finding?.title.length).toBe(120);
    expect(finding?.detail?.length).toBe(4_000);
    expect((await aProject().collect(reported({ message: 'a\u202eb' })))[0]?.title).toBe('a\\u{202e}b');
  });
});

describe('placeReport', () => {
  it('covers paths of the repository only', () => {
    const { folders, report } = aProject();
    expect(placeReport(report([], ['src/a.ts', '/elsewhere/b.ts']), folders).parsed.covered).toEqual(['pkg/src/a.ts']);
  });
});

describe('titleOf', () => {
  it('SEC-79: never cuts a character in half', () => {
    expect(titleOf('😀'.repeat(200))).toBe(`${'😀'.repeat(59)}…`);
  });
});
