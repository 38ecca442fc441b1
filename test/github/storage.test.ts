import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { asked, COMMIT, commitVariables, errorType, type Asked } from './asking.ts';

const run = promisify(execFile);
const NOW = () => new Date('2026-01-05T10:00:00Z');

async function fsck({ github }: Asked): Promise<string> {
  const { stdout, stderr } = await run('git', ['--git-dir', github.gitDir, 'fsck', '--strict', '--full', '--no-dangling', '--no-progress']);
  return stdout + stderr;
}

/** Something of everything that writes. */
async function written(): Promise<Asked> {
  const world = await asked({ now: NOW });
  const { github, graphql, octokit } = world;
  await github.push('main', { 'a.txt': 'a\n', 'b/c.txt': 'c\n', 'b-c': 'sorted between\n', 'b/d/ü.txt': 'd\n', link: { link: 'a.txt' }, 'raw.bin': Uint8Array.of(0, 255) });
  await github.push('work', { 'a.txt': null, 'b/e.txt': 'e\n' }, { from: 'main' });
  await github.openPull({ head: 'work', base: 'main' });
  const place = { owner: 'octo', repo: 'widgets' };
  const { data: tree } = await octokit.rest.git.createTree({ ...place, tree: [{ path: 'docs/LOG.md', mode: '100644', type: 'blob', content: '# Log\n' }] });
  const { data: commit } = await octokit.rest.git.createCommit({ ...place, message: 'Begin', tree: tree.sha, parents: [] });
  await octokit.rest.git.createRef({ ...place, ref: 'refs/heads/log', sha: commit.sha });
  await graphql(COMMIT, commitVariables(github, { branch: 'log', head: commit.sha, add: { 'docs/LOG.md': '# Log\nRUN-001\n', 'docs/audit/é.json': '{}' }, headline: 'Record' }));
  await octokit.rest.repos.createOrUpdateFileContents({ ...place, path: 'docs/more.md', branch: 'log', message: 'More', content: Buffer.from('more\n').toString('base64') });
  return world;
}

describe('what is written', () => {
  it('is a repository that git finds nothing wrong with', async () => {
    expect(await fsck(await written())).toBe('');
  });

  it('can be cloned with plain git', async () => {
    const { github } = await written();
    const folder = await mkdtemp(join(tmpdir(), 'clone-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await run('git', ['clone', '-q', '--branch', 'log', `file://${github.gitDir}`, folder]);
    expect(await readFile(join(folder, 'docs/LOG.md'), 'utf8')).toBe('# Log\nRUN-001\n');
    expect((await run('git', ['-C', folder, 'log', '--format=%s|%an|%cn|%cI'])).stdout.trim().split('\n')).toEqual([
      'More|github-actions[bot]|GitHub|2026-01-05T10:00:00+00:00', 'Record|github-actions[bot]|GitHub|2026-01-05T10:00:00+00:00', 'Begin|github-actions[bot]|GitHub|2026-01-05T10:00:00+00:00',
    ]);
    expect((await run('git', ['-C', folder, 'ls-files', '-z'])).stdout.split('\0').filter(Boolean)).toEqual(['docs/LOG.md', 'docs/audit/é.json', 'docs/more.md']);
  });

  it('has the same ids each time, by a clock that is given', async () => {
    const [one, two] = await Promise.all([written(), written()]);
    expect(await one.github.head('log')).toBe(await two.github.head('log'));
    expect(await one.github.head('refs/pull/7/merge')).toBe(await two.github.head('refs/pull/7/merge'));
  });

  it('is seen when git moved the branch from outside, or packed it', async () => {
    const { github, rest } = await written();
    await github.git('update-ref', 'refs/heads/log', String(await github.head('main')));
    await github.git('pack-refs', '--all');
    await github.git('gc', '-q', '--prune=now');
    expect(await rest('GET /git/ref/heads/log')).toMatchObject({ status: 200, body: { object: { sha: await github.head('main') } } });
    expect(await github.show('log', 'b/c.txt')).toBe('c\n');
  });
});

describe('racing writers', () => {
  it('all get through by trying again, and nothing is lost', async () => {
    const { github, graphql } = await asked();
    await github.push('log', { 'log.md': '' });
    const writer = async (name: string): Promise<number> => {
      for (let tries = 1; ; tries += 1) {
        const head = await github.head('log');
        const text = await github.show(String(head), 'log.md');
        const told = await graphql(COMMIT, commitVariables(github, { branch: 'log', head, add: { 'log.md': `${text}${name}\n` } }));
        if (errorType(told) === undefined) return tries;
        expect(errorType(told)).toBe('STALE_DATA');
      }
    };
    const names = Array.from({ length: 10 }, (_, at) => `writer ${at}`);
    const tries = await Promise.all(names.map(writer));
    expect((await github.show('log', 'log.md'))?.trim().split('\n').sort()).toEqual(names);
    // One wins each round; the others must have been told.
    expect(tries.reduce((a, b) => a + b)).toBeGreaterThan(names.length);
    expect((await github.git('rev-list', '--count', 'refs/heads/log')).trim()).toBe('11');
  });

  it('who make the same branch: one makes it, the others are told that it is there', async () => {
    const { github, rest } = await asked();
    const sha = await github.push('main', { a: 'a' });
    const told = await Promise.all(Array.from({ length: 10 }, () => rest('POST /git/refs', { ref: 'refs/heads/log', sha })));
    const losers = told.filter(({ status }) => status !== 201);
    expect(losers).toHaveLength(9);
    for (const loser of losers) expect(loser).toMatchObject({ status: 422, body: { message: 'Reference already exists' } });
  });
});
