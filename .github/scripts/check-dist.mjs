#!/usr/bin/env node
/** Holds that dist/ in git is what the sources build, byte for byte, and that nothing unexpected is in the bundle. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scanBundle } from './bundle-scan.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

function build(out) {
  const { status, error } = spawnSync(process.execPath, [join(root, '.github/scripts/build.mjs'), '--out', out], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error !== undefined) throw error;
  return status === 0;
}

/** Name to bytes and mode of every file of a flat folder; an absent folder is empty. */
async function readFolder(folder) {
  const names = await readdir(folder).catch((error) => (error.code === 'ENOENT' ? [] : Promise.reject(error)));
  return new Map(await Promise.all(names.map(async (name) => {
    const [bytes, { mode }] = await Promise.all([readFile(join(folder, name)), stat(join(folder, name))]);
    return [name, { bytes, executable: (mode & 0o100) !== 0 }];
  })));
}

/** What git holds of dist/ (its index): name to object id and mode. */
function readIndex() {
  const { status, stdout, stderr } = spawnSync('git', ['ls-files', '--stage', '-z', '--', 'dist'], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ls-files failed: ${stderr}`);
  return new Map(stdout.split('\0').filter((line) => line !== '').map((line) => {
    const [, mode, id, path] = /^(\d+) ([0-9a-f]+) \d\tdist\/(.*)$/s.exec(line) ?? [];
    return [path, { mode, id }];
  }));
}

function objectId(bytes, length) {
  return createHash(length === 64 ? 'sha256' : 'sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** One line for each file that is not as built. */
function compare({ built, disk, index }) {
  const problems = [];
  for (const name of new Set([...built.keys(), ...disk.keys(), ...index.keys()])) {
    const [fresh, onDisk, inGit] = [built.get(name), disk.get(name), index.get(name)];
    if (fresh === undefined) problems.push(`dist/${name} is stale: the sources do not build it (${inGit === undefined ? 'untracked' : 'in git'}).`);
    else if (onDisk === undefined) problems.push(`dist/${name} is missing.`);
    else if (!fresh.bytes.equals(onDisk.bytes)) problems.push(`dist/${name} differs from what the sources build (${onDisk.bytes.length} bytes, built ${fresh.bytes.length}).`);
    else if (inGit === undefined) problems.push(`dist/${name} is not in git.`);
    else if (inGit.id !== objectId(fresh.bytes, inGit.id.length)) problems.push(`dist/${name} is built but its new content is not added to git.`);
    else if (inGit.mode !== (fresh.executable ? '100755' : '100644')) problems.push(`dist/${name} has mode ${inGit.mode} in git.`);
  }
  return problems.sort();
}

async function checkDist(out) {
  if (!build(out)) return 1;
  const built = await readFolder(out);
  const stale = compare({ built, disk: await readFolder(join(root, 'dist')), index: readIndex() });
  const odd = scanBundle(new Map([...built].filter(([name]) => name.endsWith('.js')).map(([name, { bytes }]) => [name, bytes.toString('utf8')])));
  for (const problem of [...stale, ...odd]) console.error(`check-dist: ${problem}`);
  if (stale.length > 0) console.error('check-dist: run `npm run build`, then `git add dist`.');
  if (stale.length + odd.length > 0) return 1;
  console.log(`check-dist: dist/ is what the sources build: ${built.size} files, ${[...built.values()].reduce((sum, { bytes }) => sum + bytes.length, 0)} bytes.`);
  return 0;
}

const out = await mkdtemp(join(tmpdir(), 'audit-run-log-dist-'));
try {
  process.exitCode = await checkDist(out);
} finally {
  await rm(out, { recursive: true, force: true });
}
