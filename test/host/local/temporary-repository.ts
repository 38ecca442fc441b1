/** A real git repository in a temporary folder, and the calls that tests make on it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Removed when the test ends. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'host-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export type TemporaryRepository = Readonly<{
  root: string;
  git(...args: string[]): string;
  write(path: string, content: string | Uint8Array): void;
  /** Commits everything; answers with the commit's id. */
  commit(message?: string): string;
}>;

const ENV = {
  PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', LC_ALL: 'C',
  GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@example.org', GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@example.org',
};

export function repositoryAt(root: string): TemporaryRepository {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, env: ENV, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  return {
    root, git,
    write(path, content) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    },
    commit(message = 'change') {
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '--message', message);
      return git('rev-parse', 'HEAD');
    },
  };
}

export function temporaryRepository(...options: string[]): TemporaryRepository {
  const repository = repositoryAt(temporaryFolder());
  repository.git('init', '--quiet', '--initial-branch=main', ...options);
  return repository;
}

/** The environment under which the code under test runs git: no configuration of the machine. */
export const GIT_ENV: Readonly<Record<string, string>> = { PATH: ENV.PATH, HOME: ENV.HOME, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
