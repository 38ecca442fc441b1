import { describe, expect, it } from 'vitest';
import { baselinePaths, readBaseline, type BaselineOf } from '../../src/model/baseline.ts';
import { formatChecks } from '../../src/model/checks.ts';
import { branchPaths, dataRoot, pathName, recordPath } from '../../src/model/data-paths.ts';
import { formatLedger } from '../../src/model/ledger-file.ts';
import { compareInTurn, aRun, failingTest } from './run-builder.ts';

const of: BaselineOf = { logPath: 'docs/LOG.md', auditName: 'Audit', branch: 'feature', defaultBranch: 'main' };

function filesOf(branch: string): Map<string, Uint8Array> {
  const { comparison, checks } = compareInTurn(aRun({ findings: [failingTest('t')] }));
  const paths = branchPaths({ logPath: of.logPath, branch, auditName: 'Audit' });
  return new Map([[paths.ledger, Buffer.from(formatLedger({ ...comparison.ledger, branch }))], [paths.checks, Buffer.from(formatChecks(checks))]]);
}

describe('readBaseline', () => {
  it('is a first run when neither the branch nor the default branch has a ledger', async () => {
    expect(await readBaseline(new Map(), of)).toEqual({ branch: 'feature', ledger: null, checks: null });
  });

  it("starts a branch from the default branch's ledger, and says so", async () => {
    const baseline = await readBaseline(filesOf('main'), of);
    expect(baseline.ledger?.findings).toHaveLength(1);
    expect(baseline.startsFrom).toEqual({ branch: 'main', run: 'RUN-001' });
  });

  it("prefers the branch's own ledger", async () => {
    expect((await readBaseline(new Map([...filesOf('main'), ...filesOf('feature')]), of)).startsFrom).toBeUndefined();
  });

  it('compares a detached HEAD with the default branch', async () => {
    const baseline = await readBaseline(filesOf('main'), { ...of, branch: 'main' });
    expect(baseline.branch).toBe('main');
    expect(baseline.ledger?.findings).toHaveLength(1);
  });

  it('never takes a ledger that cannot be read for an empty one', async () => {
    const { ledger, checks } = branchPaths({ logPath: of.logPath, branch: 'feature', auditName: 'Audit' });
    const beside = [...filesOf('feature')].filter(([path]) => path === checks);
    for (const text of ['', 'x', '{"schema":1,"branch":"feature"}', '{"schema":1,"branch":"feature"}\n{"id":"F-1"}\n']) {
      await expect(readBaseline(new Map([...beside, [ledger, Buffer.from(text)]]), of)).rejects.toThrow(expect.objectContaining({ code: 'LEDGER_CORRUPT', exitCode: 2 }));
    }
    await expect(readBaseline(new Map([...beside, [ledger, Buffer.from('{"schema":2,"branch":"feature"}\n')]]), of)).rejects.toThrow(expect.objectContaining({ code: 'LEDGER_NEWER' }));
  });

  it('does not take half of what was known for nothing known', async () => {
    for (const path of filesOf('feature').keys()) {
      const half = new Map([...filesOf('feature')].filter(([other]) => other !== path));
      await expect(readBaseline(half, of)).rejects.toThrow(expect.objectContaining({ code: 'LEDGER_CORRUPT', path }));
    }
  });

  it('keeps audits of other names apart', async () => {
    expect((await readBaseline(filesOf('feature'), { ...of, auditName: 'Nightly' })).ledger).toBeNull();
    expect(new Set([...baselinePaths(of), ...baselinePaths({ ...of, auditName: 'Nightly' })]).size).toBe(8);
  });
});

describe('paths of names that are not trusted', () => {
  it('keeps plain names as they are', () => {
    expect(pathName('release-1.2_x')).toBe('release-1.2_x');
  });

  it('gives legal but awkward names a readable part and a digest, each its own', () => {
    const names = ['a<b', 'con', 'Main', 'main.', 'a%2Fb', 'a/b', '../../x', 'x'.repeat(220), 'mаin', 'feature-0123abcd', '-', '.git'];
    const paths = names.map((name) => pathName(name));
    for (const path of paths) expect(path).toMatch(/^[a-z0-9][a-z0-9-]{0,40}-[0-9a-f]{8}$/);
    expect(new Set(paths).size).toBe(names.length);
  });

  it('puts the data beside the log, and records by year and month', () => {
    expect(dataRoot('LOG.md')).toBe('audit');
    expect(recordPath('docs/LOG.md', 'RUN-004', '2026-11-22T14:07:31Z')).toBe('docs/audit/runs/2026/11/RUN-004.json');
    expect(recordPath('docs/LOG.md', '../x', '2026-11-22T14:07:31Z')).toMatch(/^docs\/audit\/runs\/2026\/11\/x-[0-9a-f]{8}\.json$/);
  });
});
