/** The loopback GitHub with a client on it, for one test each. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished } from 'vitest';
import { openGitHub, type GitHub } from '../../../src/host/github/client.ts';
import { startGitHub, type LoopbackGitHub, type LoopbackOptions } from '../../github/loopback.ts';

export type Opened = Readonly<{ double: LoopbackGitHub; client: GitHub; /** With another token. */ as(token: string, timeLimitMs?: number): Promise<GitHub>; /** Requests since the last time this was called. */ calls(): number }>;

/** Nothing waits. At the end of the test, nothing may have broken GitHub's own description. */
export async function opened(options: LoopbackOptions = {}): Promise<Opened> {
  const double = await startGitHub(options);
  const as = async (token: string, timeLimitMs = 10_000): Promise<GitHub> => {
    const client = await openGitHub({
      apiUrl: double.apiUrl, graphqlUrl: `${double.apiUrl}/graphql`, serverUrl: double.serverUrl,
      token, owner: 'octo', name: 'widgets', env: {}, wait: () => Promise.resolve(), random: () => 0, timeLimitMs,
    });
    onTestFinished(() => client.close());
    return client;
  };
  onTestFinished(async () => {
    const broken = double.violations();
    await double.close();
    expect(broken, broken.join('\n')).toEqual([]);
  });
  let seen = 0;
  const calls = (): number => {
    const more = double.exchanges.length - seen;
    seen += more;
    return more;
  };
  return { double, client: await as(double.token()), as, calls };
}

const run = promisify(execFile);

export type Planted = Readonly<{ path: string; mode: '100644' | '100755' | '120000' | '160000'; content: string | Uint8Array }>;

/** A commit on a branch with entries of any mode; for a submodule, `content` is the commit that it names. */
export async function plant({ gitDir }: Pick<LoopbackGitHub, 'gitDir'>, branch: string, entries: readonly Planted[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'plant-'));
  const env = { ...process.env, GIT_DIR: gitDir, GIT_INDEX_FILE: join(folder, 'index'), GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b.c', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b.c' };
  const git = async (args: readonly string[], input?: string | Uint8Array): Promise<string> => {
    const running = run('git', [...args], { env });
    running.child.stdin?.end(input);
    return (await running).stdout.trim();
  };
  try {
    for (const { path, mode, content } of entries) {
      const oid = mode === '160000' ? String(content) : await git(['hash-object', '-w', '--stdin'], content);
      await git(['update-index', '--add', '--cacheinfo', `${mode},${oid},${path}`]);
    }
    const commit = await git(['commit-tree', await git(['write-tree']), '-m', 'planted']);
    await git(['update-ref', `refs/heads/${branch}`, commit]);
    return commit;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Exactly the bytes of a file at a ref. */
export async function bytesAt({ gitDir }: Pick<LoopbackGitHub, 'gitDir'>, ref: string, path: string): Promise<Buffer> {
  return (await run('git', ['--git-dir', gitDir, 'cat-file', 'blob', `${ref}:${path}`], { encoding: 'buffer', maxBuffer: 200_000_000 })).stdout;
}

/** Messages of the commits behind a ref, newest first. */
export async function messagesOf({ gitDir }: Pick<LoopbackGitHub, 'gitDir'>, ref: string): Promise<string[]> {
  return (await run('git', ['--git-dir', gitDir, 'log', '--format=%s', ref, '--'])).stdout.trim().split('\n');
}
