import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../src/config.ts';
import { AuditError } from '../src/errors.ts';
import { DEFAULT_LOG_PATH, mergeOptions } from '../src/options.ts';

const PATH = '.github/audit-run-log.yml';

function refusal(source: string): AuditError {
  try {
    parseConfig(source, PATH);
  } catch (error) {
    if (error instanceof AuditError) return error;
    throw error;
  }
  throw new Error(`${source} was accepted`);
}

function answerTo(source: string): string {
  try {
    parseConfig(source, PATH);
    return 'read';
  } catch (error) {
    return error instanceof AuditError ? error.code : String(error);
  }
}

function messages(source: string): string[] {
  return refusal(source).problems.map(({ message }) => message.replace(`${PATH}: `, ''));
}

describe('the configuration file', () => {
  it('may be empty, or hold nothing but remarks', () => {
    expect(parseConfig('', PATH)).toEqual({});
    expect(parseConfig('# nothing yet\n', PATH)).toEqual({});
  });

  it('takes lists as lists or as lines', () => {
    const config = parseConfig("name: Nightly\nreports: |\n  test: out/*.xml\n\n  !out/old.xml\nscope: [api, web]\ntasks:\n  test: { kind: test, required: true, commands: npm test }\n  lint: { commands: ['npm run a', 'npm run b'], retired: true }\n", PATH);
    expect(config).toEqual({
      name: 'Nightly', reports: ['test: out/*.xml', '!out/old.xml'], scope: ['api', 'web'],
      tasks: { test: { kind: 'test', required: true, commands: ['npm test'] }, lint: { commands: ['npm run a', 'npm run b'], retired: true } },
    });
  });

  it('SEC-72: names all unknown keys and unusable values at once, with the nearest known key', () => {
    const told = messages('nmae: x\nlogpath: y\nmode: fix\ntasks:\n  test: { kid: lint, required: yes }\n');
    expect(told).toHaveLength(5);
    expect(told).toEqual(expect.arrayContaining([
      '`nmae` is not known; did you mean `name`?', '`logpath` is not known; did you mean `log-path`?', '`tasks.test.kid` is not known; did you mean `kind`?',
    ]));
    expect(told.some((message) => message.startsWith('`mode`: '))).toBe(true);
    expect(told.some((message) => message.startsWith('`tasks.test.required`: '))).toBe(true);
    expect(refusal('nmae: x')).toMatchObject({ code: 'CONFIG_INVALID', path: PATH, exitCode: 2 });
  });

  it.each([['a list', '[]'], ['a word', 'x'], ['a number', '1']])('says that %s is no configuration', (_, source) => {
    expect(messages(source)).toEqual([expect.stringMatching(/^the document: /)]);
  });

  it.each([
    ['no', 'name: no'], ['on', 'name: on'], ['an expression', 'name: ${{ secrets.TOKEN }}'],
  ])('reads %s as text, as YAML 1.2 does', (_, source) => {
    expect(parseConfig(source, PATH)).toEqual({ name: source.slice('name: '.length) });
  });

  it.each(['name: 1', 'name: 0x10', 'name: null', 'name: "a\\nb"', 'name: "\\e[2J"', 'fail-on: nevre', 'log: off-ish', 'tasks: { "": {} }', 'tasks: []', 'tasks: { t: { commands: [1] } }', 'tasks: { t: { retired: 1 } }'])('refuses the value of %j', (source) => {
    expect(refusal(source).code).toBe('CONFIG_INVALID');
  });
});

describe('YAML that is not read', () => {
  it.each([
    ['an alias', 'scope: &a [x]\nreports: *a\n', /aliases/],
    ['aliases that multiply', `a: &a [x, x]\n${Array.from({ length: 30 }, (_, at) => `a${at}: &a${at} [*a${at === 0 ? '' : at - 1}, *a${at === 0 ? '' : at - 1}]`).join('\n')}\n`, /aliases/],
    ['a tag that makes code', 'name: !!js/function "function () {}"\n', /tag.*line 1/i],
    ['a tag of its own', 'name: !secret x\n', /tag.*line 1/i],
    ['a key that stands twice', 'fail-on: never\nfail-on: failed\n', /unique.*line 2/],
    ['a key that stands twice further down', 'tasks:\n  t: {}\n  t: { required: false }\n', /unique.*line 3/],
    ['a tab for indentation', 'tasks:\n\tt: {}\n', /[Tt]ab.*line 2/],
    ['a second document', 'name: a\n---\nname: b\n', /multiple documents.*line 2/],
    ['an open bracket', 'scope: [a\n', /line/],
    ['an unknown directive', '%FOO\n---\nname: x\n', /directive/i],
  ])('SEC-70: is refused for %s, with the reason', (_, source, reason) => {
    const error = refusal(source);
    expect(error).toMatchObject({ code: 'CONFIG_YAML', path: PATH, exitCode: 2 });
    expect(error.message).toMatch(reason);
    expect(error.message).not.toContain('parseAllDocuments');
  });

  it('SEC-70: takes no merge key', () => {
    expect(messages('<<: { fail-on: never }\n')).toEqual([expect.stringMatching(/^`<<` is not known/)]);
  });

  it.each(['__proto__: { fail-on: never }', 'constructor: { fail-on: never }', 'tasks: { __proto__: { required: false } }', 'tasks: { t: { __proto__: { required: false } } }'])('SEC-70: refuses the prototype key of %j and changes no prototype', (source) => {
    expect(refusal(source).code).toBe('CONFIG_INVALID');
    expect({}).not.toHaveProperty('fail-on');
    expect({}).not.toHaveProperty('required');
  });

  it('keeps a task whose name is that of a method', () => {
    const { tasks } = mergeOptions({}, parseConfig('tasks: { constructor: { required: false } }', PATH));
    expect(tasks.get('constructor')).toEqual({ required: false });
    expect(tasks.get('toString')).toBeUndefined();
  });

  it('is told in at most 21 lines, however many faults it has', () => {
    const { problems } = refusal('{'.repeat(5_000));
    expect(problems.length).toBeLessThanOrEqual(21);
    expect(problems.every(({ code }) => code === 'CONFIG_YAML')).toBe(true);
  });

  it('is refused with a code, whatever it is', () => {
    const piece = fc.constantFrom('name', ': ', '\n', '- ', '  ', '[', ']', '{', '}', '"', "'", '&a ', '*a', '!', '|', '>', '#', '---\n', '? ', 'tasks', 'x', '\t', '%', '@', '\0', '__proto__');
    fc.assert(fc.property(fc.oneof(fc.string(), fc.array(piece).map((parts) => parts.join(''))), (source) => {
      expect(['read', 'CONFIG_YAML', 'CONFIG_INVALID']).toContain(answerTo(source));
    }), { numRuns: 500 });
  });
});

describe('options', () => {
  it('have defaults', () => {
    expect(mergeOptions({}, {})).toEqual({
      name: 'Audit', mode: 'audit-only', operator: null, scope: [], reports: [], outcomes: [], notes: [], logPath: DEFAULT_LOG_PATH, log: 'required', failOn: 'failed', entryKey: null, dryRun: false, outputDir: null, tasks: new Map(),
      logBranch: 'audit-log', ledgerBranches: [], comment: 'changes', checkRun: true,
    });
  });

  it('take the input before the file before the default', () => {
    const merged = mergeOptions({ name: 'input', reports: ['a: b'] }, { name: 'file', mode: 'audit+fix', reports: ['c: d'], 'log-path': 'LOG.md', 'fail-on': 'gaps' });
    expect(merged).toMatchObject({ name: 'input', mode: 'audit+fix', reports: ['a: b'], logPath: 'LOG.md', failOn: 'gaps', log: 'required' });
  });

  it('let an empty list of the caller replace that of the file', () => {
    expect(mergeOptions({ reports: [] }, { reports: ['a: b'] }).reports).toEqual([]);
  });
});
