import fc from 'fast-check';
import type { PhrasingContent, Root, RootContent } from 'mdast';
import { gfmStrikethroughToMarkdown } from 'mdast-util-gfm-strikethrough';
import { gfmTableToMarkdown } from 'mdast-util-gfm-table';
import remarkStringify from 'remark-stringify';
import { unified } from 'unified';
import { describe, expect, it } from 'vitest';
import { toMarkdown } from '../../src/render/markdown.ts';

/** The library by itself, every text through its own rules. */
function asLibrary(content: RootContent[]): string {
  const root: Root = { type: 'root', children: content };
  return unified()
    .data('toMarkdownExtensions', [gfmTableToMarkdown({ tablePipeAlign: false }), gfmStrikethroughToMarkdown()])
    .use(remarkStringify, { bullet: '-', listItemIndent: 'one', emphasis: '*', strong: '*', rule: '-', fence: '`', fences: true, resourceLink: true })
    .stringify(root);
}

/** Without `&`, in which we differ on purpose. */
const characters = Array.from('abz019 -+*_~`#>=<|:.,;!?()[]{}\\/"\'$%@^\t\n\u007f\u00e9\u2028\u{1f600}');
const piece = fc.array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom('word', 'expected 12, got 11', ' ', '1. ', 'a.b', '- ') }, fc.constantFrom(...characters)), { maxLength: 8 }).map((parts) => parts.join(''));
const text = piece.map((value): PhrasingContent => ({ type: 'text', value }));
const other = piece.filter((value) => value.trim() !== '').chain((value) => fc.constantFrom<PhrasingContent>(
  { type: 'inlineCode', value }, { type: 'strong', children: [{ type: 'text', value }] }, { type: 'emphasis', children: [{ type: 'text', value }] },
  { type: 'link', url: 'https://example.org/a', children: [{ type: 'text', value }] }, { type: 'break' },
));
/** Texts are apart from each other, as they are once we have joined them. */
const phrase = fc.tuple(text, other, text, other, text).chain((all) => fc.constantFrom(all.slice(0, 1), all.slice(0, 2), all.slice(1, 3), all.slice(0, 3), all));

const PLACES: Readonly<Record<string, (children: PhrasingContent[]) => RootContent>> = {
  'a paragraph': (children) => ({ type: 'paragraph', children }),
  'a heading': (children) => ({ type: 'heading', depth: 2, children }),
  'a quote': (children) => ({ type: 'blockquote', children: [{ type: 'paragraph', children }] }),
  'a list': (children) => ({ type: 'list', ordered: false, spread: false, children: [{ type: 'listItem', spread: false, children: [{ type: 'paragraph', children: [...children, { type: 'link', url: '#end', children: [] }] }] }] }),
  'a table': (children) => ({ type: 'table', children: [{ type: 'tableRow', children: [{ type: 'tableCell', children }] }, { type: 'tableRow', children: [{ type: 'tableCell', children }] }] }),
};

describe('text in which nothing seems unsafe', () => {
  it.each(Object.keys(PLACES))('is written in %s as the library writes it, with what stands around it', (name) => {
    fc.assert(fc.property(phrase, (children) => {
      const place = PLACES[name]?.(structuredClone(children));
      const content = place === undefined ? [] : [place];
      expect(toMarkdown(content)).toBe(asLibrary(content));
    }), { numRuns: 400 });
  });

  it.each(['plain words', '1. first', '12) twelfth', '- item', '+ item', '> quote', '=', ': -', '(a)', '](', 'a (b)', ' edge', 'edge ', 'a_b', 'x!', ''])('as %j', (value) => {
    const content: RootContent[] = [{ type: 'paragraph', children: [{ type: 'text', value }] }];
    expect(toMarkdown(content)).toBe(asLibrary(content));
  });
});
