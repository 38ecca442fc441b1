import { describe, expect, it } from 'vitest';
import { openDouble } from './github-double.ts';
import { pullEvent, pushEvent } from './github-events.ts';
import { runStep, type Step, type StepCall } from './github-step.ts';
import { commandsOf, inProgram, sinksOf } from './hostile-step.ts';
import { strangeCommands } from './runner-commands.ts';

const COMMANDS = [
  '::set-output name=outcome::pass', '::add-mask::failed', '::stop-commands::never-again', ' ::Add-Matcher::m.json', '\t::SAVE-STATE name=key::x', '::error file=a.ts,line=1::x', '::group::', '::echo::on',
  '::set-env name=PATH::/tmp', '::add-path::/tmp', '::debug::x', '::notice::x', '::endgroup::', 'a ##[add-mask]failed', '##[group]x', '##[set-output name=outcome]pass',
];
/** Each at the start of a line, by each way in which a line may start. */
const HOSTILE = ['\n', '\r', '\r\n', '\u2028', '\u0085', '\v', '\n\u00a0', '\n\u3000'].map((end) => `x${COMMANDS.join(end)}${end}${COMMANDS.join(end)}`).join('\n');
const ESCAPES = '\u001b[2J\u001b[1A\u001b[32mPASS\u001b[0m \u001b]8;;https://example.org\u0007go\u001b]8;;\u0007 \u009b31m\b';

function xml(text: string): string {
  return text.replace(/[&<>"\n\r\t]/g, (character) => `&#${character.charCodeAt(0)};`);
}

const REPORT = `<testsuites><testsuite name="${xml(HOSTILE)}"><testcase classname="${xml(HOSTILE)}" name="${xml(`${HOSTILE}${ESCAPES}`)}" file="${xml(HOSTILE)}">`
  + `<failure type="${xml(HOSTILE)}" message="${xml(HOSTILE)}">${xml(`${HOSTILE}${ESCAPES}`)}</failure><system-out>${xml(HOSTILE)}</system-out></testcase></testsuite></testsuites>`;
const LINT = JSON.stringify([{ filePath: `src/${HOSTILE}.ts`, messages: [{ ruleId: HOSTILE, severity: 2, message: HOSTILE, line: 1, column: 1 }, { ruleId: null, severity: 2, message: `${HOSTILE}${ESCAPES}`, fatal: true, line: 1, column: 1 }] }]);
const FILES = {
  'out/junit.xml': REPORT, 'out/eslint.json': LINT, 'out/tsc.txt': COMMANDS.map((command) => `src/a.ts(1,1): error TS2322: ${command}\n${command}\n`).join(''),
  'out/notes.md': `# Notes\n\n## Key findings\n\n${COMMANDS.map((command) => `- ${command}\n\n    ${command}\n`).join('')}`,
  'out/cut ::set-output name=a::b.xml': '<testsuite', 'out/bad\n::error::x.json': '[', 'docs/AUDIT_RUN_LOG.md': COMMANDS.map((command) => `${command}\n## RUN-001 - ${command}\n- ${command}: ${command}\n`).join('\n'),
};
const INPUTS = {
  reports: 'test: out/junit.xml\nlint: out/eslint.json\ntypes[tsc]: out/tsc.txt\ncut: out/cut*.xml\nbad: out/bad*\nnone: out/::notice::x.xml', notes: 'out/notes.md\n::error::none.md', scope: COMMANDS.join('\n'),
  outcomes: 'x: failure',
};

/** A pull request whose branch and files are named like commands. */
async function aPull(call: Partial<StepCall> = {}): Promise<Step & Readonly<{ all: Readonly<Record<string, string>> }>> {
  const double = await openDouble();
  await double.push('main', { 'README.md': '# Shop\n' });
  await double.push('work', { 'a::set-output name=outcome::pass': 'x\n', '::error::x': 'x\n', '##[group]x.ts': 'x\n' }, { from: 'refs/heads/main' });
  const pull = await double.openPull({ head: 'work', base: 'main' });
  const step = await runStep({ double, event: pullEvent(double, pull), files: FILES, inputs: INPUTS, actor: '::error::octo', ...call });
  return { ...step, all: await sinksOf({ step, double, commit: pull.headSha, pull: pull.number }) };
}

async function aPush(call: Partial<StepCall>): Promise<Step> {
  const double = await openDouble();
  const sha = await double.push('main', { 'README.md': '# Shop\n' });
  return runStep({ double, event: pushEvent(double, { sha }), ...call });
}

describe('commands in data', () => {
  it('SEC-01, SEC-02, SEC-04: are text on both streams, wherever they stand', async () => {
    const step = await aPull();
    expect(step.out).toContain('recorded as RUN-001');
    expect(step.outputs).toMatchObject({ outcome: 'failed', recorded: 'true' });
    expect(strangeCommands(step.out + step.err)).toEqual([]);
    expect(commandsOf(step)).toEqual(['error']);
  });

  it('SEC-06: holds terminal escapes in no place raw', async () => {
    const { all } = await aPull();
    for (const kind of ['comment', 'check run', 'log branch', 'summary', 'file']) expect(Object.keys(all).some((name) => name.startsWith(kind)), kind).toBe(true);
    // Of data for programs the form decides: JSON escapes what a terminal has always obeyed.
    const raw = (name: string): RegExp => (name.endsWith('.json') ? /[\u0000-\u0008\u000b-\u001f]/ : /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028]/);
    expect(Object.entries(all).filter(([name, text]) => raw(name).test(text)).map(([name]) => name)).toEqual([]);
  });

  it('SEC-03: leave our own annotation of an error alive, and nothing else', async () => {
    for (const inputs of [{ ...INPUTS, config: `none\n${HOSTILE}.yml` }, { ...INPUTS, [`::stop-commands::x\n${HOSTILE}`.slice(0, 60)]: 'x' }, { ...INPUTS, mode: HOSTILE }]) {
      const step = await aPull({ inputs });
      expect(step.status).toBe(1);
      expect(commandsOf(step)).toEqual(['error']);
      expect(step.outputs['outcome']).toBe('failed');
    }
  });

  it('are text where a log is checked', async () => {
    const step = await aPush({ files: FILES, inputs: { command: 'check' } });
    expect(step.status).toBe(1);
    expect(step.out).toContain('duplicate-id');
    expect(strangeCommands(step.out + step.err)).toEqual([]);
  });

  it('are text in the configuration', async () => {
    const double = await openDouble();
    const sha = await double.push('main', { '.github/audit-run-log.yml': `%FOO ::error::x\n---\n? [a, "::error::x"]\n: "##[group]x"\n"::set-output name=outcome::pass": 1\nname: "a\\n::error::b"\n` });
    const step = await runStep({ double, event: pushEvent(double, { sha }), inputs: { outcomes: 'test: success' } });
    expect(step.status).toBe(1);
    expect(commandsOf(step)).toEqual(['error']);
    expect(step.err).toContain('CONFIG_');
  });
});

describe('what escapes everything else', () => {
  const message = JSON.stringify(`x${HOSTILE}${ESCAPES}`);
  const escapes: Readonly<Record<string, string>> = {
    'an uncaught error': `throw new Error(${message})`,
    'a rejection that nobody handles': `void Promise.reject(new Error(${message}))`,
    'something that is no error': `throw ${message}`,
    'something that cannot be a text': 'throw Object.create(null)',
  };

  for (const [what, code] of Object.entries(escapes)) {
    it(`SEC-01: is encoded and fails the step: ${what}`, async () => {
      const step = await aPush({ inputs: { outcomes: 'test: success' }, env: { NODE_OPTIONS: inProgram(code) } });
      expect(step.status).toBe(1);
      expect(step.outputs['outcome']).toBe('failed');
      expect(step.err).toContain('UNEXPECTED');
      expect(commandsOf(step)).toEqual(['error']);
      expect(step.out + step.err + step.summary).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028]/);
    });
  }

  it('SEC-01: encodes the warnings of Node and of libraries, and goes on', async () => {
    const step = await aPush({ inputs: { outcomes: 'test: success' }, env: { NODE_OPTIONS: inProgram(`process.emitWarning(${message}, 'ExperimentalWarning'); process.emitWarning(${message}, { type: 'DeprecationWarning', code: 'DEP0' })`) } });
    expect(step.status).toBe(0);
    expect(step.outputs['outcome']).toBe('pass-with-known-gaps');
    expect(step.err).toContain('ExperimentalWarning: x');
    expect(commandsOf(step)).toEqual([]);
  });

  it('does not let an outcome stand that was written before the error', async () => {
    const late = 'setInterval(() => { if (process.exitCode !== undefined) throw new Error("late"); }, 0)';
    const step = await aPush({ inputs: { outcomes: 'test: success' }, env: { NODE_OPTIONS: inProgram(late) } });
    expect({ status: step.status, outcome: step.outputs['outcome'], recorded: step.outputs['recorded'] }).toEqual({ status: 1, outcome: 'failed', recorded: 'true' });
  });
});

describe('tests of commands', () => {
  it('name what a runner obeys', () => {
    expect(commandsOf({ out: COMMANDS.filter((command) => !command.includes('stop-commands')).join('\n'), err: '' })).toHaveLength(COMMANDS.length - 1);
  });
});
