import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { actionInputs } from '../../src/inputs.ts';
import { parseConfig } from '../../src/config.ts';
import { INPUT_SPECS, isOffered } from '../../src/input-specs.ts';
import { OUTPUT_NAMES } from '../../src/publish/outputs.ts';
import { REPORT_FORMATS } from '../../src/report/index.ts';
import { eslint, junit, Workspace } from '../command/workspace.ts';

const PATH = fileURLToPath(new URL('../../README.md', import.meta.url));
const TEXT = readFileSync(PATH, 'utf8');
const ACTION = readFileSync(new URL('../../action.yml', import.meta.url), 'utf8');

const workspace = new Workspace();
afterAll(() => workspace.remove());

/** Two runs of a small shop: one mends a test and opens a lint finding. */
async function realEntry(): Promise<string> {
  const source = 'export function total(items) {\n  let sum = 0;\n  for (const item of items) sum += item.price;\n  return sum;\n}\n';
  workspace.write('.github/audit-run-log.yml', 'tasks:\n  test: { commands: npx vitest run }\n  lint: { commands: npx eslint . }\n');
  workspace.write('src/cart.js', source);
  workspace.commit('shop');
  const call = ['--operator', 'octocat', '--reports', 'test: out/junit.xml', '--reports', 'lint: out/eslint.json'];
  workspace.write('out/junit.xml', junit({ 'adds items': null, 'rounds tax': 'expected 12, got 11' }));
  workspace.write('out/eslint.json', eslint({ 'src/cart.js': [] }));
  await workspace.record(...call);
  workspace.write('src/cart.js', source.replace('return sum;', 'if (sum == null) return 0;\n  return sum;'));
  // The log itself stays out, so that the commit shown changes with the sources only.
  workspace.git('commit', '-q', '-m', 'round tax', 'src');
  workspace.write('out/junit.xml', junit({ 'adds items': null, 'rounds tax': null }));
  workspace.write('out/eslint.json', eslint({ 'src/cart.js': [{ rule: 'eqeqeq', line: 4, message: "Expected '===' and instead saw '=='." }] }));
  const { answer } = await workspace.record(...call);
  return `\`\`\`\`md\n${answer.entry}\`\`\`\``;
}

const row = (...cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

function flagsTable(): string {
  const rows = INPUT_SPECS.filter((spec) => isOffered(spec, 'terminal')).map(({ name, placeholder, verbs, meaning, form }) => row(`\`--${name}${placeholder === undefined ? '' : ` <${placeholder}>`}\``, verbs.join(', '), `${meaning}${form === 'lines' ? '; repeatable' : ''}`));
  return ['| Flag | Command | Meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

function inputsTable(): string {
  const { inputs } = parse(ACTION) as { inputs: Record<string, { description: string; default?: string }> };
  const rows = Object.entries(inputs).map(([name, { description, default: given }]) => row(`\`${name}\``, given === undefined || !given.includes('{{') ? description : `${description}; given by itself: \`${given}\``));
  return ['| Input | Meaning |', '| --- | --- |', ...rows].join('\n');
}

function outputsTable(): string {
  const { outputs } = parse(ACTION) as { outputs: Record<string, { description: string }> };
  return ['| Output | What it holds |', '| --- | --- |', ...Object.entries(outputs).map(([name, { description }]) => row(`\`${name}\``, description))].join('\n');
}

function formatsTable(): string {
  return ['| Format | Read from |', '| --- | --- |', ...REPORT_FORMATS.map(({ id, title }) => row(`\`${id}\``, title))].join('\n');
}

/** Puts generated text between `<!-- name -->` and `<!-- /name -->`. */
function withZone(text: string, name: string, content: string): string {
  const start = `<!-- ${name} -->\n`;
  const end = `<!-- /${name} -->`;
  const from = text.indexOf(start) + start.length;
  const to = text.indexOf(end);
  if (from < start.length || to < from) throw new Error(`README.md has no zone ${name}`);
  return `${text.slice(0, from)}${content}\n${text.slice(to)}`;
}

const fences = (language: string): string[] => [...TEXT.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, found, body]) => (found === language && body !== undefined ? [body] : []));

describe('README.md', () => {
  it('shows an entry, the flags and the formats as they are', async () => {
    const zones = [['entry', await realEntry()], ['flags', flagsTable()], ['formats', formatsTable()], ['inputs', inputsTable()], ['outputs', outputsTable()]] as const;
    await expect(zones.reduce((text, [name, content]) => withZone(text, name, content), TEXT)).toMatchFileSnapshot(PATH);
  });

  it('opens with the two commands that a newcomer runs, and both exist', () => {
    const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { scripts: Record<string, string> };
    const [first = ''] = fences('sh');
    const commands = [...first.matchAll(/npm (?:run )?([a-z-]+)/g)].map(([, name]) => name);
    expect(commands).toEqual(['ci', 'self-audit', 'ci', 'test']);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['self-audit', 'test']));
  });

  it('has a configuration example that the program reads', () => {
    const [config = ''] = fences('yaml').filter((body) => body.includes('tasks:'));
    expect(parseConfig(config, 'README.md')).toMatchObject({ tasks: { test: { commands: ['npm test'] } } });
  });

  it('has a workflow example whose inputs and outputs exist', () => {
    const [workflow = ''] = fences('yaml').filter((body) => body.includes('uses: OWNER/audit-run-log@v1'));
    const { jobs } = parse(workflow) as { jobs: { audit: { permissions: unknown; steps: { uses?: string; with?: Record<string, string> }[] } } };
    const step = jobs.audit.steps.find(({ uses }) => uses === 'OWNER/audit-run-log@v1');
    expect(jobs.audit.permissions).toBeDefined();
    const env = Object.fromEntries(Object.entries(step?.with ?? {}).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value.replaceAll(/\$\{\{[^}]*\}\}/g, '1')]));
    expect(actionInputs(env).inputs.reports).toHaveLength(2);
    for (const [, name] of workflow.matchAll(/steps\.audit\.outputs\.([a-z-]+)/g)) expect(OUTPUT_NAMES).toContain(name);
  });

  it('names only files and pages that exist', () => {
    for (const [, target] of TEXT.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) expect(() => readFileSync(new URL(`../../${target}`, import.meta.url)), target).not.toThrow('ENOENT');
  });
});
