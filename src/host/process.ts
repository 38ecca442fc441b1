/** The real world of a running process. */
import { readFileSync, writeSync } from 'node:fs';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { AuditError } from '../errors.ts';
import { colourKind } from './terminal.ts';
import type { World } from './world.ts';

export function processWorld(): World {
  const { env } = process;
  return {
    argv: process.argv.slice(2),
    env,
    cwd: process.cwd(),
    user: env['GITHUB_ACTOR'] ?? env['USER'] ?? env['LOGNAME'] ?? env['USERNAME'] ?? accountName(),
    now: () => new Date(),
    randomHex: (bytes) => Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('hex'),
    out: (text) => writeAll(1, text),
    err: (text) => writeAll(2, text),
    watched: process.stderr.isTTY === true && env['CI'] === undefined,
    colours: colourKind(env, process.stdout),
    // A runner starts the program of an action without arguments.
    surface: env['GITHUB_ACTIONS'] === 'true' && process.argv.length === 2 ? 'step' : 'terminal',
  };
}

/** Throws on systems where the user has no account, as in some containers. */
function accountName(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}

/** Written at once, so that nothing is lost when the process ends; a reader that went away (`| head`) is no fault of ours. */
function writeAll(descriptor: 1 | 2, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  for (let from = 0; from < bytes.length; ) {
    try {
      from += writeSync(descriptor, bytes, from);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      if (error.code === 'EPIPE') return;
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

/** For values of the form `@file`. Throws INVALID_INPUT. */
export function readTextFile(path: string, cwd: string): string {
  try {
    return readFileSync(resolve(cwd, path), 'utf8');
  } catch (cause) {
    throw new AuditError('INVALID_INPUT', { message: `@${path}: the file cannot be read.`, path, exitCode: 2, cause });
  }
}
