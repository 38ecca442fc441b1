import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLocalRepository } from '../../../src/host/local/repository.ts';
import { AuditError } from '../../../src/errors.ts';
import { GIT_ENV, repositoryAt, temporaryFolder, temporaryRepository } from './temporary-repository.ts';

const open = (folder: string, env: Readonly<Record<string, string>> = GIT_ENV) => openLocalRepository(folder, env);
const failure = async (answer: Promise<unknown>): Promise<AuditError> => {
  const error = await answer.then(() => undefined, (thrown: unknown) => thrown);
  if (!(error instanceof AuditError)) throw new Error(`expected an AuditError, got ${String(error)}`);
  return error;
};

describe('the checkout', () => {
  it('tells root, git folder, commit, tree and branch from any folder inside', async () => {
    const repo = temporaryRepository();
    repo.write('a/b/c.txt', 'c');
    const commit = repo.commit();
    const { checkout } = await open(join(repo.root, 'a/b'));
    expect(checkout).toEqual({ root: repo.root, gitDir: join(repo.root, '.git'), commit, tree: repo.git('rev-parse', 'HEAD^{tree}'), branch: 'main', defaultBranch: 'main' });
  });

  it('has no branch when HEAD is detached', async () => {
    const repo = temporaryRepository();
    repo.commit();
    repo.git('checkout', '--quiet', '--detach');
    expect((await open(repo.root)).checkout).toMatchObject({ branch: null, defaultBranch: 'main' });
  });

  it.each([
    ['the target of origin/HEAD', ['main', 'topic'], 'release/2', 'release/2'],
    ['main before master', ['master', 'main', 'topic'], null, 'main'],
    ['master', ['master', 'topic'], null, 'master'],
    ['the current one', ['trunk', 'topic'], null, 'topic'],
  ])('takes %s for the default branch', async (_, branches, remote, expected) => {
    const repo = temporaryRepository();
    repo.git('checkout', '--quiet', '-b', branches[0] ?? '');
    repo.commit();
    for (const branch of branches.slice(1)) repo.git('checkout', '--quiet', '-B', branch);
    if (remote !== null) {
      repo.git('update-ref', `refs/remotes/origin/${remote}`, 'HEAD');
      repo.git('symbolic-ref', 'refs/remotes/origin/HEAD', `refs/remotes/origin/${remote}`);
    }
    expect((await open(repo.root)).checkout).toMatchObject({ branch: 'topic', defaultBranch: expected });
  });

  it('SEC-145: stands in a linked worktree with its own git folder, and in a submodule', async () => {
    const repo = temporaryRepository();
    repo.commit();
    const linked = join(temporaryFolder(), 'linked');
    repo.git('worktree', 'add', '--quiet', '-b', 'side', linked);
    expect((await open(linked)).checkout).toMatchObject({ root: linked, gitDir: join(repo.root, '.git/worktrees/linked'), branch: 'side' });

    const outer = temporaryRepository();
    outer.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', repo.root, 'sub');
    outer.commit();
    expect((await open(join(outer.root, 'sub'))).checkout).toMatchObject({ root: join(outer.root, 'sub'), gitDir: join(outer.root, '.git/modules/sub') });
    expect((await open(outer.root)).checkout.root).toBe(outer.root);
  });

  it('SEC-148: accepts the object ids of a SHA-256 repository', async () => {
    const repo = temporaryRepository('--object-format=sha256');
    const base = repo.commit();
    repo.write('a', '1');
    repo.commit();
    const repository = await open(repo.root);
    expect(repository.checkout.commit).toMatch(/^[0-9a-f]{64}$/);
    expect(await repository.isAncestor(base)).toBe(true);
  });

  it('stands in a folder whose name holds a line feed', async () => {
    const root = join(temporaryFolder(), 'a\nb');
    mkdirSync(root);
    const repo = repositoryAt(root);
    repo.git('init', '--quiet', '--initial-branch=main');
    repo.commit();
    expect((await open(root)).checkout).toMatchObject({ root, gitDir: `${root}/.git`, branch: 'main' });
  });
});

describe('where there is none', () => {
  it('says that a folder is in no repository, or not there at all', async () => {
    const folder = temporaryFolder();
    for (const place of [folder, join(folder, 'nowhere')]) expect(await failure(open(place))).toMatchObject({ code: 'NO_REPOSITORY', exitCode: 2, path: place });
  });

  it('SEC-145: refuses a bare repository and a git folder, which have no working tree', async () => {
    const repo = temporaryRepository('--bare');
    expect(await failure(open(repo.root))).toMatchObject({ code: 'NO_REPOSITORY', message: expect.stringContaining('not in a working tree') });
    const plain = temporaryRepository();
    plain.commit();
    expect((await failure(open(join(plain.root, '.git')))).code).toBe('NO_REPOSITORY');
  });

  it('refuses a repository without a commit', async () => {
    expect(await failure(open(temporaryRepository().root))).toMatchObject({ code: 'NO_COMMITS', exitCode: 2 });
  });

  it('refuses a working tree elsewhere that the configuration names', async () => {
    const outer = temporaryFolder();
    const repo = repositoryAt(join(outer, 'inner'));
    mkdirSync(repo.root);
    repo.git('init', '--quiet', '--initial-branch=main');
    repo.commit();
    repo.git('config', 'core.worktree', outer);
    expect((await failure(open(repo.root))).code).toBe('NO_REPOSITORY');
  });

  it('says that git is missing', async () => {
    const repo = temporaryRepository();
    repo.commit();
    expect(await failure(open(repo.root, { PATH: temporaryFolder() }))).toMatchObject({ code: 'NO_GIT', exitCode: 2 });
  });

  it('passes on what git says when it cannot read the repository', async () => {
    const repo = temporaryRepository();
    repo.commit();
    writeFileSync(join(repo.root, '.git/config'), '[core]\n\trepositoryformatversion = 9\n');
    const { code, message } = await failure(open(repo.root));
    expect(code).toBe('GIT_FAILED');
    expect(message).toMatch(/^`git rev-parse .*`: fatal: .*version/);
  });
});

describe('history', () => {
  it('knows an ancestor, itself, a stranger, and what is no commit at all', async () => {
    const repo = temporaryRepository();
    const first = repo.commit();
    const second = repo.commit();
    repo.git('checkout', '--quiet', '-b', 'side', first);
    const third = repo.commit('other');
    const repository = await open(repo.root);
    expect(await Promise.all([first, third, second, 'f'.repeat(40), '--help', 'main'].map((one) => repository.isAncestor(one)))).toEqual([true, true, false, false, false, false]);
  });

  it('finds where the branch left the default branch, by whichever of the local and the remote one is further', async () => {
    const repo = temporaryRepository();
    repo.commit();
    const local = repo.commit();
    const remote = repo.commit();
    repo.git('update-ref', 'refs/remotes/origin/main', remote);
    repo.git('checkout', '--quiet', '-b', 'topic');
    repo.git('branch', '--force', 'main', local);
    repo.commit();
    expect(await (await open(repo.root)).mergeBase()).toBe(remote);
    repo.git('update-ref', '-d', 'refs/remotes/origin/main');
    expect(await (await open(repo.root)).mergeBase()).toBe(local);
  });

  it('finds the remote default branch where there is no local one, and nothing where histories are unrelated', async () => {
    const repo = temporaryRepository();
    const base = repo.commit();
    repo.git('update-ref', 'refs/remotes/origin/dev', base);
    repo.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/dev');
    repo.commit();
    expect(await (await open(repo.root)).mergeBase()).toBe(base);
    repo.git('checkout', '--quiet', '--orphan', 'alone');
    repo.commit('alone');
    expect(await (await open(repo.root)).mergeBase()).toBeUndefined();
  });
});

describe('what a repository may not start', () => {
  /** A program that leaves a trace, and the trace. */
  const trap = (): { program: string; trace: string } => {
    const folder = temporaryFolder();
    const program = join(folder, 'trap');
    const trace = join(folder, 'trace');
    writeFileSync(program, `#!/bin/sh\necho "$0 $*" >> '${trace}'\n`);
    chmodSync(program, 0o755);
    return { program, trace };
  };

  it('SEC-146: runs no program that the configuration, the attributes or the hooks name', async () => {
    const repo = temporaryRepository();
    const { program, trace } = trap();
    repo.write('a.txt', 'one\n');
    const base = repo.commit();
    repo.write('a.txt', 'two\n');
    repo.write('.gitattributes', '* filter=evil diff=evil\n');
    repo.git('add', '--all');
    repo.git('commit', '--quiet', '--message', 'two');
    repo.write('a.txt', 'three\n');
    for (const key of ['core.fsmonitor', 'core.sshCommand', 'core.pager', 'core.editor', 'core.gitProxy', 'core.alternateRefsCommand', 'diff.external', 'diff.evil.command', 'diff.evil.textconv', 'filter.evil.clean', 'filter.evil.smudge', 'filter.evil.process', 'credential.helper', 'alias.ls-files', 'uploadpack.packObjectsHook', 'gpg.program']) repo.git('config', key, key.startsWith('alias') ? `!${program}` : program);
    repo.git('config', 'filter.evil.required', 'true');
    repo.git('config', 'core.hooksPath', 'hooks');
    for (const hook of ['post-index-change', 'reference-transaction', 'fsmonitor-watchman', 'pre-auto-gc']) {
      repo.write(`hooks/${hook}`, readFileSync(program));
      chmodSync(join(repo.root, 'hooks', hook), 0o755);
    }
    const repository = await open(repo.root);
    await repository.mergeBase();
    await repository.isAncestor(base);
    const { files, problems } = await repository.changedFiles(base, () => false);
    expect(files.map(({ path }) => path)).toContain('a.txt');
    expect(problems).toEqual([]);
    expect(existsSync(trace)).toBe(false);
    // The trap does spring where git is asked carelessly.
    expect(() => repo.git('status', '--short')).toThrow('Command failed');
    expect(existsSync(trace)).toBe(true);
  });

  it('SEC-146: fetches nothing that a partial clone lacks', async () => {
    const repo = temporaryRepository();
    const { program, trace } = trap();
    repo.write('old.txt', 'line one\nline two\nline three\n');
    const base = repo.commit();
    repo.git('mv', 'old.txt', 'new.txt');
    repo.write('new.txt', 'line one\nline two\nline four\n');
    repo.commit();
    const blob = repo.git('rev-parse', `${base}:old.txt`);
    repo.git('config', 'remote.origin.url', `ext::${program}`);
    repo.git('config', 'remote.origin.promisor', 'true');
    repo.git('config', 'extensions.partialClone', 'origin');
    repo.git('config', 'protocol.ext.allow', 'always');
    unlinkSync(join(repo.root, '.git/objects', blob.slice(0, 2), blob.slice(2)));
    const { files } = await (await open(repo.root)).changedFiles(base, () => false);
    expect(files.map(({ path, status }) => `${status} ${path}`)).toEqual(['added new.txt', 'deleted old.txt']);
    expect(existsSync(trace)).toBe(false);
    expect(() => repo.git('cat-file', '-p', blob)).toThrow('Command failed');
    expect(existsSync(trace)).toBe(true);
  });

  it('takes no git from the working tree, from node_modules or from a relative folder of PATH', async () => {
    const repo = temporaryRepository();
    repo.commit();
    const { program, trace } = trap();
    const elsewhere = temporaryFolder();
    for (const place of [join(repo.root, 'bin'), join(elsewhere, 'node_modules/.bin')]) {
      mkdirSync(place, { recursive: true });
      symlinkSync(program, join(place, 'git'));
    }
    const path = ['bin', '.', join(repo.root, 'bin'), join(elsewhere, 'node_modules/.bin'), GIT_ENV['PATH']].join(':');
    expect((await open(repo.root, { ...GIT_ENV, PATH: path })).checkout.branch).toBe('main');
    expect(existsSync(trace)).toBe(false);
  });

  it('is not led elsewhere by variables of the environment', async () => {
    const repo = temporaryRepository();
    repo.write('a', '1');
    const commit = repo.commit();
    const other = temporaryRepository();
    other.commit();
    const { program, trace } = trap();
    const env = { ...GIT_ENV, GIT_DIR: join(other.root, '.git'), GIT_WORK_TREE: other.root, GIT_INDEX_FILE: join(other.root, 'none'), GIT_OBJECT_DIRECTORY: other.root, GIT_EXTERNAL_DIFF: program, GIT_TRACE: trace, GIT_LITERAL_PATHSPECS: '1' };
    const repository = await open(repo.root, env);
    expect(repository.checkout).toMatchObject({ root: repo.root, commit });
    expect((await repository.changedFiles(undefined, () => false)).files).toEqual([]);
    expect(existsSync(trace)).toBe(false);
  });
});
