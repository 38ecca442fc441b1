import { describe, expect, it } from 'vitest';
import { collectChangedFiles } from '../../src/collect/changed-files.ts';
import { openLocalRepository } from '../../src/host/local/repository.ts';
import type { Checks } from '../../src/model/checks.ts';
import { aBaseline } from '../model/run-builder.ts';
import { GIT_ENV, temporaryRepository } from '../host/local/temporary-repository.ts';

const LOG = 'docs/LOG.md';

function checksAt(commit: string): Checks {
  return { schema: 1, branch: 'main', last: { run: 'RUN-001', commit, key: 'k' }, tasks: {}, checks: {} };
}

describe('collectChangedFiles', () => {
  it('counts from the last recorded commit of the branch, and leaves the log and its data out', async () => {
    const repository = temporaryRepository();
    repository.write('a.ts', 'a\n');
    const recorded = repository.commit();
    repository.write('b.ts', 'b\n');
    repository.write(LOG, 'log\n');
    repository.write('docs/audit/runs/2026/11/RUN-001.json', '{}\n');
    repository.commit();
    const touched = await collectChangedFiles(await openLocalRepository(repository.root, GIT_ENV), aBaseline({ checks: checksAt(recorded) }), LOG);
    expect(touched).toEqual({ base: { commit: recorded, how: 'last-recorded' }, files: [{ path: 'b.ts', status: 'added', uncommitted: false }], problems: [] });
  });

  it('counts from the merge base when the recorded commit is gone, and says so', async () => {
    const repository = temporaryRepository();
    const first = repository.commit();
    repository.git('checkout', '--quiet', '-b', 'feature');
    repository.write('b.ts', 'b\n');
    repository.commit();
    const touched = await collectChangedFiles(await openLocalRepository(repository.root, GIT_ENV), aBaseline({ branch: 'feature', checks: checksAt('d'.repeat(40)) }), LOG);
    expect(touched.base).toEqual({ commit: first, how: 'merge-base' });
    expect(touched.files.map(({ path }) => path)).toEqual(['b.ts']);
    expect(touched.problems.map(({ code }) => code)).toEqual(['BASE_GONE']);
  });

  it("does not take another branch's last run for its own", async () => {
    const repository = temporaryRepository();
    const first = repository.commit();
    const baseline = aBaseline({ branch: 'feature', checks: checksAt(first), startsFrom: { branch: 'main', run: 'RUN-001' } });
    repository.git('checkout', '--quiet', '-b', 'feature');
    const touched = await collectChangedFiles(await openLocalRepository(repository.root, GIT_ENV), baseline, LOG);
    expect(touched).toEqual({ base: { commit: first, how: 'merge-base' }, files: [], problems: [] });
  });
});
