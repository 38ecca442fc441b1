/** How often one may ask: GitHub's primary limit on requests in an hour, and its secondary one on writes. */
import { Refusal, type Answer, type Limits } from './types.ts';

export type Resource = 'core' | 'graphql';
type Window = { start: number; used: number };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const EXCEEDED = 'for installation ID 1.';

export class Rates {
  readonly #limits: Limits;
  readonly #now: () => Date;
  readonly #windows = new Map<string, Window>();
  readonly #writes = new Map<string, number[]>();

  constructor(limits: Limits, now: () => Date) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Tokens of one account share what it has: all jobs of a repository do. */
  #window(login: string, resource: Resource): Window {
    const key = `${resource} ${login}`;
    const time = this.#now().getTime();
    const known = this.#windows.get(key);
    if (known !== undefined && time < known.start + HOUR) return known;
    const window = { start: time, used: 0 };
    this.#windows.set(key, window);
    return window;
  }

  headers(login: string, resource: Resource): Readonly<Record<string, string>> {
    const { requestsPerHour } = this.#limits;
    const { start, used } = this.#window(login, resource);
    return {
      'x-ratelimit-limit': String(requestsPerHour), 'x-ratelimit-remaining': String(requestsPerHour - used), 'x-ratelimit-used': String(used),
      'x-ratelimit-reset': String(Math.ceil((start + HOUR) / 1_000)), 'x-ratelimit-resource': resource,
    };
  }

  /** Counts a request; answers what it meets where there are none left. GraphQL says it with status 200. */
  request(login: string, resource: Resource): Answer | undefined {
    const window = this.#window(login, resource);
    if (window.used < this.#limits.requestsPerHour) {
      window.used += 1;
      return undefined;
    }
    if (resource === 'core') return new Refusal(403, `API rate limit exceeded ${EXCEEDED}`).answer;
    return { status: 200, body: { errors: [{ type: 'RATE_LIMIT', code: 'graphql_rate_limit', message: `API rate limit already exceeded ${EXCEEDED}` }] } };
  }

  /** Counts a write. Throws Refusal, with the time after which the next one is taken. */
  write(login: string): void {
    const time = this.#now().getTime();
    const writes = (this.#writes.get(login) ?? []).filter((at) => at > time - HOUR);
    this.#writes.set(login, writes);
    const free = [
      freeAt(writes.filter((at) => at > time - MINUTE), { most: this.#limits.writesPerMinute, span: MINUTE, time }),
      freeAt(writes, { most: this.#limits.writesPerHour, span: HOUR, time }),
    ].reduce((a, b) => Math.max(a, b));
    if (free > time) {
      throw new Refusal(403, 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.', { headers: { 'retry-after': String(Math.ceil((free - time) / 1_000)) } });
    }
    writes.push(time);
  }
}

/** When the oldest of so many writes is a span ago; 0 where there are fewer. */
function freeAt(writes: readonly number[], { most, span, time }: Readonly<{ most: number; span: number; time: number }>): number {
  return writes.length < most ? 0 : (writes.at(-most) ?? time) + span;
}
