import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkedOutCommit, judgeWorkspace } from '../../../src/host/github/workspace.ts';
import { temporaryFolder, temporaryRepository } from '../local/temporary-repository.ts';

const [A, B, C] = ['a', 'b', 'c'].map((letter) => letter.repeat(40)) as [string, string, string];

describe('checkedOutCommit', () => {
  it('reads a branch, a packed branch and a detached HEAD as git does', async () => {
    const repository = temporaryRepository();
    repository.write('a.ts', 'a\n');
    const first = repository.commit();
    expect(await checkedOutCommit(repository.root)).toBe(first);
    repository.git('pack-refs', '--all');
    expect(await checkedOutCommit(repository.root)).toBe(first);
    repository.git('checkout', '--quiet', '-b', 'topic/one');
    const second = repository.commit();
    expect(await checkedOutCommit(repository.root)).toBe(second);
    repository.git('checkout', '--quiet', '--detach', first);
    expect(await checkedOutCommit(repository.root)).toBe(first);
    expect(execFileSync('git', ['rev-parse', 'HEAD'], { cwd: repository.root, encoding: 'utf8' }).trim()).toBe(first);
  });

  it('knows none where there is no repository, or one that is not written as git writes it', async () => {
    const folder = temporaryFolder();
    expect(await checkedOutCommit(folder)).toBeNull();
    mkdirSync(join(folder, '.git'));
    for (const head of ['', 'ref: refs/heads/../../../etc/passwd\n', 'ref: /etc/passwd\n', `${A}0\n`, 'ref: refs/heads/gone\n']) {
      writeFileSync(join(folder, '.git', 'HEAD'), head);
      expect(await checkedOutCommit(folder), head).toBeNull();
    }
  });

  it('SEC-61: follows no link', async () => {
    const folder = temporaryFolder();
    const elsewhere = join(temporaryFolder(), 'HEAD');
    writeFileSync(elsewhere, `${A}\n`);
    mkdirSync(join(folder, '.git'));
    symlinkSync(elsewhere, join(folder, '.git', 'HEAD'));
    expect(await checkedOutCommit(folder)).toBeNull();
  });
});

describe('judgeWorkspace', () => {
  it('takes the test merge, the head of the pull request, and a workspace without a repository', () => {
    expect(judgeWorkspace({ commit: A, tested: B }, B)).toEqual({ tested: B, sources: 'use', problem: null });
    expect(judgeWorkspace({ commit: A, tested: B }, A)).toEqual({ tested: A, sources: 'use', problem: null });
    expect(judgeWorkspace({ commit: A, tested: B }, null)).toEqual({ tested: B, sources: 'use', problem: null });
  });

  it('takes no sources of another commit, and says so', () => {
    expect(judgeWorkspace({ commit: A, tested: A }, C)).toMatchObject({ sources: 'none', problem: { code: 'CHECKOUT_DIFFERS', message: expect.stringContaining('The workspace is at ccccccc, the event speaks of aaaaaaa:') } });
  });
});
