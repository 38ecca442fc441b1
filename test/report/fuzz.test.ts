import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, type ParsedReport, type ReportFormat } from '../../src/report/format.ts';
import { detectFormat, REPORT_FORMATS } from '../../src/report/index.ts';
import { junit } from '../../src/report/junit.ts';
import { openProblems } from '../../src/report/problems.ts';
import { openXml } from '../../src/report/xml.ts';
import { read } from './reading.ts';

/** Inputs for each tokenizer (CI size). */
const RUNS = 20_000;
/** Milliseconds; a busy machine takes several times as long as an idle one. */
const TIMEOUT = 120_000;

/** What each format is made of, so that random sequences come near to real ones. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  junit: ['<testsuite>', '<testsuite name="s" tests="1" failures="0">', '</testsuite>', '<testcase name="a"/>', '<testcase name="b" classname="c">', '<testcase classname="c" name="d &gt; e" time="0.1"/>', '<testcase classname="c" name="d" time="2"/>', '</testcase>', '<failure message="m">', '</failure>', '<error/>', '<skipped/>', '<flakyFailure>', '</flakyFailure>', '<![CDATA[', ']]>', '<!--', '-->', '<?x ', '?>', '<?xml version="1.0" encoding="utf-8"?>', '<!DOCTYPE a>', '<!DOCTYPE a [', '&amp;', '&#65;', '&#0;', '&', ';', '"', '\'', '<', '>', '/', '=', ' ', '\r', '\n', ']', '-', 'text', '\u0000', 'é', '😀', '\ufeff'],
  eslint: ['[', ']', '{', '}', ',', ':', '"', '\\', '"filePath":"a.js"', '"messages":[]', '"messages":[', '{"ruleId":"r","severity":2,"message":"m"}', '{"severity":1,"message":"m"}', 'null', '1', 'true', ' ', '"results":', '{"filePath":"b.js","messages":[]}', '😀'],
  oxlint: ['{', '}', '[', ']', ',', '"diagnostics":', '"number_of_files":', '1', '0', '{"message":"m","severity":"error","filename":"a"}', '{"message":"m","code":"c","severity":"warning"}', '"', '\\', ' '],
  sarif: ['{', '}', '[', ']', ',', ':', '"', '\\', 'null', '1', ' ', '\n', '"results":[', '"ruleId":"r"', '"message":{"text":"m {0}"}', '{"ruleId":"r","level":"error"}', '"kind":"pass"', '"suppressions":[{"kind":"inSource"}]', '"suppressions":[1]', '"level":"none"', '"automationDetails":{"id":"a/\\nb/"}', '"message":{"id":"m","arguments":["x"]}', '"invocations":[{"executionSuccessful":true,"toolExecutionNotifications":[{"message":{"text":"skipped"}}]}]', '"codeFlows":[', '"fixes":[1]', '"codeFlows":{', '"invocations":[{"executionSuccessful":true}]', '"invocations":[{"executionSuccessful":false}]', '"tool":{"driver":{"name":"t","rules":[{"id":"r"}]}}', '"locations":[{"physicalLocation":{"artifactLocation":{"uri":"a%20b"}}}]', '},{', '"version":"2.1.0"', '"runs":[', 'é', '😀'],
  tsc: ['a.ts(1,2): error TS2322: m', 'a.ts:1:2 - error TS1005: m', 'error TS18003: m', 'Found 2 errors.', 'Found 0 errors.', '\n', '\r\n', '  indented', '\u001b[7m1\u001b[0m x', 'text', 'FATAL ERROR: x', '> a@1 b', '(', ')', ':', ' - ', '1', '\u0000', 'é'],
};

const WRAPPED: Readonly<Record<string, readonly [string, string]>> = {
  junit: ['<testsuite><testcase name="t"><failure>', '</failure></testcase></testsuite>'], eslint: ['[{"filePath":"a.js","messages":[', ']}]'], oxlint: ['{"diagnostics":[', '],"number_of_files":1}'], tsc: ['a.ts(1,1): error TS1: m\n', '\n'],
  sarif: ['{"version":"2.1.0","runs":[{', '}]}'],
};

function inputOf(id: string): fc.Arbitrary<Buffer> {
  const parts = fc.array(fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...(PARTS[id] ?? ['x'])) }, { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 4 }) }), { maxLength: 14 }).map((list) => list.join(''));
  const [before, after] = WRAPPED[id] ?? ['', ''];
  const text = fc.tuple(parts, fc.boolean()).map(([inner, wrap]) => (wrap ? `${before}${inner}${after}` : inner));
  return fc.oneof(
    { weight: 8, arbitrary: text.map((one) => Buffer.from(one, 'utf8')) },
    { weight: 1, arbitrary: text.map((one) => Buffer.from(`\ufeff${one}`, 'utf16le')) },
    { weight: 1, arbitrary: fc.tuple(text, fc.uint8Array({ maxLength: 4 }), fc.nat(60)).map(([one, bytes, at]) => Buffer.concat([Buffer.from(one).subarray(0, at), bytes, Buffer.from(one).subarray(at)])) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 24 }).map((bytes) => Buffer.from(bytes)) },
  );
}

function expectHonest(parsed: ParsedReport): void {
  const isFatal = parsed.problems.some(({ fatal }) => fatal);
  if (isFatal && (parsed.outcome !== 'unknown' || parsed.covered.length > 0)) throw new Error('a broken report says something');
  const { tests, passed, failures, errors, skipped } = parsed.counts;
  if (!isFatal && parsed.outcome === 'passed' && tests > 0 && (failures + errors > 0 || passed + skipped !== tests)) throw new Error('a failure passed');
}

describe.each(REPORT_FORMATS)('$id', (format: ReportFormat) => {
  it('reads any bytes without throwing, the same in any pieces', () => {
    fc.assert(fc.property(inputOf(format.id), fc.integer({ min: 1, max: 9 }), (bytes, size) => {
      const whole = read(format, bytes);
      expectHonest(whole);
      expect(JSON.stringify(read(format, bytes, size), null, 1)).toBe(JSON.stringify(whole, null, 1));
      detectFormat(bytes.toString('latin1'));
    }), { numRuns: RUNS });
  }, TIMEOUT);
});

describe('tests that follow one another', () => {
  const values = fc.constantFrom('a', 'b', 'a.b', 'a/b', ' a  b ', '', '&amp;', '&#65; & b', 'é', 'nai\u0308ve', '☃', 'x\ty', 'run', 'passed', 'completed', 'failed', 'notrun', 'a long name of a test', 'x=" y', '<', '>');
  const names = ['name', 'classname', 'class', 'time', 'file', 'line', 'status', 'result', 'timestamp', 'other'];
  const form = fc.shuffledSubarray(names, { minLength: 1 });
  const end = fc.constantFrom('/>', '/>', '/>', ' />', '></testcase>', '><failure>f</failure></testcase>', '><skipped/>\n</testcase>');
  const layout = fc.constantFrom('', '\n  ', ' ', '\r\n\t', 'text', '<x/>');
  /** One attribute may stand twice, or in single quotes. */
  const testcase = (orders: readonly (readonly string[])[]): fc.Arbitrary<string> => fc.tuple(
    fc.constantFrom(...orders), fc.array(values, { minLength: names.length, maxLength: names.length }), fc.constantFrom('"', '"', '"', '"', '"', '\''), layout, end, fc.nat(60),
  ).map(([order, texts, quote, before, after, twice]) => {
    const attributes = order.map((name, at) => ` ${name}=${quote}${texts[at] ?? ''}${quote}`);
    return `${before}<testcase${[...attributes, ...attributes.slice(twice, twice + 1)].join('')}${after}`;
  });
  const report = fc.array(form, { minLength: 1, maxLength: 3 })
    .chain((orders) => fc.array(fc.array(testcase(orders), { maxLength: 8 }), { maxLength: 3 }))
    .map((suites) => `<testsuites>${suites.map((cases) => `<testsuite name="s">${cases.join('')}</testsuite>`).join('\n')}</testsuites>`);
  const limits = fc.constantFrom(DEFAULT_LIMITS, { ...DEFAULT_LIMITS, cases: 4 }, { ...DEFAULT_LIMITS, attributes: 3 }, { ...DEFAULT_LIMITS, text: 12 }, { ...DEFAULT_LIMITS, depth: 2 });

  it('are read at once as they are read byte by byte', () => {
    let passed = 0;
    fc.assert(fc.property(report, limits, (text, caps) => {
      const whole = read(junit, text, undefined, caps);
      passed = Math.max(passed, whole.covered.length);
      expect(JSON.stringify(whole, null, 1)).toBe(JSON.stringify(read(junit, text, 1, caps), null, 1));
    }), { numRuns: RUNS / 4 });
    expect(passed).toBeGreaterThan(4);
  }, TIMEOUT);
});

type Events = readonly string[] | 'refused';

/** What saxes makes of a text: an independent strict reader. */
function bySaxes(text: string): Events {
  const events: string[] = [];
  const parser = new SaxesParser({ position: false });
  let failed = false;
  parser.on('error', () => {
    failed = true;
  });
  parser.on('opentag', ({ name, attributes }) => events.push(`<${name} ${JSON.stringify(Object.entries(attributes))}`));
  parser.on('closetag', ({ name }) => events.push(`</${name}`));
  const addText = (piece: string): void => {
    const last = events.at(-1);
    if (last?.startsWith('"') === true) events[events.length - 1] = last + piece;
    else if (piece !== '' && events.length > 0) events.push(`"${piece}`);
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(text).close();
  return failed ? 'refused' : withoutOuterText(events);
}

/** White space behind the root is text for saxes and nothing for us. */
function withoutOuterText(events: readonly string[]): readonly string[] {
  return events.at(-1)?.startsWith('"') === true ? events.slice(0, -1) : events;
}

function byUs(text: string): Events {
  const events: string[] = [];
  const problems = openProblems();
  const reader = openXml({
    limits: DEFAULT_LIMITS, problems,
    handler: {
      open(name, attributes) {
        events.push(`<${name} ${JSON.stringify([...attributes])}`);
        return 'text';
      },
      close: (name) => void events.push(`</${name}`),
      text(piece) {
        const last = events.at(-1);
        if (last?.startsWith('"') === true) events[events.length - 1] = last + piece;
        else if (piece !== '') events.push(`"${piece}`);
      },
    },
  });
  reader.write(Buffer.from(text, 'utf8'));
  reader.end();
  return problems.stopped() ? 'refused' : events;
}

describe('the XML reader', () => {
  // Without what we recover and saxes refuses: forbidden characters, bare ampersands. And without a document type, which we refuse and saxes reads.
  const parts = ['<a>', '</a>', '<b x="1">', '</b>', '<b x=\'1\' y="2"/>', '<a', '>', '/>', ' x="', '"', '\'', '=', '<![CDATA[', ']]>', ']', '<!--', '-->', '-', '<?p ', '<?xml version="1.0"?>', '<?xml', '?>', '?', '&amp;', '&#65;', '&#x1F600;', '&quot;', 't', ' ', '\n', '\r\n', '\r', '\t', 'é', '😀', '.', ':', '1', '!', '/', '<'];
  const inner = fc.array(fc.constantFrom(...parts), { maxLength: 10 }).map((list) => list.join(''));
  const document = fc.tuple(inner, fc.boolean(), fc.constantFrom('', '<?xml version="1.0" encoding="UTF-8"?>\n')).map(([text, wrap, declaration]) => `${declaration}${wrap ? `<a>${text}</a>` : text}`);

  it('gives what saxes gives, and refuses what saxes refuses', () => {
    let accepted = 0;
    fc.assert(fc.property(document, (text) => {
      const ours = byUs(text);
      if (ours !== 'refused') accepted += 1;
      expect(ours).toEqual(bySaxes(text));
    }), { numRuns: RUNS });
    expect(accepted).toBeGreaterThan(RUNS / 20);
  }, TIMEOUT);
});
