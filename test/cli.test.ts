import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { helpText, parseArguments, wantsJson, type CliCall } from '../src/cli.ts';
import { AuditError } from '../src/errors.ts';
import { INPUT_SPECS, isOffered, VERBS } from '../src/input-specs.ts';

const FILES: Readonly<Record<string, string>> = { list: ' first: a.xml\r\n\n  second: b.xml \n', name: 'Nightly\n' };

function parse(...argv: string[]): CliCall {
  return parseArguments(argv, (path) => {
    const text = FILES[path];
    if (text === undefined) throw new AuditError('INVALID_INPUT', { message: `@${path}: the file cannot be read.`, exitCode: 2 });
    return text;
  });
}

function refusal(...argv: string[]): AuditError {
  try {
    parse(...argv);
  } catch (error) {
    if (error instanceof AuditError) return error;
    throw error;
  }
  throw new Error(`${argv.join(' ')} was accepted`);
}

function answerTo(argv: readonly string[]): string {
  try {
    return parse(...argv).verb;
  } catch (error) {
    return error instanceof AuditError ? `refused with exit code ${error.exitCode}` : String(error);
  }
}

describe('arguments', () => {
  it.each([[[]], [['help']], [['--help']], [['-h']], [['--help', 'record']]])('%j asks for help about everything', (argv) => {
    expect(parse(...argv)).toEqual({ verb: 'help', topic: null });
  });

  it.each([['--help'], ['-h']])('a command with %s asks for help about it, whatever else stands there', (flag) => {
    expect(parse('record', '--nmae', 'x', flag)).toEqual({ verb: 'help', topic: 'record' });
    expect(parse('check', flag)).toEqual({ verb: 'help', topic: 'check' });
  });

  it.each(['--version', '-V'])('%s asks for the version', (flag) => {
    expect(parse(flag)).toEqual({ verb: 'version' });
  });

  it('gathers repeated values and lines, in order and without empty ones', () => {
    expect(parse('record', '--reports', 'a: x\n\nb: y', '--reports=c: z', '--reports', '')).toEqual({ verb: 'record', raw: { reports: ['a: x', 'b: y', 'c: z'] }, operands: [] });
  });

  it('reads values from files, as lines or as one trimmed text', () => {
    expect(parse('record', '--reports', '@list', '--reports', 'third: c.xml', '--name=@name')).toEqual({
      verb: 'record', raw: { reports: ['first: a.xml', 'second: b.xml', 'third: c.xml'], name: 'Nightly' }, operands: [],
    });
    expect(refusal('record', '--name', '@gone').message).toContain('@gone');
  });

  it('takes switches without a value, and leaves a wrong one to the check of the inputs', () => {
    expect(parse('record', '--dry-run', '--json')).toMatchObject({ raw: { 'dry-run': true, json: true } });
    expect(parse('record', '--dry-run=maybe')).toMatchObject({ raw: { 'dry-run': 'maybe' } });
  });

  it('gives check its operands, also those that begin with a dash', () => {
    expect(parse('check', 'a.md', '--json', '--', '-b.md', '@c.md')).toEqual({ verb: 'check', raw: { json: true }, operands: ['a.md', '-b.md', '@c.md'] });
  });

  it('never reads a flag as the value of the flag before it', () => {
    expect(refusal('record', '--reports', '--json').problems.map(({ message }) => message)).toEqual(['--reports needs a value; `--reports=--json` gives it one that begins with a dash.']);
    expect(parse('record', '--operator=-x', '--name', '-')).toMatchObject({ raw: { operator: '-x', name: '-' } });
  });
});

describe('arguments that cannot be understood', () => {
  it('name the nearest command, or all', () => {
    expect(refusal('recrod')).toMatchObject({ code: 'UNKNOWN_COMMAND', exitCode: 2 });
    expect(refusal('recrod').message).toContain('did you mean `record`?');
    expect(refusal('deploy').message).toContain('known: record, check.');
    expect(refusal('').code).toBe('UNKNOWN_COMMAND');
  });

  it('name every unknown flag with its nearest one at once', () => {
    const error = refusal('record', '--reprots', 'x', '--jsn', '--mode', 'audit-only');
    expect(error).toMatchObject({ code: 'UNKNOWN_FLAG', exitCode: 2 });
    expect(error.problems.map(({ message }) => message)).toEqual(['`--reprots` is not known; did you mean `--reports`?', '`--jsn` is not known; did you mean `--json`?']);
  });

  it('name an unknown flag in the place of a command', () => {
    expect(refusal('--hlep').problems.map(({ message }) => message)).toEqual(['`--hlep` is not known; did you mean `--help`?']);
  });

  it('include the flags of another command', () => {
    expect(refusal('check', '--reports', 'x').message).toContain('known: --log-path, --working-directory, --json.');
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('include the prototype name %s as command and flag', (name) => {
    expect(refusal(name).code).toBe('UNKNOWN_COMMAND');
    expect(refusal('record', `--${name}`, 'x').code).toBe('UNKNOWN_FLAG');
    expect(refusal('record', `--${name}=x`).code).toBe('UNKNOWN_FLAG');
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('tell missing, repeated and misplaced values all at once', () => {
    const error = refusal('record', 'stray', '--name', 'a', '--name', 'b', '--mode');
    expect(error).toMatchObject({ code: 'INVALID_INPUT', exitCode: 2 });
    expect(error.problems.map(({ message }) => message)).toEqual(['--name stands more than once.', '--mode needs a value.', '`stray` is not expected here; values belong to a flag.']);
  });

  it('are refused with a code, whatever they are', () => {
    const word = fc.oneof(fc.string(), fc.constantFrom('record', 'check', '--', '-', '--json', '--name', '--reports', '--name=', '=', '--=', '-h=', '@list', '--reports=@list', '--no-json'));
    fc.assert(fc.property(fc.array(word, { maxLength: 6 }), (argv) => {
      expect(['help', 'version', ...VERBS, 'refused with exit code 2']).toContain(answerTo(argv));
    }), { numRuns: 1_000 });
  });
});

describe('the wish for JSON', () => {
  it('is told even from arguments that cannot be understood', () => {
    expect([wantsJson(['recrod', '--json']), wantsJson(['--jsn']), wantsJson([])]).toEqual([true, false, false]);
  });
});

describe('the help', () => {
  it('names every command', () => {
    for (const verb of VERBS) expect(helpText(null)).toMatch(new RegExp(`^  ${verb} +[A-Z]`, 'm'));
  });

  it.each(VERBS)('of %s shows exactly its flags, each with its meaning', (verb) => {
    const shown = [...helpText(verb).matchAll(/^ {2}--([a-z-]+)(.*)\n {6}(.+)$/gm)].map(([, name, placeholder, meaning]) => `${name}${placeholder}: ${meaning}`);
    const specs = INPUT_SPECS.filter((spec) => spec.verbs.includes(verb) && isOffered(spec, 'terminal'));
    expect(shown).toEqual(specs.map(({ name, placeholder, form, meaning }) => `${name}${placeholder === undefined ? '' : ` <${placeholder}>`}: ${meaning}${form === 'lines' ? '; repeatable' : ''}`));
  });

  it.each([null, ...VERBS])('of %s tells the exit codes and ends with one newline', (topic) => {
    expect(helpText(topic)).toMatch(/Exit status: 0 fine; 1 .*; 2 .*\.\n$/);
    expect(helpText(topic)).not.toMatch(/\n\n$|(?!\n)\p{Cc}/u);
  });
});
