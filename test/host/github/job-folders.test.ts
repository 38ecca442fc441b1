import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openJobFolders } from '../../../src/host/github/job-folders.ts';
import { temporaryFolder, temporaryRepository, type TemporaryRepository } from '../local/temporary-repository.ts';

const open = (workspace: string, workingDirectory = '.', env: Readonly<Record<string, string>> = {}) => openJobFolders(workingDirectory, { cwd: '/', env: { GITHUB_WORKSPACE: workspace, ...env } });

function committed(): TemporaryRepository & Readonly<{ head: string }> {
  const repository = temporaryRepository();
  repository.write('pkg/a.ts', 'a\n');
  return { ...repository, head: repository.commit() };
}

describe('the folders of a job', () => {
  it('start at the workspace, whose commit is told', async () => {
    const { root, head } = committed();
    expect(await open(root, 'pkg')).toMatchObject({ checkout: root, working: join(root, 'pkg'), real: { root, cwd: join(root, 'pkg') }, checkedOut: head });
  });

  it('take a checkout below the workspace for the top of the repository, where the work is done in it', async () => {
    const { root, head } = committed();
    const workspace = join(root, '..');
    const name = root.slice(workspace.length + 1);
    for (const working of [name, `${name}/pkg`]) expect(await open(workspace, working)).toMatchObject({ checkout: root, real: { root }, checkedOut: head });
    expect(await open(workspace)).toMatchObject({ checkout: workspace, checkedOut: null });
  });

  it('take no repository around the workspace, nor one beside it', async () => {
    const { root } = committed();
    const workspace = join(root, 'pkg');
    mkdirSync(join(workspace, 'sub'));
    for (const working of ['.', 'sub', '..']) expect(await open(workspace, working)).toMatchObject({ checkout: workspace, checkedOut: null });
  });

  it('know when the job began by the file of its event, and nothing without one', async () => {
    const workspace = temporaryFolder();
    const event = join(workspace, 'event.json');
    writeFileSync(event, '{}');
    expect((await open(workspace, '.', { GITHUB_EVENT_PATH: event })).startMs).toBe(statSync(event).mtimeMs);
    expect((await open(workspace, '.', { GITHUB_EVENT_PATH: `${event}.gone` })).startMs).toBeNull();
    expect((await open(workspace)).startMs).toBeNull();
  });

  it('must be there', async () => {
    const workspace = temporaryFolder();
    writeFileSync(join(workspace, 'file'), '');
    await expect(open(workspace, 'none')).rejects.toThrow('working-directory: none: expected a folder in the workspace of the job; there is no such folder.');
    await expect(open(workspace, 'file')).rejects.toThrow('working-directory: file: expected a folder in the workspace of the job; this is none.');
    await expect(open(join(workspace, 'none'))).rejects.toThrow('GITHUB_WORKSPACE: expected a folder');
  });
});
