import { describe, expect, it } from 'vitest';
import { evaluate, evaluateWhole, holds, splitTemplate, substitute, type Scope, type StatusFunctions } from './expression.ts';

const status = (state: 'success' | 'failure' | 'cancelled'): StatusFunctions => ({ success: () => state === 'success', failure: () => state === 'failure', cancelled: () => state === 'cancelled' });
const scope: Scope = {
  contexts: { github: { event_name: 'push', run_id: '7' }, steps: { lint: { outcome: 'failure', outputs: { found: '3' } } }, job: { check_run_id: 109_986_525_349 } },
  status: status('success'),
};

describe('an expression', () => {
  it('reads contexts without regard to case, and gives null for what is not there', () => {
    expect(evaluate('GitHub.Event_Name', scope)).toBe('push');
    expect(evaluate('steps.none.outputs.x', scope)).toBeNull();
  });

  it('compares text without regard to case, and numbers with text', () => {
    expect(evaluate("github.event_name == 'PUSH' && steps.lint.outputs.found > 2", scope)).toBe(true);
  });

  it('takes every doubled quote of a literal for one', () => {
    expect(evaluate("'a''b''c'", scope)).toBe("a'b'c");
  });

  it('refuses a context or function that its place does not have', () => {
    expect(() => evaluate('secrets.TOKEN', scope)).toThrow('secrets');
    expect(() => evaluate('always()', { contexts: {} })).toThrow('always');
  });
});

describe('a template', () => {
  it('puts values as text, numbers in full', () => {
    expect(substitute('id=${{ job.check_run_id }}, none=${{ steps.x }};', scope)).toBe('id=109986525349, none=;');
  });

  it('is not ended by braces inside of a literal', () => {
    expect(substitute("${{ format('{0}}}', 'x') }}!", scope)).toBe('x}!');
    expect(splitTemplate("a${{ 'it''s }}' }}b")).toEqual([{ text: 'a' }, { expression: " 'it''s }}' " }, { text: 'b' }]);
  });

  it('that is not closed is an error', () => {
    expect(() => substitute('x ${{ github.event_name', scope)).toThrow('not closed');
  });

  it('keeps the type of an expression that stands alone', () => {
    expect(evaluateWhole('${{ 1 == 1 }}', scope)).toBe(true);
    expect(evaluateWhole('${{ 1 == 1 }} ', scope)).toBe('true ');
  });

  it('gives toJSON of the steps as the runner writes it', () => {
    expect(JSON.parse(substitute('${{ toJSON(steps) }}', scope))).toEqual({ lint: { outcome: 'failure', outputs: { found: '3' } } });
  });
});

describe('a condition', () => {
  it('needs success() where it calls no status function', () => {
    const failed = { ...scope, status: status('failure') };
    expect(holds(undefined, scope)).toBe(true);
    expect(holds(undefined, failed)).toBe(false);
    expect(holds("github.event_name == 'push'", failed)).toBe(false);
    expect(holds("failure() && github.event_name == 'push'", failed)).toBe(true);
    expect(holds('${{ always() }}', failed)).toBe(true);
  });

  it('looks for status functions in calls, not in text', () => {
    expect(holds("contains('always() failure()', 'x') || true", { ...scope, status: status('failure') })).toBe(false);
    expect(holds('!(cancelled())', { ...scope, status: status('failure') })).toBe(true);
    expect(holds('!cancelled()', { ...scope, status: status('cancelled') })).toBe(false);
  });

  it('takes empty text, zero and null for false', () => {
    for (const nothing of ["''", '0', 'null', 'steps.x.y']) expect(holds(nothing, scope), nothing).toBe(false);
    for (const something of ["'false'", '1', 'steps']) expect(holds(something, scope), something).toBe(true);
  });

  it('that mixes text with an expression is an error, as it would always be true', () => {
    expect(() => holds('${{ false }} && true', scope)).toThrow('whatever it says');
  });
});
