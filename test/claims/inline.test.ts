import fc from 'fast-check';
import type { Nodes } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { describe, expect, it } from 'vitest';
import { codeSpan, plainText } from '../../src/claims/inline.ts';

const parser = unified().use(remarkParse).use(remarkGfm);

function shownText(node: Nodes): string {
  if ('children' in node) return node.children.map((child) => shownText(child)).join('');
  return 'value' in node ? node.value : '';
}

/** White space and backticks are ours to keep or fold; everything else must be what a Markdown reader sees. */
function bare(text: string): string {
  return text.replace(/[\s`]/g, '');
}

describe('plain text', () => {
  it.each([
    ['**bold** and __bold__, *thin* and _thin_, ~~gone~~', 'bold and bold, thin and thin, gone'],
    ['***both*** **a *b* c**', 'both a b c'],
    ['snake_case_name and __init__.py', 'snake_case_name and init.py'],
    ['2 * 3 * 4', '2 * 3 * 4'],
    ['src/**/*.ts and test/*.ts', 'src/**/*.ts and test/*.ts'],
    ['`a  *b*` stays', '`a  *b*` stays'],
    ['``a ` b`` and ` alone', '``a ` b`` and ` alone'],
    ['\\*no\\* \\`code\\`', '*no* `code`'],
    ['[the report](docs/r.md "title")', 'the report (docs/r.md)'],
    ['[docs/r.md](docs/r.md)', 'docs/r.md'],
    ['![shot](a(1).png)', 'shot (a(1).png)'],
    ['[![badge](b.svg)](https://ci.test/x)', 'badge (b.svg) (https://ci.test/x)'],
    ['[no link] and [ref][x]', '[no link] and [ref][x]'],
    ['<https://a.test/x> <b>bold</b> <br>next <slug>', 'https://a.test/x bold next <slug>'],
    ['a <!-- hidden --> b <!-- open', 'a b <!-- open'],
    ['AT&amp;T &lt;b&gt; &#65;&#x42; &unknown; &#0;', 'AT&T <b> AB &unknown; \ufffd'],
    ['&amp;lt;', '&lt;'],
    ['one\ntwo\u2028three\r\nfour', 'one two three four'],
  ])('reads %j as %j', (source, text) => {
    expect(plainText(source)).toBe(text);
  });

  it.each([
    ['thin text, code and escapes', ['*', '_', '`', '``', '\\*', '\\`']],
    ['bold text, code and escapes', ['**', '__', '`', '``', '\\*', '\\`']],
    ['what is struck out', ['~', '~~', '~~~']],
  ])('shows what a Markdown reader shows: %s', (_, marks) => {
    // Runs of one length only: of others remark counts what is left of a run where CommonMark counts the whole.
    const part = fc.tuple(fc.constantFrom(...marks), fc.constantFrom('word', 'a b', ' ', ' (', '.', '" ', 'é', '€x'));
    fc.assert(fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const source = `w ${parts.flat().join('')}w`;
      expect(bare(plainText(source))).toBe(bare(shownText(parser.parse(source))));
    }), { numRuns: 2_000 });
  });

  it('is one line without blanks around it, whatever the text', () => {
    fc.assert(fc.property(fc.array(fc.nat({ max: 0x2fff }), { maxLength: 20 }).map((codes) => String.fromCharCode(...codes)), (source) => {
      const text = plainText(source);
      expect(text).toBe(text.trim());
      expect(/[\n\r\u2028\u2029]/.test(text)).toBe(false);
    }));
  });

  it.each(['[', '[a](', '![', '*a', '*a**b', '_a ', '`` ` ', '<a ', '<!-- ', '](x "', '&#1'])('SEC-22: takes a time in proportion to the length of %j repeated', (unit) => {
    const source = unit.repeat(Math.floor(400_000 / unit.length));
    // A quadratic reader takes minutes for this; the text must come out whole, so nothing was cut to be fast.
    expect(plainText(source).length).toBeGreaterThan(source.length / 4);
  }, 10_000);
});

describe('code spans', () => {
  it('surround any line so that a Markdown reader finds it again', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('`', '``', 'a', ' b', '*', '\\'), { minLength: 1, maxLength: 8 }), (pieces) => {
      const text = `x${pieces.join('')}x`;
      const [paragraph] = parser.parse(`w ${codeSpan(text)} w`).children;
      const span = paragraph?.type === 'paragraph' ? paragraph.children[1] : undefined;
      expect(span?.type === 'inlineCode' ? span.value : '').toBe(text);
    }));
  });
});
