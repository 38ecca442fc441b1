/** What changed between two commits, found by git as GitHub finds it. */
import type { GitObjects } from './git-objects.ts';

/** `patch`: without its head; none where there is no text to show. */
export type FileChange = Readonly<{
  filename: string; status: 'added' | 'removed' | 'modified' | 'renamed' | 'changed'; from?: string;
  sha: string; additions: number; deletions: number; patch?: string;
}>;

const known = new WeakMap<GitObjects, Map<string, Promise<readonly FileChange[]>>>();

/** From the merge base to `head`. Commits do not change, so that each page of a list need not ask git anew. */
export async function changesBetween(objects: GitObjects, base: string, head: string): Promise<readonly FileChange[]> {
  const mine = known.get(objects) ?? new Map<string, Promise<readonly FileChange[]>>();
  known.set(objects, mine);
  const range = `${base}...${head}`;
  const changes = mine.get(range) ?? diff(objects, range);
  mine.set(range, changes);
  return changes;
}

async function diff(objects: GitObjects, range: string): Promise<readonly FileChange[]> {
  const { status, out } = await objects.ask('diff', '--raw', '--numstat', '--no-abbrev', '-M', '-z', range);
  if (status !== 0) return [];
  const patches = await patchesOf(objects, range);
  const rows = rowsOf(out.split('\0'));
  // Both list the files in the same order.
  return rows.map((row, at) => (patches.length !== rows.length || patches[at] === undefined ? row : { ...row, patch: patches[at] }));
}

/** First a record for each file, then the counts for each; of a rename both name two paths. */
function rowsOf(parts: readonly string[]): readonly FileChange[] {
  const rows: FileChange[] = [];
  let at = 0;
  for (; parts[at]?.startsWith(':') === true; at += 1) {
    const [, , before = '', after = '', letter = ''] = (parts[at] ?? '').split(' ');
    const status = statusOf(letter, before === after);
    const from = status === 'renamed' ? parts[(at += 1)] : undefined;
    const filename = parts[(at += 1)] ?? '';
    rows.push({ filename, status, ...(from === undefined ? {} : { from }), sha: status === 'removed' ? before : after, additions: 0, deletions: 0 });
  }
  const counts = new Map<string, Pick<FileChange, 'additions' | 'deletions'>>();
  for (; at < parts.length; at += 1) {
    const [added = '', deleted = '', path = ''] = (parts[at] ?? '').split('\t');
    counts.set(path === '' ? (at += 2, parts[at] ?? '') : path, { additions: Number(added) || 0, deletions: Number(deleted) || 0 });
  }
  return rows.map((row) => ({ ...row, ...counts.get(row.filename) }));
}

function statusOf(letter: string, isSameBlob: boolean): FileChange['status'] {
  switch (letter[0]) {
    case 'A': return 'added';
    case 'D': return 'removed';
    case 'R': return 'renamed';
    case 'T': return 'changed';
    default: return isSameBlob ? 'changed' : 'modified';
  }
}

async function patchesOf(objects: GitObjects, range: string): Promise<readonly (string | undefined)[]> {
  const { out } = await objects.ask('diff', '--no-ext-diff', '--no-textconv', '--no-color', '-M', range);
  return `\n${out}`.split('\ndiff --git ').slice(1).map((one) => {
    const start = one.indexOf('\n@@ ');
    return start < 0 ? undefined : one.slice(start + 1).replace(/\n$/, '');
  });
}

const LINES_OF_AN_ANSWER = 20_000;
const BYTES_OF_AN_ANSWER = 1_000_000;
const BYTES_OF_A_PATCH = 500_000;

/** The rows of one answer: past so many lines of patches the counts are zero, and nothing says so. */
export function shownChanges(changes: readonly FileChange[]): readonly FileChange[] {
  let lines = 0;
  let bytes = 0;
  return changes.map(({ patch, ...change }) => {
    lines += change.additions + change.deletions;
    bytes += patch?.length ?? 0;
    if (lines > LINES_OF_AN_ANSWER) return { ...change, additions: 0, deletions: 0 };
    return patch === undefined || patch.length > BYTES_OF_A_PATCH || bytes > BYTES_OF_AN_ANSWER ? change : { ...change, patch };
  });
}
