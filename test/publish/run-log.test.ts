import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { localLogStore } from '../../src/host/local/log-store.ts';
import { planOnce, recordEntry, type Planned } from '../../src/publish/run-log.ts';
import { temporaryRepository } from '../host/local/temporary-repository.ts';

const LOG = 'LOG.md';

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
  return { store, wait, waits, random: () => 0.5, text: () => readFileSync(join(root, LOG), 'utf8'), other: (line: string) => appendFileSync(join(root, LOG), `${line}\n`) };
}

const textOf = (files: ReadonlyMap<string, Uint8Array>): string => Buffer.from(files.get(LOG) ?? []).toString('utf8');

describe('recordEntry', () => {
  it('plans again on what is there when another writer came first, and loses nothing', async () => {
    const log = aLog();
    let tried = 0;
    await recordEntry({
      ...log, paths: [LOG],
      plan({ files }): Planned {
        tried += 1;
        const bytes = Buffer.from(`${textOf(files)}ours ${tried}\n`);
        if (tried < 3) log.other(`theirs ${tried}`);
        return { state: 'new', files: [{ path: LOG, bytes }] };
      },
    });
    expect(log.text()).toBe('first\ntheirs 1\ntheirs 2\nours 3\n');
    expect(log.waits).toEqual([20, 40]);
  });

  it('gives up after 12 tries, says so, and has written nothing', async () => {
    const log = aLog();
    const attempt = recordEntry({
      ...log, paths: [LOG],
      plan(): Planned {
        log.other('theirs');
        return { state: 'new', files: [{ path: LOG, bytes: Buffer.from('ours') }] };
      },
    });
    await expect(attempt).rejects.toMatchObject({ code: 'LOG_CHANGED', exitCode: 1 });
    expect(log.text()).toBe(`first\n${'theirs\n'.repeat(12)}`);
  });

  it('writes nothing for what is recorded already', async () => {
    const log = aLog();
    await recordEntry({ ...log, paths: [LOG], plan: (): Planned => ({ state: 'recorded' }) });
    expect(log.text()).toBe('first\n');
  });
});

describe('planOnce', () => {
  it('reads again with the files that the plan asks for, absent ones too', async () => {
    const log = aLog();
    const { planned } = await planOnce({ ...log, paths: [LOG], plan: ({ paths }): Planned => (paths.includes('more.json') ? { state: 'recorded' } : { state: 'unread', paths: ['more.json'] }) });
    expect(planned).toEqual({ state: 'recorded' });
  });
});
