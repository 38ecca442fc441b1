import { readdirSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../github/loopback.ts';
import { letters, TOKENS } from '../model/secret-samples.ts';
import { openDouble } from './github-double.ts';
import { pullEvent, pushEvent } from './github-events.ts';
import { runStep, type Step, type StepCall } from './github-step.ts';
import { inProgram, sinksOf } from './hostile-step.ts';
import { PROGRAM } from './program.ts';

const PASSWORD = 'correct horse "battery" stäple';
const ENVIRONMENT = { DB_PASSWORD: PASSWORD, DEPLOY_CREDENTIALS: JSON.stringify({ user: 'octo', clientSecret: 'q~8-staple-battery' }), SIGNING_KEY: `first line of it\nsecond line of it\n` };
const KEY = `-----BEGIN OPENSSH PRIVATE KEY-----\n${letters(64)}\n${letters(64)}\n-----END OPENSSH PRIVATE KEY-----`;
const SHAPED = [...Object.values(TOKENS), KEY, `https://octo:${letters(12)}@example.org/x`, `Authorization: Basic ${letters(24)}`];
const KNOWN = [PASSWORD, Buffer.from(PASSWORD).toString('base64'), Buffer.from(`octo:${PASSWORD}`).toString('base64'), encodeURIComponent(PASSWORD), JSON.stringify(PASSWORD), 'q~8-staple-battery', 'second line of it'];
/** Nothing of these may be anywhere. */
const REMAINS = [letters(8), 'aB3aB3', 'correct horse', 'stäple', 'staple-battery', 'line of it', Buffer.from(PASSWORD).toString('base64').slice(0, 12), Buffer.from(`octo:${PASSWORD}`).toString('base64').slice(8, 24), encodeURIComponent(PASSWORD).slice(0, 14)];

function xml(text: string): string {
  return text.replace(/[&<>"\n]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** `token`: of the job, which is a secret by what it is. */
function evidence(token: string): Readonly<{ files: Readonly<Record<string, string>>; inputs: Readonly<Record<string, string>> }> {
  const secrets = [token, ...SHAPED, ...KNOWN];
  const all = secrets.join('\n');
  const one = TOKENS['a personal token'] ?? '';
  const cases = secrets.map((secret, at) => {
    const name = xml(`case ${at} with ${secret}`);
    // The second one is cut in the middle of the secret, wherever that is.
    return `<testcase classname="${xml(`suite ${secret}`)}" name="${name}"><failure message="${xml(`${'x'.repeat(95)} ${secret} is wrong`)}">${xml(`stack\n${secret}\n${'y'.repeat(3_980)} ${secret}`)}</failure></testcase>`
      + `<testcase name="${xml(`passes with ${secret}`)}"/><testcase name="${xml(`skips ${secret}`)}"><skipped message="${xml(secret)}"/></testcase>`;
  });
  const message = (ruleId: string, text: string): unknown => ({ ruleId, severity: 2, message: text, line: 1, column: 1 });
  return {
    files: {
      'out/junit.xml': `<testsuites><testsuite name="${xml(`all ${one}`)}">${cases.join('')}<system-out>${xml(all)}</system-out><system-err>${xml(all)}</system-err></testsuite></testsuites>`,
      'out/eslint.json': JSON.stringify([{ filePath: `src/${one}.ts`, messages: secrets.flatMap((secret) => [message('no-secrets', `Found ${secret}.`), message(`rule/${secret}`, 'Unused.')]) }]),
      [`out/tsc ${one}.txt`]: secrets.map((secret) => `src/a.ts(1,1): error TS2322: Type '${secret.replaceAll('\n', ' ')}' is not assignable.\n`).join(''),
      [`out/cut ${one}.xml`]: `<testsuite name="${one}">`,
      'out/notes.md': `# Notes\n\n## Key findings\n\n${secrets.map((secret) => `- found \`${secret.replaceAll('\n', ' ')}\`\n`).join('')}\n## Follow-ups\n\n- rotate ${one}\n`,
      '.git/config': `[http]\n\textraheader = AUTHORIZATION: basic ${letters(40)}\n`, '.npmrc': `//registry.example.org/:_authToken=npm_${letters(36)}\n`, '.env': `TOKEN=${letters(30)}\n`,
    },
    inputs: { reports: 'test: out/junit.xml\nlint: out/eslint.json\ntypes[tsc]: out/tsc*.txt\ncut: out/cut*.xml', notes: 'out/notes.md', scope: all, operator: `octo ${one}`, 'output-dir': 'shown' },
  };
}

const TEXT = { 'README.md': '# Shop\n' };
/** The commands of its steps are shown. */
const WORKFLOW = `on: push\njobs:\n  audit:\n    runs-on: ubuntu-latest\n    steps:\n      - name: test\n        run: 'curl -H "Authorization: Bearer ${letters(40)}" https://octo:${letters(12)}@example.org/x'\n      - uses: octo/audit-run-log@v1\n`;

async function secretPull(call: Partial<StepCall> = {}): Promise<Readonly<{ step: Step; sinks: Readonly<Record<string, string>> }>> {
  const double = await openDouble();
  const one = TOKENS['a personal token'] ?? '';
  const head = `fix-${one}`;
  await double.push('main', { ...TEXT, '.github/workflows/audit.yml': WORKFLOW });
  await double.push(head, { [`src/${one}.ts`]: 'let x = 1\n' }, { from: 'refs/heads/main' });
  const pull = await double.openPull({ head, base: 'main' });
  const token = double.token();
  const step = await runStep({ double, event: pullEvent(double, pull, { head }), token, ...evidence(token), env: ENVIRONMENT, ...call });
  return { step, sinks: await sinksOf({ step, double, commit: pull.headSha, pull: pull.number }) };
}

async function secretPush(call: Partial<StepCall> = {}): Promise<Readonly<{ step: Step; sinks: Readonly<Record<string, string>>; token: string }>> {
  const double = await openDouble();
  const sha = await double.push('main', { ...TEXT, '.github/workflows/audit.yml': WORKFLOW });
  const token = call.token ?? double.token();
  const step = await runStep({ double, event: pushEvent(double, { sha }), ...evidence(token), env: ENVIRONMENT, ...call, token });
  return { step, token, sinks: await sinksOf({ step, double, commit: sha }) };
}

/** `sink: what is left`, for each. */
function leaks(sinks: Readonly<Record<string, string>>, more: readonly string[] = []): string[] {
  const escaped = (text: string): string => text.replaceAll('\\', '');
  return Object.entries(sinks).flatMap(([name, text]) => [...REMAINS, ...more].filter((secret) => text.includes(secret) || escaped(text).includes(secret)).map((secret) => `${name}: ${secret}: …${around(text, secret)}…`));
}

function around(text: string, secret: string): string {
  const at = text.indexOf(secret);
  return at < 0 ? '' : text.slice(Math.max(0, at - 80), at + 80);
}

describe('secrets in the evidence', () => {
  it('SEC-55: planted in every place of a pull request stand in none where it is shown or kept', async () => {
    const { step, sinks } = await secretPull();
    expect(step.outputs).toMatchObject({ outcome: 'failed', recorded: 'true' });
    for (const name of ['comment', 'check run', 'file run.json', 'file summary.md', 'file entry.md', 'file comment.md', 'log branch: docs/AUDIT_RUN_LOG.md', 'log branch: docs/audit/runs']) expect(Object.keys(sinks).some((sink) => sink.startsWith(name)), name).toBe(true);
    expect(leaks(sinks)).toEqual([]);
    for (const sink of ['summary', 'file run.json', 'log branch: docs/AUDIT_RUN_LOG.md']) expect(sinks[sink], sink).toContain('REDACTED');
    expect(sinks['summary']).toMatch(/\d+ places in the evidence held a secret/);
  });

  it('SEC-55: planted in every place of a push stand in neither ledger nor inventory', async () => {
    const { step, sinks, token } = await secretPush();
    expect(step.outputs).toMatchObject({ outcome: 'failed', recorded: 'true' });
    expect(Object.keys(sinks).filter((sink) => /ledger|findings|tests/.test(sink)).length).toBeGreaterThan(1);
    expect(leaks(sinks, [token])).toEqual([]);
  });

  it('does not open the same finding again because a token in its name is another one', async () => {
    const double = await openDouble();
    const before = await double.push('main', { ...TEXT });
    const sha = await double.push('main', { 'a.txt': 'x\n' });
    const report = (token: string): string => `<testsuite name="t"><testcase name="logs in with ${token}"><failure message="no"/></testcase></testsuite>`;
    const run = async (runId: number, event: Parameters<typeof pushEvent>[1], token: string): Promise<Step> => runStep({ double, event: pushEvent(double, event), runId, files: { 'out/junit.xml': report(token) }, inputs: { reports: 'test: out/junit.xml' } });
    expect((await run(9_001, { sha: before }, `ghs_${letters(36)}`)).outputs).toMatchObject({ 'findings-opened': '1', 'findings-open': '1' });
    expect((await run(9_002, { before, sha }, `ghs_${letters(35)}7`)).outputs).toMatchObject({ 'findings-opened': '0', 'findings-open': '1' });
  });

  it('SEC-128: keeps two files for later steps, made of what it was given to read and of nothing else', async () => {
    const { step } = await secretPush({ inputs: { outcomes: 'test: success' }, files: { ...evidence('x').files, 'out/junit.xml': '<testsuite/>' } });
    const folder = join(step.temporary, 'audit-run-log');
    expect(readdirSync(folder).sort()).toEqual(['run.json', 'summary.md']);
    expect(readdirSync(step.temporary)).toEqual(['audit-run-log']);
    const kept = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
    for (const other of ['extraheader', '_authToken', 'TOKEN=', 'INPUT_', 'GITHUB_', 'default_branch', 'octocat@', step.temporary, dirname(step.temporary), homedir()]) expect(kept, other).not.toContain(other);
  });
});

describe('secrets in errors', () => {
  const words = (token: string): string => `connect https://x-access-token:${token}@example.org with ${PASSWORD} and Authorization: token ${letters(40)}`;
  const AT: Readonly<Record<string, Fault['when']>> = {
    snapshot: { graphql: /^query/, times: 50 }, commit: { graphql: /^mutation/, times: 50 }, 'check run': { method: 'POST', path: /\/check-runs$/, times: 50 }, job: { path: /\/actions\/jobs\//, times: 50 }, everything: { times: 500 },
  };
  for (const [what, when] of Object.entries(AT)) {
    it(`SEC-125: of GitHub stand in no message, with debugging on: ${what}`, async () => {
      for (const status of [401, 403, 422]) {
        const double = await openDouble();
        const sha = await double.push('main', TEXT);
        const token = double.token();
        double.fault({ when, then: { kind: 'reply', status, body: { message: words(token), errors: [{ message: words(token) }] } } });
        const step = await runStep({ double, event: pushEvent(double, { sha }), token, inputs: { outcomes: 'test: success' }, env: { ...ENVIRONMENT, RUNNER_DEBUG: '1', ACTIONS_STEP_DEBUG: 'true' } });
        const sinks = await sinksOf({ step, double, commit: sha });
        expect(leaks(sinks, [token]), String(status)).toEqual([]);
        expect(Object.values(sinks).join('\n')).toContain('connect');
      }
    });
  }

  it('SEC-125: that escape everything else stand in no message', async () => {
    const { sinks, step } = await secretPush({ token: `ghs_${letters(36)}`, inputs: { outcomes: 'test: success' }, env: { ...ENVIRONMENT, NODE_OPTIONS: inProgram(`throw Object.assign(new Error(), { stack: ${JSON.stringify(words(`ghs_${letters(36)}`))} })`) } });
    expect(step.status).toBe(1);
    expect(step.err).toContain('connect');
    expect(leaks(sinks)).toEqual([]);
  });

  it('SEC-125: of an input stand in no message', async () => {
    const { sinks, step } = await secretPush({ inputs: { reports: `test: ${PASSWORD}[`, config: `${PASSWORD}.yml`, mode: `ghs_${letters(36)}` } });
    expect(step.status).toBe(1);
    expect(leaks(sinks)).toEqual([]);
  });
});

describe('the bundle', () => {
  it('SEC-156: names no folder of the machine that built it', () => {
    const dist = dirname(PROGRAM);
    const root = dirname(dist);
    for (const name of readdirSync(dist)) {
      const text = readFileSync(join(dist, name), 'utf8');
      for (const folder of [root, join(tmpdir(), 'audit-run-log'), homedir() === '/' ? root : `${homedir()}/`]) expect(text.includes(folder), `${name} names ${folder}`).toBe(false);
    }
  });
});
