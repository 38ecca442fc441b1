/** Markdown out of trees: one stringifier with one style for every document. */
import type { ListItem, Nodes, Root, RootContent, Text } from 'mdast';
import { gfmStrikethroughToMarkdown } from 'mdast-util-gfm-strikethrough';
import { gfmTableToMarkdown } from 'mdast-util-gfm-table';
import remarkStringify, { type Options } from 'remark-stringify';
import { unified, type Processor } from 'unified';
import type { ListStyle } from '../model/entry-style.ts';

export const DEFAULT_LIST: ListStyle = { bullet: '-', bulletSpace: ' ', nestIndent: '  ', boldLabels: false };

type Handler = NonNullable<NonNullable<Options['handlers']>['listItem']>;
type Stringifier = Processor<undefined, undefined, undefined, Root, string>;

/** The escape of `&` where the same text shows that no entity follows: ordinary words (`R&D`) stay as they are. */
const NEEDLESS = /(?<!\\)((?:\\\\)*)\\&(?=#?\w*[^\w;#])/g;

/**
 * Text that the stringifier writes as it is, which most text is: it holds none of the characters that its rules know in a phrase or a cell (`unsafe` of
 * mdast-util-to-markdown and of the extensions below), begins with none that matter at the start of a line, and has no blank at its edges.
 */
const HARMLESS = /^(?![ (+=>:.)-]|\d+[.)])[^\0-\x1f!#&*<[\\\]_`|~\x7f]*(?<! )$/;

const writeText: Handler = (node: Text, parent, ...[state, info]) => {
  if (HARMLESS.test(node.value)) return node.value;
  const at = state.indexStack.at(-1) ?? 0;
  return state.safe(node.value, { ...info, afterNode: parent?.children[at + 1], beforeNode: parent?.children[at - 1] }).replace(NEEDLESS, '$1&');
};

/** How a text begins: for the node before it, which else would have it written twice. */
const peekText: Handler = (node: Text, parent, ...rest) => (/^[A-Za-z0-9]/.test(node.value) ? node.value.charAt(0) : writeText(node, parent, ...rest));

const plainText: Handler = Object.assign<Handler, Readonly<{ peek: Handler }>>((node, parent, ...rest) => writeText(node, parent, ...rest), { peek: peekText });

function listItemHandler(list: ListStyle): Handler {
  return (node: ListItem, parent, ...[state, info]) => {
    const number = parent?.type === 'list' && parent.ordered === true ? (parent.start ?? 1) + parent.children.indexOf(node) : '';
    const lead = `${number}${state.bulletCurrent ?? list.bullet}${list.bulletSpace}`;
    const indent = number === '' ? list.nestIndent : ' '.repeat(lead.length);
    const exit = state.enter('listItem');
    const item = state.indentLines(state.containerFlow(node, info), (line, at, blank) => `${at === 0 ? lead : blank ? '' : indent}${line}`);
    exit();
    return item;
  };
}

function stringifier(list: ListStyle): Stringifier {
  return unified()
    // The writing half of remark-gfm alone: its reading half costs as much to load as all the rest.
    .data('toMarkdownExtensions', [gfmTableToMarkdown({ tablePipeAlign: false }), gfmStrikethroughToMarkdown()])
    .use(remarkStringify, {
      bullet: list.bullet, listItemIndent: 'one', emphasis: '*', strong: '*', rule: '-', fence: '`', fences: true, resourceLink: true,
      handlers: { listItem: listItemHandler(list), text: plainText },
    })
    .freeze();
}

const PLAIN = stringifier(DEFAULT_LIST);

/** Blocks with one blank line between them, ending in `\n`; nothing for no content. Lists are written as `list` says, nested ones below `nestIndent`. */
export function toMarkdown(content: RootContent[], list: ListStyle = DEFAULT_LIST): string {
  return (list === DEFAULT_LIST ? PLAIN : stringifier(list)).stringify(joined({ type: 'root', children: content }));
}

/**
 * Texts side by side as one, and codes likewise: the stringifier escapes each by itself and would miss what they mean together
 * (`7` and `.` begin a list).
 */
function joined<Node extends Nodes>(node: Node): Node {
  if (!('children' in node)) return node;
  const children: Nodes[] = [];
  for (const child of node.children) {
    const last = children.at(-1);
    if ((child.type === 'text' || child.type === 'inlineCode') && last?.type === child.type) children.splice(-1, 1, { type: child.type, value: last.value + child.value });
    else children.push(joined(child));
  }
  return { ...node, children };
}
