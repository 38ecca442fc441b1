/** The inputs of the benchmark, the same bytes on every machine: one seeded generator for each file, no clock, no environment. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const WORDS = ['queue', 'worker', 'invoice', 'cart', 'mail', 'token', 'page', 'index', 'cache', 'record', 'limit', 'retry', 'order', 'stream', 'lock', 'report'];

/** Mulberry32, by Tommy Ettinger (public domain). */
function random(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit) => Math.floor(next() * limit);
  return { below, word: () => WORDS[below(WORDS.length)], hex: (digits) => Array.from({ length: digits }, () => below(16).toString(16)).join('') };
}

/** A JUnit report in suites of 25: of a hundred tests one fails with a stack and two are skipped. */
export function junitReport(tests) {
  const { below, word } = random(tests);
  const suites = [];
  for (let from = 0; from < tests; from += 25) {
    const name = `src.${word()}.${word()}${from / 25}`;
    const cases = Array.from({ length: Math.min(25, tests - from) }, (_, at) => {
      const open = `    <testcase classname="${name}" name="${word()} ${word()}s the ${word()} (${from + at})" time="0.${100 + below(800)}" file="${name.replaceAll('.', '/')}.test.ts"`;
      const kind = below(100);
      if (kind === 0) return `${open}>\n      <failure message="expected ${below(9)} to be 10" type="AssertionError">${'    at run (src/runner.ts:10:5)\n'.repeat(12)}</failure>\n    </testcase>`;
      return kind < 3 ? `${open}><skipped message="later"/></testcase>` : `${open}/>`;
    });
    suites.push(`  <testsuite name="${name}" time="1.5">\n${cases.join('\n')}\n  </testsuite>`);
  }
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="bench">\n${suites.join('\n')}\n</testsuites>\n`;
}

/** As `junitReport`, with no failing test. */
export function passingReport(tests) {
  return junitReport(tests).replaceAll(/>\n *<failure[^<]*<\/failure>\n *<\/testcase>/g, '/>');
}

/** Sources with ten findings each, and the ESLint report that names them by paths below `root`. */
export function lintProject(findings, root) {
  const { below, word } = random(findings);
  const sources = new Map();
  const results = [];
  for (let file = 0; file * 10 < findings; file += 1) {
    const path = `src/${word()}/${word()}${file}.js`;
    const lines = Array.from({ length: 60 }, (_, at) => `const ${word()}${at} = ${word()}(${below(1_000)}, '${word()}');`);
    const messages = Array.from({ length: Math.min(10, findings - file * 10) }, (_, at) => ({
      ruleId: `no-${WORDS[at]}`, severity: 1 + (at % 2), message: `'${word()}' is assigned a value but never used.`, line: 1 + at * 6, column: 7, endLine: 1 + at * 6, endColumn: 12,
    }));
    sources.set(path, `${lines.join('\n')}\n`);
    results.push({ filePath: join(root, path), messages, suppressedMessages: [], errorCount: 5, fatalErrorCount: 0, warningCount: 5, fixableErrorCount: 0, fixableWarningCount: 0, usedDeprecatedRules: [] });
  }
  return { sources, report: JSON.stringify(results) };
}

/** A run log with index, entries of about 2 KB, oldest first, and a template. */
export function runLog(entries) {
  const { below, word, hex } = random(entries);
  const runs = Array.from({ length: entries }, (_, at) => ({
    id: `RUN-${String(at + 1).padStart(3, '0')}`, end: new Date(Date.UTC(2025, 0, 1) + at * 5_400_000).toISOString().replace('.000', ''), sha: hex(40), outcome: ['pass', 'pass-with-known-gaps', 'failed'][below(3)],
  }));
  const rows = runs.map(({ id, end, sha, outcome }) => `| ${id} | ${end} | ${end} | main | ${sha} | audit-only | ${outcome} | docs/ |`);
  const entry = ({ id, end, sha, outcome }) => [
    `## ${id} - ${end}`, '- Branch: `main`', `- Commit SHA: \`${sha}\``, '- Operator: ci', '- Mode: `audit-only`', '- Scope:',
    ...Array.from({ length: 3 }, () => `  - ${word()} ${word()} \`${word()}\` of the ${word()}.`), `- Outcome: \`${outcome}\``, '- Key findings (1-5):',
    ...Array.from({ length: 5 }, () => `  - ${word()}_${word()} loses the *${word()}*; see [report](docs/reports/R_${below(999)}.md) about the ${word()} of the ${word()} ${word()}.`), '- Artifacts:',
    ...Array.from({ length: 4 }, () => `  - \`docs/AUDIT_${word().toUpperCase()}_${end.slice(0, 10)}.md\``), '- Change summary:', '  - files touched:',
    ...Array.from({ length: 14 }, () => `    - \`packages/${word()}/src/${word()}/${word()}.service.ts\``), '  - db/migration notes:', '    - No migration in this run.', '- Verification summary:', '  - tests:',
    ...Array.from({ length: 2 }, () => `    - \`npm test -- ${word()}\` -> \`${below(90)} passed, ${below(3)} skipped\`.`), '- Follow-ups:', '  - owner + due date:', `    - \`${word()}\` pin: **Owner:** ${word()} team, **Due:** ${end.slice(0, 10)}.`, '',
  ].join('\n');
  return `# Bench Run Log\n\n## Run Index\n\n| Run ID | UTC Start | UTC End | Branch | Commit SHA | Mode | Outcome | Artifacts Root |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n${rows.join('\n')}\n\n${runs.map((run) => entry(run)).join('\n')}`;
}

export function writeFile(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
