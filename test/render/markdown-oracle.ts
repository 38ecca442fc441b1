/** What `remark-stringify` writes of our trees in our style: what `markdown.ts` is held against. */
import type { ListItem, Root, Text } from 'mdast';
import { gfmStrikethroughToMarkdown } from 'mdast-util-gfm-strikethrough';
import { gfmTableToMarkdown } from 'mdast-util-gfm-table';
import remarkStringify, { type Options } from 'remark-stringify';
import { unified } from 'unified';
import type { ListStyle } from '../../src/model/entry-style.ts';
import type { Block } from '../../src/render/tree.ts';

type Handler = NonNullable<NonNullable<Options['handlers']>['listItem']>;

/** Ours does not escape an `&` where the same text shows that no entity follows. */
const NEEDLESS = /(?<!\\)((?:\\\\)*)\\&(?=#?\w*[^\w;#])/g;

const text: Handler = (node: Text, parent, ...[state, info]) => {
  const at = state.indexStack.at(-1) ?? 0;
  return state.safe(node.value, { ...info, afterNode: parent?.children[at + 1], beforeNode: parent?.children[at - 1] }).replace(NEEDLESS, '$1&');
};

function listItem(list: ListStyle): Handler {
  return (node: ListItem, _parent, ...[state, info]) => {
    const lead = `${state.bulletCurrent ?? list.bullet}${list.bulletSpace}`;
    const exit = state.enter('listItem');
    const item = state.indentLines(state.containerFlow(node, info), (line, at) => `${at === 0 ? lead : list.nestIndent}${line}`);
    exit();
    return item;
  };
}

export function remarkMarkdown(content: readonly Block[], list: ListStyle): string {
  return unified()
    .data('toMarkdownExtensions', [gfmTableToMarkdown({ tablePipeAlign: false }), gfmStrikethroughToMarkdown()])
    .use(remarkStringify, {
      bullet: list.bullet, listItemIndent: 'one', emphasis: '*', strong: '*', rule: '-', fence: '`', fences: true, resourceLink: true,
      handlers: { listItem: listItem(list), text },
    })
    .stringify(asMdast({ type: 'root', children: content }) as Root);
}

type Tree = Readonly<{ type: string; value?: string; children?: readonly Tree[] }>;

/**
 * With the fields of mdast that are the same in all our trees; without what is empty, and texts, codes and bold words side by side as
 * one, which the stringifier escapes each by itself.
 */
function asMdast(node: Tree): unknown {
  if (node.children === undefined) return node;
  const children: Tree[] = [];
  for (const child of node.children) {
    const last = children.at(-1);
    if (isEmpty(child)) continue;
    if (last?.type !== child.type || !['text', 'inlineCode', 'strong'].includes(child.type)) children.push(child);
    else if (child.value !== undefined) children.splice(-1, 1, { type: child.type, value: `${last.value ?? ''}${child.value}` });
    else children.splice(-1, 1, { type: child.type, children: [...last.children ?? [], ...child.children ?? []] });
  }
  return { ...node, ...(node.type === 'list' || node.type === 'listItem' ? { ordered: false, spread: false } : {}), children: children.map(asMdast) };
}

function isEmpty({ type, value, children = [] }: Tree): boolean {
  return type === 'text' ? value === '' : type === 'strong' && children.every(isEmpty);
}
