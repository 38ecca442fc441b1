/** Paths as tools write them, turned into paths of the repository. */
import { isAbsolute, relative, resolve, sep } from 'node:path';

/** Absolute folders: the repository's top and where the tools ran. */
export type Folders = Readonly<{ root: string; cwd: string }>;

/** Relative to the repository with `/`, or `undefined` for what lies outside of it, is no path, or is a URL of another kind than `file:`. */
export function repositoryPath(reported: string, { root, cwd }: Folders): string | undefined {
  const plain = withoutScheme(reported);
  if (plain === undefined || plain === '' || plain.includes('\0') || (sep === '/' && /^[A-Za-z]:[\\/]/.test(plain))) return undefined;
  const local = relative(root, resolve(cwd, plain));
  if (local === '' || local === '..' || local.startsWith(`..${sep}`) || isAbsolute(local)) return undefined;
  return sep === '/' ? local : local.split(sep).join('/');
}

function withoutScheme(reported: string): string | undefined {
  if (!/^[A-Za-z][A-Za-z0-9+.-]+:\/\//.test(reported)) return reported;
  if (!reported.startsWith('file:///')) return undefined;
  try {
    return decodeURIComponent(reported.slice('file://'.length));
  } catch {
    return undefined;
  }
}
