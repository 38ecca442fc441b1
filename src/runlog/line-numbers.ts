/** Line numbers, counted when the first one is asked for: appending asks for none. */
import { countBefore } from './ascending.ts';

/** The line, from 1, that holds the byte at this offset. Any line end counts. */
export type LineNumbers = (at: number) => number;

const LINE_END = /\r\n?|\n/g;

/** `text`: one character for each byte. */
export function lineNumbers(text: string): LineNumbers {
  let ends: readonly number[] | undefined;
  return (at) => {
    const known = (ends ??= lineEnds(text));
    return countBefore(known.length, (line) => (known[line] ?? 0) <= at) + 1;
  };
}

/** Offsets behind each line end. */
function lineEnds(text: string): number[] {
  const ends: number[] = [];
  LINE_END.lastIndex = 0;
  while (LINE_END.test(text)) ends.push(LINE_END.lastIndex);
  return ends;
}
