import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AuditError } from '../../src/errors.ts';
import { gitHubLogStore } from '../../src/host/github/log-store.ts';
import { localLogStore } from '../../src/host/local/log-store.ts';
import type { CommitAnswer, LogState, LogStore } from '../../src/host/ports.ts';
import { planOnce, recordEntry, type Planned } from '../../src/publish/run-log.ts';
import { opened } from '../host/github/opened.ts';
import { temporaryRepository } from '../host/local/temporary-repository.ts';

const LOG = 'LOG.md';
const RETRIES = { baseMs: 20, capMs: 2_000, tries: 12, deadlineMs: 600_000, settleMs: 0 };

function aLog() {
  const { root, write } = temporaryRepository();
  write(LOG, 'first\n');
  let count = 0;
  const store = localLogStore({ root, gitDir: join(root, '.git'), random: (bytes) => (count += 1).toString(16).padStart(bytes * 2, '0'), wait: () => Promise.resolve() });
  const waits: number[] = [];
  const wait = (milliseconds: number): Promise<void> => {
    waits.push(milliseconds);
    return Promise.resolve();
  };
  const clock = (): number => waits.reduce((sum, ms) => sum + ms, 1_000);
  return { store, wait, waits, paths: [LOG], random: () => 0.5, clock, retries: RETRIES, text: () => readFileSync(join(root, LOG), 'utf8'), other: (line: string) => appendFileSync(join(root, LOG), `${line}\n`) };
}

const textOf = (files: ReadonlyMap<string, Uint8Array>): string => Buffer.from(files.get(LOG) ?? []).toString('utf8');

/** Adds the line `ours`, once. */
function planOurs({ files }: LogState): Planned {
  const text = textOf(files);
  return text.includes('ours\n') ? { state: 'recorded' } : { state: 'new', message: 'Record', files: [{ path: LOG, bytes: Buffer.from(`${text}ours\n`) }] };
}

type Turn = (commit: () => Promise<CommitAnswer>) => Promise<CommitAnswer>;

/** A store whose first commits go as the turns say, and the rest as they do. */
function going(store: LogStore, ...turns: readonly Turn[]): LogStore {
  const left = [...turns];
  return { read: (paths) => store.read(paths), commit: (...commit) => (left.shift() ?? ((go) => go()))(() => store.commit(...commit)) };
}

const LOST: CommitAnswer = { state: 'unknown', problem: { code: 'GITHUB_UNAVAILABLE', message: 'the answer was lost' }, afterMs: null };
const landsAndIsLost: Turn = async (commit) => {
  await commit();
  return LOST;
};
const isLost: Turn = () => Promise.resolve(LOST);
function failsWith(error: Error): Turn {
  return () => { throw error; };
}
const isLimited = (afterMs: number): Turn => () => Promise.resolve({ state: 'later', problem: { code: 'RATE_LIMITED', message: 'too many' }, afterMs });

describe('recordEntry', () => {
  it('SEC-101: plans again on what is there when another writer came first, and loses nothing', async () => {
    const log = aLog();
    let tried = 0;
    await recordEntry({
      ...log,
      plan({ files }): Planned {
        tried += 1;
        const bytes = Buffer.from(`${textOf(files)}ours ${tried}\n`);
        if (tried < 3) log.other(`theirs ${tried}`);
        return { state: 'new', message: 'Record', files: [{ path: LOG, bytes }] };
      },
    });
    expect(log.text()).toBe('first\ntheirs 1\ntheirs 2\nours 3\n');
    expect(log.waits).toEqual([10, 20]);
  });

  it('SEC-103: gives up after 12 tries, says how often others were first, and has written nothing', async () => {
    const log = aLog();
    const recording = await recordEntry({
      ...log,
      plan(): Planned {
        log.other('theirs');
        return { state: 'new', message: 'Record', files: [{ path: LOG, bytes: Buffer.from('ours') }] };
      },
    });
    expect(recording).toMatchObject({ recorded: false, tries: 12, problem: { code: 'LOG_CHANGED', path: LOG } });
    expect(recording.problem?.message).toContain('12 of the 12 tries');
    expect(log.text()).toBe(`first\n${'theirs\n'.repeat(13)}`);
  });

  it('SEC-104: writes nothing for what is recorded already', async () => {
    const log = aLog();
    expect(await recordEntry({ ...log, plan: (): Planned => ({ state: 'recorded' }) })).toEqual({ planned: { state: 'recorded' }, recorded: true, before: true, tries: 0 });
    expect(log.text()).toBe('first\n');
  });

  it('SEC-105: writes nothing where the key stands for other content, and says so', async () => {
    const log = aLog();
    const plan = (): Planned => { throw new AuditError('KEY_REUSED', { message: 'other content', path: LOG }); };
    expect(await recordEntry({ ...log, plan })).toEqual({ planned: null, recorded: false, before: false, tries: 0, problem: { code: 'KEY_REUSED', message: 'other content', path: LOG } });
    expect(log.text()).toBe('first\n');
  });

  it('tells the commit that holds the entry', async () => {
    const log = aLog();
    const store = going(log.store, async (commit) => ({ ...await commit(), url: 'https://example.org/commit' }));
    expect(await recordEntry({ ...log, store, plan: planOurs })).toMatchObject({ recorded: true, before: false, tries: 1, commit: { id: (await log.store.read([LOG])).head, url: 'https://example.org/commit' } });
  });

  it('SEC-108: finds its entry after the answer to its write was lost, and does not write it again', async () => {
    const log = aLog();
    expect(await recordEntry({ ...log, store: going(log.store, landsAndIsLost), plan: planOurs })).toEqual({ planned: { state: 'recorded' }, recorded: true, before: false, tries: 1 });
    expect(log.text()).toBe('first\nours\n');
  });

  it('writes again what did not land', async () => {
    const log = aLog();
    expect(await recordEntry({ ...log, store: going(log.store, isLost), plan: planOurs })).toMatchObject({ recorded: true, tries: 2 });
    expect(log.text()).toBe('first\nours\n');
  });

  describe('SEC-109: after a last try whose answer was lost', () => {
    const retries = { ...RETRIES, tries: 1, settleMs: 10_000 };
    const told = (log: ReturnType<typeof aLog>, turn: Turn) => recordEntry({ ...log, retries, store: going(log.store, turn), plan: planOurs });
    it('has recorded where the last look finds it', async () => {
      const log = aLog();
      expect(await told(log, landsAndIsLost)).toMatchObject({ recorded: true, tries: 1 });
      expect(log.waits).toEqual([10_000]);
    });
    it('has not recorded where others have written since', async () => {
      const log = aLog();
      expect(await told(log, async () => {
        log.other('theirs');
        return LOST;
      })).toMatchObject({ recorded: false, tries: 1, problem: { code: 'GITHUB_UNAVAILABLE' } });
    });
    it('does not know while it can still land', async () => {
      expect(await told(aLog(), isLost)).toMatchObject({ recorded: 'unknown', tries: 1, problem: { message: 'the answer was lost' } });
    });
    it('does not know where nobody can look any more, for whatever reason', async () => {
      const log = aLog();
      let reads = 0;
      const read = (paths: readonly string[]): Promise<LogState> => ((reads += 1) > 1 ? Promise.reject(new AuditError('LEDGER_CORRUPT', { message: 'no ledger', exitCode: 2 })) : log.store.read(paths));
      expect(await recordEntry({ ...log, retries, store: { ...going(log.store, isLost), read }, plan: planOurs })).toMatchObject({ recorded: 'unknown', problem: { code: 'LEDGER_CORRUPT' } });
    });
  });

  it('SEC-116: waits as long as it was told before it tries again', async () => {
    const log = aLog();
    expect(await recordEntry({ ...log, store: going(log.store, isLimited(60_000)), plan: planOurs })).toMatchObject({ recorded: true, tries: 2 });
    expect(log.waits).toEqual([90_000]);
  });

  it('SEC-117: does not wait longer than it may, and says what it would have had to wait for', async () => {
    const log = aLog();
    expect(await recordEntry({ ...log, store: going(log.store, isLimited(300_000), isLimited(300_000)), plan: planOurs })).toMatchObject({ recorded: false, tries: 2, problem: { code: 'RATE_LIMITED' } });
    expect(log.waits).toEqual([330_000]);
    expect(log.text()).toBe('first\n');
  });

  it('reads again after a reading that failed for now, and gives up after one that failed for good', async () => {
    const log = aLog();
    const failing = (error: AuditError): LogStore => {
      const left = [error];
      return { ...log.store, async read(paths) {
        for (const failed of left.splice(0)) throw failed;
        return log.store.read(paths);
      } };
    };
    expect(await recordEntry({ ...log, store: failing(new AuditError('LOG_NOT_REGULAR', { message: 'a link' })), plan: planOurs })).toMatchObject({ planned: null, recorded: false, problem: { code: 'LOG_NOT_REGULAR' } });
    expect(await recordEntry({ ...log, store: failing(new AuditError('GITHUB_UNAVAILABLE', { message: 'no answer', retry: { afterMs: 5 } })), plan: planOurs })).toMatchObject({ recorded: true, tries: 2 });
    expect(log.waits).toEqual([15]);
  });

  it('stops where the write is refused, and does not know of one that is in place by half', async () => {
    for (const [code, recorded] of [['WRITE_FAILED', false], ['WRITE_UNFINISHED', 'unknown']] as const) {
      const log = aLog();
      expect(await recordEntry({ ...log, store: going(log.store, failsWith(new AuditError(code, { message: 'no' }))), plan: planOurs })).toMatchObject({ planned: { state: 'new' }, recorded, tries: 1, problem: { code, message: 'no' } });
      expect(log.waits).toEqual([]);
    }
  });

  it('throws where no answer can be made, and faults of ours', async () => {
    const log = aLog();
    const plan = (error: Error) => (): Planned => { throw error; };
    await expect(recordEntry({ ...log, plan: plan(new AuditError('LEDGER_CORRUPT', { message: 'no ledger', exitCode: 2 })) })).rejects.toMatchObject({ code: 'LEDGER_CORRUPT' });
    await expect(recordEntry({ ...log, plan: plan(new TypeError('ours')) })).rejects.toThrow('ours');
    await expect(recordEntry({ ...log, store: going(log.store, failsWith(new TypeError('ours'))), plan: planOurs })).rejects.toThrow('ours');
    expect(log.text()).toBe('first\n');
  });
});

describe('recordEntry on a log branch that is not there yet', () => {
  const COMMIT = { graphql: /createCommitOnBranch/ };
  async function noBranch() {
    const { double, client } = await opened();
    await double.push('main', { 'README.md': 'hello\n' });
    return { ...aLog(), double, store: gitHubLogStore({ client, logBranch: 'audit-log', logPath: LOG, seed: Buffer.from('seed\n') }) };
  }

  it('SEC-109: does not say no while the entry can still land on the branch that it made', async () => {
    const log = await noBranch();
    log.double.fault({ when: COMMIT, then: { kind: 'reply', status: 502, headers: { 'retry-after': '3600' } } });
    expect(await recordEntry({ ...log, plan: planOurs })).toMatchObject({ recorded: 'unknown', tries: 1, problem: { code: 'GITHUB_UNAVAILABLE' } });
    expect(await log.double.show('audit-log', LOG)).toBe('seed\n');
  });

  it('goes on upon the branch that it made', async () => {
    const log = await noBranch();
    log.double.fault({ when: COMMIT, then: { kind: 'reply', status: 502 } });
    expect(await recordEntry({ ...log, plan: planOurs })).toMatchObject({ recorded: true, before: false, tries: 2 });
    expect(await log.double.show('audit-log', LOG)).toBe('seed\nours\n');
  });
});

describe('planOnce', () => {
  it('reads again with the files that the plan asks for, absent ones too', async () => {
    const log = aLog();
    const { planned } = await planOnce({ ...log, plan: ({ paths }): Planned => (paths.includes('more.json') ? { state: 'recorded' } : { state: 'unread', paths: ['more.json'] }) });
    expect(planned).toEqual({ state: 'recorded' });
  });
});

describe('what is known of the entry on the way', () => {
  const toldBy = async (...turns: readonly Turn[]) => {
    const log = aLog();
    const told: string[] = [];
    const note = (what: string): void => void told.push(what);
    const store = going(log.store, ...turns);
    await recordEntry({
      ...log, plan: planOurs,
      store: { read: (paths) => store.read(paths), commit: async (...commit) => (note('write'), store.commit(...commit)) },
      onState: (recorded) => Promise.resolve(note(String(recorded))),
    });
    return told;
  };

  it('is nothing before the first write, and unknown from just before it', async () => {
    expect(await toldBy()).toEqual(['unknown', 'write']);
  });

  it('is that it is not there once a write surely failed, and unknown again with the next one', async () => {
    expect(await toldBy(isLimited(1_000))).toEqual(['unknown', 'write', 'false', 'unknown', 'write']);
  });

  it('stays unknown while any write may still land', async () => {
    expect(await toldBy(isLost, isLimited(1_000))).toEqual(['unknown', 'write', 'write', 'write']);
  });

  it('that cannot be told keeps the entry from being written', async () => {
    const log = aLog();
    const told = recordEntry({ ...log, plan: planOurs, onState: () => Promise.reject(new AuditError('WRITE_FAILED', { message: 'full' })) });
    await expect(told).rejects.toThrow('full');
    expect(log.text()).toBe('first\n');
  });
});
