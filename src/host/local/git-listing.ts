/** Reading what git lists: `-z` output of ls-tree, diff-tree and ls-files. Paths are kept byte by byte, as Latin-1 text, until they are shown. */

/** A path as git stores it: one character for each byte. */
export type RawPath = string;
/** What stands at a path in a tree: mode (`100644`) and object id. */
export type TreeEntry = Readonly<{ mode: string; oid: string }>;

/** `ls-tree -r -z`: `100644 blob <oid>\t<path>`. */
export function parseTree(output: Buffer): Map<RawPath, TreeEntry> {
  const entries = new Map<RawPath, TreeEntry>();
  for (const line of records(output)) {
    const tab = line.indexOf('\t');
    const [mode = '', , oid = ''] = line.slice(0, tab).split(' ');
    entries.set(line.slice(tab + 1), { mode, oid });
  }
  return entries;
}

/** One difference between two trees; `to` undefined: deleted, `from` undefined: added. A renamed file has its former path in `was`. */
export type TreeChange = Readonly<{ path: RawPath; from?: TreeEntry; to?: TreeEntry; was?: RawPath }>;

/** `diff-tree --raw -z`: `:100644 100644 <oid> <oid> M` and a path, two paths for a rename. */
export function parseTreeDiff(output: Buffer): TreeChange[] {
  const changes: TreeChange[] = [];
  const fields = records(output);
  for (let at = 0; at < fields.length; at += 2) {
    const [fromMode = '', toMode = '', fromOid = '', toOid = '', status = ''] = (fields[at] ?? '').slice(1).split(' ');
    const from = { mode: fromMode, oid: fromOid };
    const to = { mode: toMode, oid: toOid };
    const path = fields[at + 1] ?? '';
    if (status.startsWith('R')) {
      at += 1;
      changes.push({ path: fields[at + 1] ?? '', from, to, was: path });
    } else {
      changes.push({ path, ...(status === 'A' ? {} : { from }), ...(status === 'D' ? {} : { to }) });
    }
  }
  return changes;
}

/** Stat data that git kept when it last saw the file unchanged; times in nanoseconds. */
export type StatData = Readonly<{ ctime: bigint; mtime: bigint; ino: number; size: number }>;
export type IndexEntry = TreeEntry & Readonly<{ stat: StatData; skipsWorktree: boolean; unmerged: boolean }>;
export type Index = Readonly<{ tracked: ReadonlyMap<RawPath, IndexEntry>; untracked: readonly RawPath[] }>;

const DEBUG_LINES = /^ {2}ctime: (\d+):(\d+)\n {2}mtime: (\d+):(\d+)\n {2}dev: \d+\tino: (\d+)\n {2}uid: \d+\tgid: \d+\n {2}size: (\d+)\tflags: [0-9a-f]+\n/;
/** The five lines are never longer. */
const DEBUG_LENGTH = 300;

/**
 * `ls-files -t -s -o --debug -z`: `? <path>` for an untracked file, else `<tag> 100644 <oid> <stage>\t<path>` and five lines of stat data.
 * Folders that hold a repository of their own (`nested/`) are left out. Throws Error if git wrote something else.
 */
export function parseIndex(output: Buffer): Index {
  const tracked = new Map<RawPath, IndexEntry>();
  const untracked: RawPath[] = [];
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(0, at);
    if (end < 0) throw new Error('git ls-files ended within a path');
    const line = output.toString('latin1', at, end);
    at = end + 1;
    if (line.startsWith('? ')) {
      if (!line.endsWith('/')) untracked.push(line.slice(2));
      continue;
    }
    const debug = DEBUG_LINES.exec(output.toString('latin1', at, at + DEBUG_LENGTH));
    const tab = line.indexOf('\t');
    if (debug === null || tab < 0) throw new Error('git ls-files wrote no stat data');
    at += debug[0].length;
    const [tag = '', mode = '', oid = '', stage = ''] = line.slice(0, tab).split(' ');
    tracked.set(line.slice(tab + 1), { mode, oid, stat: statData(debug), skipsWorktree: tag === 'S', unmerged: stage !== '0' });
  }
  return { tracked, untracked };
}

function statData([, ctime = '0', ctimeNs = '0', mtime = '0', mtimeNs = '0', ino = '0', size = '0']: RegExpExecArray): StatData {
  return { ctime: nanoseconds(ctime, ctimeNs), mtime: nanoseconds(mtime, mtimeNs), ino: Number(ino), size: Number(size) };
}

function nanoseconds(seconds: string, rest: string): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(rest);
}

function records(output: Buffer): string[] {
  const fields = output.toString('latin1').split('\0');
  fields.pop();
  return fields;
}

export function rawBytes(path: RawPath): Buffer {
  return Buffer.from(path, 'latin1');
}

/** For people and for data: UTF-8, with U+FFFD for bytes that are not. */
export function shownPath(path: RawPath): string {
  return rawBytes(path).toString('utf8');
}
