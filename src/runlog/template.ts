/** The entry template of a log: a fence below a heading that calls it one. */
import type { Entries } from './entries.ts';
import { decode } from './line.ts';
import type { Scan } from './scan-state.ts';
import type { Sections } from './sections.ts';

export type EntryTemplate = Readonly<{
  /** Inside the fence, with the log's own line ends. */
  text: string;
  /** Byte offset of the heading above it. */
  start: number;
  /** Heading level of an entry, as the template shows it. */
  level: number | undefined;
}>;

const CALLED_TEMPLATE = /\b(?:template|format|contract)\b/i;

type TemplateSource = Readonly<{ bytes: Uint8Array; scan: Pick<Scan, 'blocks'>; sections: Sections }>;

/** The first fence between a heading with such a word, which is no entry's own, and the next heading. */
export function readTemplate({ bytes, scan, sections: { headings, said } }: TemplateSource, { outside }: Pick<Entries, 'outside'>): EntryTemplate | undefined {
  for (const at of outside) {
    const heading = headings[at];
    if (heading === undefined || !CALLED_TEMPLATE.test(said(at).text)) continue;
    const stop = headings[at + 1]?.start ?? bytes.length;
    const fence = scan.blocks.find(({ kind, start }) => kind === 'fence' && start >= heading.end && start < stop);
    if (fence === undefined) continue;
    const text = insideFence(decode(bytes, fence.start, fence.end));
    if (text.trim() !== '') return { text, start: heading.start, level: /^(#{1,6})[ \t]/m.exec(text)?.[1]?.length };
  }
  return undefined;
}

/** Without the fence's own lines and without its indent. */
function insideFence(block: string): string {
  const lines = block.split(/(?<=\n)/);
  const indent = /^[ \t]*/.exec(lines[0] ?? '')?.[0] ?? '';
  const inner = lines.slice(1).map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line));
  if (/^\s*(?:`{3,}|~{3,})\s*$/.test(inner.at(-1) ?? '')) inner.pop();
  return inner.join('');
}
