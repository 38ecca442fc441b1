/** Markdown out of trees: one writer with one style for every document. */
import type { ListStyle } from '../model/entry-style.ts';
import { encodeFirst } from './escape.ts';
import { writeInline } from './inline.ts';
import type { Block, Heading, List, ListItem, Table, TableCell } from './tree.ts';

export const DEFAULT_LIST: ListStyle = { bullet: '-', bulletSpace: ' ', nestIndent: '  ', boldLabels: false };

/** Blocks with one blank line between them, ending in `\n`; nothing for no content. Lists are written as `list` says, nested ones below `nestIndent`. */
export function toMarkdown(content: readonly Block[], list: ListStyle = DEFAULT_LIST): string {
  const blocks: string[] = [];
  let bullet: ListStyle['bullet'] | undefined;
  for (const block of content) {
    if (block.type === 'list') {
      // Two lists side by side with the same bullet would be read as one.
      bullet = bullet === list.bullet ? otherBullet(list.bullet) : list.bullet;
      blocks.push(writeList(block, list, { bullet, indent: '' }).join('\n'));
    } else {
      bullet = undefined;
      blocks.push(writeBlock(block));
    }
  }
  const text = blocks.join('\n\n');
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function otherBullet(bullet: ListStyle['bullet']): ListStyle['bullet'] {
  return bullet === '*' ? '-' : '*';
}

function writeBlock(block: Exclude<Block, List>): string {
  switch (block.type) {
    case 'heading': return writeHeading(block);
    case 'paragraph': return writeInline(block.children, { within: [], before: '\n', after: '\n' });
    case 'table': return writeTable(block);
    case 'code': return writeCodeBlock(block.value);
    case 'html': return block.value;
    default: return block satisfies never;
  }
}

function writeHeading({ depth, children }: Heading): string {
  const words = writeInline(children, { within: ['heading'], before: ' ', after: '\n' });
  return words === '' ? '#'.repeat(depth) : `${'#'.repeat(depth)} ${words.startsWith(' ') ? encodeFirst(words) : words}`;
}

type Lead = Readonly<{ indent: string; bullet: ListStyle['bullet'] }>;

/** One line an item; those of nested lists follow their item's. */
function writeList({ children }: List, style: ListStyle, { indent, bullet }: Lead): string[] {
  return children.flatMap(({ children: [words, nested] }: ListItem) => [
    `${indent}${bullet}${style.bulletSpace}${writeBlock(words)}`,
    ...(nested === undefined ? [] : writeList(nested, style, { bullet: style.bullet, indent: `${indent}${style.nestIndent}` })),
  ]);
}

function writeTable({ children }: Table): string {
  const [head = [], ...rows] = children.map((row) => row.children.map(writeCell));
  return [head, head.map(() => '-'), ...rows].map((cells) => `|${cells.map((cell) => `${cell === '' ? '' : ' '}${cell} |`).join('')}`).join('\n');
}

/** The text of a cell, without the pipes around it. */
export function writeCell({ children }: TableCell): string {
  return writeInline(children, { within: ['cell'], before: '|', after: '|' });
}

/** The fence is longer than any run of backticks inside. */
function writeCodeBlock(value: string): string {
  const longest = Math.max(2, ...Array.from(value.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${value}\n${fence}`;
}
