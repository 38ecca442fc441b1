/** When a request may be repeated: what GitHub says, and how long a read is tried. */
import { AuditError } from '../../errors.ts';
import type { Answer } from './transport.ts';

type Headers = Answer['headers'];

/** Full jitter between tries: a random share of `baseMs`, doubled with each further try, at most `capMs`. No wait is longer than `longestMs`, none begins after `beginMs`, none ends after `deadlineMs`. */
export type Patience = Readonly<{ tries: number; baseMs: number; capMs: number; longestMs: number; beginMs: number; deadlineMs: number }>;

/** A longer wait is for the caller to decide on. No repeat begins after half of the limit of one request, so that a server that hangs is left soon. */
export function shortPatience(timeLimitMs: number): Patience {
  return { tries: 3, baseMs: 2_000, capMs: 8_000, longestMs: 20_000, beginMs: timeLimitMs / 2, deadlineMs: Infinity };
}

/** For the read without which nothing can be recorded: as long as the log would be tried to be written. */
export const FIRST_READ: Patience = { tries: 12, baseMs: 2_000, capMs: 30_000, longestMs: Infinity, beginMs: 600_000, deadlineMs: 600_000 };

/** Those whom GitHub turned away together would come back together: they spread over as long as they were told to wait, at most over the minute in which it counts. */
const LIMIT_WINDOW_MS = 60_000;

/** `tried`: tries so far. `afterMs`: what was told. `random`: from 0 to 1. */
export type Tried = Readonly<{ tried: number; elapsedMs: number; afterMs: number | null; random: number }>;

/** Milliseconds until the next try; `null`: there is none. */
export function nextTry(patience: Patience, { tried, elapsedMs, afterMs, random }: Tried): number | null {
  const { tries, baseMs, capMs, longestMs, beginMs, deadlineMs } = patience;
  const doubled = Math.min(capMs, baseMs * 2 ** (tried - 1));
  const spread = deadlineMs === Infinity ? doubled : Math.max(doubled, Math.min(afterMs ?? 0, LIMIT_WINDOW_MS));
  const ms = (afterMs ?? 0) + random * spread;
  return tried >= tries || elapsedMs > beginMs || ms > longestMs || elapsedMs + ms > deadlineMs ? null : ms;
}

export type Pausing = Readonly<{ wait(milliseconds: number): Promise<void>; /** From 0 up to 1. */ random(): number }>;

/** Tries again what may be repeated: failures that say so by `retry`. */
export async function repeatPatiently<T>(patience: Patience, { wait, random }: Pausing, attempt: () => Promise<T>): Promise<T> {
  const from = performance.now();
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof AuditError) || error.retry === null) throw error;
      const ms = nextTry(patience, { tried, elapsedMs: performance.now() - from, afterMs: error.retry.afterMs, random: random() });
      if (ms === null) throw error;
      await wait(ms);
    }
  }
}

/** `retry-after`, else the end of the hour's budget once it is spent. `null`: nobody said. */
export function toldWait(headers: Headers): number | null {
  return retryAfter(headers) ?? untilReset(headers);
}

/** Seconds, or a date (RFC 9110, 10.2.3). What is neither, or lies in the past, says nothing. */
function retryAfter(headers: Headers): number | null {
  const text = headers.get('retry-after')?.trim() ?? '';
  if (/^\d{1,15}$/.test(text)) return Number(text) * 1_000;
  const wait = Date.parse(text) - dateOf(headers);
  return /[a-z]/i.test(text) && wait > 0 ? wait : null;
}

export function isSpent(headers: Headers): boolean {
  return headers.get('x-ratelimit-remaining') === '0';
}

/** `x-ratelimit-reset` is in seconds since 1970 by GitHub's clock, which the answer's own date tells: ours may be off. The second itself has to be over. */
function untilReset(headers: Headers): number | null {
  const text = headers.get('x-ratelimit-reset') ?? '';
  const wait = isSpent(headers) && /^\d{1,12}$/.test(text) ? (Number(text) + 1) * 1_000 - dateOf(headers) : NaN;
  return Number.isNaN(wait) ? null : Math.max(0, wait);
}

function dateOf(headers: Headers): number {
  return Date.parse(headers.get('date') ?? '');
}
