/** The real world of a running process. */
import { readFileSync, writeSync } from 'node:fs';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { AuditError } from '../errors.ts';
import { redactDocument, redactText } from '../model/redact.ts';
import { processSecrets } from './secrets.ts';
import { breakCommands, colourKind, encodeForTerminal, errorAnnotation } from './terminal.ts';
import type { World } from './world.ts';

export function processWorld(): World {
  const { env } = process;
  const secrets = processSecrets(env);
  // A runner starts the program of an action without arguments.
  const surface = env['GITHUB_ACTIONS'] === 'true' && process.argv.length === 2 ? 'step' : 'terminal';
  return {
    argv: process.argv.slice(2),
    env,
    cwd: workingDirectory(env),
    user: env['GITHUB_ACTOR'] ?? env['USER'] ?? env['LOGNAME'] ?? env['USERNAME'] ?? accountName(),
    now: () => new Date(),
    clock: () => performance.now(),
    randomHex: (bytes) => Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('hex'),
    secrets,
    out: (text) => writeAll(1, safe(text, secrets)),
    err: (text) => tell(safe(text, secrets)),
    annotate: (text) => {
      // The only command of a runner that is ever written.
      if (surface === 'step') writeAll(1, errorAnnotation(redactText(text, secrets).text));
    },
    // Asked last: to ask makes the stream, with all that a stream needs.
    watched: env['CI'] === undefined && process.stderr.isTTY === true,
    colours: colourKind(env, process.stdout),
    surface,
  };
}

/** Where even that fails, nobody is left to be told. */
function tell(text: string): void {
  try {
    writeAll(2, text);
  } catch {
    // As above.
  }
}

/** What callers encoded stays as it is: this holds what they overlooked. */
function safe(text: string, secrets: readonly string[]): string {
  return breakCommands(redactDocument(text, secrets).text);
}

/** Warnings of Node and of libraries hold data: what Node itself would print of them is not encoded. */
export function encodeWarnings(world: World): void {
  // None listens where the user wants no warnings.
  if (process.listenerCount('warning') === 0) return;
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => {
    world.err(encodeForTerminal(`${name}: ${redactText(message, world.secrets).text}\n`));
  });
}

/** Of a folder that was removed meanwhile only the name is left. */
function workingDirectory({ PWD }: Readonly<Record<string, string | undefined>>): string {
  try {
    return process.cwd();
  } catch {
    return PWD ?? '/';
  }
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
