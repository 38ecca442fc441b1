import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ListStyle } from '../../src/model/entry-style.ts';
import { DEFAULT_LIST, toMarkdown } from '../../src/render/markdown.ts';
import type { Block, Inline, ListItem, Prose } from '../../src/render/tree.ts';
import { hostileText, parse, shownText } from './hostile.ts';
import { remarkMarkdown } from './markdown-oracle.ts';

/** On one line, as all our texts are. Beside the pieces of `hostileText`: single marks among letters. */
const line = fc.oneof(hostileText, fc.string({ unit: fc.constantFrom(...Array.from('ab1 .-+*_~`|\\<>[]()!#&;:=é😀')), maxLength: 12 })).map((value) => value.replace(/[\s\p{Cc}\p{Cs}]+/gu, ' '));

const text = line.map((value): Prose => ({ type: 'text', value }));
const code = line.filter((value) => value !== '').map((value): Prose => ({ type: 'inlineCode', value }));
const prose = fc.array(fc.oneof({ weight: 3, arbitrary: text }, { weight: 1, arbitrary: code }), { minLength: 1, maxLength: 3 });
const bold = prose.map((children): Inline => ({ type: 'strong', children: children.map((node) => (node.type === 'text' ? { type: 'text', value: node.value.trim() } : node)) }));
const linked = fc.tuple(prose, fc.constantFrom('https://h.example/a', 'https://h.example/a(b)_c*d\\?x=1&y=2#L1|[~')).map(([children, url]): Inline => ({ type: 'link', url, children }));
const words: fc.Arbitrary<Inline[]> = fc.array(fc.oneof(
  { weight: 4, arbitrary: text }, { weight: 2, arbitrary: code }, { weight: 1, arbitrary: bold }, { weight: 1, arbitrary: linked },
  { weight: 1, arbitrary: fc.constantFrom('<sub>', '</sub>').map((value): Inline => ({ type: 'html', value })) },
), { minLength: 1, maxLength: 5 });

const paragraph = words.map((children) => ({ type: 'paragraph' as const, children }));
const item = fc.tuple(paragraph, fc.array(paragraph, { maxLength: 2 })).map(([own, nested]): ListItem => (
  { type: 'listItem', children: nested.length === 0 ? [own] : [own, { type: 'list', children: nested.map((one) => ({ type: 'listItem', children: [one] })) }] }));
const row = fc.tuple(words, words).map((cells) => ({ type: 'tableRow' as const, children: cells.map((children) => ({ type: 'tableCell' as const, children })) }));
const block: fc.Arbitrary<Block> = fc.oneof(
  paragraph,
  fc.tuple(fc.constantFrom(1, 2, 3, 6), words).map(([depth, children]): Block => ({ type: 'heading', depth, children })),
  fc.array(item, { minLength: 1, maxLength: 3 }).map((children): Block => ({ type: 'list', children })),
  fc.array(row, { minLength: 1, maxLength: 3 }).map((children): Block => ({ type: 'table', children })),
  hostileText.filter((value) => value !== '').map((value): Block => ({ type: 'code', value })),
  fc.constant<Block>({ type: 'html', value: '<details><summary>More</summary>' }),
);
const STYLES: readonly ListStyle[] = [
  DEFAULT_LIST, { bullet: '*', bulletSpace: '   ', nestIndent: '    ', boldLabels: false }, { bullet: '+', bulletSpace: ' ', nestIndent: '\t', boldLabels: true },
];

describe('Markdown out of trees', () => {
  it('is what remark-stringify writes, for 20,000 documents of hostile text', () => {
    fc.assert(fc.property(fc.array(block, { maxLength: 3 }), fc.constantFrom(...STYLES), (content, style) => {
      expect(toMarkdown(content, style)).toBe(remarkMarkdown(content, style));
    }), { numRuns: 20_000 });
  }, 120_000);

  it('keeps a text with a line end in its block', () => {
    const markdown = toMarkdown([{ type: 'paragraph', children: [{ type: 'text', value: 'one\n\n# two\r\n- three' }] }]);
    expect(parse(markdown).children.map((node) => [node.type, shownText(node)])).toEqual([['paragraph', 'one # two - three']]);
  });
});
