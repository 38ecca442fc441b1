import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openLocalRepository } from '../../../src/host/local/repository.ts';
import { GIT_ENV, repositoryAt, temporaryFolder, temporaryRepository, type TemporaryRepository } from './temporary-repository.ts';

const changesOf = async (repo: TemporaryRepository, base?: string, ignore: (path: string) => boolean = () => false) => (await openLocalRepository(repo.root, GIT_ENV)).changedFiles(base, ignore);
/** `status path`, `<- from` for a rename, `*` where a part is not committed. */
const listOf = async (...args: Parameters<typeof changesOf>): Promise<string[]> => {
  const { files, problems } = await changesOf(...args);
  expect(problems).toEqual([]);
  return files.map(({ path, status, from, uncommitted }) => `${status} ${path}${from === undefined ? '' : ` <- ${from}`}${uncommitted ? ' *' : ''}`);
};
const LINES = 'first line\nsecond line\nthird line\nfourth line\n';

describe('committed and uncommitted changes', () => {
  it('lists what changed since the base, sorted, and marks what is not committed', async () => {
    const repo = temporaryRepository();
    for (const path of ['gone', 'kept', 'edited', 'staged', 'worked', 'dropped', 'removed']) repo.write(path, `${path}\n`);
    const base = repo.commit();
    repo.write('edited', 'new\n');
    repo.write('made', 'new\n');
    rmSync(join(repo.root, 'gone'));
    repo.commit();
    repo.write('staged', 'new\n');
    repo.write('added', 'new\n');
    repo.git('add', 'staged', 'added');
    repo.git('rm', '--quiet', 'removed');
    repo.write('worked', 'new\n');
    rmSync(join(repo.root, 'dropped'));
    repo.write('sub/untracked', 'new\n');
    expect(await listOf(repo, base)).toEqual([
      'added added *', 'deleted dropped *', 'modified edited', 'deleted gone', 'added made', 'deleted removed *', 'modified staged *', 'added sub/untracked *', 'modified worked *',
    ]);
    expect(await listOf(repo)).toEqual(['added added *', 'deleted dropped *', 'deleted removed *', 'modified staged *', 'added sub/untracked *', 'modified worked *']);
  });

  it('does not list a file that was changed and then changed back, however it was', async () => {
    const repo = temporaryRepository();
    repo.write('a', 'one\n');
    repo.write('b', 'one\n');
    const base = repo.commit();
    repo.write('a', 'two\n');
    repo.write('c', 'two\n');
    repo.commit();
    repo.write('a', 'one\n');
    rmSync(join(repo.root, 'c'));
    repo.write('b', 'two\n');
    repo.git('add', 'b');
    repo.write('b', 'one\n');
    expect(await listOf(repo, base)).toEqual([]);
  });

  it('leaves out what is ignored by the caller or by git, and repositories inside', async () => {
    const repo = temporaryRepository();
    repo.write('.gitignore', 'out/\n');
    repo.commit();
    repo.write('out/x', '1');
    repo.write('docs/LOG.md', '1');
    repo.write('src/a', '1');
    mkdirSync(join(repo.root, 'inner'));
    repositoryAt(join(repo.root, 'inner')).git('init', '--quiet');
    repo.write('inner/x', '1');
    expect(await listOf(repo, undefined, (path) => path.startsWith('docs/'))).toEqual(['added src/a *']);
  });

  it('sees a change that keeps size and time', async () => {
    const repo = temporaryRepository();
    repo.write('a', 'one\n');
    const stamp = new Date('2026-02-03T04:05:06Z');
    utimesSync(join(repo.root, 'a'), stamp, stamp);
    repo.commit();
    repo.write('a', 'two\n');
    utimesSync(join(repo.root, 'a'), stamp, stamp);
    expect(await listOf(repo)).toEqual(['modified a *']);
  });

  it('reads a file that was written in the same moment as the index, whatever the stat data say', async () => {
    const repo = temporaryRepository();
    repo.write('a', 'one\n');
    repo.commit();
    const before = repo.git('rev-parse', 'HEAD:a');
    repo.write('a', 'two\n');
    repo.git('add', 'a');
    // The index that git leaves when the file changes between its look and its write: stat data of the new content beside the id of the old.
    const path = join(repo.root, '.git/index');
    const index = readFileSync(path);
    Buffer.from(before, 'hex').copy(index, index.indexOf(Buffer.from(repo.git('rev-parse', ':a'), 'hex')));
    createHash('sha1').update(index.subarray(0, -20)).digest().copy(index, index.length - 20);
    writeFileSync(path, index);
    const { mtimeMs } = statSync(join(repo.root, 'a'));
    utimesSync(path, mtimeMs / 1_000 + 0.01, mtimeMs / 1_000 + 0.01);
    expect(await listOf(repo)).toEqual(['modified a *']);
    // Long after, such an index cannot come about: git's word is taken, and nothing is read.
    utimesSync(path, mtimeMs / 1_000 + 5, mtimeMs / 1_000 + 5);
    expect(await listOf(repo)).toEqual([]);
  });

  it('does not list files whose stat data alone changed, nor converts through a filter', async () => {
    const repo = temporaryRepository();
    repo.write('unix', LINES);
    repo.write('both', 'a\r\nb\n');
    repo.write('large.bin', 'content\n');
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 8\n`;
    repo.write('pointer.bin', pointer);
    repo.commit();
    const sha = execFileSync('sha256sum', [join(repo.root, 'large.bin')], { encoding: 'utf8' }).slice(0, 64);
    repo.write('pointer.bin', pointer.replace('sha256:0', `sha256:${sha}`));
    repo.commit();
    for (const path of ['unix', 'both', 'large.bin']) utimesSync(join(repo.root, path), 1, 1);
    // As a checkout with core.autocrlf and one with Git LFS leave them.
    repo.write('unix', LINES.replaceAll('\n', '\r\n'));
    repo.write('pointer.bin', 'content\n');
    expect(await listOf(repo)).toEqual([]);
    repo.write('unix', LINES.replaceAll('\n', '\r\n').replace('first', 'fifth'));
    repo.write('pointer.bin', 'contenT\n');
    expect(await listOf(repo)).toEqual(['modified pointer.bin *', 'modified unix *']);
  });

  it('hashes a file of several megabytes in which a CR LF is cut in two', async () => {
    const repo = temporaryRepository();
    // A megabyte ends between CR and LF.
    const text = `y${`${'x'.repeat(1022)}\n`.repeat(3_000)}`;
    repo.write('big', text);
    repo.commit();
    repo.write('big', text.replaceAll('\n', '\r\n'));
    expect(await listOf(repo)).toEqual([]);
  });

  it('sees modes and links, and keeps to git where modes mean nothing', async () => {
    const repo = temporaryRepository();
    repo.write('run', '#!/bin/sh\n');
    repo.write('target', 'x');
    symlinkSync('target', join(repo.root, 'link'));
    repo.write('plain', 'target');
    repo.commit();
    chmodSync(join(repo.root, 'run'), 0o755);
    rmSync(join(repo.root, 'link'));
    symlinkSync('run', join(repo.root, 'link'));
    rmSync(join(repo.root, 'plain'));
    symlinkSync('target', join(repo.root, 'plain'));
    expect(await listOf(repo)).toEqual(['modified link *', 'modified plain *', 'modified run *']);
    repo.git('config', 'core.fileMode', 'false');
    expect(await listOf(repo)).toEqual(['modified link *', 'modified plain *']);
  });

  it('takes files behind a folder that became a link for gone', async () => {
    const repo = temporaryRepository();
    repo.write('a/x', 'same\n');
    repo.commit();
    renameSync(join(repo.root, 'a'), join(temporaryFolder(), 'moved'));
    mkdirSync(join(repo.root, '.git/elsewhere'));
    writeFileSync(join(repo.root, '.git/elsewhere/x'), 'same\n');
    symlinkSync('.git/elsewhere', join(repo.root, 'a'));
    expect(await listOf(repo)).toEqual(['added a *', 'deleted a/x *']);
  });

  it('takes a file that became a folder for gone, and does not open a pipe in its place', async () => {
    const repo = temporaryRepository();
    repo.write('a', '1');
    repo.write('b', '1');
    repo.commit();
    rmSync(join(repo.root, 'a'));
    repo.write('a/inner', '2');
    rmSync(join(repo.root, 'b'));
    execFileSync('mkfifo', [join(repo.root, 'b')]);
    expect(await listOf(repo)).toEqual(['deleted a *', 'added a/inner *', 'modified b *']);
  });

  it('takes a file that git was told to forget for unchanged while it is still there', async () => {
    const repo = temporaryRepository();
    repo.write('a', '1');
    repo.commit();
    repo.git('rm', '--quiet', '--cached', 'a');
    expect(await listOf(repo)).toEqual([]);
    repo.write('a', '2');
    expect(await listOf(repo)).toEqual(['modified a *']);
  });

  it('lists a file with a merge conflict, and one that is only intended to be added', async () => {
    const repo = temporaryRepository();
    repo.write('a', 'base\n');
    repo.commit();
    repo.git('checkout', '--quiet', '-b', 'side');
    repo.write('a', 'side\n');
    repo.commit();
    repo.git('checkout', '--quiet', 'main');
    repo.write('a', 'main\n');
    repo.commit();
    expect(() => repo.git('merge', 'side')).toThrow('Command failed');
    repo.write('b', 'new\n');
    repo.git('add', '--intent-to-add', 'b');
    expect(await listOf(repo)).toEqual(['modified a *', 'added b *']);
  });
});

describe('renames', () => {
  it('follows a rename in a commit, in the working tree, and over both', async () => {
    const repo = temporaryRepository();
    repo.write('one', LINES);
    repo.write('two', `two\n${LINES}`);
    repo.write('three', `three\n${LINES}`);
    repo.write('four', `four\n${LINES}`);
    const base = repo.commit();
    repo.git('mv', 'one', 'one-b');
    repo.write('one-b', `${LINES}fifth line\n`);
    repo.git('mv', 'two', 'two-b');
    repo.commit();
    repo.git('mv', 'two-b', 'two-c');
    renameSync(join(repo.root, 'three'), join(repo.root, 'three-b'));
    mkdirSync(join(repo.root, 'sub'));
    renameSync(join(repo.root, 'four'), join(repo.root, 'sub/four'));
    expect(await listOf(repo, base)).toEqual(['renamed one-b <- one', 'renamed sub/four <- four *', 'renamed three-b <- three *', 'renamed two-c <- two *']);
  });

  it('takes back a rename that was undone, and does not pair a file that lives on', async () => {
    const repo = temporaryRepository();
    repo.write('a', LINES);
    repo.write('b', `b\n${LINES}`);
    const base = repo.commit();
    repo.git('mv', 'a', 'a2');
    repo.git('mv', 'b', 'b2');
    repo.commit();
    repo.git('mv', 'a2', 'a');
    repo.write('b', 'something else\n');
    expect(await listOf(repo, base)).toEqual(['modified b *', 'added b2']);
  });

  it('pairs equal files by name, and empty ones never', async () => {
    const repo = temporaryRepository();
    for (const path of ['x/same', 'y/other', 'empty']) repo.write(path, path === 'empty' ? '' : LINES);
    repo.commit();
    for (const [from, to] of [['y/other', 'z-other'], ['x/same', 'a/same'], ['empty', 'void']]) {
      mkdirSync(join(repo.root, 'a'), { recursive: true });
      renameSync(join(repo.root, from ?? ''), join(repo.root, to ?? ''));
    }
    expect(await listOf(repo)).toEqual(['renamed a/same <- x/same *', 'deleted empty *', 'added void *', 'renamed z-other <- y/other *']);
  });
});

describe('what repositories can be', () => {
  it('SEC-145: leaves files that a sparse checkout does not write alone', async () => {
    const repo = temporaryRepository();
    repo.write('in/a', '1');
    repo.write('out/b', '1');
    repo.commit();
    repo.git('sparse-checkout', 'set', 'in');
    expect(existsSync(join(repo.root, 'out/b'))).toBe(false);
    expect(await listOf(repo)).toEqual([]);
    repo.write('in/a', '2');
    expect(await listOf(repo)).toEqual(['modified in/a *']);
  });

  it('leaves a submodule to the commit that is recorded for it', async () => {
    const inner = temporaryRepository();
    inner.commit();
    const repo = temporaryRepository();
    repo.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.root, 'sub');
    const base = repo.commit();
    repo.write('sub/new', '1');
    expect(await listOf(repo, base)).toEqual([]);
    repositoryAt(join(repo.root, 'sub')).commit();
    repo.git('config', '--file', '.gitmodules', 'submodule.sub.ignore', 'all');
    repo.git('add', '--all');
    repo.git('update-index', '--cacheinfo', `160000,${repositoryAt(join(repo.root, 'sub')).git('rev-parse', 'HEAD')},sub`);
    repo.git('commit', '--quiet', '--message', 'bump');
    expect(await listOf(repo, base)).toEqual(['modified .gitmodules', 'modified sub']);
  });

  it('SEC-148: compares in a SHA-256 repository', async () => {
    const repo = temporaryRepository('--object-format=sha256');
    repo.write('a', 'one\n');
    repo.write('b', 'one\n');
    const base = repo.commit();
    repo.write('a', 'two\n');
    repo.commit();
    utimesSync(join(repo.root, 'b'), 1, 1);
    expect(await listOf(repo, base)).toEqual(['modified a']);
  });

  it('SEC-145: tells that a base is not there, and lists what is not committed', async () => {
    const origin = temporaryRepository();
    origin.write('a', '1');
    const base = origin.commit();
    origin.write('a', '2');
    origin.commit();
    const repo = repositoryAt(join(temporaryFolder(), 'shallow'));
    origin.git('clone', '--quiet', '--depth=1', `file://${origin.root}`, repo.root);
    repo.write('b', '1');
    const { files, problems } = await changesOf(repo, base);
    expect(files).toEqual([{ path: 'b', status: 'added', uncommitted: true }]);
    expect(problems).toEqual([{ code: 'FILES_UNKNOWN', message: expect.stringContaining(base) }]);
    expect(await (await openLocalRepository(repo.root, GIT_ENV)).isAncestor(base)).toBe(false);
  });

  it('tells every part that a broken repository keeps from being known', async () => {
    const repo = temporaryRepository();
    repo.write('a', '1');
    const base = repo.commit();
    repo.write('a', '2');
    repo.commit();
    repo.write('b', '1');
    writeFileSync(join(repo.root, '.git/index'), 'no index');
    const { files, problems } = await changesOf(repo, base);
    expect(files).toEqual([]);
    expect(problems.map(({ code, message }) => `${code}: ${message.split(' (', 1).join('')}`).sort()).toEqual([
      'FILES_UNKNOWN: The index cannot be listed, so no uncommitted change is known',
      `FILES_UNKNOWN: What changed between ${base} and HEAD is not known`,
    ]);
  });

  it('works in a linked worktree', async () => {
    const repo = temporaryRepository();
    repo.write('a', '1');
    repo.commit();
    const linked = join(temporaryFolder(), 'linked');
    repo.git('worktree', 'add', '--quiet', '-b', 'side', linked);
    writeFileSync(join(linked, 'a'), '2');
    expect(await listOf(repositoryAt(linked))).toEqual(['modified a *']);
    expect(await listOf(repo)).toEqual([]);
  });

  it('SEC-66: lists hard names once each, and tells once that bytes were replaced', async () => {
    const repo = temporaryRepository();
    const base = repo.commit();
    const names = ['line\nfeed', '-rf', '--config=x', 'a b', '"quoted"', '*', '? x', 'H 100644 x', 'ü', 'tab\there', ':(top)x', 'trailing. '];
    for (const name of names) repo.write(name, `${name}\n`);
    const bytes = Buffer.concat([Buffer.from(`${repo.root}/`), Buffer.from([0xff, 0x2e, 0x61])]);
    writeFileSync(bytes, 'x');
    for (const isCommitted of [false, true]) {
      if (isCommitted) repo.commit();
      const { files, problems } = await changesOf(repo, base);
      expect(files.map(({ path }) => path)).toEqual([...names, '\ufffd.a'].sort());
      expect(files.every(({ status, uncommitted }) => status === 'added' && uncommitted !== isCommitted)).toBe(true);
      expect(problems).toEqual([{ code: 'FILES_UNKNOWN', message: expect.stringContaining('one changed file') }]);
    }
    // By its bytes, not by what is shown of them.
    writeFileSync(bytes, 'y');
    expect((await changesOf(repo)).files).toEqual([{ path: '\ufffd.a', status: 'modified', uncommitted: true }]);
  });
});

describe('any history', () => {
  const paths = ['a', 'b', 'd/a', 'd/b', 'é/ü'];
  const state = fc.dictionary(fc.constantFrom(...paths), fc.constantFrom('1\n', '2\n', 'one\r\n', 'one\n'), { noNullPrototype: true });

  it('lists exactly what differs between base and working tree, and marks exactly what differs from HEAD', async () => {
    await fc.assert(fc.asyncProperty(state, state, state, fc.boolean(), async (base, head, work, isStaged) => {
      const repo = temporaryRepository();
      const set = (files: Readonly<Record<string, string>>): void => {
        for (const path of paths) rmSync(join(repo.root, path), { force: true });
        for (const [path, text] of Object.entries(files)) repo.write(path, text);
      };
      set(base);
      const commit = repo.commit();
      set(head);
      repo.commit();
      set(work);
      if (isStaged) repo.git('add', '--all');
      // Line ends alone are git's to convert, so they do not count.
      const differs = (a: string | undefined, b: string | undefined): boolean => a?.replaceAll('\r\n', '\n') !== b?.replaceAll('\r\n', '\n');
      const { files } = await changesOf(repo, commit);
      const listed = files.flatMap(({ path, from }) => [path, ...(from === undefined ? [] : [from])]);
      const certain = paths.filter((path) => differs(base[path], work[path]));
      expect(listed.filter((path) => certain.includes(path)).sort()).toEqual(certain.sort());
      for (const path of listed) expect(base[path]).not.toBe(work[path]);
      for (const { path, from, status, uncommitted } of files) {
        expect(status).toBe(from !== undefined ? 'renamed' : base[path] === undefined ? 'added' : work[path] === undefined ? 'deleted' : 'modified');
        const both = [path, from ?? path];
        expect(uncommitted || !both.some((one) => differs(head[one], work[one]))).toBe(true);
        expect(!uncommitted || both.some((one) => head[one] !== work[one])).toBe(true);
      }
    }), { numRuns: 25 });
  }, 20_000);
});
