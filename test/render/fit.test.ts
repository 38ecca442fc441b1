import fc from 'fast-check';
import type { RootContent } from 'mdast';
import { describe, expect, it } from 'vitest';
import { AuditError } from '../../src/errors.ts';
import { fitDocument, utf8Bytes, type Section } from '../../src/render/fit.ts';
import { bullets, paragraph, words } from '../../src/render/sections/nodes.ts';

const TEMPLATE = '<!-- zone: verdict -->\n\n<!-- zone: opens -->\n\n<!-- zone: files -->\n\n<!-- zone: fold -->\n\n<!-- zone: cut -->\n';
const REST = [words('in the record')];

function listOf(letter: string, count: number): (items: number) => RootContent[] {
  return (items) => {
    const shown = Math.min(items, count);
    const lines = Array.from({ length: shown }, () => [words(letter.repeat(20))]);
    return [bullets(shown === count ? lines : [...lines, [words(`and ${count - shown} more`)]])];
  };
}

function sections(opens: number, files: number, folded: number): Section[] {
  return [
    { zone: 'verdict', name: 'verdict', weight: 'kept', render: () => [paragraph(words('Failed.'))] },
    { zone: 'opens', name: 'what opened', weight: 'kept', render: listOf('o', opens) },
    { zone: 'files', name: 'files touched', weight: 'droppable', render: listOf('f', files) },
    { zone: 'fold', name: 'known findings', weight: 'droppable', render: listOf('k', folded) },
  ];
}

const fit = (budget: number, parts: readonly Section[]): string => fitDocument({ template: TEMPLATE, sections: parts, budget, items: 100, rest: REST });

describe('fitDocument', () => {
  it('shows everything where it fits', () => {
    expect(fit(10_000, sections(1, 1, 1))).toBe(`Failed.\n\n- ${'o'.repeat(20)}\n\n- ${'f'.repeat(20)}\n\n- ${'k'.repeat(20)}\n`);
  });

  it('leaves out the least important section first, and says which and where it is', () => {
    expect(fit(200, sections(1, 1, 50))).toBe(`Failed.\n\n- ${'o'.repeat(20)}\n\n- ${'f'.repeat(20)}\n\nLeft out here for its size: known findings. All of it is in the record.\n`);
  });

  it('names all that it left out, in order of importance', () => {
    expect(fit(150, sections(1, 50, 50))).toContain('Left out here for its size: files touched, known findings. All of it is in the record.');
  });

  it('shortens lists by count when no section is left to leave out', () => {
    const document = fit(500, sections(1000, 1, 1));
    expect(document).toContain('and 988 more');
    expect(document.startsWith('Failed.\n')).toBe(true);
    expect(utf8Bytes(document)).toBeLessThanOrEqual(500);
  });

  it('refuses a template that is over the budget by itself', () => {
    expect(() => fitDocument({ template: `<!-- zone: verdict -->\n<!-- zone: cut -->\n${'x'.repeat(600)}`, sections: sections(1, 1, 1).slice(0, 1), budget: 500, items: 100, rest: REST })).toThrow(AuditError);
  });

  it('keeps every budget, never loses the verdict, and says all that is missing', () => {
    fc.assert(fc.property(fc.nat(300), fc.nat(300), fc.nat(300), fc.integer({ min: 250, max: 20_000 }), (opens, files, folded, budget) => {
      const document = fit(budget, sections(opens, files, folded));
      expect(utf8Bytes(document)).toBeLessThanOrEqual(budget);
      expect(document.startsWith('Failed.\n')).toBe(true);
      for (const [letter, count, name] of [['o', opens, 'what opened'], ['f', files, 'files touched'], ['k', folded, 'known findings']] as const) {
        const shown = document.split(`- ${letter.repeat(20)}\n`).length - 1;
        const told = new RegExp(`Left out here for its size: .*${name}`).test(document) || document.includes(`and ${count - shown} more`);
        expect(shown === count || told).toBe(true);
      }
    }), { numRuns: 60 });
  });
});
