/** What stands in a line, as Markdown: text, code, bold, links. */
import { encodeFirst, encodeLast, escapeText, isLetter, type Place } from './escape.ts';
import type { Inline, Link } from './tree.ts';

/** One line. */
export function writeInline(children: readonly Inline[], place: Place): string {
  const nodes = joined(children);
  let line = '';
  for (const [at, node] of nodes.entries()) {
    const before = line === '' ? place.before : line.slice(-1);
    const written = writeNode(node, { within: place.within, before, after: firstMark(nodes[at + 1]) ?? place.after });
    // Bold that begins or ends in a mark cannot stand beside a letter; a reference is none.
    if (node.type === 'strong' && isLetter(before) && !isLetter(written.charAt(2))) line = encodeLast(line);
    line += line.endsWith('**') && !isLetter(line.charAt(line.length - 3)) && isLetter(written.charAt(0)) ? encodeFirst(written) : written;
  }
  return line;
}

/**
 * Texts side by side as one, and codes and bold words likewise: one by one they would miss what they mean together (`7` and `.` begin
 * a list).
 */
function joined(children: readonly Inline[]): readonly Inline[] {
  const nodes: Inline[] = [];
  for (const child of children) {
    const last = nodes.at(-1);
    if (isEmpty(child)) continue;
    if (child.type === 'text' && last?.type === 'text') nodes.splice(-1, 1, { type: 'text', value: last.value + child.value });
    else if (child.type === 'inlineCode' && last?.type === 'inlineCode') nodes.splice(-1, 1, { type: 'inlineCode', value: last.value + child.value });
    else if (child.type === 'strong' && last?.type === 'strong') nodes.splice(-1, 1, { type: 'strong', children: [...last.children, ...child.children] });
    else nodes.push(child);
  }
  return nodes;
}

function isEmpty(node: Inline): boolean {
  return node.type === 'strong' ? node.children.every(isEmpty) : 'value' in node && node.value === '';
}

/** What a node is written with first, as far as the text before it must know. */
function firstMark(node: Inline | undefined): string | undefined {
  switch (node?.type) {
    case 'inlineCode': return '`';
    case 'strong': return '*';
    case 'link': return '[';
    case 'html': return '<';
    case 'text':
    case undefined: return undefined;
    default: return node satisfies never;
  }
}

function writeNode(node: Inline, place: Place): string {
  switch (node.type) {
    case 'text': return escapeText(node.value, place);
    case 'inlineCode': return writeCode(node.value, place);
    case 'strong': return `**${writeInline(node.children, { within: place.within, before: '*', after: '*' })}**`;
    case 'link': return writeLink(node, place);
    case 'html': return node.value;
    default: return node satisfies never;
  }
}

/** Between the shortest run of backticks that it does not hold. In a cell a pipe would end it, in code too. */
function writeCode(value: string, { within }: Place): string {
  const runs = new Set(Array.from(value.matchAll(/`+/g), ([run]) => run.length));
  let size = 1;
  while (runs.has(size)) size += 1;
  const isPadded = /[^ ]/.test(value) && (/^ .* $/.test(value) || /^`|`$/.test(value));
  const ticks = '`'.repeat(size);
  const code = isPadded ? `${ticks} ${value} ${ticks}` : `${ticks}${value}${ticks}`;
  return within.includes('cell') ? code.replace(/(?<!\\)((?:\\\\)*)\|/g, '$1\\|') : code;
}

/** Brackets, entities and escapes of an address. */
const IN_ADDRESS = /[()]|&(?=[#A-Za-z])|\\(?=[!-/:-@[-`{-~]|$)/g;

function writeLink({ children, url }: Link, { within, before }: Place): string {
  const label = writeInline(children, { within: [...within, 'label'], before: '[', after: ']' });
  const address = url.replace(IN_ADDRESS, '\\$&');
  // A label that ends early, before a colon, would make the line a definition: a title, though empty, shows that it is a link.
  const title = before === '\n' && /^(?:[^\\\]]|\\[^])*\]:/.test(label) ? ' ""' : '';
  return `[${label}](${within.includes('cell') ? address.replaceAll('|', '\\|') : address}${title})`;
}
