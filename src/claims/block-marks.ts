/** What begins a block of Markdown: fences, breaks, table rows and list markers, told from one line without its indent. */

/** The indent in columns (a tab goes to the next multiple of four) and the rest without trailing blanks. */
export function measure(text: string): { indent: number; rest: string } {
  let indent = 0;
  let at = 0;
  for (; text[at] === ' ' || text[at] === '\t'; at += 1) indent += text[at] === '\t' ? 4 - (indent % 4) : 1;
  return { indent, rest: text.slice(at).trimEnd() };
}

export function fenceMark(rest: string): string | null {
  return /^(`{3,}|~{3,})[^`]*$/.exec(rest)?.[1] ?? null;
}

export function isBreak(rest: string): boolean {
  const marks = rest.replace(/\s/g, '');
  return marks.length >= 3 && '-*_='.includes(marks[0] ?? '') && marks === (marks[0] ?? '').repeat(marks.length);
}

export function splitCells(rest: string): string[] {
  const cells = rest.replace(/^\|/, '').split(/(?<!\\)\|/);
  if (cells.length > 1 && cells.at(-1)?.trim() === '') cells.pop();
  return cells.map((cell) => cell.trim().replaceAll('\\|', '|'));
}

export function isDelimiter(cells: readonly string[]): boolean {
  return cells.every((cell) => /^:?-+:?$/.test(cell));
}

/** `width`: columns up to where the text of the item begins. */
export type Marker = Readonly<{ width: number; rest: string }>;

export function listMarker(rest: string): Marker | null {
  const mark = /^(?:[-*+\u2022]|\d{1,9}[.)])(?=\s|$)/.exec(rest)?.[0];
  if (mark === undefined) return null;
  const { indent, rest: after } = measure(rest.slice(mark.length));
  return { width: mark.length + (indent > 4 || after === '' ? 1 : indent), rest: after };
}
