import fc from 'fast-check';
import type { RootContent } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { describe, expect, it } from 'vitest';
import { scanLog } from '../../src/runlog/scan.ts';
import { bytesOf } from './logs.ts';

function scan(text: string) {
  const { headings, blocks, tables, open, lineOf, ...others } = scanLog(bytesOf(text));
  const placed = <Place extends Readonly<{ start: number }>>(place: Place): Place & { line: number } => ({ ...place, line: lineOf(place.start) });
  return { ...others, headings: headings.map(placed), blocks: blocks.map(placed), tables: tables.map(placed), open: open === undefined ? undefined : placed(open) };
}

const headingLines = (text: string): number[] => scan(text).headings.map(({ line }) => line);

describe('scanning', () => {
  it('sees no heading in a fence, whatever its mark, length or indent', () => {
    expect(headingLines('```\n## a\n```\n~~~~md\n## b\n~~~\n## c\n~~~~\n   ```\n## d\n```\n## e\n')).toEqual([12]);
  });

  it('ends a fence of a list item with the item', () => {
    expect(headingLines('- text\n  ```sh\n  ## a\n## b\n')).toEqual([4]);
    expect(headingLines('- ```sh\n  ## a\n\n  ## b\n  ```\n## c\n')).toEqual([6]);
    expect(headingLines('1. x\n\n   ~~~\n## out of the item\n   ~~~\n## in the fence that started after it\n')).toEqual([4]);
  });

  it('takes backticks in a line of text and an escaped fence for text', () => {
    expect(headingLines('``` a`b\n## a\n\\```\n## b\n')).toEqual([2, 4]);
  });

  it('takes four blanks before a fence for code, unless a list item holds them', () => {
    expect(headingLines('    ```\n## a\n')).toEqual([2]);
    expect(headingLines('- a\n\n    ```\n## b\n')).toEqual([4]);
    expect(headingLines('10. a\n\n    ```\n    ## b\n    ```\n## c\n')).toEqual([6]);
  });

  it('ends an empty list item at a blank line', () => {
    expect(headingLines('-\n\n  ```\n## a\n')).toEqual([]);
    expect(headingLines('-\n  ```\n## a\n')).toEqual([3]);
  });

  it('sees no heading in a comment or raw HTML, and ends other HTML at a blank line', () => {
    expect(headingLines('<!--\n## a\n\n## b\n-->\n## c\n<pre>\n\n## d\n</pre>\n## e\n<div>\n## f\n\n## g\n')).toEqual([6, 11, 15]);
  });

  it('sees no heading in a list or quote', () => {
    expect(headingLines('- ## a\n> ## b\n## c\n')).toEqual([3]);
  });

  it('counts lines by any line end and keeps byte offsets', () => {
    const { headings, eol } = scan('\ufeff## ä\r\n\r\n## b\n## c\r## d');
    expect(headings.map(({ line, start, end }) => [line, start, end])).toEqual([[1, 3, 10], [3, 12, 17], [4, 17, 22], [5, 22, 26]]);
    expect(eol).toBe('\r\n');
  });

  it('says in which block the file ends, unless a list item closes it', () => {
    expect(scan('a\n```\nb\n').open).toMatchObject({ kind: 'fence', line: 2 });
    expect(scan('a\n\n<!-- b\n\nc').open).toMatchObject({ kind: 'comment', line: 3 });
    expect(scan('a\n\n<script>\n\nc').open).toMatchObject({ kind: 'html', line: 3 });
    expect(scan('- a\n  ```\n  b\n').open).toBeUndefined();
    expect(scan('<div>\nb').open).toBeUndefined();
  });

  it('tells rules from the underline of a heading', () => {
    expect(scan('a\n---\n\n---\n* * *\n- b\n---\n').rules).toEqual([7, 11, 21]);
    expect(scan('a\n---\n').headings).toMatchObject([{ level: 2, line: 1, underlined: true }]);
  });

  it('reads a table with and without outer pipes, to its last row', () => {
    const { tables } = scan('| a | b |\n| --- | :-: |\n| 1 | 2 |\n| 3 | \\| |\n\na | b\n--- | ---\nc | d\n\nno table | here\n--- | --- | ---\n');
    expect(tables.map(({ line, start, end }) => [line, start, end])).toEqual([[1, 0, 45], [6, 46, 68]]);
  });
});

const parser = unified().use(remarkParse).use(remarkGfm);
const lineOf = (node: RootContent): number => node.position?.start.line ?? 0;

function byRemark(text: string): { headings: number[][]; fences: number[]; comments: number[]; tables: number[]; rules: number } {
  const { children } = parser.parse(text);
  return {
    headings: children.flatMap((node) => (node.type === 'heading' ? [[node.depth, lineOf(node)]] : [])),
    fences: children.flatMap((node) => (node.type === 'code' && /^ {0,3}[`~]{3}/.test(text.split('\n')[lineOf(node) - 1] ?? '') ? [lineOf(node)] : [])),
    comments: children.flatMap((node) => (node.type === 'html' && node.value.trimStart().startsWith('<!--') ? [lineOf(node)] : [])),
    tables: children.flatMap((node) => (node.type === 'table' ? [lineOf(node)] : [])),
    rules: children.filter((node) => node.type === 'thematicBreak').length,
  };
}

// Left out: empty items, other numbers and single tags, which this parser does not let follow indented code or lazy text; cmark, and so GitHub, does.
const piece = fc.constantFrom(
  '', '', '', '# a', '## RUN-001 - x', '#b', '```', '```md', '````', '~~~', '<!-- x -->', '<!--', '-->', '<div>', '</div>', '<pre>', '<pre>x</pre>', '- a', '* b', '1. c', '1) d',
  '- - f', '- ```', '- # g', '> q', '> ```', '---', '***', '- - -', '===', 'text', 'more words', '| a | b |', '| --- | --- |', '| 1 | 2 |', '--- | ---', 'a | b', '`code`', '<b>x</b>', '<hr>',
);
const indent = fc.constantFrom('', '', '', '', ' ', '  ', '   ', '    ', '     ', '      ', '\t', '  \t');
const document = fc.array(fc.tuple(indent, piece).map(([before, text]) => before + text), { minLength: 1, maxLength: 14 }).map((lines) => `${lines.join('\n')}\n`);

describe('scanning, against a full Markdown parse', () => {
  it('finds the same headings, fences, comments, tables and rules', () => {
    fc.assert(fc.property(document, (text) => {
      const found = scan(text);
      expect({
        headings: found.headings.map(({ level, line }) => [level, line]),
        fences: found.blocks.flatMap(({ kind, line, root }) => (kind === 'fence' && root ? [line] : [])),
        comments: found.blocks.flatMap(({ kind, line, root }) => (kind === 'comment' && root ? [line] : [])),
        tables: found.tables.map(({ line }) => line),
        rules: found.rules.length,
      }).toEqual(byRemark(text));
    }), { numRuns: 1_500 });
  });
});

describe('skimming', () => {
  const dull = fc.constantFrom(
    '', 'text', '- item', '  - `code`', '* **b** x', '## RUN-001', '<!-- m -->', '---', '# t', '1. c', '10. e', '2) d', '12.', '12 tests', '1.5 s', '_x_', '__x__', '~~x~~', '``x`', ':ok: x', '![x](y)', '- [ ] x', '+ x',
  );
  const telling = fc.constantFrom('```', '~~~', '1. ```', '- 1. x', '> q', '| a | b |', '| --- | --- |', '===', '- ', '-', '- - f', '* * *', '#x', '####### x', '<b>x</b>', '--', '-----', '__', '***', '<!-- m --> x', '<!-->');
  const text = fc.array(fc.tuple(indent, fc.oneof({ weight: 6, arbitrary: dull }, { weight: 1, arbitrary: telling })).map(([before, line]) => before + line), { minLength: 1, maxLength: 30 });

  it('sees what a scan of every line sees: the same text with a quote below each heading that cannot be skimmed', () => {
    const END = '<!-- end of the quote -->';
    const unskimmable = (whole: string): string => whole.replace(/^(#{1,6} .*)$/gm, `$1\n> q\n\n${END}`);
    const shapes = (whole: string) => {
      const { headings, blocks, rules, tables } = scan(whole);
      const others = blocks.filter(({ start, end }) => Buffer.from(whole).subarray(start, end).toString().trim() !== END);
      return { headings: headings.map(({ level, underlined }) => [level, underlined]), rules: rules.length, tables: tables.length, blocks: others.map(({ kind, root }) => [kind, root]) };
    };
    fc.assert(fc.property(text, (lines) => {
      const whole = `# start\n${lines.join('\n')}\n`;
      expect(shapes(whole)).toEqual(shapes(unskimmable(whole)));
    }), { numRuns: 1_500 });
  });

  it('stands a section of very many comments and rules', () => {
    const { blocks, rules } = scan(`# a\n${'<!-- x -->\n\n---\n'.repeat(150_000)}`);
    expect([blocks.length, rules.length]).toEqual([150_000, 150_000]);
  });
});

describe('the rows of a table', () => {
  it('are passed over to the first line that is none, and conflict marks among them are seen', () => {
    const head = '# a\n| a | b |\n| --- | --- |\n';
    const { tables, conflicts, headings } = scan(`${head}${'| 1 | 2 |\n'.repeat(3)}|| 3 |\n||||||| base\n| 4 | 5 |\n## b\n| no | row |\n`);
    expect(tables.map(({ start, end }) => [start, end])).toEqual([[4, head.length + 30 + 7 + 13 + 10]]);
    expect(conflicts.map(({ mark }) => mark)).toEqual(['|']);
    expect(headings.map(({ line }) => line)).toEqual([1, 10]);
  });

  it('reach to the end of a file without a last line end', () => {
    expect(scan('# a\n| a |\n| - |\n| 1 |\n| 2 |').tables).toMatchObject([{ start: 4, end: 27 }]);
  });
});

describe('scanning anything', () => {
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.array(fc.constantFrom('`', '```', '~', '#', '-', ' ', '\t', '\n', '\r', '\r\n', '<', '<!--', '-->', '>', '|', '=', '1.', '\ufeff', 'é', 'RUN-1'), { maxLength: 120 }).map((parts) => bytesOf(parts.join(''))));

  it('stands 20,000 inputs: offsets ascend, stay inside the file and lie at line starts', () => {
    fc.assert(fc.property(bytes, (input) => {
      const { headings, blocks, tables, rules } = scanLog(input);
      const starts = [...headings, ...tables].map(({ start }) => start).concat(rules, blocks.map(({ start }) => start));
      for (const start of starts) {
        if (!(start === 0 || start === 3 || input[start - 1] === 10 || input[start - 1] === 13)) throw new Error(`no line starts at ${start}`);
      }
      for (const { start, end } of [...headings, ...blocks, ...tables]) if (start >= end || end > input.length) throw new Error(`${start} to ${end} is no range`);
      for (let at = 1; at < headings.length; at += 1) if ((headings[at - 1]?.end ?? 0) > (headings[at]?.start ?? 0)) throw new Error('headings overlap');
    }), { numRuns: 20_000 });
  }, 10_000);

  it('is linear in deep lists and long lines', () => {
    const started = performance.now();
    for (const text of ['- '.repeat(200_000), '> '.repeat(200_000), '- a\n'.repeat(100_000), `<${'a '.repeat(200_000)}>`, '`'.repeat(400_000), `${'| '.repeat(100_000)}\n${'|-'.repeat(100_000)}`]) scan(text);
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});
