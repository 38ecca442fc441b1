/** Scripted faults: which request meets which one. */
import type { Fault, Then } from './types.ts';

export type Asking = Readonly<{ method: string; path: string; operation: string | null }>;

export class Faults {
  readonly #scripted: { fault: Fault; met: number; used: number }[] = [];

  add(fault: Fault): void {
    this.#scripted.push({ fault, met: 0, used: 0 });
  }

  /** The first one that waits for this request. */
  next(asking: Asking): Then | undefined {
    for (const scripted of this.#scripted) {
      const { when, then } = scripted.fault;
      if (!matches(when, asking)) continue;
      scripted.met += 1;
      const first = when.nth ?? 1;
      if (scripted.met < first || scripted.used >= (when.times ?? 1)) continue;
      scripted.used += 1;
      return then;
    }
    return undefined;
  }
}

function matches({ method, path, graphql }: Fault['when'], asking: Asking): boolean {
  return (method === undefined || method === asking.method) && (path === undefined || path.test(asking.path)) && (graphql === undefined || (asking.operation !== null && graphql.test(asking.operation)));
}
