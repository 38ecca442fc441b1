/** Searching by halves in places that ascend. */

/** How many items from the first on satisfy `isBefore`, which none behind them does. */
export function countBefore(length: number, isBefore: (at: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
