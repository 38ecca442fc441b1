import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, JSON_BYTES, type ParsedReport, type ReportLimits } from '../../src/report/format.ts';
import { detectFormat } from '../../src/report/index.ts';
import { sarif } from '../../src/report/sarif.ts';
import { read } from './reading.ts';

type Part = Readonly<Record<string, unknown>>;

const SUCCESS = [{ executionSuccessful: true }];
const driver = (name: string, rules: readonly Part[] = []): Part => ({ driver: { name, rules } });
const aRun = (more: Part): Part => ({ tool: driver('scanner', [{ id: 'r' }]), invocations: SUCCESS, ...more });
const readRuns = (runs: readonly unknown[], limits: ReportLimits = DEFAULT_LIMITS): ParsedReport => read(sarif, JSON.stringify({ version: '2.1.0', runs }), undefined, limits);
const readResults = (...results: readonly Part[]): ParsedReport => readRuns([aRun({ results })]);
const at = (artifactLocation: Part, region: Part = { startLine: 1 }): Part => ({ locations: [{ physicalLocation: { artifactLocation, region } }] });
const told = ({ problems }: ParsedReport): string[] => problems.map(({ code, fatal }) => (fatal ? `fatal ${code}` : code));

/** Never a pass, nothing closed, and the reason told. */
function expectUnproven(parsed: ParsedReport, code: string): void {
  expect(parsed).toMatchObject({ outcome: 'unknown', scope: 'unknown', covered: [] });
  expect(told(parsed)).toContain(`fatal ${code}`);
  expect(parsed.checks?.every(({ isWhole }) => !isWhole)).toBe(true);
}

describe('what is taken for SARIF', () => {
  it.each([
    ['version, then runs', '{"version":"2.1.0","runs":[{"results":[]}]}'],
    ['schema first', '{\n  "$schema" : "https://example.org/sarif-schema-2.1.0.json",\n  "runs": []}'],
    ['version, then schema', '{"version":"2.1.0","$schema":"http://json.schemastore.org/sarif-2.1.0-rtm.5","runs":[]}'],
    ['an older version, to say so', '{"version":"2.0.0","runs":[]}'],
    ['runs first, with a tool', '{"runs":[{"results":[],"tool":{"driver":{"name":"a"}}}],"version":"2.1.0"}'],
    ['a byte order mark', '\u00ef\u00bb\u00bf{"version":"2.1.0","runs":[]}'],
  ])('is a document with %s', (_, head) => {
    expect(detectFormat(head)?.id).toBe('sarif');
  });

  it.each([['{"version":"2.1.0","results":[]}'], ['{"runs":[{"name":"a"}]}'], ['{"$schema":"https://example.org/package.json","version":"2.1.0"}'], ['[{"version":"2.1.0","runs":[]}]']])('is not %s', (head) => {
    expect(detectFormat(head)).toBeUndefined();
  });

  it('reads a document with a byte order mark, and one in UTF-16', () => {
    const text = JSON.stringify({ version: '2.1.0', runs: [aRun({ results: [] })] });
    expect(read(sarif, `\ufeff${text}`).outcome).toBe('passed');
    expect(read(sarif, Buffer.from(`\ufeff${text}`, 'utf16le')).outcome).toBe('passed');
  });
});

describe('whether a scan was made', () => {
  it('SEC-43: takes a scan that was not successful for no evidence, and names the tool and its exit', () => {
    const parsed = readRuns([{ tool: driver('crashy'), invocations: [{ executionSuccessful: false, exitCode: 3 }], results: [] }]);
    expectUnproven(parsed, 'TOOL_ERROR');
    expect(parsed.problems[0]?.message).toBe('crashy: the scan was not successful (exit code 3).');
  });

  it('SEC-43: one invocation of several that failed is enough', () => {
    expectUnproven(readRuns([aRun({ invocations: [...SUCCESS, { executionSuccessful: false }], results: [] })]), 'TOOL_ERROR');
  });

  it.each([
    ['results absent', [aRun({})], 'INCOMPLETE'],
    ['results null', [aRun({ results: null })], 'INCOMPLETE'],
    ['results that are no list', [aRun({ results: {} })], 'MALFORMED'],
    ['a result that is no object', [aRun({ results: [7] })], 'MALFORMED'],
    ['no run', [], 'INCOMPLETE'],
    ['a run that is no object', ['run'], 'MALFORMED'],
    ['no tool', [aRun({ tool: undefined, results: [] })], 'MALFORMED'],
    ['a tool without a name', [aRun({ tool: { driver: {} }, results: [] })], 'MALFORMED'],
    ['a tool of a blank name', [aRun({ tool: driver(' \n'), results: [] })], 'MALFORMED'],
    ['an error of the tool', [aRun({ invocations: [{ executionSuccessful: true, toolExecutionNotifications: [{ level: 'error', message: { text: 'no memory' } }] }], results: [] })], 'TOOL_ERROR'],
    ['results in another file', [aRun({ results: [], externalPropertyFileReferences: { results: [{ location: { uri: 'more.json' } }] } })], 'PARTS_ELSEWHERE'],
  ] as const)('SEC-44: %s is no evidence', (_, runs, code) => {
    expectUnproven(readRuns(runs), code);
  });

  it.each(['2.0.0', '1.0.0', '2.1.0-rtm.5', '3.0.0'])('SEC-44: version %s is not read, and the reason is told', (version) => {
    const parsed = read(sarif, JSON.stringify({ version, runs: [aRun({ results: [] })] }));
    expectUnproven(parsed, 'NOT_A_REPORT');
    expect(parsed.problems[0]?.message).toContain(version);
  });

  it('SEC-44: an empty list of a successful scan passes', () => {
    expect(readRuns([aRun({ results: [] })])).toMatchObject({ outcome: 'passed', scope: 'all', problems: [] });
  });

  it.each([
    ['no invocation', undefined], ['an empty list of them', []], ['one that does not say it', [{}]], ['one that says it in words', [{ executionSuccessful: 'true' }]],
    ['one of two that does not say it', [...SUCCESS, {}]], ['one that is no object', [...SUCCESS, null]],
  ])('proves nothing by its silence where the success of the scan is not stated: %s', (_, invocations) => {
    const parsed = readRuns([{ tool: driver('scanner'), results: [], ...(invocations === undefined ? {} : { invocations }) }]);
    expect(parsed).toMatchObject({ outcome: 'passed', scope: 'unknown', checks: [{ isWhole: true, scope: 'unknown' }] });
  });

  it('knows no check of a run without a tool, and proves nothing by the others: it may be of any of them', () => {
    const parsed = readRuns([aRun({ results: [] }), aRun({ tool: {}, results: [] })]);
    expect(parsed).toMatchObject({ outcome: 'unknown', hidesChecks: true, checks: [{ tool: 'scanner', isWhole: false }] });
    expect(parsed.problems[0]?.message).toBe('Run 2 names no tool (`tool.driver.name`).');
  });

  it('keeps apart a scan that failed and one of the same document that did not', () => {
    const parsed = readRuns([aRun({ results: null }), { ...aRun({ results: [] }), tool: driver('other') }]);
    expect(parsed.outcome).toBe('unknown');
    expect(parsed.checks?.map(({ tool, isWhole, scope }) => [tool, isWhole, scope])).toEqual([['scanner', false, 'unknown'], ['other', true, 'all']]);
  });
});

describe('runs and their checks', () => {
  it.each([
    ['nightly/scan/2026-11-22', 'nightly/scan'], ['nightly/scan/', 'nightly/scan'], ['/language:go/', 'language:go'], ['2026-11-22', undefined], ['', undefined], ['/', undefined], [7, undefined],
  ])('takes the category out of the id %s', (id, category) => {
    expect(readRuns([aRun({ results: [], automationDetails: { id } })]).checks?.[0]?.category).toBe(category);
  });

  it('lists the rules of the tool and its extensions that are not switched off', () => {
    const tool = { driver: { name: 's', rules: [{ id: 'b' }, { id: 'off', defaultConfiguration: { enabled: false } }] }, extensions: [{ name: 'more', rules: [{ id: 'a' }, 7] }] };
    expect(readRuns([aRun({ tool, results: [] })]).checks?.[0]?.rules).toEqual(['a', 'b', 'tool-error']);
  });

  it('does not list a rule that the tool could not load', () => {
    const invocations = [{ executionSuccessful: true, toolConfigurationNotifications: [{ level: 'error', message: { text: 'no such pattern' }, associatedRule: { id: 'r' } }] }];
    expect(readRuns([aRun({ invocations, results: [] })])).toMatchObject({ outcome: 'failed', findings: [{ rule: 'tool-error', severity: 'P1', message: 'no such pattern' }], checks: [{ rules: ['tool-error'], scope: 'all' }] });
  });

  it('sees another call of the tool, but not other temporary names, numbers and hashes', () => {
    const called = (...words: readonly string[]): string | undefined => readRuns([aRun({ invocations: [{ executionSuccessful: true, arguments: words }], results: [] })]).checks?.[0]?.configuration;
    const here = called('scan', 'src', '--out', '/tmp/ab12/out.sarif', '--id', '0a1b2c3d-0000-4000-8000-1234567890ab');
    expect(here).toBe(called('scan', 'src', '--out', '/tmp/zz99/out.sarif', '--id', 'ffffffff-1111-4111-9111-ba0987654321'));
    expect(here).not.toBe(called('scan', 'src/one', '--out', '/tmp/ab12/out.sarif', '--id', '0a1b2c3d-0000-4000-8000-1234567890ab'));
    expect(called()).toBeUndefined();
  });

  it('follows a rule into the extension that the result names', () => {
    const tool = { driver: { name: 's', rules: [{ id: 'same', defaultConfiguration: { level: 'note' } }] }, extensions: [{ name: 'x', rules: [] }, { name: 'y', rules: [{ id: 'same', properties: { 'security-severity': '9.9' } }] }] };
    const parsed = readRuns([aRun({ tool, results: [{ ruleId: 'same' }, { ruleId: 'same', rule: { toolComponent: { index: 1 } } }, { rule: { index: 0, toolComponent: { index: 1 } } }] })]);
    expect(parsed.findings.map(({ severity }) => severity)).toEqual(['P3', 'P0', 'P0']);
  });
});

describe('results', () => {
  it('SEC-47: follows its table of kinds and levels, and lets no suppression hide what nobody accepted', () => {
    const severity = (result: Part): string | undefined => readResults({ ruleId: 'r', message: { text: 'm' }, ...result }).findings[0]?.severity;
    const status = (...all: readonly unknown[]): Part => ({ suppressions: all.map((one) => ({ kind: 'external', status: one })) });
    expect(severity({ kind: 'fail', level: 'none', ...status('rejected') })).toBe('P3');
    expect(severity({ level: 'error', ...status('underReview') })).toBe('P2');
    expect(severity({ level: 'error', ...status('accepted', 'rejected') })).toBe('P2');
    expect(severity({ level: 'error', ...status('Accepted') })).toBe('P2');
    expect(severity({ level: 'error', ...status(null) })).toBeUndefined();
    expect(severity({ level: 'error', ...status('accepted') })).toBeUndefined();
    expect(severity({ kind: 'open', level: 'error' })).toBe('P3');
    expect(severity({ kind: 'pass', level: 'error' })).toBeUndefined();
  });

  it('SEC-47: hides nothing by what is no suppression', () => {
    const found = (suppressions: unknown): number => readResults({ ruleId: 'r', suppressions }).findings.length;
    const accepted = { kind: 'external', status: 'accepted' };
    for (const odd of [['x'], [accepted, 'x'], [null, accepted], [accepted, []], [{}], [{ status: 'accepted' }], [{ kind: 'other' }], accepted, 'x', [], null]) expect(found(odd)).toBe(1);
    expect(found([accepted, { kind: 'inSource' }])).toBe(0);
  });

  it('sets a result of the level `none` aside: no finding, but not mended either; with the kind `fail` it is a finding', () => {
    const parsed = readResults({ ruleId: 'r', level: 'none', ...at({ uri: 'a.ts' }) });
    expect(parsed).toMatchObject({ outcome: 'passed', findings: [], checks: [{ suppressed: [{ rule: 'r', path: 'a.ts' }] }], problems: [{ code: 'SUPPRESSED', message: 'scanner: 1 result of the level `none`, and no finding.' }] });
    expect(readResults({ ruleId: 'r', kind: 'fail', level: 'none' }).findings).toMatchObject([{ severity: 'P3' }]);
  });

  it('counts and tells what is suppressed, by rule and place', () => {
    const parsed = readResults({ ruleId: 'r', ...at({ uri: 'a.ts' }), suppressions: [{ kind: 'inSource' }] }, { ruleId: 'r', ...at({ uri: 'a.ts' }, { startLine: 9 }), suppressions: [{ kind: 'inSource' }] });
    expect(parsed).toMatchObject({ outcome: 'passed', findings: [], checks: [{ suppressed: [{ rule: 'r', path: 'a.ts' }] }] });
    expect(parsed.problems).toEqual([{ code: 'SUPPRESSED', fatal: false, message: 'scanner: 2 results suppressed, and no finding.' }]);
  });

  it('SEC-45: gives places outside of the repository, and what is no file, as they are, or not at all', () => {
    const path = (uri: string, more: Part = {}): string | undefined => readResults({ ruleId: 'r', ...at({ uri, ...more }) }).findings[0]?.path;
    expect(path('file:///var/keys/key')).toBe('/var/keys/key');
    expect(path('../../../var/key')).toBe('../../../var/key');
    expect(path('%2e%2e/%2E%2e/key')).toBe('../../key');
    expect(path('https://evil.example/b.js')).toBe('https://evil.example/b.js');
    expect(path('D:\\work\\b.ts')).toBe('D:\\work\\b.ts');
    expect(path('//host/share/b')).toBe('//host/share/b');
    expect(path('a\\b.ts')).toBe('a/b.ts');
    expect(path('javascript:alert(2)')).toBeUndefined();
    expect(path('')).toBeUndefined();
    expect(path('x'.repeat(5_000))).toBeUndefined();
  });

  it('SEC-05: decodes no path into lines of its own', () => {
    expect(readResults({ ruleId: 'r', ...at({ uri: 'b.ts,col=2%0D%0A::warning::z' }) }).findings[0]?.path).toBe('b.ts,col=2%0D%0A::warning::z');
  });

  it('SEC-19: passes no link of a rule on', () => {
    const parsed = readRuns([aRun({ tool: driver('s', [{ id: 'r', helpUri: 'javascript:alert(2)' }]), results: [{ ruleId: 'r', message: { text: '[go](javascript:alert(2))' } }] })]);
    expect(parsed.findings).toEqual([{ rule: 'r', severity: 'P3', message: '[go](javascript:alert(2))', check: 0 }]);
    expect(JSON.stringify(parsed.checks)).not.toContain('alert');
  });

  it.each([
    [{ startLine: 0 }, undefined], [{ startLine: -3 }, undefined], [{ startLine: 2e9 }, undefined], [{ startLine: '7' }, undefined], [{ startLine: 2.5 }, undefined], [{ startLine: null }, undefined],
    [{ startLine: 8, endLine: 2 }, 8], [{ startLine: 4, startColumn: 6, endColumn: 1 }, 4], [{ startColumn: 6 }, undefined], [{ startLine: 4, startColumn: 0 }, 4],
  ])('SEC-46: takes a line of %j only where it makes sense', (region, line) => {
    const [finding] = readResults({ ruleId: 'r', ...at({ uri: 'a.ts' }, region) }).findings;
    expect(finding?.path).toBe('a.ts');
    expect(finding?.line).toBe(line);
    expect(finding?.column).toBe('startColumn' in region && line !== undefined && region.startColumn > 0 ? region.startColumn : undefined);
  });

  it('puts arguments in once, and cuts what they make too long', () => {
    const message = { text: '{0}{0}'.repeat(500), arguments: ['{0}'.repeat(20_000)] };
    const parsed = readResults({ ruleId: 'r', message });
    expect(parsed.findings[0]?.message === '{0}'.repeat(2_000).slice(0, 4_000)).toBe(true);
    expect(told(parsed)).toEqual(['TEXT_CUT']);
    expect(parsed.problems[0]?.message).toContain(' 59,996,000 characters left out');
  });

  it('SEC-35: takes prototype names as any other name', () => {
    const text = '{"version":"2.1.0","__proto__":{"runs":[]},"runs":[{"__proto__":{"invocations":[{"executionSuccessful":true}]},"tool":{"driver":{"name":"__proto__","rules":[{"id":"constructor"}]}},"originalUriBaseIds":{},"results":[{"ruleId":"constructor","message":{"id":"toString"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"a","uriBaseId":"__proto__"}}}]}]}]}';
    expect(read(sarif, text)).toMatchObject({ scope: 'unknown', findings: [{ rule: 'constructor', message: '', path: 'a' }], checks: [{ tool: '__proto__' }] });
    expect('runs' in {}).toBe(false);
  });
});

describe('sizes', { timeout: 120_000 }, () => {
  it('SEC-48: leaves a million steps out as they pass, opens no other file, and ends a loop of bases', () => {
    const reader = sarif.open(DEFAULT_LIMITS);
    const step = '{"location":{"physicalLocation":{"artifactLocation":{"uri":"a.c"},"region":{"startLine":2}}}},';
    const write = (text: string): void => reader.write(Buffer.from(text));
    write('{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"s"}},"invocations":[{"executionSuccessful":true}],"externalPropertyFileReferences":{"graphs":[{"location":{"uri":"../../a.sarif-external-properties"}}]},');
    write('"originalUriBaseIds":{"A":{"uri":"a/","uriBaseId":"B"},"B":{"uri":"b/","uriBaseId":"A"}},"results":[{"message":{"text":"m"},"codeFlows":[{"threadFlows":[{"locations":[');
    const before = process.memoryUsage().heapUsed;
    const piece = Buffer.from(step.repeat(1_000));
    for (let written = 0; written < 1_000; written += 1) reader.write(piece);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000);
    write('{}]}]}],"locations":[{"physicalLocation":{"artifactLocation":{"uri":"c.c","uriBaseId":"A"}}}]}]}]}');
    const parsed = reader.end();
    expect(parsed).toMatchObject({ outcome: 'passed', findings: [{ message: 'm' }] });
    expect(parsed.findings[0]?.path).toMatch(/^(?:[ab]\/){1,16}c\.c$/);
    expect(told(parsed)).toEqual(['PARTS_ELSEWHERE']);
  });

  it('refuses a document over the size cap', () => {
    const reader = sarif.open(DEFAULT_LIMITS);
    const piece = Buffer.alloc(1_000_000, ' ');
    for (let written = 0; written <= JSON_BYTES; written += piece.length) reader.write(piece);
    expectUnproven(reader.end(), 'LIMIT_REACHED');
  });

  it('names the cap that stopped it, and proves nothing then by any of its runs', () => {
    const results = [{ ruleId: 'r', message: { text: 'one' } }, { ruleId: 'r', message: { text: 'two' } }];
    const parsed = readRuns([aRun({ results: [] }), { ...aRun({ results }), tool: driver('other') }, aRun({ results: [] })], { ...DEFAULT_LIMITS, findings: 1 });
    expectUnproven(parsed, 'LIMIT_REACHED');
    expect(parsed).toMatchObject({ hidesChecks: true, findings: [{ message: 'one', check: 1 }] });
    expectUnproven(readRuns(Array.from({ length: 1_001 }, () => aRun({ results: [] }))), 'LIMIT_REACHED');
    expectUnproven(readRuns([aRun({ tool: driver('s', Array.from({ length: 25_001 }, (_, id) => ({ id: String(id) }))), results: [] })]), 'LIMIT_REACHED');
  });

  it('tells the first of many runs that failed, and how many more there are', () => {
    const parsed = readRuns(Array.from({ length: 30 }, () => aRun({ results: null })));
    expect(parsed.problems).toHaveLength(21);
    expect(parsed.problems.at(-1)?.message).toBe('10 more runs prove nothing either.');
  });

  it('SEC-40: refuses lists that nest too deep, also where they are left out', () => {
    for (const key of ['codeFlows', 'results']) expectUnproven(read(sarif, `{"version":"2.1.0","runs":[{"${key}":${'['.repeat(100_000)}${']'.repeat(100_000)}}]}`), 'LIMIT_REACHED');
  });

  it('SEC-33: never takes a document that was cut anywhere for a whole one', () => {
    const whole = JSON.stringify({ version: '2.1.0', runs: [aRun({ results: [{ ruleId: 'r', codeFlows: [{ a: ['}', '\\"]'] }], message: { text: 'é' } }] })] });
    for (let length = 1; length < whole.length; length += 1) expectUnproven(read(sarif, whole.slice(0, length)), 'INCOMPLETE');
    expect(read(sarif, whole)).toMatchObject({ outcome: 'passed', findings: [{ message: 'é' }] });
  });
});
