import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, type ParsedReport, type ReportFormat } from '../../src/report/format.ts';
import { contentKind, detectFormat, FORMAT_IDS, HEAD_BYTES, REPORT_FORMATS } from '../../src/report/index.ts';
import { read } from './reading.ts';

const FIXTURES = new URL('../fixtures/', import.meta.url);

type Case = Readonly<{ format: ReportFormat; name: string; bytes: Buffer; parsed: unknown }>;

/** One folder, one case: `report.*` as the tool wrote it, `parsed.json` as it must be read. */
function casesOf(format: ReportFormat): Case[] {
  const folder = new URL(`${format.id}/`, FIXTURES);
  return readdirSync(folder).map((name) => {
    const files = readdirSync(new URL(`${name}/`, folder));
    const report = files.find((file) => file.startsWith('report.'));
    if (report === undefined) throw new Error(`${format.id}/${name} has no report`);
    return {
      format, name, bytes: readFileSync(new URL(`${name}/${report}`, folder)),
      parsed: JSON.parse(readFileSync(new URL(`${name}/parsed.json`, folder), 'utf8')),
    };
  });
}

const cases = REPORT_FORMATS.flatMap((format) => casesOf(format));
const plain = (parsed: ParsedReport): unknown => JSON.parse(JSON.stringify(parsed));

describe.each(REPORT_FORMATS)('$id', (format) => {
  const own = cases.filter((one) => one.format === format);

  it.each(own)('reads $name', ({ bytes, parsed }) => {
    expect(plain(read(format, bytes))).toEqual(parsed);
  });

  it.each(own)('reads $name the same byte by byte', ({ bytes, parsed }) => {
    expect(plain(read(format, bytes, 1))).toEqual(parsed);
  });

  it.each(own.filter(({ bytes, parsed }) => bytes.length > 0 && !saysNoReport(parsed)))('is told by the beginning of $name', ({ bytes }) => {
    expect(detectFormat(bytes.subarray(0, HEAD_BYTES).toString('latin1'))?.id).toBe(format.id);
  });

  it('never states more results than it counts, and closes nothing by what is not whole', () => {
    for (const { bytes } of own) {
      const { counts, covered, notAnalysed, findings, outcome, problems } = read(format, bytes);
      expect(counts.passed + counts.failures + counts.skipped).toBeLessThanOrEqual(counts.tests);
      expect(new Set(covered).size).toBe(covered.length);
      expect(covered.filter((name) => notAnalysed.includes(name))).toEqual([]);
      expect(findings.filter(({ test, flaky }) => test !== undefined && flaky !== true && covered.includes(test))).toEqual([]);
      const isFatal = problems.some(({ fatal }) => fatal);
      expect(outcome === 'unknown').toBe(isFatal);
      expect(isFatal && covered.length > 0).toBe(false);
    }
  });
});

function saysNoReport(parsed: unknown): boolean {
  return /"code":"(?:NOT_A_REPORT|TOOL_ERROR)"[^}]*"fatal":true/.test(JSON.stringify(parsed));
}

describe('the registry', () => {
  it('names each format once, in the form that inputs and check keys take', () => {
    expect(new Set(FORMAT_IDS).size).toBe(FORMAT_IDS.length);
    for (const id of FORMAT_IDS) expect(id).toMatch(/^[a-z][a-z0-9-]*$/);
  });

  it('has a title for each, and a reading of an empty file that agrees with what it says an empty file means', () => {
    for (const format of REPORT_FORMATS) {
      expect(format.title).not.toBe('');
      const { outcome, problems } = read(format, '');
      const meant = format.emptyMeans === 'clean' ? { outcome: 'passed', codes: [] } : { outcome: 'unknown', codes: ['EMPTY_REPORT'] };
      expect({ outcome, codes: problems.map(({ code }) => code) }).toEqual(meant);
    }
  });

  it('tells every fixture as one format only', () => {
    for (const { bytes, format, parsed } of cases.filter((one) => one.bytes.length > 0 && !saysNoReport(one.parsed))) {
      expect(parsed).toBeDefined();
      expect(REPORT_FORMATS.filter((other) => other.detect(bytes.toString('latin1'))).map(({ id }) => id)).toEqual([format.id]);
    }
  });

  it('takes no other XML, JSON or text for a report', () => {
    const others = ['<coverage line-rate="1"/>', '<checkstyle version="8"><file name="a"/></checkstyle>', '<!-- <testsuite> --><coverage/>', '{"version":"1.2","runs":[]}', '{"runs":[]}', '[1,2]', '{}', 'all good\n', '# Notes\n\nTS2322 is an error.\n'];
    for (const other of others) expect(detectFormat(other)).toBeUndefined();
  });

  it('finds a report behind a byte order mark, in UTF-16, and behind comments', () => {
    const xml = '<?xml version="1.0"?><!-- made by us --><testsuite name="s"/>';
    for (const bytes of [Buffer.from(`\ufeff${xml}`), Buffer.from(`\ufeff${xml}`, 'utf16le'), Buffer.from(`\ufeff${xml}`, 'utf16le').swap16()]) {
      expect(detectFormat(bytes.toString('latin1'))?.id).toBe('junit');
    }
  });

  it('says what a file is that is no report', () => {
    expect(contentKind('')).toBe('an empty file');
    expect(contentKind('<testsuite/>')).toBeUndefined();
    expect(contentKind('<html lang="en">')).toBe('an HTML page');
  });
});

describe('caps', () => {
  const tight = { ...DEFAULT_LIMITS, cases: 2, findings: 1, text: 10, bytes: 400 };
  const junit = REPORT_FORMATS.find(({ id }) => id === 'junit');
  const codes = (text: string, limits: typeof tight): string[] => {
    if (junit === undefined) throw new Error('no junit');
    return read(junit, text, undefined, limits).problems.filter(({ fatal }) => fatal).map(({ code, message }) => `${code} ${message}`);
  };

  it('names the cap that stopped a reading', () => {
    expect(codes('<testsuite><testcase name="a"/><testcase name="b"/><testcase name="c"/></testsuite>', tight)).toEqual(['LIMIT_REACHED The report lists more than 2 tests.']);
    expect(codes('<testsuite><testcase name="a"><failure/></testcase><testcase name="b"><error/></testcase></testsuite>', tight)).toEqual(['LIMIT_REACHED The report states more than 1 finding.']);
    expect(codes(`<testsuite>${' '.repeat(500)}</testsuite>`, tight)).toEqual(['LIMIT_REACHED The file is over 400 bytes.']);
  });
});
