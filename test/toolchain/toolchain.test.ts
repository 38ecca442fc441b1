import { execFileSync } from 'node:child_process';
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const readText = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8');
const PACKAGE = JSON.parse(await readText('package.json'));
const NODE24 = JSON.parse(await readText('test/node24/package.json'));
const LOCK: Readonly<Record<string, Readonly<{ resolved?: string; link?: boolean; hasInstallScript?: boolean; integrity?: string }>>> = JSON.parse(await readText('package-lock.json')).packages;

describe('Node', () => {
  it('is the version that the action runs on, where a package brings it', async () => {
    const wanted = Number((await readText('.node-version')).split('.')[0]);
    const platform = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
    const brought = NODE24.optionalDependencies[`node-${platform}`] !== undefined;
    if (!brought) console.info(`No package brings Node ${wanted} to ${platform}: tested on ${process.version}.`);
    expect(Number(process.versions.node.split('.')[0])).toSatisfy((major: number) => (brought ? major === wanted : major >= 22));
  });

  it('has one version in .node-version and in the packages that bring it', async () => {
    expect([...new Set(Object.values(NODE24.optionalDependencies))]).toEqual([(await readText('.node-version')).trim()]);
  });
});

describe('dependencies', () => {
  it('are pinned to exact versions', () => {
    const ranges = Object.entries<string>({ ...PACKAGE.dependencies, ...PACKAGE.devDependencies, ...NODE24.optionalDependencies });
    expect(ranges.length).toBeGreaterThan(10);
    expect(ranges.filter(([, range]) => !/^\d+\.\d+\.\d+$/.test(range))).toEqual([]);
  });

  it('come from wherever the machine gets its packages: the lockfile holds digests and no addresses', () => {
    const packages = Object.entries(LOCK).filter(([path, { link }]) => path.includes('node_modules/') && link !== true);
    expect(packages.length).toBeGreaterThan(100);
    expect(packages.filter(([, { resolved, integrity }]) => resolved !== undefined || integrity === undefined).map(([path]) => path)).toEqual([]);
  });

  it('run no script when they are installed', () => {
    expect(Object.entries(LOCK).filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([path]) => path)).toEqual([]);
    expect(Object.keys(PACKAGE.scripts).filter((name) => /^(?:pre|post)?(?:install|prepare)$/.test(name))).toEqual([]);
  });

  it('are each justified, in the order of package.json', async () => {
    const text = await readText('.github/decisions/0001-runtime-dependencies.md');
    const named = [...text.matchAll(/^- `([^`]+)`: \S/gm)].map(([, name]) => name);
    expect(named).toEqual(Object.keys(PACKAGE.dependencies));
  });
});

describe('files in git', () => {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' }).split('\0').filter((path) => path !== '');

  it('hold no path of the machine they were made on', async () => {
    // `/home/runner` is every hosted runner's: recorded reports may hold it.
    const homes = /\/home\/(?!runner\/)[a-z]\w*\/|(?<!\/)\/root\/\w|\/Users\/[a-z]\w*\/|[A-Z]:\\+Users\\+[a-z]/i;
    const here = ROOT.startsWith('/home/runner/') ? [] : [ROOT];
    expect(files.length).toBeGreaterThan(50);
    const wrong: string[] = [];
    for (const path of files) {
      const text = await readFile(join(ROOT, path), 'latin1').catch(() => '');
      if (homes.test(text) || here.some((one) => text.includes(one))) wrong.push(path);
    }
    expect(wrong).toEqual([]);
  });

  it('hold no output of tools but the bundle', () => {
    expect(files.filter((path) => /^(?:lib|out|coverage|\.audit|node_modules)\//.test(path))).toEqual([]);
  });
});

describe('workflows', () => {
  it('use actions of others by full commit id with the version beside it, and start without rights', async () => {
    const names = (await readdir(join(ROOT, '.github/workflows'))).filter((name) => name.endsWith('.yml'));
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      const text = await readText(`.github/workflows/${name}`);
      const used = [...text.matchAll(/\buses:\s*(\S.*)$/gm)].map(([, action]) => action ?? '').filter((action) => !/^\.|^\$\//.test(action));
      expect(used.filter((action) => !/^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+(?:\.\d+){0,2}$/.test(action)), name).toEqual([]);
      expect(text, name).toMatch(/^permissions: \{\}$/m);
    }
  });
});

describe('package.json', () => {
  it('names only scripts that exist', async () => {
    const scripts = Object.values<string>(PACKAGE.scripts).flatMap((script) => [...script.matchAll(/\bnode (\S+)/g)].map(([, path]) => path ?? ''));
    expect(scripts.length).toBeGreaterThan(2);
    for (const path of scripts) await expect(access(join(ROOT, path)), path).resolves.toBeUndefined();
  });

  it('has the version that the program prints and the changelog speaks of', async () => {
    expect(await readText('src/main.ts')).toContain(`const VERSION = '${PACKAGE.version}';`);
    expect(await readText('CHANGELOG.md')).toMatch(/^## \[Unreleased\]$/m);
  });
});
