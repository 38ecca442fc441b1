/** The few kinds of Markdown nodes that the documents are made of. Only our own words go in here; evidence comes through `untrusted.ts`. */
import type { Heading, List, Paragraph, PhrasingContent, RootContent, Strong, Table, Text } from 'mdast';

export type Inline = PhrasingContent;

export function words(value: string): Text {
  return { type: 'text', value };
}

export function paragraph(...children: Inline[]): Paragraph {
  return { type: 'paragraph', children };
}

export function heading(depth: 2 | 3 | 4, ...children: Inline[]): Heading {
  return { type: 'heading', depth, children };
}

export function strong(...children: Inline[]): Strong {
  return { type: 'strong', children };
}

export function bullets(items: readonly (readonly Inline[])[]): List {
  return { type: 'list', ordered: false, spread: false, children: items.map((item) => ({ type: 'listItem', spread: false, children: [paragraph(...item)] })) };
}

export function table(head: readonly string[], rows: readonly (readonly (readonly Inline[])[])[]): Table {
  const cells = [head.map((label) => [words(label)]), ...rows];
  return { type: 'table', children: cells.map((row) => ({ type: 'tableRow', children: row.map((cell) => ({ type: 'tableCell', children: [...cell] })) })) };
}

/** A closed fold. Its label can hold no evidence: it is HTML. */
export function fold(label: string, content: readonly RootContent[]): RootContent[] {
  if (content.length === 0) return [];
  return [{ type: 'html', value: `<details><summary>${label}</summary>` }, ...content, { type: 'html', value: '</details>' }];
}

/** Small print, on one line. */
export function small(...children: Inline[]): Paragraph {
  return paragraph({ type: 'html', value: '<sub>' }, ...children, { type: 'html', value: '</sub>' });
}

/** The parts with `separator` between them. */
export function joined(parts: readonly (readonly Inline[])[], separator: string): Inline[] {
  return parts.flatMap((part, at) => (at === 0 ? part : [words(separator), ...part]));
}
