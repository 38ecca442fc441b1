import fc from 'fast-check';
import picomatch from 'picomatch';
import { describe, expect, it } from 'vitest';
import { AuditError } from '../../../src/errors.ts';
import { compilePatterns } from '../../../src/host/local/glob-pattern.ts';
import { walkPatterns, type FolderEntry, type FolderReader } from '../../../src/host/local/glob-walk.ts';

/** A file system of plain files. */
function filesOf(paths: readonly string[]): FolderReader {
  const entries = (folder: string): FolderEntry[] => {
    const below = paths.filter((path) => folder === '' || path.startsWith(`${folder}/`)).map((path) => path.slice(folder === '' ? 0 : folder.length + 1).split('/'));
    return [...new Set(below.map(([name = '']) => name))].map((name) => ({ name, kind: below.some(([first, second]) => first === name && second !== undefined) ? 'folder' : 'file' }));
  };
  return {
    entries, linkTarget: () => 'other',
    kindOf: (path) => entries(path.slice(0, Math.max(0, path.lastIndexOf('/')))).find(({ name }) => name === path.slice(path.lastIndexOf('/') + 1))?.kind ?? null,
  };
}

const match = (patterns: readonly string[], paths: readonly string[], limit = 1_000): string[] => walkPatterns(compilePatterns(patterns), filesOf(paths), limit);

describe('patterns', () => {
  it.each([
    ['out/*.xml', ['out/a.xml', 'out/.b.xml'], ['out/a.txt', 'out/sub/c.xml', 'a.xml', 'OUT/a.xml', 'out/a.XML']],
    ['out/**/*.xml', ['out/a.xml', 'out/x/b.xml', 'out/x/.y/c.xml'], ['a.xml', 'outer/a.xml']],
    ['**', ['a', 'x/b', '.c/d'], []],
    ['out/**', ['out/a', 'out/x/b'], ['a']],
    ['**/junit.xml', ['junit.xml', 'a/b/junit.xml'], ['a/junit.xml.bak']],
    // A `?` is one UTF-16 unit.
    ['?.xml', ['a.xml', 'é.xml', '\n.xml'], ['ab.xml', '.xml', '😀.xml']],
    ['??.xml', ['😀.xml', 'ab.xml'], ['a.xml']],
    ['[a-c].xml', ['a.xml', 'c.xml', '[a-c].xml'], ['d.xml', 'A.xml', '-.xml']],
    ['[!a-c].xml', ['d.xml'], ['a.xml', 'dd.xml']],
    ['[]x].xml', [']'.concat('.xml'), 'x.xml'], ['y.xml']],
    ['[a.xml', ['[a.xml'], ['a.xml']],
    ['{b,c}.xml', ['b.xml', 'c.xml', '{b,c}.xml'], ['bc.xml']],
    ['{a,b/{c,d}}/x', ['a/x', 'b/c/x', 'b/d/x'], ['b/x', 'c/x']],
    ['{a}*.xml', ['{a}.xml', '{a}b.xml'], ['a.xml', 'ab.xml']],
    ['{*.xml', ['{a.xml'], ['a.xml']],
    ['{1..3}/{a..c}', ['1/a', '3/c'], ['4/a', '1/d', '.../a']],
    ['{a,{b}/{1..2}}.xml', ['a.xml', '{b}/1.xml'], ['b/1.xml']],
    ['@(a|b*).xml', ['a.xml', 'b.xml', 'bc.xml'], ['ac.xml', '@.xml']],
    ['@(a|b)?', ['ax', 'b?'], ['a', 'b']],
    ['?(a|@(b|c))x', ['x', 'ax', 'bx', 'cx'], ['abx', 'dx']],
    ['[[:alpha:]]-[[:digit:]].xml', ['a-1.xml', 'B-2.xml'], ['1-a.xml', 'a-10.xml']],
    ['*[ab]*]', ['[ab]', 'a]'], ['a', ']', '[a']],
    ['*ab*ba*b', ['abbab', 'aabbbaab'], ['abab', 'abba']],
    // To picomatch itself, a parenthesis, a bar, quotes and `\d` are parts of a regular expression.
    ['r (?)|"?".xml', ['r (1)|"2".xml'], ['r 1', '2.xml', 'r 1|2.xml']],
    [String.raw`\d\(*+`, ['d(+', 'd(a+'], ['1(+', 'da+', 'd(a']],
    ['(?=a)*', ['(?=a)', '(b=a)c'], ['a', 'ab']],
    ['*', ['a', '\na', '.a', '$^'], ['c/b']],
    [String.raw`\[a\].xml`, ['[a].xml'], ['a.xml']],
    [String.raw`\*\{a,b\}`, ['*{a,b}'], ['xa', '*a']],
    ['./out//./a.xml', ['out/a.xml'], []],
    ['-rf.xml', ['-rf.xml'], []],
    ['~.xml', ['~.xml'], []],
    ['%41.xml', ['%41.xml'], ['A.xml']],
    ['a*b*c', ['abc', 'axxbxxc', 'abcbc'], ['abcd', 'acb']],
    ['TEST-*.xml', ['TEST-.xml', 'TEST-\n.xml'], ['test-a.xml']],
  ])('%s matches what it should and nothing else', (pattern, matching, others) => {
    expect(match([pattern], [...matching, ...others])).toEqual([...matching].sort());
  });

  it('joins patterns without naming a file twice, and leaves out what is excluded', () => {
    const paths = ['a/x.xml', 'a/y.xml', 'a/skip/z.xml', 'b/x.xml'];
    expect(match(['**/*.xml', 'a/*.xml', 'a/x.xml'], paths)).toEqual(['a/skip/z.xml', 'a/x.xml', 'a/y.xml', 'b/x.xml']);
    expect(match(['**/*.xml', '!a/skip/**', '!**/y.*'], paths)).toEqual(['a/x.xml', 'b/x.xml']);
    expect(match(['**/*.xml', '!a/skip'], paths)).toEqual(['a/x.xml', 'a/y.xml', 'b/x.xml']);
    expect(match(['!a/**'], paths)).toEqual([]);
  });

  it('passes over node_modules and .git, unless the pattern names them', () => {
    const paths = ['.git', 'a/x.xml', 'node_modules/p/x.xml', 'a/node_modules/p/x.xml', 'sub/.git/x.xml', 'node_modules_2/x.xml'];
    expect(match(['**/*.xml'], paths)).toEqual(['a/x.xml', 'node_modules_2/x.xml']);
    expect(match(['**'], paths)).toEqual(['a/x.xml', 'node_modules_2/x.xml']);
    expect(match(['**/node_modules/**/*.xml'], paths)).toEqual(['a/node_modules/p/x.xml', 'node_modules/p/x.xml']);
    expect(match(['sub/.git/x.xml'], paths)).toEqual(['sub/.git/x.xml']);
    expect(match(['**/@(.git|b)/*', '{node_modules,c}/**/*.xml', '**/*.git/*'], paths)).toEqual(['node_modules/p/x.xml', 'sub/.git/x.xml']);
  });

  it.each(['../x.xml', 'a/../x.xml', '/etc/x.xml', 'C:/x.xml', '{..,a}/x.xml', String.raw`\.\./x`, '', '.', 'a\0b', '!../x', '@(a|..)/x', '{a,b/../c}/x',
    'a!(b)', 'a+(b)', '*(1).xml', `${'*('.repeat(200)}a${')'.repeat(200)}`, '+(ab|abab)b', '@(a/b|c).xml', '@(a', '{10..20}.xml', '{a..3}', '@(a)*a*a*ab', '?(a)'.repeat(30), '@(a|aa)'.repeat(30),
    'x'.repeat(1_001), `${'{a,b}'.repeat(20)}.xml`])('refuses %j and names it', (pattern) => {
    let error: unknown;
    try {
      compilePatterns([pattern]);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(AuditError);
    expect(error).toMatchObject({ code: 'INVALID_INPUT', exitCode: 2, message: expect.stringContaining(`\`${pattern}\``) });
  });

  it('ends with every pattern that it takes, over the longest name and the deepest folders', () => {
    const deep = Array.from({ length: 50 }, (_, depth) => `${'d/'.repeat(depth)}y`);
    const slow = [`${'*a'.repeat(100)}b`, `${'*[ab]?'.repeat(80)}c`, '@(*a*ab)', '*a@(a|aa)*ab', '@(a|aa)@(a|aa)@(a|aa)b', `${'?'.repeat(254)}*b`, `{${'a,'.repeat(120)}a}{a,aa}*b`, `${'[a]'.repeat(200)}*b`, `${'**/'.repeat(300)}x`, '['.repeat(1_000), '{'.repeat(1_000), '\\'.repeat(1_000)];
    expect(match(slow, ['a'.repeat(255), ...deep])).toEqual([]);
  });

  // Without its short cuts, by which `*.*` misses `a.`.
  it('matches stars as picomatch does, which goes back to each of them', () => {
    const parts = fc.array(fc.constantFrom('a', 'b', '*', '*', '?', '[ab]', '[!a]', '.'), { minLength: 1, maxLength: 8 });
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '.'), minLength: 1, maxLength: 8 }).filter((text) => !/^\.{1,2}$/.test(text));
    fc.assert(fc.property(parts.map((all) => all.join('')).filter((text) => !/\*\*|^\.{1,2}$/.test(text)), name, (pattern, file) => {
      expect(match([pattern], [file])).toEqual(picomatch.isMatch(file, pattern, { dot: true, posix: true, fastpaths: false }) ? [file] : []);
    }), { numRuns: 2_000 });
  });

  it('always matches a name by itself', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((text) => !/[/\0\\!]|\.\.|^\.$|^[A-Za-z]:|\*\*|\*.*\*.*\*|[@+?*!]\(|^(?:node_modules|\.git)$/.test(text));
    fc.assert(fc.property(name, name, (folder, file) => {
      expect(match([`${folder}/${file}`], [`${folder}/${file}`, 'other'])).toEqual([`${folder}/${file}`]);
    }), { numRuns: 300 });
  });
});

describe('the walk', () => {
  it('SEC-63: leaves a folder that never ends as soon as it has seen more than the limit', () => {
    let seen = 0;
    const endless: FolderReader = {
      *entries() {
        for (;;) yield { name: `${(seen += 1)}.xml`, kind: 'file' };
      },
      kindOf: () => 'folder', linkTarget: () => 'other',
    };
    expect(walkPatterns(compilePatterns(['out/*.xml']), endless, 5_000)).toHaveLength(5_001);
    expect(seen).toBe(5_001);
  });

  it('looks only into folders in which something can match, and at plain names without listing', () => {
    const listed: string[] = [];
    const files = filesOf(['a/b/x.xml', 'a/c/y.xml', 'd/e/x.xml', 'f/deep/er/x.xml']);
    const watched: FolderReader = { ...files, entries: (folder) => { listed.push(folder); return files.entries(folder); } };
    expect(walkPatterns(compilePatterns(['a/*/x.xml', 'd/e/x.xml', '!f']), watched, 10)).toEqual(['a/b/x.xml', 'd/e/x.xml']);
    expect(listed).toEqual(['a']);
  });

  it('lists a folder that it may not read, so that reading it tells why', () => {
    const files = filesOf(['a/x.xml', 'locked/x.xml']);
    const reader: FolderReader = { ...files, entries: (folder) => (folder === 'locked' ? null : files.entries(folder)) };
    expect(walkPatterns(compilePatterns(['**/*.xml']), reader, 10)).toEqual(['a/x.xml', 'locked']);
    expect(walkPatterns(compilePatterns(['**/*.xml', '!locked/**']), reader, 10)).toEqual(['a/x.xml']);
    expect(walkPatterns(compilePatterns(['*.xml']), { ...files, entries: () => null }, 10)).toEqual(['.']);
  });
});
