import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ARROWS, arrowsOf, computedImports, importsOf, mayImport } from './arrows.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FILES = (await readdir(join(ROOT, 'src'), { recursive: true })).map((path) => path.replaceAll(sep, '/')).filter((path) => path.endsWith('.ts')).sort();
const SOURCES = new Map(await Promise.all(FILES.map(async (path) => [path, await readFile(join(ROOT, 'src', path), 'utf8')] as const)));

/** Every place where a source text outside of `main.ts` and `host/` matches. */
function findOutside(pattern: RegExp): string[] {
  return [...SOURCES].filter(([path]) => path !== 'main.ts' && !path.startsWith('host/'))
    .flatMap(([path, source]) => [...source.matchAll(pattern)].map(([text]) => `${path}: ${text}`));
}

describe('arrows', () => {
  it('gives every file a room', () => {
    expect(FILES.length).toBeGreaterThan(40);
    expect(FILES.filter((path) => arrowsOf(path) === undefined)).toEqual([]);
  });

  it('lets every import follow an arrow', () => {
    const wrong = [...SOURCES].flatMap(([path, source]) => importsOf(source).filter((specifier) => !mayImport(path, specifier)).map((specifier) => `${path} → ${specifier}`));
    expect(wrong).toEqual([]);
  });

  it('computes no import', () => {
    expect([...SOURCES].flatMap(([path, source]) => computedImports(source).map((text) => `${path}: ${text}`))).toEqual([]);
  });

  it.each([
    "import { a } from 'evil';", "import type { a } from 'evil';", "import 'evil';", "export * from 'evil';", "export { a } from \"evil\";",
    "const a = await import('evil');", "type A = typeof import('evil');", "let a: import('evil').A;", "import {\n  a,\n} from\n  'evil';", "const a = require('evil');", 'await import(`evil`);',
  ])('reads the import in %j', (source) => {
    expect(importsOf(source)).toEqual(['evil']);
  });

  it.each(['await import(name);', 'await import(`./${name}.ts`);', "import { createRequire } from 'node:module';"])('sees the computed import in %j', (source) => {
    expect(computedImports(source)).toHaveLength(1);
  });
});

describe('effects', () => {
  it('reads the clock in host only', () => {
    expect(findOutside(/\bnew Date(?:\(\s*\)|\b(?!\())|\bDate\.now\b|\bperformance\.now\b|\bhrtime\b/g)).toEqual([]);
  });

  it('takes random numbers from host only', () => {
    expect(findOutside(/\bMath\.random\b|\brandom(?:Bytes|UUID|Int|FillSync)\b|\bgetRandomValues\b/g)).toEqual([]);
  });

  it('touches the process in main and host only', () => {
    expect(findOutside(/\bprocess\??\.\w+|\bprocess\[|\bglobalThis\b|\bconsole\.\w+|['"]node:process['"]/g)).toEqual([]);
  });
});

/** A file for each room, with an import of every module and package that the table knows. */
const PLANTED = Object.keys(ARROWS).map((key) => (key.endsWith('/') ? `${key}planted.ts` : key));
const TARGETS = [...new Set(Object.values(ARROWS).flatMap(({ modules }) => modules)), 'main.ts', 'host/local/store.ts', 'publish/index.ts'];
const PACKAGES = [...new Set(Object.values(ARROWS).flatMap(({ packages }) => packages)), 'node:fs/promises', 'node:http', 'evil', '@actions/exec', 'zod', 'zod/v3'].map((name) => name.replace('*', 'parse'));

function plantedImports(path: string): string[] {
  const relative = (target: string): string => posix.relative(posix.dirname(path), target).replace(/^(?!\.)/, './');
  const modules = TARGETS.filter((target) => target !== path).map((target) => relative(target.endsWith('/') ? `${target}other.ts` : target));
  return [...modules, ...PACKAGES];
}

async function lint(folder: string): Promise<readonly Readonly<{ code: string; filename: string; labels: readonly Readonly<{ span: Readonly<{ line: number }> }>[] }>[]> {
  const stdout = await new Promise<string>((done) => {
    execFile(process.execPath, [join(ROOT, 'node_modules/oxlint/bin/oxlint'), '--format', 'json'], { cwd: folder, maxBuffer: 64 * 1024 * 1024 }, (_, text) => done(text));
  });
  return JSON.parse(stdout).diagnostics;
}

describe('lint', () => {
  it('catches exactly the imports that the table forbids', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'arrows-'));
    try {
      await copyFile(join(ROOT, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
      for (const path of PLANTED) {
        await mkdir(dirname(join(folder, 'src', path)), { recursive: true });
        await writeFile(join(folder, 'src', path), plantedImports(path).map((specifier) => `export * from '${specifier}';\n`).join(''));
      }
      const caught = (await lint(folder)).filter(({ code }) => code === 'eslint(no-restricted-imports)').map(({ filename, labels }) => {
        const path = filename.replaceAll('\\', '/').replace(/^.*\bsrc\//, '');
        return `${path} → ${plantedImports(path)[(labels[0]?.span.line ?? 0) - 1]}`;
      });
      const forbidden = PLANTED.flatMap((path) => plantedImports(path).filter((specifier) => !mayImport(path, specifier)).map((specifier) => `${path} → ${specifier}`));
      expect(forbidden.length).toBeGreaterThan(300);
      expect([...new Set(caught)].sort()).toEqual(forbidden.sort());
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
