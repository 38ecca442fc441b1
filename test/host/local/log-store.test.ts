import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AuditError } from '../../../src/errors.ts';
import { localLogStore, type LogStoreOptions } from '../../../src/host/local/log-store.ts';
import type { FileWrite } from '../../../src/host/ports.ts';
import type { StoreStep } from '../../../src/host/local/store-journal.ts';
import { namedCommits } from '../named-commits.ts';
import { appendEntry, type StoreTask } from './store-process.ts';
import { temporaryFolder } from './temporary-repository.ts';

const LOG = 'docs/LOG.md';
/** Runs sources as they are; the tests themselves may run on an older Node. */
const NODE = existsSync('node_modules/.bin/node') ? 'node_modules/.bin/node' : process.execPath;

type Place = Readonly<{ root: string; gitDir: string }>;

function place(): Place {
  const root = temporaryFolder();
  mkdirSync(join(root, '.git'));
  return { root, gitDir: join(root, '.git') };
}

let counter = 0;

/** Waits take no time; randomness counts. */
function storeAt(at: Place, options: Partial<LogStoreOptions> = {}) {
  return namedCommits(localLogStore({
    ...at,
    random: (bytes) => (counter += 1).toString(16).padStart(bytes * 2, '0').slice(-bytes * 2),
    wait: () => new Promise((done) => { setImmediate(done); }),
    ...options,
  }), 'Record RUN-001');
}

const file = (path: string, text: string): FileWrite => ({ path, bytes: Buffer.from(text) });
const textOf = (at: Place, path: string): string => readFileSync(join(at.root, path), 'utf8');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Every path below the root with what it holds, and what is left in the git folder. */
function everything(at: Place): Record<string, string> {
  const all = readdirSync(at.root, { recursive: true, encoding: 'utf8' }).filter((path) => path !== '.git' && path !== '.git/audit-run-log');
  return Object.fromEntries(all.sort().map((path) => [path, lstatSync(join(at.root, path)).isFile() ? textOf(at, path) : 'not a file']));
}

async function failure(answer: Promise<unknown>): Promise<AuditError> {
  const error = await answer.then(() => undefined, (thrown: unknown) => thrown);
  if (!(error instanceof AuditError)) throw new Error(`expected an AuditError, got ${String(error)}`);
  return error;
}

describe('reading and writing', () => {
  it('reads what is there, and makes folders and files that are not', async () => {
    const at = place();
    const store = storeAt(at);
    expect(await store.read([LOG, 'docs/audit/x.json'])).toEqual({ head: 'absent', files: new Map() });
    const answer = await store.commit('absent', [file(LOG, 'log\n'), file('docs/audit/x.json', '{}\n')]);
    expect(answer).toEqual({ state: 'committed', id: sha256('log\n') });
    const { head, files } = await store.read([LOG, 'docs/audit/x.json', 'docs/audit/y.json']);
    expect(head).toBe(sha256('log\n'));
    expect([...files].map(([path, bytes]) => [path, Buffer.from(bytes).toString()])).toEqual([[LOG, 'log\n'], ['docs/audit/x.json', '{}\n']]);
    expect(Object.keys(everything(at))).toEqual(['docs', LOG, 'docs/audit', 'docs/audit/x.json']);
  });

  it('writes nothing when the log is no longer the one that was read', async () => {
    const at = place();
    await storeAt(at).commit('absent', [file(LOG, 'one\n')]);
    const before = everything(at);
    expect(await storeAt(at).commit('absent', [file(LOG, 'two\n'), file('docs/x', 'x')])).toEqual({ state: 'moved' });
    expect(await storeAt(at).commit(sha256('other\n'), [file(LOG, 'two\n'), file('docs/x', 'x')])).toEqual({ state: 'moved' });
    expect(everything(at)).toEqual(before);
  });

  it('writes nothing when data that it takes the place of were changed by others', async () => {
    const at = place();
    await storeAt(at).commit('absent', [file(LOG, 'one\n'), file('docs/ledger', 'a')]);
    const before = everything(at);
    const replacing = (text: string | null): FileWrite => ({ ...file('docs/ledger', 'b'), replaces: text === null ? null : Buffer.from(text) });
    expect(await storeAt(at).commit(sha256('one\n'), [file(LOG, 'two\n'), replacing('other')])).toEqual({ state: 'moved' });
    expect(await storeAt(at).commit(sha256('one\n'), [file(LOG, 'two\n'), replacing(null)])).toEqual({ state: 'moved' });
    expect(everything(at)).toEqual(before);
    expect(await storeAt(at).commit(sha256('one\n'), [file(LOG, 'two\n'), replacing('a')])).toMatchObject({ state: 'committed' });
  });

  it('writes nothing when another program changes the log until the last moment', async () => {
    const at = place();
    await storeAt(at).commit('absent', [file(LOG, 'one\n')]);
    const store = storeAt(at, { step: (name) => { if (name === 'prepared') writeFileSync(join(at.root, LOG), 'by hand\n'); } });
    expect(await store.commit(sha256('one\n'), [file(LOG, 'two\n'), file('docs/x', 'x')])).toEqual({ state: 'moved' });
    expect(everything(at)).toEqual({ docs: 'not a file', [LOG]: 'by hand\n' });
  });

  it('leaves a file alone that must be written once and is there with other content', async () => {
    const at = place();
    const record = (text: string): FileWrite => ({ ...file('docs/r.json', text), once: true });
    await storeAt(at).commit('absent', [file(LOG, 'one\n'), record('1')]);
    const before = everything(at);
    expect(await failure(storeAt(at).commit(sha256('one\n'), [file(LOG, 'two\n'), record('2')]))).toMatchObject({ code: 'RECORD_EXISTS', path: 'docs/r.json' });
    expect(everything(at)).toEqual(before);
    expect((await storeAt(at).commit(sha256('one\n'), [file(LOG, 'two\n'), record('1')])).state).toBe('committed');
  });

  it('keeps the rights of the files that it replaces, and does not touch those that stay equal', async () => {
    const at = place();
    await storeAt(at).commit('absent', [file(LOG, 'one\n'), file('docs/same', 'same')]);
    chmodSync(join(at.root, LOG), 0o640);
    const { ino } = statSync(join(at.root, 'docs/same'));
    await storeAt(at).commit(sha256('one\n'), [file(LOG, 'two\n'), file('docs/same', 'same')]);
    expect(statSync(join(at.root, LOG)).mode & 0o777).toBe(0o640);
    expect(statSync(join(at.root, 'docs/same')).ino).toBe(ino);
  });

  it('refuses more bytes than the limit, in what is there and in what would be', async () => {
    const at = place();
    const large = Buffer.alloc(100_000_001, 'a');
    expect((await failure(storeAt(at).commit('absent', [{ path: LOG, bytes: large }]))).code).toBe('LOG_TOO_LARGE');
    mkdirSync(join(at.root, 'docs'));
    writeFileSync(join(at.root, LOG), '');
    truncateSync(join(at.root, LOG), 100_000_001);
    expect(await failure(storeAt(at).read([LOG]))).toMatchObject({ code: 'LOG_TOO_LARGE', path: LOG });
  });
});

describe('what may not be a log', () => {
  const make: readonly (readonly [string, (at: Place) => unknown])[] = [
    ['a link to a file', (at) => { writeFileSync(join(at.root, 'README.md'), 'kept\n'); symlinkSync('../README.md', join(at.root, LOG)); }],
    ['a link to nothing', (at) => symlinkSync('nothing', join(at.root, LOG))],
    ['a folder', (at) => mkdirSync(join(at.root, LOG))],
    ['a pipe', (at) => spawnSync('mkfifo', [join(at.root, LOG)])],
    ['a socket', (at) => new Promise((done) => { const server = createServer().listen(join(at.root, LOG), () => { server.unref(); done(undefined); }); })],
    ['behind a folder that is a link', (at) => { rmSync(join(at.root, 'docs'), { recursive: true }); mkdirSync(join(at.root, 'real')); symlinkSync('real', join(at.root, 'docs')); }],
    ['behind a folder that is a file', (at) => { rmSync(join(at.root, 'docs'), { recursive: true }); writeFileSync(join(at.root, 'docs'), ''); }],
    ['in a repository of its own', (at) => writeFileSync(join(at.root, 'docs/.git'), 'gitdir: elsewhere\n')],
  ];

  it.each(make)('SEC-86: refuses a log that is %s, and writes nothing', async (_, prepare) => {
    const at = place();
    mkdirSync(join(at.root, 'docs'));
    await prepare(at);
    const before = everything(at);
    expect(await failure(storeAt(at).read([LOG]))).toMatchObject({ code: 'LOG_NOT_REGULAR', path: LOG });
    expect(await failure(storeAt(at).commit('absent', [file(LOG, 'x')]))).toMatchObject({ code: 'LOG_NOT_REGULAR', path: LOG });
    expect(everything(at)).toEqual(before);
  });

  it('SEC-86: refuses a link among the data beside the log', async () => {
    const at = place();
    mkdirSync(join(at.root, 'docs'));
    mkdirSync(join(at.root, 'elsewhere'));
    symlinkSync('../elsewhere', join(at.root, 'docs/audit'));
    expect((await failure(storeAt(at).commit('absent', [file(LOG, 'x'), file('docs/audit/x', 'x')]))).code).toBe('LOG_NOT_REGULAR');
    expect(readdirSync(join(at.root, 'elsewhere'))).toEqual([]);
    expect(existsSync(join(at.root, LOG))).toBe(false);
  });

  it('SEC-86: does not write through a link that takes the place of a folder during the commit', async () => {
    const at = place();
    const outside = temporaryFolder();
    await storeAt(at).commit('absent', [file(LOG, 'one\n')]);
    const swap = (): void => {
      renameSync(join(at.root, 'docs'), join(at.root, 'old'));
      symlinkSync(outside, join(at.root, 'docs'));
    };
    const store = storeAt(at, { step: (name) => { if (name === 'decided') swap(); } });
    expect((await failure(store.commit(sha256('one\n'), [file(LOG, 'two\n')]))).code).toBe('LOG_NOT_REGULAR');
    expect(readdirSync(outside)).toEqual([]);
    expect(textOf(at, 'old/LOG.md')).toBe('one\n');
  });

  it('SEC-87: refuses paths that leave the repository or lie in git folders', async () => {
    const at = place();
    for (const path of ['../x.md', '/tmp/x.md', '.git/x.md', 'a/../../x.md', '.GitHub/x.md', 'a\\x.md']) {
      expect(await failure(storeAt(at).read([path]))).toMatchObject({ code: 'LOG_PATH', exitCode: 2 });
      expect((await failure(storeAt(at).commit('absent', [file(LOG, 'x'), file(path, 'x')]))).code).toBe('LOG_PATH');
    }
    expect(everything(at)).toEqual({});
  });
});

describe('failures', () => {
  const FAULT = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });

  it.each(['locked', 'read', 'planned', 'folders', 'part', 'prepared', 'decided'] as const)('changes nothing when the step %s fails', async (failing) => {
    const at = place();
    await storeAt(at).commit('absent', [file(LOG, 'one\n'), file('docs/ledger', 'one')]);
    const before = everything(at);
    const store = storeAt(at, { step: (name) => { if (name === failing) throw FAULT; } });
    await expect(store.commit(sha256('one\n'), [file(LOG, 'two\n'), file('docs/ledger', 'two'), file('docs/runs/2/r.json', '{}')])).rejects.toThrow('ENOSPC');
    expect(everything(at)).toEqual(before);
    expect((await storeAt(at).commit(sha256('one\n'), [file(LOG, 'two\n')])).state).toBe('committed');
  });

  it('says what could not be written, and that nothing was', async () => {
    const at = place();
    const store = storeAt(at, { step: (name) => { if (name === 'part') throw FAULT; } });
    expect(await failure(store.commit('absent', [file(LOG, 'x')]))).toMatchObject({ code: 'WRITE_FAILED', exitCode: 1, message: expect.stringMatching(/ENOSPC.*nothing was written/) });
  });

  it('finishes with the next call what failed after the first file was in place', async () => {
    const at = place();
    await storeAt(at).commit('absent', [file(LOG, 'one\n'), file('docs/ledger', 'one')]);
    const store = storeAt(at, { step: (name) => { if (name === 'renamed') throw FAULT; } });
    expect(await failure(store.commit(sha256('one\n'), [file(LOG, 'two\n'), file('docs/ledger', 'two')]))).toMatchObject({ code: 'WRITE_UNFINISHED', message: expect.stringContaining('1 of 2 files are in place; the next call finishes the rest') });
    expect((await storeAt(at).read([LOG])).head).toBe(sha256('two\n'));
    expect(everything(at)).toEqual({ docs: 'not a file', [LOG]: 'two\n', 'docs/ledger': 'two' });
  });

  it('says that the git folder takes no lock', async () => {
    const at = place();
    rmSync(at.gitDir, { recursive: true });
    writeFileSync(at.gitDir, 'not a folder');
    expect((await failure(storeAt(at).commit('absent', [file(LOG, 'x')]))).code).toBe('WRITE_FAILED');
    expect(existsSync(join(at.root, 'docs'))).toBe(false);
  });

  it('refuses a read-only log, unless whoever asks may write everything', async () => {
    const at = place();
    await storeAt(at).commit('absent', [file(LOG, 'one\n')]);
    chmodSync(join(at.root, LOG), 0o444);
    const store = storeAt(at);
    const isPrivileged = process.getuid?.() === 0;
    const answer = await store.commit(sha256('one\n'), [file(LOG, 'two\n')]).then(({ state }) => state, (error: unknown) => (error instanceof AuditError ? error.code : error));
    expect(answer).toBe(isPrivileged ? 'committed' : 'WRITE_FAILED');
    expect(textOf(at, LOG)).toBe(isPrivileged ? 'two\n' : 'one\n');
    expect(statSync(join(at.root, LOG)).mode & 0o777).toBe(0o444);
  });
});

describe('the lock', () => {
  const lockFile = (at: Place): string => join(at.gitDir, 'audit-run-log/lock');
  /** As the store writes it; `token` tells it from every other. */
  const holder = async (at: Place): Promise<Record<string, unknown>> => {
    let seen = '';
    await storeAt(at, { step: (name) => { if (name === 'locked') seen = readFileSync(lockFile(at), 'utf8'); } }).commit('absent', [file('docs/probe.md', 'x')]);
    return JSON.parse(seen) as Record<string, unknown>;
  };

  it('is given up after ten seconds of waiting, and named', async () => {
    const at = place();
    const owner = await holder(at);
    writeFileSync(lockFile(at), JSON.stringify({ ...owner, token: 'other' }));
    let waited = 0;
    const store = storeAt(at, { wait: (milliseconds) => { waited += milliseconds; return Promise.resolve(); } });
    expect(await failure(store.commit('absent', [file(LOG, 'x')]))).toMatchObject({ code: 'LOG_LOCKED', path: lockFile(at), message: expect.stringContaining(`process ${process.pid}`) });
    expect(waited).toBeGreaterThanOrEqual(10_000);
    expect(waited).toBeLessThan(10_300);
    expect(existsSync(join(at.root, LOG))).toBe(false);
  });

  it.each([
    ['on another machine', { host: 'elsewhere', pid: 4_194_304 }],
    ['that cannot be told', { pid: 'none' }],
  ])('is not taken from an owner %s', async (_, change) => {
    const at = place();
    writeFileSync(lockFile(at), JSON.stringify({ ...await holder(at), ...change, token: 'other' }));
    expect((await failure(storeAt(at).commit('absent', [file(LOG, 'x')]))).code).toBe('LOG_LOCKED');
  });

  it('is taken from a process that has ended, and from one whose number another process has now', async () => {
    const ended = spawnSync('true').pid;
    for (const change of [{ pid: ended, start: '1' }, { start: '1' }]) {
      const at = place();
      writeFileSync(lockFile(at), JSON.stringify({ ...await holder(at), ...change, token: 'other' }));
      expect((await storeAt(at).commit('absent', [file(LOG, 'x')])).state).toBe('committed');
      expect(readdirSync(join(at.gitDir, 'audit-run-log'))).toEqual([]);
    }
  });

  it('is not taken while another living process is taking it, and a dead taker stands in nobody’s way', async () => {
    const at = place();
    const owner = await holder(at);
    writeFileSync(lockFile(at), JSON.stringify({ ...owner, start: '1', token: 'dead' }));
    const digest = createHash('sha256').update(String(owner['host'])).digest('hex').slice(0, 12);
    const taker = (start: unknown): string => join(at.gitDir, `audit-run-log/takeover-${process.pid}-${String(start)}-${digest}-0a`);
    writeFileSync(taker(owner['start']), '');
    expect((await failure(storeAt(at).commit('absent', [file(LOG, 'x')]))).code).toBe('LOG_LOCKED');
    renameSync(taker(owner['start']), taker('1'));
    expect((await storeAt(at).commit('absent', [file(LOG, 'x')])).state).toBe('committed');
    expect(readdirSync(join(at.gitDir, 'audit-run-log'))).toEqual([]);
  });

  it('lets writers of one process take turns', async () => {
    const at = place();
    const entries = Array.from({ length: 16 }, (_, number) => `entry-${number}`);
    await Promise.all(entries.map((entry) => appendEntry(storeAt(at), entry)));
    expect(textOf(at, LOG).trim().split('\n').sort()).toEqual(entries.sort());
  });
});

describe('processes that die', () => {
  const env = { ...process.env, NODE_OPTIONS: '', NODE_NO_WARNINGS: '1', NODE_COMPILE_CACHE: join(tmpdir(), 'host-compile-cache') };
  const run = (task: StoreTask) => spawnSync(NODE, ['test/host/local/store-process.ts', JSON.stringify(task)], { encoding: 'utf8', env });
  const start = (task: StoreTask): Promise<number | null> => new Promise((done) => {
    spawn(NODE, ['test/host/local/store-process.ts', JSON.stringify(task)], { stdio: 'ignore', env }).on('exit', done);
  });
  /** The same in this process. */
  const append = (at: Place, entry: string, step: LogStoreOptions['step'] = () => undefined): Promise<void> => appendEntry(storeAt(at, { step }), entry);
  const state = (entries: readonly string[]): Record<string, string> => ({
    docs: 'not a file', [LOG]: entries.map((entry) => `${entry}\n`).join(''), 'docs/audit': 'not a file', 'docs/audit/ledger.ndjson': entries.map((entry) => `${entry}\n`).join(''),
    'docs/audit/runs': 'not a file', ...Object.fromEntries(entries.map((entry) => [`docs/audit/runs/${entry}.json`, `{"run":"${entry}"}\n`])),
  });

  it('leaves the whole old or the whole new state behind, at whichever step a process is killed', async () => {
    const steps: StoreStep[] = [];
    await append(place(), 'one', (name) => steps.push(name));
    expect(steps).toEqual(['locked', 'read', 'planned', 'folders', 'part', 'part', 'part', 'prepared', 'decided', 'renamed', 'renamed', 'renamed', 'applied', 'finished']);
    for (const [before, name] of steps.entries()) {
      const at = place();
      // Every other one dies on an empty folder, the rest on a log that is there.
      const earlier = before % 2 === 0 ? ['zero'] : [];
      if (earlier.length > 0) await append(at, 'zero');
      expect(run({ ...at, entry: 'one', dieAt: before + 1 }).signal).toBe('SIGKILL');
      expect(existsSync(join(at.gitDir, 'audit-run-log/lock'))).toBe(true);
      await append(at, 'two');
      const isNew = before >= steps.indexOf('decided');
      expect([name, everything(at)]).toEqual([name, state([...earlier, ...(isNew ? ['one'] : []), 'two'])]);
      expect(readdirSync(join(at.gitDir, 'audit-run-log'))).toEqual([]);
    }
  }, 30_000);

  it('settles a log that is only read, too', async () => {
    const at = place();
    run({ ...at, entry: 'one', dieAt: 10 });
    expect(existsSync(join(at.root, LOG))).toBe(false);
    const { head, files } = await storeAt(at).read([LOG, 'docs/audit/ledger.ndjson']);
    expect(head).toBe(sha256('one\n'));
    expect(files.size).toBe(2);
    expect(everything(at)).toEqual(state(['one']));
  });

  it('takes back what was decided but not begun when another program has changed the log since', async () => {
    const at = place();
    await append(at, 'zero');
    run({ ...at, entry: 'one', dieAt: 9 });
    writeFileSync(join(at.root, LOG), 'by hand\n');
    expect((await storeAt(at).read([LOG])).head).toBe(sha256('by hand\n'));
    expect(everything(at)).toEqual({ ...state(['zero']), [LOG]: 'by hand\n' });
  });

  it('overwrites nothing when half of it is in place and another program has changed the rest, and says what to do', async () => {
    const at = place();
    await append(at, 'zero');
    run({ ...at, entry: 'one', dieAt: 10 });
    writeFileSync(join(at.root, LOG), 'by hand\n');
    const journal = join(at.gitDir, 'audit-run-log/journal.json');
    expect(await failure(storeAt(at).read([LOG]))).toMatchObject({ code: 'WRITE_FAILED', path: LOG, message: expect.stringContaining(journal) });
    expect((await failure(storeAt(at).commit(sha256('by hand\n'), [file(LOG, 'x')]))).code).toBe('WRITE_FAILED');
    expect(textOf(at, LOG)).toBe('by hand\n');
    rmSync(journal);
    expect((await storeAt(at).commit(sha256('by hand\n'), [file(LOG, 'by hand\nmore\n')])).state).toBe('committed');
  });

  it('SEC-101: records all of 16 writers that start at once, two of them killed on the way', async () => {
    const at = place();
    const signal = join(temporaryFolder(), 'go');
    const living = Array.from({ length: 16 }, (_, number) => `entry-${number}`);
    const dying = [4, 11].map((dieAt) => ({ entry: `dying-${dieAt}`, dieAt }));
    const ends = [...living.map((entry) => ({ entry, dieAt: 0 })), ...dying].map((task) => start({ ...at, signal, ...task }));
    writeFileSync(signal, '');
    expect((await Promise.all(ends)).slice(0, 16)).toEqual(living.map(() => 0));
    await storeAt(at).read([LOG]);
    const entries = textOf(at, LOG).trim().split('\n');
    expect(entries.filter((entry) => entry.startsWith('entry')).sort()).toEqual(living.sort());
    expect(new Set(entries).size).toBe(entries.length);
    await storeAt(at).commit((await storeAt(at).read([LOG])).head, [file(LOG, textOf(at, LOG))]);
    expect(everything(at)).toEqual(state(entries));
  }, 30_000);
});
