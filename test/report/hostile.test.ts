import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, JSON_BYTES, type ParsedReport } from '../../src/report/format.ts';
import { eslint } from '../../src/report/eslint.ts';
import { contentKind, detectFormat } from '../../src/report/index.ts';
import { junit } from '../../src/report/junit.ts';
import { read } from './reading.ts';

const codes = (parsed: ParsedReport): string[] => parsed.problems.map(({ code }) => code);
const fatalCodes = (parsed: ParsedReport): string[] => parsed.problems.flatMap(({ code, fatal }) => (fatal ? [code] : []));
const counts = ({ counts: { tests, failures, errors, skipped } }: ParsedReport): string => `${tests}/${failures}/${errors}/${skipped}`;

/** Never a pass, nothing closed, and the reason told. */
function expectRefused(parsed: ParsedReport, code: string): void {
  expect(parsed.outcome).toBe('unknown');
  expect(fatalCodes(parsed)).toEqual([code]);
  expect(parsed.covered).toEqual([]);
}

/** A large input without ever holding it whole. */
function readRepeated(parts: Readonly<{ before: string; unit: string; times: number; after: string }>): ParsedReport {
  const reader = junit.open(DEFAULT_LIMITS);
  const perPiece = Math.ceil(60_000 / parts.unit.length);
  const piece = Buffer.from(parts.unit.repeat(perPiece));
  reader.write(Buffer.from(parts.before));
  for (let left = parts.times; left > 0; left -= perPiece) reader.write(left >= perPiece ? piece : Buffer.from(parts.unit.repeat(left)));
  reader.write(Buffer.from(parts.after));
  return reader.end();
}

describe('document types', () => {
  it('SEC-25: refuses nested entities without expanding them', () => {
    const levels = Array.from({ length: 10 }, (_, at) => `<!ENTITY e${at + 1} "${`&e${at};`.repeat(10)}">`).join('');
    const parsed = read(junit, `<!DOCTYPE testsuite [<!ENTITY e0 "ha">${levels}]><testsuite><testcase name="&e10;"/></testsuite>`);
    expectRefused(parsed, 'DTD_REFUSED');
    expect(parsed.counts.tests).toBe(0);
  });

  it('SEC-26: refuses one large entity used often, and a row of document types', () => {
    const entity = `<!DOCTYPE a [<!ENTITY a "${'z'.repeat(50_000)}">]>`;
    expectRefused(readRepeated({ before: `${entity}<testsuite><testcase name="`, unit: '&a;', times: 50_000, after: '"/></testsuite>' }), 'DTD_REFUSED');
    expectRefused(read(junit, '<!DOCTYPE a><!DOCTYPE b><!DOCTYPE c><testsuite/>'), 'DTD_REFUSED');
  });

  it('SEC-27: refuses external ids and external entities, and shows nothing of them', () => {
    for (const type of ['<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd">', '<!DOCTYPE a PUBLIC "-//x" "file:///nowhere">', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///nowhere"> %x;]>']) {
      const parsed = read(junit, `${type}<testsuite><testcase name="&x;">&x;</testcase></testsuite>`);
      expectRefused(parsed, 'DTD_REFUSED');
      expect(JSON.stringify(parsed)).not.toMatch(/nowhere|127\.0\.0\.1/);
      expect(detectFormat(`${type}<testsuite/>`)?.id).toBe('junit');
    }
  });

  it('lets a bare document type through', () => {
    expect(read(junit, '<!DOCTYPE testsuite ><testsuite><testcase name="a"/></testsuite>').outcome).toBe('passed');
  });
});

describe('sizes', { timeout: 120_000 }, () => {
  it('SEC-28: keeps the beginning of four million references and counts the rest', () => {
    const parsed = readRepeated({ before: '<testsuite><testcase name="t"><failure>', unit: '&#66;', times: 4_000_000, after: '</failure></testcase></testsuite>' });
    expect(counts(parsed)).toBe('1/1/0/0');
    expect(parsed.findings[0]?.detail).toBe('B'.repeat(DEFAULT_LIMITS.text));
    expect(parsed.problems).toEqual([expect.objectContaining({ code: 'TEXT_CUT', fatal: false, message: expect.stringContaining(' 3,934,464 characters left out') })]);
  });

  it('SEC-29: refuses 200,000 nested elements at the depth cap', () => {
    expectRefused(readRepeated({ before: '', unit: '<testsuite>', times: 200_000, after: '</testsuite>'.repeat(200_000) }), 'LIMIT_REACHED');
  });

  it('reads elements nested as deep as the cap allows', () => {
    const { depth } = DEFAULT_LIMITS;
    const nested = (levels: number): ParsedReport => read(junit, `${'<testsuite>'.repeat(levels)}<testcase name="a"/>${'</testsuite>'.repeat(levels)}`);
    expect(nested(depth - 1).outcome).toBe('passed');
    expect(nested(depth).outcome).toBe('unknown');
  });

  it('SEC-30: refuses 500,000 attributes on one element', () => {
    const attributes = Array.from({ length: 500_000 }, (_, at) => ` a${at}="1"`).join('');
    expectRefused(read(junit, `<testsuite><testcase${attributes} name="t"/></testsuite>`), 'LIMIT_REACHED');
  });

  it('SEC-31: cuts a 20 MB test name and tells two of them apart by their hash, whatever the pieces', () => {
    const name = (unit: string, last: string): ParsedReport => readRepeated({ before: '<testsuite><testcase name="', unit, times: 20_000_000 / unit.length, after: `${last}"/></testsuite>` });
    const [a] = name('x', 'a').covered;
    expect(name('xxxx', 'a').covered).toEqual([a]);
    expect(name('x', 'b').covered).not.toEqual([a]);
    expect(a).toMatch(/^x{65536}… \(sha256 [0-9a-f]{64} of all 20000001 characters\)$/);
    expect(codes(name('x', 'a'))).toEqual(['TEXT_CUT']);
  });

  it('refuses a 20 MB element name, and reads past 20 MB of white space', () => {
    expectRefused(readRepeated({ before: '<testsuite><', unit: 'x', times: 20_000_000, after: '/></testsuite>' }), 'LIMIT_REACHED');
    expect(readRepeated({ before: '<testsuite', unit: ' ', times: 20_000_000, after: '><testcase name="a"/></testsuite>' }).outcome).toBe('passed');
  });

  it('SEC-40: refuses 100,000 nested arrays before they are parsed', () => {
    expectRefused(read(eslint, `${'['.repeat(100_000)}${']'.repeat(100_000)}`), 'LIMIT_REACHED');
  });

  it('SEC-42: refuses JSON over the size cap without holding it', () => {
    const reader = eslint.open(DEFAULT_LIMITS);
    const piece = Buffer.alloc(1_000_000, 'x');
    reader.write(Buffer.from('["'));
    for (let written = 0; written < 2 * JSON_BYTES; written += piece.length) reader.write(piece);
    expectRefused(reader.end(), 'LIMIT_REACHED');
  });
});

describe('characters and encodings', () => {
  it('SEC-32: keeps all results of a report with forbidden characters, replaced and counted', () => {
    const parsed = read(junit, '<testsuite><testcase name="a\u0000b"/><testcase name="c\u001b[1m"><failure>d\u0007 &#0; &#x1B; &#xFFFE; &#xD800; &#1114112; \uffff</failure></testcase></testsuite>');
    expect(counts(parsed)).toBe('2/1/0/0');
    expect(parsed.outcome).toBe('failed');
    expect(parsed.covered).toEqual(['a\ufffdb']);
    expect(parsed.findings[0]).toMatchObject({ test: 'c\ufffd[1m', detail: 'd\ufffd \ufffd \ufffd \ufffd \ufffd \ufffd \ufffd' });
    expect(parsed.problems).toEqual([{ code: 'BAD_CHARS', fatal: false, message: '9 characters forbidden in XML: replaced by U+FFFD.' }]);
  });

  it('SEC-32: keeps a reference to a forbidden character as it is where it is no reference', () => {
    expect(read(junit, '<testsuite><testcase name="t"><failure><![CDATA[a &#0; b]]></failure></testcase></testsuite>').findings[0]?.detail).toBe('a &#0; b');
  });

  const report = '<testsuite name="s"><testcase name="prüfe €"/></testsuite>';
  it.each([
    ['UTF-16LE with its mark', Buffer.from(`\ufeff${report}`, 'utf16le')],
    ['UTF-16BE with its mark', Buffer.from(`\ufeff<?xml version="1.0" encoding="UTF-16"?>${report}`, 'utf16le').swap16()],
    ['UTF-8 with its mark', Buffer.from(`\ufeff<?xml version='1.0' encoding='utf-8'?>${report}`)],
    ['Windows-1252', Buffer.from(`<?xml version="1.0" encoding="windows-1252"?>${report.replace('€', '\u0080')}`, 'latin1')],
    ['ISO-8859-1 with a reference', Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${report.replace('€', '&#8364;')}`, 'latin1')],
  ])('SEC-34: reads %s', (_name, bytes) => {
    const parsed = read(junit, bytes);
    expect(parsed).toMatchObject({ outcome: 'passed', covered: ['s > prüfe €'], problems: [] });
    expect(read(junit, bytes, 1)).toEqual(parsed);
  });

  it.each([
    ['UTF-7', Buffer.from(`<?xml version="1.0" encoding="UTF-7"?>${report}`)],
    ['utf-16', Buffer.from(`<?xml version="1.0" encoding="utf-16"?>${report}`)],
    ['utf-8', Buffer.from(`\ufeff<?xml version="1.0" encoding="utf-8"?>${report}`, 'utf16le')],
    ['latin1', Buffer.from(`\ufeff<?xml version="1.0" encoding="latin1"?>${report}`)],
    ['EUC-JP', Buffer.from(`<?xml version="1.0" encoding="EUC-JP"?>${report}`)],
    ['UTF-32', Buffer.concat([Buffer.from([0xff, 0xfe, 0, 0]), Buffer.from(report)])],
    ['UTF-16', Buffer.from(report, 'utf16le')],
  ])('SEC-34: refuses by name what is %s or only says so', (name, bytes) => {
    const parsed = read(junit, bytes);
    expectRefused(parsed, 'BAD_ENCODING');
    expect(parsed.problems[0]?.message).toContain(name);
    expect(read(junit, bytes, 1)).toEqual(parsed);
  });

  it('SEC-80: replaces and counts bytes that are not UTF-8, and leaves U+FFFD that the file itself holds', () => {
    const bytes = Buffer.concat([Buffer.from('<testsuite><testcase name="'), Buffer.from('c0afeda080f888808080', 'hex'), Buffer.from(' \ufffd"/></testsuite>')]);
    const parsed = read(junit, bytes);
    expect(parsed.covered).toEqual([`${'\ufffd'.repeat(10)} \ufffd`]);
    expect(parsed.problems).toEqual([{ code: 'BAD_BYTES', fatal: false, message: '10 byte sequences not valid in the encoding: replaced by U+FFFD.' }]);
    expect(read(junit, bytes, 1)).toEqual(parsed);
  });

  it('SEC-78: takes composed and decomposed names, and names that differ in blanks only, as one identity', () => {
    const names = ['na\u00efve run', 'nai\u0308ve run', 'na\u00efve\u00a0run', ' na\u00efve  run\n'];
    const identities = names.map((name) => read(junit, `<testsuite><testcase name="${name}"/></testsuite>`).covered);
    expect(identities).toEqual(names.map(() => ['na\u00efve run']));
    const together = read(junit, `<testsuite>${names.map((name) => `<testcase name="${name}"><failure/></testcase>`).join('')}</testsuite>`);
    expect(together.findings.map(({ test }) => test)).toEqual(['na\u00efve run', 'na\u00efve run [2]', 'na\u00efve run [3]', 'na\u00efve run [4]']);
  });
});

describe('reports that lie or are not whole', () => {
  const whole = '<testsuite tests="3"><testcase name="a"/><testcase name="b"><failure>boo</failure></testcase><testcase name="c"/></testsuite>';

  it('SEC-33: never takes a report that was cut anywhere for a whole one, and keeps the failures it saw', () => {
    for (let length = 1; length < whole.length; length += 1) {
      const parsed = read(junit, whole.slice(0, length));
      expectRefused(parsed, 'INCOMPLETE');
      expect(parsed.findings.length).toBe(length >= whole.indexOf('</testcase>') + '</testcase>'.length ? 1 : 0);
    }
    expect(read(junit, `${whole}\n`).outcome).toBe('failed');
  });

  it('SEC-33: ends at broken markup and names the place', () => {
    const broken: readonly (readonly [string, string])[] = [
      ['<testsuite>\n  <testcase name="a"></testsuite>', '2:22: `</testcase>` was expected.'],
      ['<testsuite name=a/>', '1:17: a quoted value was expected.'],
      ['<testsuite name="a" name="b"/>', '1:27: an attribute stands twice.'],
      ['<testsuite name="<"/>', '1:18: `<` stands in a value.'],
      ['<testsuite/><testsuite/>', '1:13: a second root element begins.'],
      ['<testsuite/>\nnpm error', '2:1: text stands behind the root element.'],
      ['<testsuite><system-out>]]></system-out></testsuite>', '1:24: `]]>` stands in a text.'],
      ['<testsuite><? ?></testsuite>', '1:14: a name was expected.'],
      [' <?xml version="1.0"?><testsuite/>', '1:7: an XML declaration stands behind the start.'],
    ];
    for (const [text, message] of broken) {
      const parsed = read(junit, text);
      expectRefused(parsed, 'MALFORMED');
      expect(parsed.problems[0]?.message).toBe(message);
      expect(read(junit, text, 1)).toEqual(parsed);
    }
  });

  it('SEC-33: ends at a fault, a cap or a failure in a row of tests that all look alike', () => {
    const row = (last: string, limits = DEFAULT_LIMITS): ParsedReport => read(junit, `<testsuite>\n${'<testcase name="a" time="1" status="run"/>\n'.repeat(5)}${last}</testsuite>`, undefined, limits);
    expect(row('').covered).toEqual(['a', 'a [2]', 'a [3]', 'a [4]', 'a [5]']);
    expect(row('<testcase name="a" time="1" status="run" time="1"/>').problems[0]?.message).toBe('7:48: an attribute stands twice.');
    expect(row('<testcase name="a" time="<" status="run"/>').problems[0]?.message).toBe('7:26: `<` stands in a value.');
    expect(row('<testcase name="a" time="1" status="failed"/>')).toMatchObject({ outcome: 'failed', counts: { tests: 6, passed: 5, failures: 1 } });
    expect(row('<testcase name="a" time="1" status="notrun"/>')).toMatchObject({ notAnalysed: ['a [6]'], counts: { tests: 6, passed: 5, skipped: 1 } });
    expect(row('<testcase name="a & b" time="&" status="run"/>').problems[0]?.message).toMatch(/^2 ampersands read as plain text/);
    expectRefused(row('', { ...DEFAULT_LIMITS, cases: 4 }), 'LIMIT_REACHED');
    const deeper = row('<testsuite><testcase name="a" time="1" status="run"/></testsuite>', { ...DEFAULT_LIMITS, depth: 2 });
    expectRefused(deeper, 'LIMIT_REACHED');
    expect(deeper.counts.tests).toBe(5);
  });

  it('names and counts tests in a row as it does single ones', () => {
    const row = '<testcase class="c" name="a" time="1"/>'.repeat(3);
    expect(read(junit, `<testsuite>${row}</testsuite>`).covered).toEqual(['c > a', 'c > a [2]', 'c > a [3]']);
    // Some tools count what lies directly in a suite only.
    expect(read(junit, `<testsuite tests="4">${row.replaceAll('class=', 'classname=')}<testsuite>${row}</testsuite></testsuite>`)).toMatchObject({ outcome: 'passed', counts: { tests: 6 }, problems: [] });
    expect(read(junit, `<testsuite><properties/><x>${row}</x></testsuite>`).counts.passed).toBe(3);
  });

  it('leaves out a test name that says the same as its suite with other dividers, also at the end', () => {
    for (const [suite, test] of [['a/b', 'a.b'], ['a/b/', 'a.b::'], ['a.', 'a\\']] as const) {
      expect(read(junit, `<testsuite name="${suite}"><testcase name="${test}"/></testsuite>`).covered).toEqual([suite]);
    }
    expect(read(junit, '<testsuite name="a.b"><testcase name="a..b"/></testsuite>').covered).toEqual(['a.b > a..b']);
  });

  it('SEC-35: takes prototype names as any other name and changes no object', () => {
    const xml = '<testsuite><__proto__><a>1</a></__proto__><constructor><prototype/></constructor><testcase __proto__="x" name="__proto__" constructor="y" toString="z"/><testcase classname="constructor" name="hasOwnProperty"><failure/></testcase></testsuite>';
    const parsed = read(junit, xml);
    expect(parsed).toMatchObject({ covered: ['__proto__'], findings: [{ test: 'constructor > hasOwnProperty' }], problems: [] });
    const json = '[{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"filePath":"a.js","messages":[{"__proto__":{"fatal":true},"ruleId":"__proto__","severity":2,"message":"m"}]}]';
    expect(read(eslint, json)).toMatchObject({ covered: ['a.js'], findings: [{ rule: '__proto__', severity: 'P2' }] });
    expect(fatalCodes(read(eslint, '[{"__proto__":{"filePath":"a.js","messages":[]}}]'))).toEqual(['MALFORMED']);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect('polluted' in {}).toBe(false);
  });

  it('SEC-36: counts what is listed, lets the worse decide, and tells that the totals differ', () => {
    const fewer = read(junit, '<testsuites tests="8" failures="0" errors="0"><testsuite tests="8" failures="0"><testcase name="a"><failure>x</failure></testcase></testsuite></testsuites>');
    expect(counts(fewer)).toBe('1/1/0/0');
    expect(fewer.findings).toHaveLength(1);
    expectRefused(fewer, 'COUNT_MISMATCH');
    const hidden = read(junit, '<testsuite tests="1" failures="0"><testcase name="a"><failure>x</failure></testcase></testsuite>');
    expect(hidden.outcome).toBe('failed');
    expect(codes(hidden)).toEqual(['COUNT_MISMATCH']);
    const stated = read(junit, '<testsuite tests="1" failures="1"><testcase name="a"/></testsuite>');
    expect(stated).toMatchObject({ outcome: 'failed', scope: 'unknown', counts: { passed: 1, failures: 0 } });
    expect(codes(stated)).toEqual(['COUNT_MISMATCH']);
  });

  it('takes no test for passed by name where the suite counts more skipped ones than it lists', () => {
    expect(read(junit, '<testsuite tests="2" skipped="1"><testcase name="a"/><testcase name="b"/></testsuite>')).toMatchObject({ scope: 'unknown', problems: [{ code: 'COUNT_MISMATCH' }] });
  });

  it('SEC-37: knows what is no report', () => {
    const others: readonly (readonly [string, string])[] = [['', 'an empty file'], ['  \n', 'a file of white space only'], ['<!DOCTYPE html><title>504</title>', 'an HTML page'], ['PK\u0003\u0004xx', 'a ZIP archive'], ['\u0089PNG\r\n', 'a PNG image']];
    for (const [head, kind] of others) {
      expect(contentKind(head)).toBe(kind);
      expect(detectFormat(head)).toBeUndefined();
      const parsed = read(junit, Buffer.from(head, 'latin1'));
      expectRefused(parsed, head === '' ? 'EMPTY_REPORT' : 'NOT_A_REPORT');
    }
    expectRefused(read(junit, '<coverage/>'), 'NOT_A_REPORT');
  });

  it('SEC-38: takes a report without a test for no evidence', () => {
    expectRefused(read(junit, '<testsuites tests="0"/>'), 'NO_TESTS');
    expectRefused(read(junit, '<testsuites><testsuite name="s" tests="0"/></testsuites>'), 'NO_TESTS');
  });

  it('SEC-39: reads split CDATA, instructions, comments, references and prefixes exactly', () => {
    const parsed = read(junit, '<?go on?><j:testsuite xmlns:j="urn:a" xmlns="urn:b"><j:testcase name="3 &gt; 2 &amp;amp; more"><j:failure>1<![CDATA[x]]]]><![CDATA[>y]]><!-- no --> 2</j:failure></j:testcase><?z?><testcase name="n"/></j:testsuite>');
    expect(counts(parsed)).toBe('2/1/0/0');
    expect(parsed.findings[0]).toMatchObject({ test: '3 > 2 &amp; more', detail: '1x]]>y 2' });
    expect(parsed.problems).toEqual([]);
  });

  it('SEC-41: counts the messages of ESLint, not its summary', () => {
    const parsed = read(eslint, '[{"filePath":"a.js","messages":[{"ruleId":"r","severity":2,"message":"m","line":1}],"errorCount":0,"errorCount":0,"warningCount":4}]');
    expect(parsed).toMatchObject({ outcome: 'failed', counts: { findings: 1 } });
  });

  it('SEC-81: trusts no total and no time that is not a plain number', () => {
    for (const value of ['1e309', 'NaN', '-3', '0x20', '1,000', '1.000,5', '\uff17', '9007199254740993', 'Infinity', '', '-0']) {
      const parsed = read(junit, `<testsuite tests="${value}" failures="${value}" errors="${value}" time="${value}"><testcase name="a" time="${value}"/></testsuite>`);
      expect(counts(parsed)).toBe('1/0/0/0');
      expect(parsed).toMatchObject({ outcome: 'passed', problems: [] });
      expect('durationSeconds' in parsed).toBe(value === '9007199254740993' ? false : Number.isFinite(parsed.durationSeconds ?? Number.NaN));
      expect(JSON.stringify(parsed)).not.toMatch(/NaN|Infinity/);
    }
    expect(read(junit, '<testsuite time="1.5e1"><testcase name="a"/></testsuite>').durationSeconds).toBe(15);
  });

  it('SEC-82: leaves the time of 10,000 endless suites unknown', () => {
    const parsed = read(junit, `<testsuites>${'<testsuite time="1.7e308"/>'.repeat(10_000)}<testsuite time="1"><testcase name="a"/></testsuite></testsuites>`);
    expect(parsed.outcome).toBe('passed');
    expect('durationSeconds' in parsed).toBe(false);
  });
});
