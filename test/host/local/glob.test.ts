import fc from 'fast-check';
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
    ['?.xml', ['a.xml', 'é.xml', '😀.xml'], ['ab.xml', '.xml']],
    ['[a-c].xml', ['a.xml', 'c.xml', '[a-c].xml'], ['d.xml', 'A.xml', '-.xml']],
    ['[!a-c].xml', ['d.xml'], ['a.xml', 'dd.xml']],
    ['[]x].xml', [']'.concat('.xml'), 'x.xml'], ['y.xml']],
    ['[a.xml', ['[a.xml'], ['a.xml']],
    ['{b,c}.xml', ['b.xml', 'c.xml', '{b,c}.xml'], ['bc.xml']],
    ['{a,b/{c,d}}/x', ['a/x', 'b/c/x', 'b/d/x'], ['b/x', 'c/x']],
    ['{a}.xml', ['{a}.xml'], ['a.xml']],
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
  });

  it.each(['../x.xml', 'a/../x.xml', '/etc/x.xml', 'C:/x.xml', '{..,a}/x.xml', String.raw`\.\./x`, '', '.', 'a\0b', '!../x', '@(a|b).xml', 'a+(b)', '[[:alpha:]].xml', `${'{a,b}'.repeat(20)}.xml`])('refuses %j and names it', (pattern) => {
    let error: unknown;
    try {
      compilePatterns([pattern]);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(AuditError);
    expect(error).toMatchObject({ code: 'INVALID_INPUT', exitCode: 2, message: expect.stringContaining(`\`${pattern}\``) });
  });

  it('matches hostile patterns and names in linear time', () => {
    const started = performance.now();
    expect(match([`${'*a'.repeat(100)}b`, `${'**/'.repeat(50)}x`], ['a'.repeat(250), ...Array.from({ length: 50 }, (_, depth) => `${'d/'.repeat(depth)}y`)])).toEqual([]);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('always matches a name by itself', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((text) => !/[/\0\\!]|^\.{1,2}$|^[A-Za-z]:|\*\*|[@+?*!]\(|\[\[:|^(?:node_modules|\.git)$/.test(text));
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
