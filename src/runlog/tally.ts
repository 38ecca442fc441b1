/** Tallies: what the ids of one prefix have in common, without keeping ten thousand of them apart. */

export type Tally = {
  readonly prefix: string;
  /** Of the headings; 0 for ids that are none. */
  readonly level: number;
  /** Where the first of them stands among all that are read. */
  readonly first: number;
  count: number;
  lowest: number;
  highest: number;
  /** Digits of the longest number that starts with a zero. */
  padded: number;
};

export function newTally(prefix: string, level: number, first: number): Tally {
  return { prefix, level, first, count: 0, lowest: Infinity, highest: 0, padded: 0 };
}

/** Of the numbers that a log counts by. */
const MOST_DIGITS = 15;

/** Adds the number whose digits stand at `at`, and gives it. */
export function tallyNumber(tally: Tally, text: string, at: number): number {
  const number = Number.parseInt(text.slice(at, at + MOST_DIGITS), 10);
  tally.count += 1;
  if (number < tally.lowest) tally.lowest = number;
  if (number > tally.highest) tally.highest = number;
  if (text.charCodeAt(at) === 48) tally.padded = Math.max(tally.padded, digitsAt(text, at).length);
  return number;
}

function digitsAt(text: string, at: number): string {
  return /^\d*/.exec(text.slice(at, at + MOST_DIGITS))?.[0] ?? '';
}

/** Whether an id of this prefix stands at `at`, followed by a digit. */
export function hasPrefixAt({ prefix }: Tally, text: string, at: number): boolean {
  const after = text.charCodeAt(at + prefix.length);
  return after >= 48 && after <= 57 && text.startsWith(prefix, at);
}

/** What stands before the first digit. */
export function prefixAt(text: string, at: number): string {
  return /^\D*/.exec(text.slice(at, at + 32))?.[0] ?? '';
}

/** Leading zeros show the width; without any, numbers are written as they come. Infinity where there are none. */
export function widthOf(tallies: readonly Tally[], others: readonly string[]): number {
  let padded = 0;
  let shortest = Infinity;
  for (const tally of tallies) {
    padded = Math.max(padded, tally.padded);
    shortest = Math.min(shortest, String(tally.lowest).length);
  }
  for (const digits of others) {
    if (digits.startsWith('0')) padded = Math.max(padded, digits.length);
    shortest = Math.min(shortest, digits.length);
  }
  return padded > 0 ? padded : shortest;
}
