import { describe, expect, it } from 'vitest';
import { AuditError, describeError } from '../src/errors.ts';
import { PROBLEM_CODES } from '../src/model/problem.ts';

describe('an audit error', () => {
  it('tells itself as its one problem, with the path if there is one', () => {
    expect(new AuditError('LOG_NUL', { message: 'docs/LOG.md: 3 NUL bytes.', path: 'docs/LOG.md' }).problems).toEqual([{ code: 'LOG_NUL', message: 'docs/LOG.md: 3 NUL bytes.', path: 'docs/LOG.md' }]);
    expect(new AuditError('NO_GIT', { message: 'no git' }).problems).toEqual([{ code: 'NO_GIT', message: 'no git' }]);
  });

  it('answers no unless it says that there can be no answer', () => {
    expect([new AuditError('WRITE_FAILED', { message: 'x' }).exitCode, new AuditError('NO_GIT', { message: 'x', exitCode: 2 }).exitCode]).toEqual([1, 2]);
  });

  it('keeps its cause, and has none where none was given', () => {
    const cause = new Error('ENOSPC');
    expect(new AuditError('WRITE_FAILED', { message: 'x', cause }).cause).toBe(cause);
    expect(new AuditError('WRITE_FAILED', { message: 'x' })).not.toHaveProperty('cause');
  });
});

describe('an error told to a person', () => {
  it('is code, message and what to do, a line each', () => {
    expect(describeError(new AuditError('LOG_NUL', { message: 'docs/LOG.md: 3 NUL bytes.' }))).toBe(`LOG_NUL: docs/LOG.md: 3 NUL bytes.\n${PROBLEM_CODES.LOG_NUL.fix}\n`);
  });

  it('names every problem, and each thing to do once', () => {
    const problems = [{ code: 'UNKNOWN_FLAG', message: 'a' }, { code: 'UNKNOWN_FLAG', message: 'b' }, { code: 'INVALID_INPUT', message: 'c' }] as const;
    expect(describeError(new AuditError('UNKNOWN_FLAG', { message: 'a\nb\nc', problems }))).toBe(
      `UNKNOWN_FLAG: a\nUNKNOWN_FLAG: b\nINVALID_INPUT: c\n${PROBLEM_CODES.UNKNOWN_FLAG.fix}\n${PROBLEM_CODES.INVALID_INPUT.fix}\n`,
    );
  });

  it.each([[new TypeError('x is not a function'), 'x is not a function'], ['a thrown word', 'a thrown word'], [undefined, 'undefined']])('is a fault of ours if it is none of ours: %s', (error, text) => {
    const told = describeError(error);
    expect(told).toMatch(/^UNEXPECTED: /);
    expect(told).toContain(text);
    expect(told).toContain(PROBLEM_CODES.UNEXPECTED.fix);
  });
});

describe('every code', () => {
  it.each(Object.entries(PROBLEM_CODES))('%s has a title without a full stop and a fix with one', (code, { title, fix }) => {
    expect(code).toMatch(/^[A-Z]+(?:_[A-Z]+)*$/);
    expect(title).toMatch(/^\S.*[^.\s]$/);
    expect(fix).toMatch(/^\S.*\.$/);
  });
});
