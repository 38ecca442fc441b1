import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AuditError } from '../src/errors.ts';
import { INPUT_SPECS, nearestName, splitLines } from '../src/input-specs.ts';
import { actionInputs, INPUT_RULES, parseInputs } from '../src/inputs.ts';

function refusal(act: () => unknown): AuditError {
  try {
    act();
  } catch (error) {
    if (error instanceof AuditError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('inputs', () => {
  it('that were not given stay absent, so that the configuration file can speak', () => {
    expect(parseInputs({}, '--')).toEqual({});
  });

  it('keep their values', () => {
    const raw = { reports: ['test: a.xml'], mode: 'audit+fix', log: 'best-effort', 'fail-on': 'gaps', 'entry-key': 'nightly_1.a', 'dry-run': true, name: 'Été' };
    expect(parseInputs(raw, '--')).toEqual(raw);
  });

  it('with unusable values are all told at once, with what was given and under the name the caller wrote', () => {
    const error = refusal(() => parseInputs({ mode: 'fix', 'fail-on': 'nevre', 'dry-run': 'maybe', 'entry-key': 'a b' }, '--'));
    expect(error).toMatchObject({ code: 'INVALID_INPUT', exitCode: 2 });
    expect(error.problems.map(({ message }) => /^--([a-z-]+):/.exec(message)?.[1])).toEqual(expect.arrayContaining(['mode', 'fail-on', 'dry-run', 'entry-key']));
    expect(error.problems).toHaveLength(4);
    expect(error.message).toContain('got "nevre"');
    expect(error.message).toContain('"audit-only"');
  });

  it.each([
    ['a line break', 'a\nb'], ['a terminal escape', '\u001b[2Ja'], ['a direction override', 'a\u202eb'], ['a zero-width character', 'a\u200bb'], ['a line separator', 'a\u2028b'], ['nothing', '  '], ['more than 100 characters', 'a'.repeat(101)],
  ])('refuse a name with %s', (_, name) => {
    expect(refusal(() => parseInputs({ name }, '--')).problems[0]?.message).toMatch(/^--name: /);
  });

  it.each(['../x', 'a/b', 'a b', '', 'a\nb', 'ключ', 'a'.repeat(101)])('refuse the entry key %j', (key) => {
    expect(refusal(() => parseInputs({ 'entry-key': key }, '--')).code).toBe('INVALID_INPUT');
  });

  it('know exactly the names of the table', () => {
    expect(Object.keys(INPUT_RULES).toSorted()).toEqual(INPUT_SPECS.map(({ name }) => name).toSorted());
    expect(refusal(() => parseInputs({ nmae: 'x' }, '--')).code).toBe('INVALID_INPUT');
  });
});

describe('the inputs of an action step', () => {
  it('come from the environment, upper-cased and with their dashes', () => {
    expect(actionInputs({ 'INPUT_LOG-PATH': 'docs/LOG.md', INPUT_REPORTS: 'test: a.xml\n\n  lint: b.json \n', 'INPUT_DRY-RUN': 'True', INPUT_NAME: ' Nightly ', PATH: '/bin' })).toEqual({
      verb: 'record', inputs: { 'log-path': 'docs/LOG.md', reports: ['test: a.xml', 'lint: b.json'], 'dry-run': true, name: 'Nightly' },
    });
  });

  it('that are empty were not given', () => {
    expect(actionInputs({ INPUT_NAME: '', INPUT_REPORTS: ' \n ', INPUT_COMMAND: '', INPUT_MODE: undefined })).toEqual({ verb: 'record', inputs: {} });
  });

  it('choose the command', () => {
    expect(actionInputs({ INPUT_COMMAND: 'check' }).verb).toBe('check');
  });

  it.each([
    ['true', true], ['True', true], ['TRUE', true], ['false', false], ['False', false], ['FALSE', false],
  ])('SEC-73: take %s for a switch', (word, value) => {
    expect(actionInputs({ 'INPUT_DRY-RUN': word }).inputs['dry-run']).toBe(value);
  });

  it.each(['yes', 'on', '1', '0', 'no', 'tRUE', 'truee', 'null', '\uff11'])('SEC-73: refuse %s for a switch instead of guessing', (word) => {
    expect(refusal(() => actionInputs({ 'INPUT_DRY-RUN': word })).problems[0]?.message).toMatch(/^dry-run: .*got /);
  });

  it('that are unknown are all named with their nearest one', () => {
    const error = refusal(() => actionInputs({ INPUT_NMAE: 'x', 'INPUT_LOGPATH': 'y', INPUT_MODE: 'audit-only' }));
    expect(error).toMatchObject({ code: 'UNKNOWN_FLAG', exitCode: 2 });
    expect(error.problems.map(({ message }) => message)).toEqual(['`nmae` is not known; did you mean `name`?', '`logpath` is not known; did you mean `log-path`?']);
  });

  it('refuse what only a terminal has', () => {
    expect(refusal(() => actionInputs({ INPUT_JSON: 'true' })).code).toBe('UNKNOWN_FLAG');
  });

  it('SEC-70: refuse prototype names and change no prototype', () => {
    for (const name of ['__proto__', 'constructor', 'prototype']) expect(refusal(() => actionInputs({ [`INPUT_${name.toUpperCase()}`]: 'x' })).code).toBe('UNKNOWN_FLAG');
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('SEC-71: leave expressions as the text they are', () => {
    expect(actionInputs({ INPUT_OPERATOR: '${{ github.actor }} {{x}} <%= 1 %>' }).inputs.operator).toBe('${{ github.actor }} {{x}} <%= 1 %>');
  });
});

describe('names', () => {
  it('that are near are asked for, others are listed', () => {
    expect(nearestName('log-pat', ['log-path', 'log'])).toBe('did you mean `log-path`?');
    expect(nearestName('zzzzzz', ['log-path', 'log'])).toBe('known: log-path, log.');
  });

  it('that are known are nearest to themselves', () => {
    for (const { name } of INPUT_SPECS) expect(nearestName(name, INPUT_SPECS.map((spec) => spec.name))).toBe(`did you mean \`${name}\`?`);
  });
});

describe('lines of a value', () => {
  it('are trimmed, never empty, and lose no text', () => {
    fc.assert(fc.property(fc.array(fc.stringMatching(/^[a-z *:!]{0,8}$/)), fc.constantFrom('\n', '\r\n', '\n\n'), (parts, end) => {
      expect(splitLines(parts.join(end))).toEqual(parts.map((part) => part.trim()).filter((part) => part !== ''));
    }));
  });
});
