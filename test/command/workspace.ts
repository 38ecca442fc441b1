/** A real git repository in a temporary folder, and the commands run in it with a world of the test's own. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArguments } from '../../src/cli.ts';
import { runCheck } from '../../src/command/check.ts';
import { runRecord } from '../../src/command/record.ts';
import type { World } from '../../src/host/world.ts';
import { parseInputs } from '../../src/inputs.ts';

export type Called = Readonly<{ status: number; out: string; err: string }>;

/** The parts of `record --json` that tests look at. */
export type RecordAnswer = Readonly<{
  outcome: string; reason: string; recorded: boolean; runId: string | null; recordPath: string | null; entry: string; comment: string; summary: string;
  tasks: readonly Readonly<{ name: string; outcome: string; counts: Readonly<Record<string, number>> }>[];
  findings: Readonly<{ opened: readonly KnownJson[]; closed: readonly (KnownJson & Readonly<{ evidence: string }>)[]; reopened: readonly KnownJson[]; adopted: number; persisting: number; unverified: readonly (KnownJson & Readonly<{ reason: string }>)[] }>;
  files: readonly Readonly<{ path: string; status: string; uncommitted: boolean }>[];
  problems: readonly Readonly<{ code: string; message: string }>[];
}>;
type KnownJson = Readonly<{ id: string; severity: string; rule: string; title: string; path?: string; line?: number }>;

export class Workspace {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'arl-command-')));
  #calls = 0;
  #shift = 0;
  #random = 0;

  constructor() {
    this.git('init', '-q', '-b', 'main');
    this.write('README.md', '# Shop\n');
    this.write('.gitignore', 'out/\n');
    this.commit('first');
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  git(...args: readonly string[]): string {
    const who = { GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@example.org', GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@example.org', GIT_AUTHOR_DATE: '2026-11-22T12:00:00Z', GIT_COMMITTER_DATE: '2026-11-22T12:00:00Z', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
    return execFileSync('git', [...args], { cwd: this.root, env: { ...process.env, ...who }, encoding: 'utf8' });
  }

  write(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), content);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  commit(message: string): void {
    this.git('add', '-A');
    this.git('commit', '-q', '--allow-empty', '-m', message);
  }

  /** The machine's clock is wrong by so many hours from now on. */
  turnClock(hours: number): void {
    this.#shift = hours;
  }

  async call(...argv: readonly string[]): Promise<Called> {
    const written = { out: '', err: '' };
    // Each call is an hour later than the one before.
    const now = new Date(Date.UTC(2026, 10, 22, 14, 7, 31) + 3_600_000 * (this.#calls + this.#shift));
    const world: World = {
      argv, env: process.env, cwd: this.root, user: 'octocat',
      now: () => now,
      clock: () => now.getTime(),
      secrets: [],
      randomHex: (bytes) => (this.#random += 1).toString(16).padStart(bytes * 2, '0'),
      out: (text) => { written.out += text; },
      err: (text) => { written.err += text; },
      annotate: () => {},
      watched: false, colours: 'plain', surface: 'terminal',
    };
    this.#calls += 1;
    const call = parseArguments(argv, (path) => this.read(path));
    if (call.verb === 'help' || call.verb === 'version') throw new Error('not a command');
    const inputs = parseInputs(call.raw, '--');
    const status = call.verb === 'record' ? await runRecord(inputs, world) : await runCheck(inputs, call.operands, world);
    return { status, ...written };
  }

  async record(...argv: readonly string[]): Promise<Readonly<{ status: number; answer: RecordAnswer }>> {
    const { status, out } = await this.call('record', '--json', ...argv);
    return { status, answer: JSON.parse(out) as RecordAnswer };
  }
}

/** `tests`: name → failure message, or null for one that passed. */
export function junit(tests: Readonly<Record<string, string | null>>): string {
  const cases = Object.entries(tests).map(([name, failure]) => `<testcase classname="cart" name="${name}">${failure === null ? '' : `<failure message="${failure}">at cart.test.ts:3</failure>`}</testcase>`);
  return `<testsuites><testsuite name="cart">${cases.join('')}</testsuite></testsuites>`;
}

export type LintMessage = Readonly<{ rule: string; line: number; message?: string; severity?: 1 | 2 }>;

/** What `eslint -f json` writes: every file linted, with or without messages. */
export function eslint(files: Readonly<Record<string, readonly LintMessage[]>>): string {
  return JSON.stringify(Object.entries(files).map(([filePath, messages]) => ({
    filePath,
    messages: messages.map(({ rule, line, message = 'not allowed', severity = 2 }) => ({ ruleId: rule, severity, message, line, column: 1 })),
    suppressedMessages: [],
    errorCount: messages.filter(({ severity = 2 }) => severity === 2).length,
    fatalErrorCount: 0,
    warningCount: messages.filter(({ severity = 2 }) => severity === 1).length,
    fixableErrorCount: 0,
    fixableWarningCount: 0,
    usedDeprecatedRules: [],
  })));
}
