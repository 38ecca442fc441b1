/** Hostile text for rendering tests, and what a reader of GitHub would see of a document. */
import fc from 'fast-check';
import type { Nodes, Root } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { visible } from '../../src/model/visible.ts';

const parser = unified().use(remarkParse).use(remarkGfm).freeze();

export function parse(markdown: string): Root {
  return parser.parse(markdown);
}

/** Pieces that mean something somewhere, to be put together in any order. */
const PIECES = [
  '`', '``', '```', '~~~', '|', '\\', '\\|', '\n', '\r\n', '\t', ' ', '  ', '\n\n', '*', '**', '_', '__', '~', '~~', '#', '# ', '## h', '=', '===', '---', '- ', '+ ', '* ', '1. ', '1) ', '> ', ': ', ':-',
  '[', ']', '(', ')', '![', '](', '[ ] ', '[x](', '[^1]: ', '[a]: ', '<', '>', '</', '<!--', '-->', '<b>', '</details>', '<img src=x>', '<a href="', '<?', '<![CDATA[', '&', '&amp;', '&#60;', '&lt', ';',
  '@', '@octo', '@octo/team', '#12', 'GH-12', 'a/b#3', 'a/b@', 'deadbeef', '0123456789abcdef0123456789abcdef01234567', 'https://', 'http://x.example', 'www.', 'www.x.example', 'a@b.example', 'mailto:', 'xmpp:', ':tada:', ':+1:', '$', '$$', '$x$',
  '/merge', '/', '"', '\'', '!', '.', ',', '…', 'x', 'word', '7', '\u202e', '\u200b', '\ufeff', '\ud800', '\u0000', '\u001b[1m', '\u00a0', '\u2028', '\u0301', '👩‍👧', '日本', 'é',
];

export const hostileText: fc.Arbitrary<string> = fc.array(fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...PIECES) }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) }), { maxLength: 9 })
  .map((pieces) => pieces.join(''));

/** What must be seen of a value: everything, in one line, with what acts spelt out. */
export function seenOnOneLine(value: string): string {
  return visible(value.replace(/\r\n?/g, '\n').replace(/\p{Cs}/gu, '\ufffd')).replace(/\s+/g, ' ').trim();
}

/** Backticks that make code are not seen, and with them a blank may go. */
export function withoutTicks(value: string): string {
  return value.replace(/[`\s]/g, '');
}

/** The text of a node, code included, as a browser would show it. */
export function shownText(node: Nodes): string {
  if ('children' in node) return node.children.map(shownText).join('');
  return 'value' in node ? node.value : '';
}

/** Nesting and types of everything but text and code spans. Equal outlines: the same document but for the words in it. */
export function outline(node: Nodes): string {
  if (!('children' in node)) return node.type;
  const parts = node.children.filter(({ type }) => type !== 'text' && type !== 'inlineCode').map(outline);
  const detail = node.type === 'heading' ? String(node.depth) : '';
  return `${node.type}${detail}(${parts.join(' ')})`;
}

/** What GitHub's own rules would find in a piece of plain text, told from their side: not the code's patterns. */
const LIVE_ON_GITHUB: readonly RegExp[] = [
  /(?:^|[^A-Za-z0-9_`])@[A-Za-z0-9]/, /#\d/, /(?:^|[^A-Za-z0-9])GH-\d/i, /(?:^|[^A-Za-z0-9])[0-9a-f]{7,40}(?:[^A-Za-z0-9]|$)/, /https?:\/\//i, /(?:^|[^A-Za-z0-9])www\./i, /[A-Za-z0-9.+_-]+@[A-Za-z0-9_-]/,
  /:[a-z0-9_+-]*[a-z][a-z0-9_+-]*:/, /\$/, /(?:mailto|xmpp):/i,
];

/** Plain text of a document in which GitHub would find something. Code is never looked at by GitHub. */
export function liveTexts(node: Nodes): string[] {
  if ('children' in node) return node.children.flatMap(liveTexts);
  return node.type === 'text' && LIVE_ON_GITHUB.some((pattern) => pattern.test(node.value)) ? [node.value] : [];
}
