/** The order of a log: whether a new entry goes to its end or to its top. */

export type Order = 'oldest-first' | 'newest-first';

const NEWEST_FIRST = /\b(?:newest|latest|most recent)(?: entry| entries| run| runs)? (?:first|on top|at the top)\b|\binserted at the top\b|\bnew\w* (?:entry|entries|runs?) (?:on|at the) top\b|\breverse[- ]chronological\b/i;
const OLDEST_FIRST = /\boldest(?: entry| entries| run| runs)? first\b|\b(?:append|add|added|appended) (?:\w+ ){0,4}(?:at|to) the (?:end|bottom)\b/i;
/** A rule is believed against the entries unless more neighbours than this, and two of three, say otherwise. */
const FEW = 3;

/**
 * `preamble`: what stands before the first entry; `ranks`: of the entries in file order.
 * "Chronological" and "append-only" say nothing: logs of both orders call themselves so.
 */
export function readOrder(preamble: string, ranks: readonly (number | undefined)[]): Order {
  const { up, down } = countSteps(ranks);
  const stated = NEWEST_FIRST.test(preamble) ? 'newest-first' : OLDEST_FIRST.test(preamble) ? 'oldest-first' : undefined;
  const majority = up === down ? undefined : up > down ? 'oldest-first' : 'newest-first';
  const most = Math.max(up, down);
  if (stated !== undefined && (most < FEW || most * 3 < (up + down) * 2)) return stated;
  return majority ?? stated ?? 'oldest-first';
}

function countSteps(ranks: readonly (number | undefined)[]): { up: number; down: number } {
  let up = 0;
  let down = 0;
  let before: number | undefined;
  for (const rank of ranks) {
    if (rank === undefined) continue;
    if (before !== undefined && before < rank) up += 1;
    else if (before !== undefined && before > rank) down += 1;
    before = rank;
  }
  return { up, down };
}

/** Positions of entries that stand on the wrong side of the entry before them. */
export function outOfOrder(order: Order, ranks: readonly (number | undefined)[]): number[] {
  const wrong: number[] = [];
  let before: number | undefined;
  ranks.forEach((rank, at) => {
    if (rank === undefined) return;
    if (before !== undefined && (order === 'oldest-first' ? rank < before : rank > before)) wrong.push(at);
    before = rank;
  });
  return wrong;
}
