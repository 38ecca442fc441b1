import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFollowUp } from '../../src/claims/follow-up.ts';

describe('a follow-up', () => {
  it.each([
    ['Rotate keys: Owner: Ops, Due: 2026-03-05.', { text: 'Rotate keys', owner: 'Ops', due: '2026-03-05' }],
    ['Rotate keys (owner: Ops + QA, due 2026-03-05)', { text: 'Rotate keys', owner: 'Ops + QA', due: '2026-03-05' }],
    ['Rotate keys (due 2026-03-05) before the audit', { text: 'Rotate keys before the audit', due: '2026-03-05' }],
    ['Rotate keys by 2026-03-05', { text: 'Rotate keys', due: '2026-03-05' }],
    ['Rotate keys. Owner: @ops - due date: 2026-03-05', { text: 'Rotate keys.', owner: '@ops', due: '2026-03-05' }],
    ['Owner: Ops; Deadline: 2026-03-05; rotate keys', { text: 'rotate keys', owner: 'Ops', due: '2026-03-05' }],
    ['Assigned to: Ops | rotate keys', { text: 'rotate keys', owner: 'Ops' }],
    ['Rotate keys, owner: TBD, due: TBD', { text: 'Rotate keys' }],
    ['Close F-2ABCD3EF and F-001', { text: 'Close F-2ABCD3EF and F-001', finding: 'F-2ABCD3EF' }],
    ['Owner: Ops', { text: 'Owner: Ops', owner: 'Ops' }],
  ])('of %j states its owner, date and finding', (text, expected) => {
    expect(readFollowUp(text)).toEqual(expected);
  });

  it.each([
    'Rotate keys by 2026-13-45', 'Rotate keys by 2026-02-30', 'Due: next week', 'Seen before 2026-03-05', 'Standby 2026-03-05', 'The homeowner: asks', 'overdue 2026-03-05', 'UTF-8 and IF-THEN', 'by 2026-03-051',
  ])('of %j claims nothing that is not stated', (text) => {
    expect(readFollowUp(text)).toEqual({ text });
  });

  it('keeps every word but those of owner and date', () => {
    fc.assert(fc.property(fc.array(fc.stringMatching(/^[a-z]{2}\d{2}$/), { minLength: 1, maxLength: 6 }), fc.nat({ max: 6 }), fc.constantFrom(' (owner: Ops, due 2026-03-05) ', ' by 2026-03-05 ', ', Owner: Ops, '), (words, at, fields) => {
      const text = `${words.slice(0, at).join(' ')}${fields}${words.slice(at).join(' ')}`;
      expect(readFollowUp(text).text.match(/[a-z]{2}\d{2}/g) ?? []).toEqual(words);
    }));
  });
});
