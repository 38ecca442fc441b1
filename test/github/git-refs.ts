/** Refs of the repository: read as git stores them, moved by git alone, each with what it was before. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GitObjects } from './git-objects.ts';
import type { View } from './types.ts';

const ZERO = '0'.repeat(40);
const COMMIT = /^[0-9a-f]{40}$/;

export class GitRefs {
  readonly #objects: GitObjects;
  readonly #former = new Map<string, string | undefined>();

  constructor(objects: GitObjects) {
    this.#objects = objects;
  }

  /** The commit of a ref, or of whatever git takes for one. */
  async head(name: string): Promise<string | undefined> {
    const stored = name.startsWith('refs/') ? this.#stored(name) : name;
    if (stored === undefined) return undefined;
    if (COMMIT.test(stored) && this.#objects.commit(stored) !== undefined) return stored;
    const { status, out } = await this.#objects.ask('rev-parse', '--verify', '-q', `${stored}^{commit}`);
    return status === 0 ? out.trim() : undefined;
  }

  /** The commit of a full ref as a read sees it. A read that trails is one move behind: it still sees a branch that is gone, and not yet a new one. */
  async seen(ref: string, view: View): Promise<string | undefined> {
    return view === 'trailing' && this.#former.has(ref) ? this.#former.get(ref) : this.head(ref);
  }

  /** Spawning git for every read would be most of what a test costs. */
  #stored(ref: string): string | undefined {
    const text = readText(join(this.#objects.gitDir, ref))?.trim();
    if (text !== undefined) return text;
    const packed = readText(join(this.#objects.gitDir, 'packed-refs')) ?? '';
    return packed.split('\n').find((line) => line.endsWith(` ${ref}`))?.slice(0, 40);
  }

  /** Compare and swap, as git does it; `false` where the ref is elsewhere. `before`: `null` for a ref that must not be there. */
  async move(ref: string, after: string, before: string | null): Promise<boolean> {
    const { status } = await this.#objects.ask('update-ref', ref, after, before ?? ZERO);
    if (status === 0) this.#former.set(ref, before ?? undefined);
    return status === 0;
  }

  async set(ref: string, after: string): Promise<void> {
    const before = await this.head(ref);
    await this.#objects.git('update-ref', ref, after);
    this.#former.set(ref, before);
  }

  async remove(ref: string): Promise<void> {
    const before = await this.head(ref);
    await this.#objects.git('update-ref', '-d', ref);
    this.#former.set(ref, before);
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
