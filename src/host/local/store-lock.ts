/** The lock of a repository's run log: one file with its owner's name, which outlives a crash and is taken over from a dead owner by exactly one. */
import { linkSync, mkdirSync, readdirSync, readFileSync, readlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { AuditError } from '../../errors.ts';
import { errorCode } from './regular-file.ts';

export type LockPlace = Readonly<{
  /** Absolute path of a folder of our own. */
  folder: string;
  random(bytes: number): string;
  wait(milliseconds: number): Promise<void>;
}>;

/** How long others may hold the lock, counted in waits. */
const PATIENCE_MS = 10_000;
const FIRST_WAIT_MS = 5;
const LONGEST_WAIT_MS = 200;

/** Who holds a lock. `host` tells machines, boots and process namespaces apart, `start` two processes of one number; both are empty where the system does not say. */
type Owner = Readonly<{ pid: number; start: string; host: string; token: string }>;

/** Does the work while no other process does work under the same lock. Throws LOG_LOCKED, WRITE_FAILED, and what the work throws. */
export async function withLock<T>(place: LockPlace, work: () => T): Promise<T> {
  const owner: Owner = { pid: process.pid, start: startOf(process.pid) ?? '', host: thisHost(), token: place.random(8) };
  await acquire(place, owner);
  try {
    sweep(place, owner);
    return work();
  } finally {
    release(place, owner);
  }
}

async function acquire(place: LockPlace, owner: Owner): Promise<void> {
  for (let waited = 0, tries = 0; ; tries += 1) {
    if (tryTake(place, owner)) return;
    if (takeOver(place, owner)) continue;
    if (waited >= PATIENCE_MS) throw locked(place);
    // Between half and the whole of a doubling time: those who wait must not come back at once.
    const share = 0.5 + Number.parseInt(place.random(2), 16) / 2 ** 17;
    const pause = share * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries);
    await place.wait(pause);
    waited += pause;
  }
}

function locked(place: LockPlace): AuditError {
  const path = lockPath(place);
  const holder = readOwner(place);
  const who = holder === null ? 'another process' : `process ${holder.pid} on ${holder.host.split('/', 1)[0] ?? ''}`;
  return new AuditError('LOG_LOCKED', { message: `${path} has been held by ${who} for ${PATIENCE_MS / 1_000} seconds; nothing was written.`, path });
}

/** A link is made in one step with all of its content; a half-written lock would belong to nobody. */
function tryTake(place: LockPlace, owner: Owner): boolean {
  const claim = join(place.folder, claimName('claim', owner));
  try {
    mkdirSync(place.folder, { recursive: true });
    writeFileSync(claim, `${JSON.stringify(owner)}\n`, { flag: 'wx' });
    linkSync(claim, lockPath(place));
    return true;
  } catch (error) {
    const code = errorCode(error) ?? '';
    if (code === 'EEXIST') return false;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code)) throw notTaken(place, error);
    return tryWrite(place, owner);
  } finally {
    remove(claim);
  }
}

/** For file systems without links. */
function tryWrite(place: LockPlace, owner: Owner): boolean {
  try {
    writeFileSync(lockPath(place), `${JSON.stringify(owner)}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw notTaken(place, error);
  }
}

function notTaken(place: LockPlace, cause: unknown): unknown {
  if (errorCode(cause) === undefined) return cause;
  const path = lockPath(place);
  return new AuditError('WRITE_FAILED', { message: `The lock ${path} could not be made (${errorCode(cause)}); nothing was written.`, path, cause });
}

/**
 * Removes the lock of a dead owner. Only one may do so, or the second would remove the lock that the first then took: each taker shows itself by a file
 * of its own name and withdraws if it sees a living other. Of two, at least the later one sees the earlier; a dead taker stands in nobody's way.
 */
function takeOver(place: LockPlace, owner: Owner): boolean {
  const dead = readOwner(place);
  if (dead === null || isAlive(dead)) return false;
  const mine = claimName('takeover', owner);
  try {
    writeFileSync(join(place.folder, mine), '', { flag: 'wx' });
    const others = readdirSync(place.folder).filter((name) => name.startsWith('takeover-') && name !== mine);
    if (others.some(mayLive)) return false;
    if (readOwner(place)?.token === dead.token) unlinkSync(lockPath(place));
    return true;
  } catch (error) {
    throw notTaken(place, error);
  } finally {
    remove(join(place.folder, mine));
  }
}

/** Removes what dead processes left of their tries. */
function sweep(place: LockPlace, owner: Owner): void {
  const left = readdirSync(place.folder).filter((name) => /^(?:claim|takeover)-/.test(name) && !name.endsWith(owner.token));
  for (const name of left.filter((one) => !mayLive(one))) remove(join(place.folder, name));
}

function release(place: LockPlace, owner: Owner): void {
  if (readOwner(place)?.token === owner.token) remove(lockPath(place));
}

function lockPath(place: LockPlace): string {
  return join(place.folder, 'lock');
}

function claimName(kind: 'claim' | 'takeover', { pid, start, host, token }: Owner): string {
  return `${kind}-${pid}-${start}-${hostDigest(host)}-${token}`;
}

function mayLive(name: string): boolean {
  const [, pid = '', start = '', host = ''] = name.split('-');
  return host !== hostDigest(thisHost()) || isRunning(Number(pid), start);
}

function hostDigest(host: string): string {
  return createHash('sha256').update(host).digest('hex').slice(0, 12);
}

/** `null`: there is no lock, or its owner cannot be told. */
function readOwner(place: LockPlace): Owner | null {
  try {
    const { pid, start, host, token } = JSON.parse(readFileSync(lockPath(place), 'utf8')) as Record<string, unknown>;
    if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0) return null;
    return typeof start === 'string' && typeof host === 'string' && typeof token === 'string' ? { pid, start, host, token } : null;
  } catch {
    return null;
  }
}

/** Of a process on another machine nothing is known: it counts as alive. */
function isAlive(owner: Owner): boolean {
  return owner.host !== thisHost() || isRunning(owner.pid, owner.start);
}

function isRunning(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return false;
  }
  const now = startOf(pid);
  return start === '' || now === undefined || now === start;
}

/** When a process started, in ticks since boot: `undefined` where there is no /proc, `ended` for one that waits for its parent to notice. See proc(5). */
function startOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? 'ended' : fields[19];
  } catch {
    return undefined;
  }
}

let host: string | undefined;

function thisHost(): string {
  host ??= [hostname(), textOrEmpty(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()), textOrEmpty(() => readlinkSync('/proc/self/ns/pid'))].join('/');
  return host;
}

function textOrEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
}
