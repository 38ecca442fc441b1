#!/usr/bin/env node
/** Builds the bundle: TypeScript to lib/, ncc to one folder, terser over each file. `--out <folder>` builds elsewhere than dist/. */
import { spawnSync } from 'node:child_process';
import { chmod, cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { minify } from 'terser';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** A tool of node_modules, started by this very Node, so that no PATH decides what builds. */
function runTool(script, args) {
  const { status, error } = spawnSync(process.execPath, [join(root, 'node_modules', script), ...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error !== undefined) throw error;
  if (status !== 0) {
    console.error(`build: ${script} ended with status ${status}.`);
    process.exit(1);
  }
}

/** The licences of what is bundled stand in licenses.txt; no comment stays in the code. */
async function minifyFile(path, isEntry) {
  const source = (await readFile(path, 'utf8')).replace(/^#!.*\n/, '');
  const { code } = await minify(source, { module: true, ecma: 2020, compress: { passes: 2 }, format: { comments: false } });
  if (code === undefined) throw new Error(`terser gave nothing for ${path}.`);
  await writeFile(path, `${isEntry ? '#!/usr/bin/env node\n' : ''}${await markCalled(code, path)}\n`);
}

/**
 * Puts the functions of webpack's modules in parentheses, by which V8 tells what is called soon: it then compiles them at once, and reads what is inside
 * once less (https://v8.dev/blog/preparser#pife). They are the numbered properties of an object that stands at the top.
 */
async function markCalled(code, path) {
  const { ast } = await minify(code, { module: true, compress: false, mangle: false, format: { ast: true, code: false } });
  const objects = ast.body.flatMap((statement) => (statement.exported_definition ?? statement).definitions ?? []).map(({ value }) => value);
  const modules = objects.flatMap((object) => object?.properties ?? []).filter(({ TYPE, key, value, end }) => (
    TYPE === 'ObjectKeyVal' && /^\d+$/.test(key) && ['Arrow', 'Function'].includes(value.TYPE) && end.value === '}'
  ));
  if (modules.length === 0) throw new Error(`${path} holds no module of webpack's, or in another form.`);
  const marks = new Map(modules.flatMap(({ value, end }) => [[value.start.pos, '('], [end.pos + 1, ')']]));
  let marked = '';
  let from = 0;
  for (const [at, mark] of marks) {
    marked += `${code.slice(from, at)}${mark}`;
    from = at;
  }
  return marked + code.slice(from);
}

/**
 * ncc copies an asset beside the bundle only for `new URL('<literal>', import.meta.url)`, and puts a plain path in the place of the URL:
 * a computed name copies the whole folder, and `fileURLToPath` of it throws. Both would be met by users only.
 */
async function checkAssets(out) {
  const templates = (await readdir(join(root, 'templates'))).filter((name) => name.endsWith('.md'));
  for (const entry of await readdir(out, { withFileTypes: true })) {
    if (entry.isDirectory()) throw new Error(`${entry.name}/ in the bundle: name each template by a literal in new URL('…', import.meta.url).`);
    if (entry.name.endsWith('.md') && !templates.includes(entry.name)) throw new Error(`${entry.name} in the bundle is no template.`);
    if (!entry.name.endsWith('.js')) continue;
    const code = await readFile(join(out, entry.name), 'utf8');
    if (/fileURLToPath\)?\(\w+\.ab\s*\+/.test(code)) throw new Error('A template goes through fileURLToPath; hand the URL to readFile as it is.');
  }
}

/**
 * Leaves out of the bundle what nothing calls of a package: its modules do nothing when they are loaded, but its manifest does not say so, and ncc
 * takes no one else's word. A copy that says it stands beside the compiled sources, where it is found first.
 */
async function markPure(name) {
  const copy = join(root, 'lib/node_modules', name);
  await cp(join(root, 'node_modules', name), copy, { recursive: true, dereference: true });
  const manifest = JSON.parse(await readFile(join(copy, 'package.json'), 'utf8'));
  await writeFile(join(copy, 'package.json'), JSON.stringify({ ...manifest, sideEffects: false }));
}

const { values } = parseArgs({ options: { out: { type: 'string', default: 'dist' } } });
const out = resolve(root, values.out);
const before = await readdir(out).catch(() => []);
if (before.length > 0 && !before.includes('licenses.txt')) throw new Error(`--out ${values.out} is not an earlier bundle: it is not removed.`);

// Neither tool removes what an earlier build left: a chunk with an old number would stay for good.
await rm(join(root, 'lib'), { recursive: true, force: true });
await rm(out, { recursive: true, force: true });
runTool('typescript/bin/tsc', ['-p', '.']);
// Else its way to ask for OIDC tokens comes along, and undici with it: 415 KB, and a fifth of the time that a step of 1,000 tests takes.
await markPure('@actions/core');
runTool('@vercel/ncc/dist/ncc/cli.js', ['build', 'lib/main.js', '--out', out, '--license', 'licenses.txt', '--target', 'es2022', '--no-cache', '--no-source-map-register', '--quiet']);
await checkAssets(out);
for (const name of await readdir(out)) {
  if (name.endsWith('.js')) await minifyFile(join(out, name), name === 'index.js');
}
await writeFile(join(out, 'package.json'), '{"type":"module"}\n');
await chmod(join(out, 'index.js'), 0o755);
