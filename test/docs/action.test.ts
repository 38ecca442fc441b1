import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ConfigSchema } from '../../src/config.ts';
import { INPUT_SPECS, isOffered, VERBS, type InputSpec } from '../../src/input-specs.ts';
import { INPUT_RULES } from '../../src/inputs.ts';
import { OUTPUT_NAMES } from '../../src/publish/outputs.ts';

const PATH = fileURLToPath(new URL('../../action.yml', import.meta.url));
const TEXT = await readFile(PATH, 'utf8');

const OFFERED = INPUT_SPECS.filter((spec) => isOffered(spec, 'step'));

/** The `inputs` block as the table of inputs gives it. */
function inputsBlock(): string {
  const inputs: readonly (Pick<InputSpec, 'meaning' | 'actionDefault'> & Readonly<{ name: string }>)[] = [{ name: 'command', meaning: `${VERBS.join(' or ')} (default: record)` }, ...OFFERED];
  return inputs.map(({ name, meaning, actionDefault: standard }) => {
    // A JSON string is a YAML string too, whatever is in it.
    const lines = [`  ${name}:`, `    description: ${JSON.stringify(meaning)}`];
    return [...lines, ...(standard === undefined ? [] : [`    default: ${JSON.stringify(standard)}`]), ''].join('\n');
  }).join('');
}

describe('action.yml', () => {
  it('offers exactly the inputs of the table, with their meanings', async () => {
    const [head, tail] = [TEXT.slice(0, TEXT.indexOf('inputs:\n')), TEXT.slice(TEXT.indexOf('\noutputs:\n'))];
    await expect(`${head}inputs:\n${inputsBlock().trimEnd()}${tail}`).toMatchFileSnapshot(PATH);
    expect(Object.keys(parse(TEXT).inputs).sort()).toEqual(['command', ...OFFERED.map(({ name }) => name)].sort());
  });

  it('has a table of inputs that equals their rules', () => {
    expect(INPUT_SPECS.map(({ name }) => name).sort()).toEqual(Object.keys(INPUT_RULES).sort());
  });

  it('gives no default to what the configuration file may set, or the file could never speak', () => {
    const { inputs } = parse(TEXT);
    const settable = Object.keys(ConfigSchema.shape);
    const defaulted = Object.entries<{ default?: string }>(inputs).filter(([, input]) => input.default !== undefined).map(([name]) => name);
    expect(defaulted).toEqual(OFFERED.flatMap(({ name, actionDefault }) => (actionDefault === undefined ? [] : [name])));
    expect(settable.filter((name) => defaulted.includes(name))).toEqual([]);
  });

  it('runs the bundle that the package starts too, on Node 24', async () => {
    const pkg = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(parse(TEXT).runs).toEqual({ using: 'node24', main: pkg.bin['audit-run-log'] });
  });

  it('promises exactly the outputs that a step writes, in their order', () => {
    const outputs: Readonly<Record<string, { description: string }>> = parse(TEXT).outputs;
    expect(Object.keys(outputs)).toEqual(OUTPUT_NAMES);
    expect(Object.values(outputs).every(({ description }) => description.length > 20)).toBe(true);
  });
});
