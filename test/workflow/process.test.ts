import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../host/local/temporary-repository.ts';
import { endGroup, runProcess, type Ended, type Grace } from './process.ts';

const LONG = 20_000;

/** Stopped as soon as it says `ready`. */
async function bash(script: string, grace: Partial<Grace> = {}): Promise<Ended & { lines: string[] }> {
  const lines: string[] = [];
  const stop = new AbortController();
  const onLine = (line: string, stream: string): void => {
    lines.push(`${stream}: ${line}`);
    if (line === 'ready') stop.abort();
  };
  const request = { file: 'bash', args: ['-c', script], cwd: '/', env: { PATH: process.env['PATH'] ?? '' }, onLine, stop: stop.signal };
  return { ...(await runProcess(request, { afterInterrupt: LONG, afterTerminate: LONG, afterExit: LONG, ...grace })), lines };
}

describe('a process', () => {
  it('is read line by line, on each stream, with the bytes kept as they were', async () => {
    const { lines, stdout, stderr, exitCode } = await bash(String.raw`printf 'a\r\nb\rc\n\nd'; printf 'e\n' >&2; exit 5`);
    expect(lines.filter((line) => line.startsWith('stdout'))).toEqual(['stdout: a', 'stdout: b', 'stdout: c', 'stdout: ', 'stdout: d']);
    expect(lines).toContain('stderr: e');
    expect({ stdout, stderr, exitCode }).toEqual({ stdout: 'a\r\nb\rc\n\nd', stderr: 'e\n', exitCode: 5 });
  });

  it('may write a character, and the end of a line, in two pieces', async () => {
    const { lines } = await bash(String.raw`printf '\xc3'; sleep 0.1; printf '\xa9\r'; sleep 0.1; printf '\nx\n'`);
    expect(lines).toEqual(['stdout: é', 'stdout: x']);
  });

  it('leaves children that keep its output open, for its group to be ended later', async () => {
    const folder = temporaryFolder();
    const { group, ...ended } = await bash(`cd ${folder}; (until [ -e go ]; do sleep 0.05; done; touch made) & echo done`, { afterExit: 100 });
    expect(ended).toMatchObject({ exitCode: 0, stdout: 'done\n' });
    expect(group).not.toBeNull();
    endGroup(group ?? 0);
    writeFileSync(join(folder, 'go'), '');
    await wait(300);
    expect(existsSync(join(folder, 'made'))).toBe(false);
  });

  it('has no group left where nothing outlives it', async () => {
    expect((await bash('echo alone')).group).toBeNull();
  });

  it('is interrupted first, then terminated, then killed with its children', async () => {
    const loop = 'echo ready; while true; do sleep 0.05; done';
    expect(await bash(`trap "echo interrupted; exit 9" INT; ${loop}`)).toMatchObject({ exitCode: 9, stdout: 'ready\ninterrupted\n' });
    expect(await bash(`trap "" INT; trap "echo terminated; exit 8" TERM; ${loop}`, { afterInterrupt: 50 })).toMatchObject({ exitCode: 8, stdout: 'ready\nterminated\n' });
    expect(await bash('trap "" INT TERM; echo ready; sleep 20; echo never', { afterInterrupt: 50, afterTerminate: 50 })).toMatchObject({ exitCode: 137, stdout: 'ready\n' });
  });

  it('that cannot be started is told as such', async () => {
    await expect(runProcess({ file: '/nonexistent', args: [], cwd: '/', env: {}, onLine: () => {}, stop: new AbortController().signal })).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
