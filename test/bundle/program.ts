/** The bundled program, started as a process in a repository of the test's own. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { GIT_ENV, temporaryRepository, type TemporaryRepository } from '../host/local/temporary-repository.ts';

export const PROGRAM = join(import.meta.dirname, '..', '..', 'dist', 'index.js');

export type Started = Readonly<{ status: number | null; out: string; err: string }>;
export type StartOptions = Readonly<{ cwd: string; env?: Readonly<Record<string, string>>; node?: string }>;

export function start(argv: readonly string[], { cwd, env = {}, node = process.execPath }: StartOptions): Started {
  const { status, stdout, stderr, error } = spawnSync(node, [PROGRAM, ...argv], { cwd, env: { ...GIT_ENV, USER: 'octocat', ...env }, encoding: 'utf8', timeout: 50_000, maxBuffer: 64 * 1024 * 1024 });
  if (error !== undefined) throw error;
  return { status, out: stdout, err: stderr };
}

/** A repository with one commit in which reports are ignored. */
export function aRepository(): TemporaryRepository {
  const repository = temporaryRepository();
  repository.write('.gitignore', 'out/\n');
  repository.commit('first');
  return repository;
}

/** The machine's own Node where it is an older one that the terminal program supports. */
export function olderNode(): string | undefined {
  const path = '/usr/bin/node';
  if (!existsSync(path)) return undefined;
  const major = Number(spawnSync(path, ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' }).stdout);
  return major >= 20 && major < 24 ? path : undefined;
}
