/** Walking folders by patterns: only where a pattern can still match, never through a link, and no further than the limit. */
import type { Pattern, PatternSet, Segment } from './glob-pattern.ts';
import { compareText } from '../../model/order.ts';

export type EntryKind = 'folder' | 'link' | 'file';
export type FolderEntry = Readonly<{ name: string; kind: EntryKind }>;

/** What a walk sees of a file system; paths are relative, with `/`, the empty one is the start. */
export type FolderReader = Readonly<{
  /** In any order; may be left before its end. `null`: the folder may not be read. */
  entries(folder: string): Iterable<FolderEntry> | null;
  kindOf(path: string): EntryKind | null;
  /** What a link leads to: a folder inside the start, one outside of it, or anything else. */
  linkTarget(path: string): 'inside' | 'outside' | 'other';
}>;

/** How far one pattern has come: the segments before `at` are matched. */
type Reach = Readonly<{ pattern: Pattern; at: number; by: Segment['kind'] }>;
type Stop = Readonly<{ path: string; reached: readonly Reach[]; excluded: readonly Reach[] }>;

/**
 * At most `limit` + 1 paths, sorted. Folders are listed only where a pattern names one outright or where they may not be read, so that reading them tells why;
 * a link on the way, where it leads to a folder outside of the start.
 */
export function walkPatterns({ includes, excludes }: PatternSet, reader: FolderReader, limit: number): string[] {
  const found = new Set<string>();
  const stops: Stop[] = [{ path: '', reached: startOf(includes), excluded: startOf(excludes) }];
  for (let stop = stops.pop(); stop !== undefined && found.size <= limit; stop = stops.pop()) {
    const children = childrenOf(stop, reader);
    if (children === null) {
      found.add(stop.path === '' ? '.' : stop.path);
      continue;
    }
    for (const child of children) {
      const next = visit(stop, child, reader);
      if (next === 'list') found.add(pathOf(stop, child));
      else if (next !== null) stops.push(next);
      if (found.size > limit) break;
    }
  }
  return [...found].sort(compareText);
}

function startOf(patterns: readonly Pattern[]): readonly Reach[] {
  return spread(patterns.map((pattern): Reach => ({ pattern, at: 0, by: 'name' })));
}

/** `**` stands for no folder, too. */
function spread(reached: readonly Reach[]): Reach[] {
  const all = new Map<Pattern, Map<number, Reach>>();
  for (const reach of reached) {
    const known = all.get(reach.pattern) ?? new Map<number, Reach>();
    all.set(reach.pattern, known);
    for (let at = reach.at; ; at += 1) {
      // Of two ways to the same place, the one by name leads on through links.
      if (known.get(at)?.by !== 'name') known.set(at, { ...reach, at });
      if (reach.pattern[at]?.kind !== 'folders') break;
    }
  }
  return [...all.values()].flatMap((places) => [...places.values()]);
}

/** Where every next segment is a plain name, the folder need not be listed. */
function childrenOf({ path, reached }: Stop, reader: FolderReader): Iterable<FolderEntry> | null {
  const next = reached.flatMap(({ pattern, at }) => pattern[at] ?? []);
  const names = next.flatMap((segment) => (segment.kind === 'name' ? [segment.name] : []));
  if (names.length < next.length) return reader.entries(path);
  return [...new Set(names)].flatMap((name): FolderEntry[] => {
    const kind = reader.kindOf(path === '' ? name : `${path}/${name}`);
    return kind === null ? [] : [{ name, kind }];
  });
}

function visit(stop: Stop, child: FolderEntry, reader: FolderReader): Stop | 'list' | null {
  const reached = step(stop.reached, child.name);
  if (reached.length === 0) return null;
  const excluded = step(stop.excluded, child.name);
  if (excluded.some(isWhole)) return null;
  const path = pathOf(stop, child);
  const onward = reached.filter((reach) => !isWhole(reach));
  switch (child.kind) {
    case 'file': return reached.some(isWhole) ? 'list' : null;
    case 'folder': return reached.some(isNamedOutright) ? 'list' : onward.length === 0 ? null : { path, reached: onward, excluded };
    case 'link': {
      if (reached.some(isWhole)) return 'list';
      const asked = onward.filter(({ by }) => by !== 'folders');
      const target = asked.length === 0 ? 'other' : reader.linkTarget(path);
      if (target === 'outside') return 'list';
      const named = asked.filter(({ by }) => by === 'name');
      return target === 'inside' && named.length > 0 ? { path, reached: named, excluded } : null;
    }
    default: return child.kind satisfies never;
  }
}

function step(reached: readonly Reach[], name: string): Reach[] {
  return spread(reached.flatMap(({ pattern, at }): Reach[] => {
    const segment = pattern[at];
    if (segment === undefined || !(segment.kind === 'name' ? segment.name === name : segment.matches(name))) return [];
    return [{ pattern, at: segment.kind === 'folders' ? at : at + 1, by: segment.kind }];
  }));
}

function isWhole({ pattern, at }: Reach): boolean {
  return at === pattern.length;
}

function isNamedOutright(reach: Reach): boolean {
  return isWhole(reach) && reach.pattern.every(({ kind }) => kind === 'name');
}

function pathOf({ path }: Stop, { name }: FolderEntry): string {
  return path === '' ? name : `${path}/${name}`;
}
