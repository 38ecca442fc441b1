import { describe, expect, it } from 'vitest';
import type { ParsedReport } from '../../src/report/format.ts';
import { aScan, located, readScans, type Part } from './sarif-document.ts';

const MANY = 5_000;
/** What a machine that is busy needs for one of these, and far below what work for each result costs that is as long as the document. */
const TIMEOUT = 30_000;

const times = (count: number, result: (at: number) => Part): Part[] => Array.from({ length: count }, (_, at) => result(at));
const told = ({ problems }: ParsedReport): string[] => problems.map(({ code, message }) => `${code} ${message}`);

/** Characters that the findings hold in memory: one text that several share counts once. */
function grown(act: () => ParsedReport): Readonly<{ parsed: ParsedReport; bytes: number }> {
  const before = process.memoryUsage().heapUsed;
  const parsed = act();
  return { parsed, bytes: process.memoryUsage().heapUsed - before };
}

describe('one long text of a rule that every result uses', { timeout: TIMEOUT }, () => {
  it('is cut once as an id, and told once', () => {
    const { parsed, bytes } = grown(() => readScans([aScan({ results: times(MANY, () => ({ ruleIndex: 0, message: { text: 'm' } })) }, [{ id: 'i'.repeat(1_000_000) }])]));
    expect(parsed.findings).toHaveLength(MANY);
    expect(new Set(parsed.findings.map(({ rule }) => rule)).size).toBe(1);
    expect(parsed.findings[0]?.rule).toMatch(/^i{111}~[0-9a-f]{8}$/);
    expect(parsed.checks?.[0]?.rules).toEqual([parsed.findings[0]?.rule, 'tool-error']);
    expect(told(parsed)).toEqual(['TEXT_CUT 1 long text cut, 999,880 characters left out.']);
    expect(bytes).toBeLessThan(60_000_000);
  });

  it('keeps two long ids with one beginning apart', () => {
    const rules = ['a', 'b'].map((end) => ({ id: `${'i'.repeat(70_000)}${end}` }));
    const { findings } = readScans([aScan({ results: [{ ruleIndex: 0 }, { ruleIndex: 1 }, { ruleId: rules[1]?.id }] }, rules)]);
    expect(new Set(findings.map(({ rule }) => rule)).size).toBe(2);
    expect(findings[1]?.rule).toBe(findings[2]?.rule);
  });

  it('is not put together with the id of each result to compare them', () => {
    const parsed = readScans([aScan({ results: times(MANY, () => ({ ruleId: 'x', ruleIndex: 0 })) }, [{ id: 'i'.repeat(1_000_000) }])]);
    expect(parsed.findings[0]?.rule).toBe('x');
  }, 5_000);

  it('is cut once as a title, and told once', () => {
    const { parsed, bytes } = grown(() => readScans([aScan({ results: times(MANY, () => ({ ruleIndex: 0 })) }, [{ id: 'r', shortDescription: { text: 't'.repeat(1_000_000) } }])]));
    expect(new Set(parsed.findings.map(({ message }) => message))).toEqual(new Set(['t'.repeat(4_000)]));
    expect(told(parsed)).toEqual(['TEXT_CUT 1 long text cut, 996,000 characters left out.']);
    expect(bytes).toBeLessThan(60_000_000);
  });

  it('is cut as a message before it is kept; past what messages may take together, to a few lines', () => {
    const rule = { id: 'r', messageStrings: { long: { text: `{0}${'y'.repeat(60_000)}` } } };
    const { parsed, bytes } = grown(() => readScans([aScan({ results: times(9_000, (at) => ({ ruleId: 'r', message: { id: 'long', arguments: [`no ${at} `] } })) }, [rule])]));
    expect(parsed.findings[7]?.message).toBe(`no 7 ${'y'.repeat(3_995)}`);
    expect(parsed.findings[8_888]?.message).toBe(`no 8888 ${'y'.repeat(392)}`);
    expect(told(parsed)).toHaveLength(1);
    expect(told(parsed)[0]).toMatch(/^TEXT_CUT 9,000 long texts cut, /);
    expect(bytes).toBeLessThan(150_000_000);
  });

  it('holds no more than its characters where it is put together of many parts', () => {
    const rule = { id: 'r', messageStrings: { parts: { text: '{0}'.repeat(1_300) } } };
    const { parsed, bytes } = grown(() => readScans([aScan({ results: times(MANY, (at) => ({ ruleId: 'r', message: { id: 'parts', arguments: [String(at % 10)] } })) }, [rule])]));
    expect(parsed.findings[3]?.message).toBe('3'.repeat(1_300));
    expect(told(parsed)).toEqual([]);
    expect(bytes).toBeLessThan(100_000_000);
  });
});

describe('work for each result', { timeout: TIMEOUT }, () => {
  it('does not grow with the name of a base, the bases behind it or the slashes of a category', () => {
    const base = 'B'.repeat(500_000);
    const bases = { [base]: { uri: `${'b'.repeat(3_000)}/`, uriBaseId: base } };
    const results = times(MANY, () => ({ ruleId: 'r', locations: [{ physicalLocation: { artifactLocation: { index: 0 } } }] }));
    const parsed = readScans([aScan({ artifacts: [{ location: { uri: 'a.ts', uriBaseId: base } }], originalUriBaseIds: bases, results, automationDetails: { id: `a${'/'.repeat(500_000)}b/` } })]);
    expect(parsed.findings[0]).toEqual({ rule: 'r', severity: 'P3', message: '', check: 0 });
    expect(parsed.checks?.[0]?.category).toMatch(/^a\/{90}~[0-9a-f]{8}$/);
  });

  it('does not grow with rules times invocations', () => {
    const rules = times(20_000, (at) => ({ id: `r${at}` }));
    const invocations = times(20_000, (at) => ({ executionSuccessful: true, ...(at === 7 ? { ruleConfigurationOverrides: [{ descriptor: { id: 'r3' }, configuration: { enabled: false } }] } : {}) }));
    expect(readScans([aScan({ invocations }, rules)]).checks?.[0]?.rules).toHaveLength(20_000);
  }, 10_000);
});

describe('results that are no findings', { timeout: TIMEOUT }, () => {
  const aside = (at: number): Part => ({ ruleId: `r${at}`, suppressions: [{ kind: 'inSource' }], ...located(`f${at}.ts`) });

  it('are kept by rule and place; past the cap the scan proves nothing by its silence, and that is told', () => {
    const full = readScans([aScan({ results: [...times(25_000, aside), aside(0), aside(24_999)] })]);
    expect(full).toMatchObject({ scope: 'all', problems: [{ code: 'SUPPRESSED' }] });
    expect(full.checks?.[0]?.suppressed).toHaveLength(25_000);
    const over = readScans([aScan({ results: times(25_001, aside) })]);
    expect(over).toMatchObject({ outcome: 'passed', scope: 'unknown', checks: [{ isWhole: true, scope: 'unknown' }] });
    expect(over.checks?.[0]?.suppressed).toHaveLength(25_000);
    expect(told(over)).toEqual(['SUPPRESSED scanner: 25,001 results suppressed, and no finding.', 'LIMIT_REACHED scanner: results that are no findings stand in more than 25,000 places of this document: nothing closes by this scan.']);
  });

  it('share the cap of their document, and a scan that has none keeps its proof', () => {
    const parsed = readScans([aScan({ results: times(25_000, aside) }), aScan(), aScan({ results: [aside(1)] })]);
    expect(parsed.checks?.map(({ scope, suppressed }) => [scope, suppressed.length])).toEqual([['all', 25_000], ['all', 0], ['unknown', 0]]);
  });
});
