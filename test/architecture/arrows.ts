/** Who may import whom in `src/`: the one table, and how imports are read from source text. */
import { posix } from 'node:path';

/** `modules`: rooms (`model/`) and single files (`config.ts`). `packages`: names, or a prefix that ends with `*`. */
export type Arrows = Readonly<{ modules: readonly string[]; packages: readonly string[] }>;

const BASE = ['model/', 'errors.ts'];
const OPTIONS = ['config.ts', 'inputs.ts', 'input-specs.ts', 'options.ts'];
const MARKDOWN = ['unified', 'remark-*', 'mdast', 'unist', 'mdast-util-*', 'unist-util-*'];
const PUBLISH = [...BASE, ...OPTIONS, 'publish/', 'runlog/', 'host/ports.ts', 'host/terminal.ts'];
const HOST = [...BASE, 'host/'];

/** The longest key that a path starts with decides. */
export const ARROWS: Readonly<Record<string, Arrows>> = {
  'main.ts': { modules: [...BASE, ...OPTIONS, 'cli.ts', 'command/', 'host/', 'publish/outputs.ts'], packages: ['@actions/core', 'node:*'] },
  'cli.ts': { modules: [...BASE, ...OPTIONS], packages: ['fastest-levenshtein', 'node:util'] },
  'inputs.ts': { modules: [...BASE, ...OPTIONS], packages: ['@actions/core'] },
  'input-specs.ts': { modules: [...BASE, ...OPTIONS], packages: ['fastest-levenshtein', 'node:util'] },
  'config.ts': { modules: [...BASE, ...OPTIONS, 'report/'], packages: ['zod/mini', 'yaml'] },
  'options.ts': { modules: [...BASE, ...OPTIONS], packages: [] },
  'errors.ts': { modules: BASE, packages: ['zod/mini', 'node:crypto'] },
  'model/': { modules: BASE, packages: ['zod/mini', 'node:crypto'] },
  'report/': { modules: [...BASE, 'report/'], packages: ['node:crypto'] },
  'runlog/': { modules: [...BASE, 'runlog/'], packages: ['node:crypto', ...MARKDOWN] },
  'claims/': { modules: [...BASE, 'claims/'], packages: ['node:crypto', ...MARKDOWN] },
  'render/': { modules: [...BASE, 'render/'], packages: ['node:crypto', ...MARKDOWN] },
  'collect/': { modules: [...BASE, ...OPTIONS, 'collect/', 'report/', 'host/ports.ts'], packages: ['node:*'] },
  'publish/': { modules: PUBLISH, packages: ['node:*'] },
  'publish/outputs.ts': { modules: PUBLISH, packages: ['node:*', '@actions/core'] },
  'publish/summary.ts': { modules: PUBLISH, packages: ['node:*', '@actions/core'] },
  'host/': { modules: HOST, packages: ['node:*', 'picomatch'] },
  'host/github/': { modules: HOST, packages: ['node:*', '@actions/github', '@octokit/*', 'zod/mini', 'yaml'] },
  'command/': { modules: [...BASE, ...OPTIONS, 'command/', 'collect/', 'claims/', 'runlog/', 'render/', 'publish/', 'host/'], packages: ['node:*'] },
};

/** The arrows of a file, given by its path under `src/`. */
export function arrowsOf(path: string): Arrows | undefined {
  const keys = Object.keys(ARROWS).filter((key) => path === key || (key.endsWith('/') && path.startsWith(key)));
  const longest = keys.toSorted((a, b) => b.length - a.length)[0];
  return longest === undefined ? undefined : ARROWS[longest];
}

/** Whether the file at `path` may import `specifier`. */
export function mayImport(path: string, specifier: string): boolean {
  const arrows = arrowsOf(path);
  if (arrows === undefined) return false;
  if (!specifier.startsWith('.')) return arrows.packages.some((name) => (name.endsWith('*') ? specifier.startsWith(name.slice(0, -1)) : specifier === name));
  const target = posix.join(posix.dirname(path), specifier);
  return arrows.modules.some((module) => (module.endsWith('/') ? target.startsWith(module) : target === module));
}

/** Every module that a source text names: static, side-effect, dynamic and type imports, and re-exports. Comments are read too: nothing can hide in them. */
export function importsOf(source: string): string[] {
  return [...source.matchAll(/\b(?:from\s*(?=['"])|(?:import|require)\s*\(?\s*)(['"`])([^'"`\s]+)\1/g)].map(([, , specifier]) => specifier ?? '');
}

/** Parts of a source text that import what only the running program knows. */
export function computedImports(source: string): string[] {
  return [...source.matchAll(/\bimport\s*\(\s*(?!['"])[^)]*\)|\bcreateRequire\b/g)].map(([text]) => text);
}
