import fc from 'fast-check';
import type { PhrasingContent, Root, RootContent } from 'mdast';
import { describe, expect, it } from 'vitest';
import { toMarkdown } from '../../src/render/markdown.ts';
import { codeBlock, codeSpan, link, text } from '../../src/render/untrusted.ts';
import { hostileText, liveTexts, outline, parse, seenOnOneLine, shownText, withoutTicks } from './hostile.ts';

const ROOMY = 5_000;

function paragraph(children: PhrasingContent[]): RootContent {
  return { type: 'paragraph', children };
}

/** One value in every place that a document of ours has. */
function everywhere(value: string): RootContent[] {
  const words = (): PhrasingContent[] => [{ type: 'text', value: '' }, ...text(value, ROOMY)];
  const cell = (children: PhrasingContent[]) => ({ type: 'tableCell' as const, children });
  const item = (children: PhrasingContent[]) => ({ type: 'listItem' as const, spread: false, children: [{ type: 'paragraph' as const, children }] });
  return [
    { type: 'heading', depth: 2, children: [{ type: 'text', value: 'H ' }, ...words()] },
    paragraph([...words(), { type: 'text', value: ' end' }]),
    { type: 'list', ordered: false, spread: false, children: [item([...words(), { type: 'text', value: '.' }]), item([{ type: 'strong', children: [{ type: 'text', value: 'L:' }] }, codeSpan(value, ROOMY)])] },
    {
      type: 'table', align: [null, null], children: [
        { type: 'tableRow', children: [cell(text('a')), cell(text('b'))] },
        { type: 'tableRow', children: [cell(words()), cell([codeSpan(value, ROOMY)])] },
      ],
    },
    codeBlock(value),
    paragraph([{ type: 'text', value: 'last ' }, ...link(words(), 'https://github.com/o/r/blob/x/a(b).ts#L1')]),
  ];
}

const HARMLESS = outline(parse(toMarkdown(everywhere('harmless'))));

function rendered(value: string): Root {
  return parse(toMarkdown(everywhere(value)));
}

function find(root: Root, type: 'code' | 'paragraph' | 'table'): RootContent {
  const found = root.children.find((node) => node.type === type);
  if (found === undefined) throw new Error(`no ${type}`);
  return found;
}

function expectInert(value: string): void {
  const root = rendered(value);
  expect(outline(root)).toBe(HARMLESS);
  expect(liveTexts(root)).toEqual([]);
}

describe('evidence text in Markdown', () => {
  it('leaves structure and words of any document as those of a harmless value', () => {
    fc.assert(fc.property(hostileText, (value) => {
      expectInert(value);
      expect(withoutTicks(shownText(find(rendered(value), 'paragraph')))).toBe(withoutTicks(`${seenOnOneLine(value)} end`));
    }), { numRuns: 1_000 });
  }, 60_000);

  it('shows every one of 20,000 values as it is, with nothing alive', () => {
    const start = 'root(paragraph() paragraph())';
    fc.assert(fc.property(hostileText, (value) => {
      const root = parse(toMarkdown([paragraph([...text(value, ROOMY), { type: 'text', value: '. End' }]), paragraph([codeSpan(value, ROOMY)])]));
      expect(outline(root)).toBe(start);
      expect(liveTexts(root)).toEqual([]);
      expect(root.children.map((node) => withoutTicks(shownText(node)))).toEqual([`${seenOnOneLine(value)}. End`, seenOnOneLine(value) || '(empty)'].map(withoutTicks));
    }), { numRuns: 20_000 });
  }, 60_000);

  it.each([
    ['SEC-13', 'a </td></tr></table></details>\n\n# All good\n', '</details>'],
    ['SEC-18', '<img src=y onload=go()><script>go()</script><svg/onload=go()>![p](https://pixel.example/1.png)<a href="javascript:go()">z</a><style>p{}</style>', '<script>'],
    ['SEC-19', 'javascript:go() data:text/html,q //other.example file:///etc/hosts https://github.com.other.example/ https://github.com@other.example/', 'data:text/html,q'],
    ['SEC-21', '&#x3C;i&#x3E; &lt;i&gt; **p** __q__ ~~r~~\n===\n# t\n[k]: https://other.example\n[k] \\<i>', '&lt;i&gt; **p** __q__ ~~r~~ === # t'],
  ])('%s: shows markup as the text that it is', (_id, value, part) => {
    expectInert(value);
    expect(shownText(find(rendered(value), 'paragraph'))).toBe(`${seenOnOneLine(value)} end`);
    expect(seenOnOneLine(value)).toContain(part);
  });

  it('SEC-14: leaves no mention of 500 alive, and says that it cut', () => {
    const value = '@octo-team/all @bob '.repeat(500);
    expectInert(value);
    const short = shownText(parse(toMarkdown([paragraph(text(value))])));
    expect(short.length).toBeLessThanOrEqual(300);
    expect(short.endsWith('…')).toBe(true);
  });

  it.each(['#7', 'GH-7', 'o/r#7', `o/r@${'0a'.repeat(20)}`, 'o@0123abc', 'deadbee', 'https://other.example/p?q=1&r=2', 'www.other.example', 'c@other.example', 'closes #7', ':rocket:', ':+1:', '$a+b$', '$$a$$', '$`a`$', '<b>', '&copy;'])(
    'SEC-15: makes %s neither reference nor link, and shows it', (value) => {
      for (const around of [value, `see (${value}).`, `"${value}", then`, `\u00e9${value}\u65e5`]) {
        expectInert(around);
        expect(withoutTicks(shownText(find(rendered(around), 'paragraph')))).toBe(withoutTicks(`${around} end`));
      }
    });

  it('SEC-16: keeps rows at their count of cells with pipes, escapes, line ends and a last backslash', () => {
    for (const value of ['p | q \\| r\r\ns\tt\\', '|', '\\|', '\\\\|', '`|`', '`\\|`', 'p|\\', '||||', '@p|q', '\\@p\\|']) expect(outline(find(rendered(value), 'table'))).toBe(outline(find(rendered('harmless'), 'table')));
  });

  it('SEC-17: fences longer than any run of backticks inside, and gives the text back', () => {
    const value = 'p\n```\n````\n~~~~~~\n`````````` ts\nq';
    const block = find(parse(toMarkdown([codeBlock(value)])), 'code');
    expect(block).toMatchObject({ type: 'code', lang: null, value });
  });

  it('SEC-23: gives no language to diagrams, maps and formulas', () => {
    const value = '```mermaid\ngraph LR;P-->Q\n```\n$$y$$\n```geojson\n{}\n```';
    expectInert(value);
    expect(parse(toMarkdown([codeBlock(value)])).children).toMatchObject([{ type: 'code', lang: null, meta: null }]);
  });

  it('SEC-24: starts no line with a command or a call of a bot', () => {
    for (const value of ['/merge', '/approve now\n/lgtm', '@dependabot rebase', '\\merge', '  /merge']) {
      expectInert(value);
      expect(toMarkdown(everywhere(value)).split('\n').filter((line, at, all) => /^\s*(?:[-*+] )?[/@\\]/.test(line) && !inFence(all, at))).toEqual([]);
    }
  });

  it('SEC-76: spells out what turns the direction of writing', () => {
    const markdown = toMarkdown(everywhere('good\u202egnp.sh \u2067root\u2069 \u061c'));
    expect(markdown).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u061c]/);
    expect(markdown).toContain('\\u{202e}');
  });
});

function inFence(lines: readonly string[], at: number): boolean {
  return lines.slice(0, at).filter((line) => line.startsWith('```')).length % 2 === 1;
}

describe('limits', () => {
  it.each([['quotes', '>'.repeat(5_000)], ['lists', '- '.repeat(5_000)], ['brackets', '['.repeat(100_000)], ['backticks', '`'.repeat(100_000)], ['emphasis', '*p_'.repeat(50_000)], ['ticks of all lengths', Array.from({ length: 400 }, (_, at) => '`'.repeat(at)).join(' ')], ['tags', '<p '.repeat(50_000)], ['colons', ':p'.repeat(50_000)]])(
    'SEC-22: cuts a bomb of %s and renders it at once', (_name, value) => {
      const started = performance.now();
      const markdown = toMarkdown([paragraph(text(value)), paragraph([codeSpan(value)]), codeBlock(value)]);
      expect(performance.now() - started).toBeLessThan(1_000);
      expect(markdown.length).toBeLessThan(8_000);
      expect(parse(markdown).children.map(({ type }) => type)).toEqual(['paragraph', 'paragraph', 'code']);
      expect(markdown).toContain('…');
    });

  it('SEC-79: cuts between graphemes only, and drops a grapheme that is a flood', () => {
    const family = '👨‍👩‍👧';
    expect(text(family.repeat(500))).toEqual([{ type: 'text', value: `${family.repeat(299)}…` }]);
    expect(text(`a${'\u0315'.repeat(5_000)}`)).toEqual([{ type: 'text', value: '…' }]);
    const mixed = `b${'e\u0301'.repeat(40)}${family.repeat(40)}c`;
    for (let limit = 1; limit < 90; limit += 1) {
      const { value } = codeSpan(mixed, limit);
      expect(new TextDecoder('utf-8', { fatal: true }).decode(new TextEncoder().encode(value))).toBe(value);
      const shown = [...new Intl.Segmenter('en').segment(value)].map(({ segment }) => segment);
      const whole = [...new Intl.Segmenter('en').segment(mixed)].map(({ segment }) => segment);
      expect(shown.length).toBeLessThanOrEqual(limit);
      expect(shown.at(-1) === '…' || value === mixed).toBe(true);
      expect(whole.slice(0, shown.length - 1)).toEqual(shown.slice(0, -1));
    }
  });

  it('keeps a value of exactly the limit whole', () => {
    expect(text('abcde', 5)).toEqual([{ type: 'text', value: 'abcde' }]);
    expect(text('abcdef', 5)).toEqual([{ type: 'text', value: 'abcd…' }]);
    expect(text('e\u0301'.repeat(5), 5)).toEqual([{ type: 'text', value: 'e\u0301'.repeat(5) }]);
  });

  it('cuts a block by lines and by bytes, and says how many lines are gone', () => {
    expect(codeBlock('a\nb\nc\n', { lines: 2, bytes: 100 }).value).toBe('a\nb\n… 1 more line, cut here');
    expect(codeBlock('ééé\nb', { lines: 9, bytes: 6 }).value).toBe('ééé\n… 1 more line, cut here');
    expect(codeBlock('a\nb\n', { lines: 2, bytes: 100 }).value).toBe('a\nb');
  });

  it('gives empty values a code that can be written', () => {
    for (const value of ['', ' ', '\n']) {
      expect(codeSpan(value).value).toBe('(empty)');
      expect(codeBlock(value).value.trim()).not.toBe('');
    }
  });
});

describe('what stays readable', () => {
  it('keeps code of the input as code and ordinary words as they are', () => {
    const markdown = toMarkdown([paragraph(text('Run `npm test -- --watch`: R&D said snake_case is 50% faster, v1.2.3 (see a.b/c_d); it\'s "fine"!'))]);
    expect(markdown).toBe('Run `npm test -- --watch`: R&D said snake_case is 50% faster, v1.2.3 (see a.b/c_d); it\'s "fine"!\n');
  });

  it('makes only the live word code, without the marks around it', () => {
    expect(toMarkdown([paragraph(text('ask (@bob), fixes #12; std::vector::push of Promise<void>.'))])).toBe('ask (`@bob`), fixes `#12`; `std::vector::push` of `Promise<void>`.\n');
  });
});

describe('links', () => {
  it('link to the host\'s https pages and to nothing else', () => {
    const label = text('here');
    expect(link(label, 'https://github.com/o/r')).toMatchObject([{ type: 'link', url: 'https://github.com/o/r' }]);
    for (const url of [undefined, 'http://github.com', 'javascript:go()', '//github.com', 'https://a@github.com/', 'https://x y', 'https://', 'HTTPS://github.com']) expect(link(label, url)).toBe(label);
  });
});
