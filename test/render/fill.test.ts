import { describe, expect, it } from 'vitest';
import { AuditError } from '../../src/errors.ts';
import { fillTemplate, requireZones } from '../../src/render/fill.ts';

const zones = new Map([['verdict', '### Passed\n'], ['opens', ''], ['footer', 'the end\n\n']]);

function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof AuditError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'no refusal';
}

describe('fillTemplate', () => {
  it('puts Markdown into its zones and keeps what stands around them', () => {
    expect(fillTemplate('<!-- zone: verdict -->\n\nAsk in #audit.\nOr read the guide.\n\n<!-- zone: footer -->\n', zones)).toBe('### Passed\n\nAsk in #audit.\nOr read the guide.\n\nthe end\n');
  });

  it('lets an empty zone disappear with its blank lines', () => {
    expect(fillTemplate('<!-- zone: verdict -->\n\n<!-- zone: opens -->\n\n<!-- zone: footer -->\n', zones)).toBe('### Passed\n\nthe end\n');
  });

  it('gives nothing for a template of empty zones', () => {
    expect(fillTemplate('<!-- zone: opens -->\n', zones)).toBe('');
  });

  it('takes a zone without blank lines around it, and line ends of every kind', () => {
    expect(fillTemplate('\ufeffSeen by us:\r\n<!-- zone: verdict -->\r\nand you', zones)).toBe('Seen by us:\n\n### Passed\n\nand you\n');
  });

  it('never looks again at what a zone holds', () => {
    expect(fillTemplate('<!-- zone: verdict -->', new Map([['verdict', '<!-- zone: footer -->\n$& $1'], ['footer', 'x']]))).toBe('<!-- zone: footer -->\n$& $1\n');
  });

  it('keeps other comments and a zone named in a sentence', () => {
    const text = '<!-- ours -->\nA place is written <!-- zone: verdict --> like this.';
    expect(fillTemplate(text, zones)).toBe(`${text}\n`);
  });

  it.each([
    ['an unknown zone', '<!-- zone: verdikt -->', 'TEMPLATE_INVALID: A template has the zone `verdikt`, which is not known. Zones are verdict, opens, footer.'],
    ['a zone that is there twice', '<!-- zone: opens -->\n<!-- zone: opens -->', 'TEMPLATE_INVALID: A template has the zone `opens` twice. Zones are verdict, opens, footer.'],
    ['a zone that is not written as one', '<!--zone: opens-->', 'TEMPLATE_INVALID: A template has the line `<!--zone: opens-->`; a zone is written `<!-- zone: NAME -->`.'],
    ['a zone with more on its line', '<!-- zone: opens --> and so on', 'TEMPLATE_INVALID: A template has the line `<!-- zone: opens --> and so on`; a zone is written `<!-- zone: NAME -->`.'],
  ])('refuses %s', (_, template, told) => {
    expect(refusal(() => fillTemplate(template, zones))).toBe(told);
  });
});

describe('requireZones', () => {
  it('accepts a template that begins with the verdict and has the others', () => {
    expect(refusal(() => { requireZones('<!-- zone: verdict -->\n<!-- zone: cut -->', 'verdict', ['cut']); })).toBe('no refusal');
  });

  it('refuses text above the verdict', () => {
    expect(refusal(() => { requireZones('# Ours\n<!-- zone: verdict -->\n<!-- zone: cut -->', 'verdict', ['cut']); })).toBe('TEMPLATE_INVALID: A template must begin with `<!-- zone: verdict -->`.');
  });

  it('refuses a template that has no place to say what was cut', () => {
    expect(refusal(() => { requireZones('<!-- zone: verdict -->', 'verdict', ['cut']); })).toBe('TEMPLATE_INVALID: A template lacks `<!-- zone: cut -->`.');
  });
});
