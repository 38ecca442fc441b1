/** Lines of an entry: what stands behind a label, or in one item of the list below it. */
import type { PhrasingContent } from 'mdast';
import type { Audit } from '../../model/audit.ts';
import type { EntryField, EntryLabel } from '../../model/entry-style.ts';
import { text } from '../untrusted.ts';

export type Line = PhrasingContent[];

/** `fields`: the labels of the log's style that hold values. */
export type EntryContext = Readonly<{ audit: Audit; fields: ReadonlySet<EntryField> }>;
/** The lines of one label, in order; none for nothing to say. */
export type Section = (context: EntryContext, label: EntryLabel) => Line[];

type Part = string | PhrasingContent | readonly PhrasingContent[];

/** Our own words come as strings; whatever comes from evidence must have passed `untrusted.ts`, which makes it nodes. */
export function line(...parts: readonly Part[]): Line {
  const nodes: PhrasingContent[] = [];
  for (const part of parts.flatMap((one): readonly (string | PhrasingContent)[] => (typeof one === 'string' || 'type' in one ? [one] : one))) {
    const node: PhrasingContent = typeof part === 'string' ? { type: 'text', value: part } : part;
    const last = nodes.at(-1);
    if (last?.type === 'text' && node.type === 'text') nodes.splice(-1, 1, { type: 'text', value: last.value + node.value });
    else nodes.push(node);
  }
  return nodes;
}

export function strong(words: string): PhrasingContent {
  return { type: 'strong', children: [{ type: 'text', value: words }] };
}

/** Joins with `, `; past `limit` the number of those left out. */
export function enumerate(items: readonly (PhrasingContent | readonly PhrasingContent[])[], limit: number): Line {
  const shown = items.slice(0, limit).flatMap((item, at): Part[] => (at === 0 ? [item] : [', ', item]));
  return items.length > limit ? line(...shown, ` and ${items.length - limit} more`) : line(...shown);
}

/** `1 finding`, `2 findings`; a number that is none is said to be unknown. */
export function counted(count: number, noun: string): string {
  return `${shownCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

export function shownCount(count: number): string {
  return Number.isSafeInteger(count) && count >= 0 ? String(count) : 'an unknown number of';
}

/** `what`: the noun for those beyond the limit, in the plural. */
type Cap = Readonly<{ limit: number; what: string }>;

/** One line an item; those beyond the limit become one that counts them and says where they are. */
export function capLines<Item>(items: readonly Item[], show: (item: Item) => Line, { limit, what }: Cap): Line[] {
  const lines = items.slice(0, limit).map(show);
  return items.length <= limit ? lines : [...lines, line(`… and ${items.length - limit} more ${what}; all are in the record.`)];
}

const PROSE_SHOWN = 50;

/** Items of notes, blank ones left out. */
export function proseLines(items: readonly string[]): Line[] {
  return capLines(items, (item) => text(item), { limit: PROSE_SHOWN, what: 'items of the notes' }).filter(({ length }) => length > 0);
}
