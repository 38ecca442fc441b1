/** A real bare git repository: objects written as git writes them, read back through git, refs moved by git alone. */
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { deflateSync, inflateSync } from 'node:zlib';

const run = promisify(execFile);
const BIG = { maxBuffer: 512 * 1024 * 1024 } as const;

export type GitEntry = Readonly<{ mode: string; type: 'blob' | 'tree' | 'commit'; oid: string }>;
export type GitFile = Readonly<{ mode: string; oid: string }>;
export type Person = Readonly<{ name: string; email: string }>;
export type GitCommit = Readonly<{ oid: string; tree: string; parents: readonly string[]; message: string; /** In UTC. */ committedAt: string }>;

const GITHUB: Person = { name: 'GitHub', email: 'noreply@github.com' };

export type NewCommit = Readonly<{ tree: string; parents: readonly string[]; message: string; date: Date; author?: Person }>;
/** What a path becomes: an object, in a mode or in the one that the file has; or nothing. */
export type GitChange = Readonly<{ oid: string; mode?: string }> | null;

export class GitObjects {
  readonly gitDir: string;
  readonly #env: NodeJS.ProcessEnv;

  constructor() {
    this.gitDir = join(realpathSync(mkdtempSync(join(tmpdir(), 'loopback-'))), 'repository.git');
    this.#env = { PATH: process.env['PATH'], HOME: dirname(this.gitDir), GIT_CONFIG_NOSYSTEM: '1', GIT_DIR: this.gitDir };
    // What `git init --bare` makes, without the time that it takes.
    for (const folder of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags']) mkdirSync(join(this.gitDir, folder), { recursive: true });
    writeFileSync(join(this.gitDir, 'HEAD'), 'ref: refs/heads/main\n');
    writeFileSync(join(this.gitDir, 'config'), '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n');
  }

  remove(): void {
    rmSync(dirname(this.gitDir), { recursive: true, force: true });
  }

  async git(...args: readonly string[]): Promise<string> {
    return (await run('git', [...args], { ...BIG, env: this.#env })).stdout;
  }

  /** Exit status and output, for questions whose answer is the status. */
  async ask(...args: readonly string[]): Promise<Readonly<{ status: number; out: string; err: string }>> {
    try {
      const { stdout, stderr } = await run('git', [...args], { ...BIG, env: this.#env });
      return { status: 0, out: stdout, err: stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as Readonly<{ code?: unknown; stdout?: string; stderr?: string }>;
      if (typeof code !== 'number') throw error;
      return { status: code, out: stdout ?? '', err: stderr ?? '' };
    }
  }

  write(type: 'blob' | 'tree' | 'commit', content: Uint8Array): string {
    const bytes = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
    const oid = createHash('sha1').update(bytes).digest('hex');
    const path = this.#loose(oid);
    if (existsSync(path)) return oid;
    mkdirSync(dirname(path), { recursive: true });
    const part = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
    writeFileSync(part, deflateSync(bytes, { level: 1 }));
    renameSync(part, path);
    return oid;
  }

  #loose(oid: string): string {
    return join(this.gitDir, 'objects', oid.slice(0, 2), oid.slice(2));
  }

  /** `undefined`: there is no such object. */
  read(oid: string): Readonly<{ type: string; content: Buffer }> | undefined {
    if (!/^[0-9a-f]{40}$/.test(oid)) return undefined;
    const path = this.#loose(oid);
    if (existsSync(path)) {
      const bytes = inflateSync(readFileSync(path));
      const end = bytes.indexOf(0);
      return { type: bytes.subarray(0, bytes.indexOf(32)).toString(), content: bytes.subarray(end + 1) };
    }
    // Pushed from outside, it may lie in a pack.
    try {
      const type = execFileSync('git', ['cat-file', '-t', oid], { env: this.#env, stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim();
      return { type, content: execFileSync('git', ['cat-file', type, oid], { ...BIG, env: this.#env }) };
    } catch {
      return undefined;
    }
  }

  tree(oid: string): ReadonlyMap<string, GitEntry> {
    const { content } = this.#known(oid, 'tree');
    const entries = new Map<string, GitEntry>();
    for (let at = 0; at < content.length;) {
      const space = content.indexOf(32, at);
      const end = content.indexOf(0, space);
      const mode = content.subarray(at, space).toString();
      entries.set(content.subarray(space + 1, end).toString(), { mode: mode.padStart(6, '0'), type: typeOf(mode), oid: content.subarray(end + 1, end + 21).toString('hex') });
      at = end + 21;
    }
    return entries;
  }

  commit(oid: string): GitCommit | undefined {
    const object = this.read(oid);
    if (object?.type !== 'commit') return undefined;
    const text = object.content.toString();
    const [head = '', ...message] = text.split('\n\n');
    const seconds = Number(/^committer .* (\d+) [+-]\d{4}$/m.exec(head)?.[1] ?? 0);
    return {
      oid, tree: /^tree (\w+)/m.exec(head)?.[1] ?? '', parents: [...head.matchAll(/^parent (\w+)/gm)].map(([, parent = '']) => parent), message: message.join('\n\n'),
      committedAt: new Date(seconds * 1_000).toISOString(),
    };
  }

  #known(oid: string, type: string): Readonly<{ content: Buffer }> {
    const object = this.read(oid);
    if (object?.type !== type) throw new Error(`${oid} is no ${type}`);
    return object;
  }

  /** The entry at a path of a tree. */
  entryAt(tree: string, path: string): GitEntry | undefined {
    const [name = '', ...rest] = path.split('/');
    const entry = this.tree(tree).get(name);
    if (entry === undefined || rest.length === 0) return entry;
    return entry.type === 'tree' ? this.entryAt(entry.oid, rest.join('/')) : undefined;
  }

  /** Changes files of a tree, `null` for those that go; answers the new tree. A file keeps its mode. */
  changed(tree: string | null, changes: ReadonlyMap<string, GitChange>): string {
    const entries = new Map(tree === null ? [] : this.tree(tree));
    const below = new Map<string, Map<string, GitChange>>();
    for (const [path, change] of changes) {
      const slash = path.indexOf('/');
      if (slash >= 0) {
        const folder = path.slice(0, slash);
        below.set(folder, (below.get(folder) ?? new Map()).set(path.slice(slash + 1), change));
      } else if (change === null) entries.delete(path);
      else entries.set(path, { mode: change.mode ?? (entries.get(path)?.mode === '100755' ? '100755' : '100644'), type: typeOf(change.mode), oid: change.oid });
    }
    for (const [folder, inner] of below) {
      const old = entries.get(folder);
      const made = this.changed(old?.type === 'tree' ? old.oid : null, inner);
      if (this.tree(made).size === 0) entries.delete(folder);
      else entries.set(folder, { mode: '040000', type: 'tree', oid: made });
    }
    return this.#writeTree(entries);
  }

  #writeTree(entries: ReadonlyMap<string, GitEntry>): string {
    // git sorts folders as if their name ended with a slash.
    const key = ([name, { type }]: readonly [string, GitEntry]): Buffer => Buffer.from(type === 'tree' ? `${name}/` : name);
    const rows = [...entries].sort((a, b) => Buffer.compare(key(a), key(b)));
    return this.write('tree', Buffer.concat(rows.flatMap(([name, { mode, oid }]) => [Buffer.from(`${mode.replace(/^0/, '')} ${name}\0`), Buffer.from(oid, 'hex')])));
  }

  writeCommit({ tree, parents, message, date, author = GITHUB }: NewCommit): string {
    const time = `${Math.floor(date.getTime() / 1000)} +0000`;
    const by = ({ name, email }: Person): string => `${name} <${email}> ${time}`;
    const lines = [`tree ${tree}`, ...parents.map((parent) => `parent ${parent}`), `author ${by(author)}`, `committer ${by(GITHUB)}`, '', message.endsWith('\n') ? message : `${message}\n`];
    return this.write('commit', Buffer.from(lines.join('\n')));
  }

  files(tree: string, prefix = ''): Map<string, GitFile> {
    const found = new Map<string, GitFile>();
    for (const [name, { type, oid, mode }] of this.tree(tree)) {
      if (type === 'tree') for (const [path, file] of this.files(oid, `${prefix}${name}/`)) found.set(path, file);
      else found.set(`${prefix}${name}`, { mode, oid });
    }
    return found;
  }
}

function typeOf(mode: string | undefined): GitEntry['type'] {
  if (mode === '40000' || mode === '040000') return 'tree';
  return mode === '160000' ? 'commit' : 'blob';
}
