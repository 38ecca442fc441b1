import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, chmodSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AuditError } from '../../../src/errors.ts';
import { localFiles } from '../../../src/host/local/files.ts';
import { temporaryFolder } from './temporary-repository.ts';

function folderWith(files: Readonly<Record<string, string>>): string {
  const root = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const LIMITS = { bytes: 1_000_000 };

async function textOf(root: string, path: string, source = localFiles(root)): Promise<string> {
  const pieces: Uint8Array[] = [];
  const { bytes, sha256 } = await source.read(path, LIMITS, (piece) => pieces.push(piece));
  const whole = Buffer.concat(pieces);
  expect({ bytes, sha256 }).toEqual({ bytes: whole.length, sha256: createHash('sha256').update(whole).digest('hex') });
  return whole.toString();
}

/** The code of the refusal, and that nothing of the content was handed over before it. */
async function refusalOf(root: string, path: string): Promise<string> {
  let handed = 0;
  const error: unknown = await localFiles(root).read(path, LIMITS, (piece) => { handed += piece.length; }).catch((thrown: unknown) => thrown);
  if (!(error instanceof AuditError)) throw new Error(`expected an AuditError, got ${String(error)}`);
  expect(handed).toBe(0);
  expect(error.path).toBe(path);
  return error.code;
}

describe('reading', () => {
  it('hands a file over in pieces that stay as they are', async () => {
    const text = Array.from({ length: 100_000 }, (_, at) => `${at}\n`).join('');
    const root = folderWith({ 'a/b.txt': text, empty: '' });
    expect(await textOf(root, 'a/b.txt')).toBe(text);
    expect(await textOf(root, 'empty')).toBe('');
  });

  it('SEC-61: follows no link, wherever it leads, and no folder that leads out', async () => {
    const outside = folderWith({ 'secret.xml': 'secret' });
    const root = folderWith({ 'real/a.xml': 'a' });
    for (const [name, target] of [['environ.xml', '/proc/self/environ'], ['up.xml', join('..', basename(outside), 'secret.xml')], ['inner.xml', 'real/a.xml'], ['gone.xml', 'nowhere']] as const) symlinkSync(target, join(root, name));
    symlinkSync(outside, join(root, 'out'));
    symlinkSync('real', join(root, 'in'));
    const source = localFiles(root);
    expect(await source.glob(['*.xml', 'out/*.xml', '*/secret.xml'], 10)).toEqual(['environ.xml', 'gone.xml', 'inner.xml', 'out', 'up.xml']);
    for (const path of ['environ.xml', 'up.xml', 'inner.xml', 'gone.xml', 'out', 'out/secret.xml']) expect([path, await refusalOf(root, path)]).toEqual([path, 'SYMLINK']);
    expect(await textOf(root, 'in/a.xml')).toBe('a');
  });

  it('SEC-62: reads no loop, pipe, socket, device link, folder or unreadable thing, and does not wait for one', async () => {
    const root = folderWith({});
    symlinkSync('loop.xml', join(root, 'loop.xml'));
    symlinkSync('/dev/zero', join(root, 'zero.xml'));
    symlinkSync('.', join(root, 'self'));
    spawnSync('mkfifo', [join(root, 'pipe.xml')]);
    mkdirSync(join(root, 'folder.xml'));
    const server = createServer();
    await new Promise<void>((done) => { server.listen(join(root, 'socket.xml'), done); });
    expect(await localFiles(root).glob(['**/*.xml'], 10)).toEqual(['loop.xml', 'pipe.xml', 'socket.xml', 'zero.xml']);
    for (const path of ['pipe.xml', 'socket.xml', 'folder.xml']) expect([path, await refusalOf(root, path)]).toEqual([path, 'NOT_REGULAR']);
    for (const path of ['loop.xml', 'zero.xml']) expect([path, await refusalOf(root, path)]).toEqual([path, 'SYMLINK']);
    server.close();
  });

  it('SEC-62: tells a file that may not be read', async () => {
    const root = folderWith({ 'secret.xml': 'x' });
    chmodSync(join(root, 'secret.xml'), 0o000);
    // A privileged process may read everything: another user tries for it.
    const script = `import { localFiles } from ${JSON.stringify(join(process.cwd(), 'src/host/local/files.ts'))}; if (process.getuid() === 0) process.setuid(65534); localFiles(${JSON.stringify(root)}).read('secret.xml', { bytes: 9 }, () => {}).catch((error) => console.log(error.code));`;
    chmodSync(root, 0o755);
    const node = join(process.cwd(), 'node_modules/.bin/node');
    const { stdout, stderr } = spawnSync(node, ['--input-type=module-typescript', '--eval', script], { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '', NODE_NO_WARNINGS: '1' } });
    expect({ stdout, stderr }).toEqual({ stdout: 'NOT_REGULAR\n', stderr: '' });
  });

  it.each([
    ['shrinks', (path: string) => truncateSync(path, 10)],
    ['grows', (path: string) => appendFileSync(path, 'more')],
    ['is rewritten in place', (path: string) => { writeFileSync(path, 'y'.repeat(600_000)); utimesSync(path, 1, 1); }],
  ])('SEC-65: tells a file that %s while it is being read', async (_, change) => {
    const root = folderWith({ 'a.xml': 'x'.repeat(600_000) });
    let isChanged = false;
    const reading = localFiles(root).read('a.xml', LIMITS, () => {
      if (!isChanged) change(join(root, 'a.xml'));
      isChanged = true;
    });
    await expect(reading).rejects.toMatchObject({ code: 'FILE_CHANGED', path: 'a.xml' });
  });

  it('SEC-65: reads on through the one handle when the name goes to another file', async () => {
    const root = folderWith({ 'a.xml': 'x'.repeat(600_000), 'b.xml': 'secret' });
    const pieces: Uint8Array[] = [];
    await localFiles(root).read('a.xml', LIMITS, (piece) => {
      pieces.push(piece);
      if (pieces.length === 1) {
        unlinkSync(join(root, 'a.xml'));
        symlinkSync('b.xml', join(root, 'a.xml'));
      }
    });
    expect(Buffer.concat(pieces).toString()).toBe('x'.repeat(600_000));
  });

  it('SEC-65: tells a file that vanished or became a link after it was listed', async () => {
    const root = folderWith({ 'a.xml': 'a', 'b.xml': 'b' });
    expect(await localFiles(root).glob(['*.xml'], 10)).toEqual(['a.xml', 'b.xml']);
    unlinkSync(join(root, 'a.xml'));
    unlinkSync(join(root, 'b.xml'));
    symlinkSync('/etc/hostname', join(root, 'b.xml'));
    expect([await refusalOf(root, 'a.xml'), await refusalOf(root, 'b.xml')]).toEqual(['NO_MATCH', 'SYMLINK']);
  });

  it('stops at the size limit before anything is handed over, and takes a file of exactly that size', async () => {
    const root = folderWith({ large: 'x'.repeat(1_000_001), fits: 'x'.repeat(1_000_000) });
    expect(await refusalOf(root, 'large')).toBe('LIMIT_REACHED');
    expect(await textOf(root, 'fits')).toHaveLength(1_000_000);
  });

  it('refuses to leave the root by the path itself', async () => {
    const root = folderWith({ 'a/x': 'x' });
    for (const path of ['../x', 'a/../../x', '/etc/hostname', '', 'a\0b']) expect(await refusalOf(root, path)).toBe('INVALID_INPUT');
  });

  it('works where the root itself is reached through a link', async () => {
    const root = folderWith({ 'real/sub/a.xml': 'a' });
    symlinkSync('real', join(root, 'link'));
    const source = localFiles(join(root, 'link'));
    expect(await source.glob(['**/*.xml'], 10)).toEqual(['sub/a.xml']);
    expect(await textOf(root, 'sub/a.xml', source)).toBe('a');
  });
});

describe('existence', () => {
  it('counts a link as itself, and nothing outside', async () => {
    const outside = folderWith({ x: 'x' });
    const root = folderWith({ 'a/x': 'x' });
    symlinkSync('nowhere', join(root, 'dangling'));
    symlinkSync(outside, join(root, 'out'));
    const source = localFiles(root);
    const asked = ['a/x', 'a', 'dangling', 'out', 'out/x', 'a/y', 'a/x/y', '../', `../${basename(outside)}/x`, join(outside, 'x')];
    expect(await Promise.all(asked.map((path) => source.exists(path)))).toEqual([true, true, true, true, false, false, false, false, false, false]);
  });
});

describe('finding', () => {
  it('SEC-63: gives one more than the limit for a folder of many files', async () => {
    const root = folderWith({});
    for (let number = 0; number < 300; number += 1) writeFileSync(join(root, `${number}.xml`), '');
    expect(await localFiles(root).glob(['*.xml'], 100)).toHaveLength(101);
    expect(await localFiles(root).glob(['*.xml'], 300)).toHaveLength(300);
  });

  it('SEC-66: finds and reads every hard name exactly once', async () => {
    const root = temporaryFolder();
    const names = ['a\nb.xml', '-rf.xml', '--config=x.xml', 'a b.xml', `${'n'.repeat(251)}.xml`, 'CON.xml', 'a:stream.xml', 'trailing. .xml', '%41.xml', '[a].xml', '{b,c}.xml', '~.xml', '\u202egnp.xml', 'a\\b.xml', '\ufffd.xml', String.raw`\xfe.xml`];
    for (const name of names) writeFileSync(join(root, name), name);
    const raw = (bytes: readonly number[]): Buffer => Buffer.concat([Buffer.from(`${root}/`), Buffer.from(bytes), Buffer.from('.xml')]);
    writeFileSync(raw([0xff]), 'ff');
    writeFileSync(raw([0xfe]), 'fe');
    mkdirSync(Buffer.concat([Buffer.from(`${root}/d`), Buffer.from([0xe9])]));
    writeFileSync(Buffer.concat([Buffer.from(`${root}/d`), Buffer.from([0xe9]), Buffer.from('/in.xml')]), 'inside');
    const source = localFiles(root);
    const found = await source.glob(['**/*.xml', '*.xml'], 100);
    const shown = [...names, String.raw`\xff.xml`, `\ufffd${String.raw`\xfe.xml`}`, String.raw`d\xe9/in.xml`];
    expect(found).toEqual(shown.sort());
    for (const path of found) {
      const expected = path === String.raw`\xff.xml` ? 'ff' : path.startsWith('\ufffd\\') ? 'fe' : path.startsWith('d') ? 'inside' : path;
      expect([path, await textOf(root, path, source)]).toEqual([path, expected]);
    }
    expect(await source.glob(['[a].xml'], 10)).toEqual(['[a].xml']);
  });

  it('lists a folder that a pattern names outright, a hard link as a file, and nothing for a folder that is not there', async () => {
    const root = folderWith({ 'out/a.xml': 'a' });
    linkSync(join(root, 'out/a.xml'), join(root, 'out/b.xml'));
    const source = localFiles(root);
    expect(await source.glob(['out'], 10)).toEqual(['out']);
    expect(await source.glob(['out/*', 'missing/**/*.xml'], 10)).toEqual(['out/a.xml', 'out/b.xml']);
    renameSync(join(root, 'out'), join(root, 'moved'));
    expect(await source.glob(['out/*'], 10)).toEqual([]);
    rmSync(root, { recursive: true });
    expect(await source.glob(['**/*.xml'], 10)).toEqual([]);
  });

  it('walks a link to a folder inside only where the pattern names it, and never in a circle', async () => {
    const root = folderWith({ 'real/a.xml': 'a' });
    symlinkSync('real', join(root, 'latest'));
    symlinkSync('..', join(root, 'real/loop'));
    const source = localFiles(root);
    expect(await source.glob(['latest/*.xml'], 10)).toEqual(['latest/a.xml']);
    expect(await source.glob(['**/*.xml', '*/*.xml'], 10)).toEqual(['real/a.xml']);
    expect(await source.glob(['**/loop/**/a.xml'], 10)).toEqual(['real/loop/real/a.xml']);
  });
});
