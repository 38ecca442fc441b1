/** The workspace of a job: which commit is checked out there, read from its files. No program of the workspace is started. */
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitHubRun } from './event.ts';
import type { Problem } from '../../model/problem.ts';

const SHA = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const BRANCH = /^refs\/heads\/(?!.*(?:\.\.|\/\/|\/\.))[^\0-\x1f\x7f-\x9f ~^:?*[\\]{1,1000}$/u;
/** Larger ones are none that git wrote for a checkout. */
const REFS_BYTES = 20_000_000;

/**
 * The commit that HEAD of the folder's own repository names; `null` where there is none, or none that can be read so. A workspace in which foreign code ran
 * can say what it likes: that it names the right commit proves nothing, that it names another one is told.
 */
export async function checkedOutCommit(root: string): Promise<string | null> {
  const folder = join(root, '.git');
  const head = (await textOf(join(folder, 'HEAD')))?.trim() ?? '';
  if (SHA.test(head)) return head;
  const ref = /^ref: (.+)$/.exec(head)?.[1] ?? '';
  if (!BRANCH.test(ref)) return null;
  const loose = (await textOf(join(folder, ...ref.split('/'))))?.trim() ?? '';
  if (SHA.test(loose)) return loose;
  const line = (await textOf(join(folder, 'packed-refs')))?.split('\n').find((one) => one.slice(one.indexOf(' ') + 1) === ref);
  const packed = line?.slice(0, line.indexOf(' ')) ?? '';
  return SHA.test(packed) ? packed : null;
}

/** Regular files only: a link may lead anywhere. */
async function textOf(path: string): Promise<string | undefined> {
  try {
    const entry = await lstat(path);
    return entry.isFile() && entry.size <= REFS_BYTES ? await readFile(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

/** What of the checkout can be used. `tested`: the commit that the evidence speaks of, as far as can be told. */
export type Workspace = Readonly<{ tested: string; sources: 'use' | 'none'; problem: Problem | null }>;

/** A pull request may have its head checked out instead of the test merge; anything else is not what was asked to be audited. */
export function judgeWorkspace({ commit, tested }: Pick<GitHubRun, 'commit' | 'tested'>, checkedOut: string | null): Workspace {
  if (checkedOut === null || checkedOut === tested) return { tested, sources: 'use', problem: null };
  if (checkedOut === commit) return { tested: commit, sources: 'use', problem: null };
  const message = `The workspace is at ${checkedOut.slice(0, 7)}, the event speaks of ${[...new Set([tested, commit])].map((one) => one.slice(0, 7)).join(' and ')}: its files are not used to tell findings apart.`;
  return { tested, sources: 'none', problem: { code: 'CHECKOUT_DIFFERS', message } };
}
