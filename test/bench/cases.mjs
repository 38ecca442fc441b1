/** What is measured: each case with its repository, its command and the baseline it is compared with. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { junitReport, lintProject, passingReport, runLog, writeFile } from './corpus.mjs';
import { recordedLog, step } from './github.mjs';

const LOG = 'docs/AUDIT_RUN_LOG.md';
const GENERATOR = join(import.meta.dirname, '../../../shared/bench/generate.mjs');
const TESTS = ['record', '--reports', 'test: out/junit.xml', '--json'];
const LINT = ['record', '--reports', 'lint: out/eslint.json', '--json'];

/**
 * `base` names the baseline and `target` the ratio of CPU that is aimed at; `state` makes the repository that each run gets a copy of.
 * `step`: runs as the step of a workflow, on the first push to a repository, on a later one, or on a pull request that has no news.
 */
const CASES = [
  { name: 'start-version', args: ['--version'], base: 'empty', target: 1.5 },
  { name: 'start-help', args: ['--help'], base: 'empty', target: 1.5 },
  { name: 'start-check', args: ['check'], base: 'empty', target: 1.5, state: (make) => make.repository({ [LOG]: runLog(3) }) },
  { name: 'record-1k', args: TESTS, base: 'empty', target: 6, state: (make) => make.repository({ 'out/junit.xml': make.junit(1_000) }) },
  { name: 'record-10k', args: TESTS, base: 'empty', target: 10, state: (make) => make.repository({ 'out/junit.xml': make.junit(10_000) }) },
  { name: 'again-1k', args: TESTS, base: 'empty', target: 6, state: (make) => make.recorded(make.repository({ 'out/junit.xml': make.junit(1_000) }), TESTS) },
  { name: 'again-10k', args: TESTS, base: 'empty', target: 10, state: (make) => make.recorded(make.repository({ 'out/junit.xml': make.junit(10_000) }), TESTS) },
  { name: 'record-lint-4k', args: LINT, base: 'empty', target: null, state: (make) => make.lint(4_000) },
  { name: 'again-lint-4k', args: LINT, base: 'empty', target: null, state: (make) => make.recorded(make.lint(4_000), LINT) },
  { name: 'github-1k', base: 'empty', target: 10, step: (make) => make.step('first', make.junit(1_000)) },
  { name: 'github-10k', base: 'empty', target: 13, step: (make) => make.step('first', make.junit(10_000)) },
  { name: 'github-again-1k', base: 'empty', target: 10, step: (make) => make.step('push', make.junit(1_000)) },
  { name: 'github-again-10k', base: 'empty', target: 13, step: (make) => make.step('push', make.junit(10_000)) },
  { name: 'github-quiet-pull', base: 'empty', target: 10, step: (make) => make.step('pull', passingReport(1_000)) },
  { name: 'append-20mb', args: ['record', '--outcomes', 'test: success', '--json'], base: 'read', target: 1.5, state: (make) => make.repository({ [LOG]: make.log() }) },
];

export const CASE_NAMES = CASES.map(({ name }) => name);

/** Prepares below `folder` what the chosen cases need. A case without `state` writes nothing and runs in `folder`. */
export async function prepareCases({ folder, program, node, only, server }) {
  const chosen = CASES.filter(({ name }) => only.length === 0 || only.includes(name));
  const shared = sharedCorpus(folder, node);
  const make = { ...stateMaker({ folder, program, node, shared }), ...stepMaker({ folder, program, node, server }) };
  writeFile(join(folder, 'empty.mjs'), '');
  writeFile(join(folder, 'read.mjs'), "import { readFileSync } from 'node:fs';\nif (readFileSync(process.argv[2], 'utf8').length === 0) process.exitCode = 2;\n");
  const baselines = { empty: { command: [node, join(folder, 'empty.mjs')], state: null } };
  if (chosen.some(({ base }) => base === 'read')) {
    writeFile(join(folder, 'log.md'), make.log());
    baselines.read = { command: [node, join(folder, 'read.mjs'), join(folder, 'log.md')], state: null };
  }
  const cases = [];
  for (const one of chosen) cases.push(one.step === undefined ? prepareState(one, make) : await prepareStep(one, make));
  return { baselines, cases, corpus: shared === null ? 'own generator' : 'shared/bench/generate.mjs; lint findings by the own generator' };
}

function prepareState({ args, state, ...one }, { program, node, ...make }) {
  const prepared = state?.(make) ?? null;
  // What is timed must do its work: a refusal would be fast.
  if (args[0] === 'record') make.recorded(prepared, args);
  return { ...one, command: [node, program, ...args], state: prepared, calls: null };
}

/** `calls`: what the case asks of GitHub. */
async function prepareStep(one, { program, node, ...make }) {
  const command = [node, program];
  const made = await one.step(make);
  return { ...one, command, step: made, calls: await made.run(command) };
}

/** The files of the generator that lies beside the repository, so that numbers compare with those of other tools; null without it. */
function sharedCorpus(folder, node) {
  if (!existsSync(GENERATOR)) return null;
  const out = join(folder, 'corpus');
  execFileSync(node, [GENERATOR, '--out', out, '--only', 'junit,runlog', '--max', '10000']);
  return { junit: (tests) => readFileSync(join(out, `junit-${tests}.xml`), 'utf8'), log: () => readFileSync(join(out, 'runlog-10000.md'), 'utf8') };
}

/** A later run finds what a first one with the same report left. */
function stepMaker({ folder, program, node, server }) {
  return {
    program, node,
    step: async (event, report) => step({ server, folder, event, report, log: event === 'first' ? null : await recordedLog({ server, folder, report }, [node, program]) }),
  };
}

function stateMaker({ folder, program, node, shared }) {
  let count = 0;
  const freshFolder = () => join(folder, `state-${(count += 1)}`);
  const git = (cwd, ...args) => execFileSync('git', args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  const repository = (files, sources = {}) => {
    const cwd = freshFolder();
    writeFile(join(cwd, 'README.md'), '# Bench\n');
    writeFile(join(cwd, '.gitignore'), 'out/\n');
    for (const [path, text] of Object.entries(sources)) writeFile(join(cwd, path), text);
    git(cwd, 'init', '--quiet', '--initial-branch=main');
    git(cwd, 'add', '.');
    git(cwd, '-c', 'user.name=bench', '-c', 'user.email=bench@example.com', 'commit', '--quiet', '-m', 'Start');
    for (const [path, text] of Object.entries(files)) writeFile(join(cwd, path), text);
    return cwd;
  };
  return {
    repository,
    junit: shared?.junit ?? junitReport,
    log: shared?.log ?? (() => runLog(10_000)),
    lint: (findings) => {
      const { sources, report } = lintProject(findings, '.');
      return repository({ 'out/eslint.json': report }, Object.fromEntries(sources));
    },
    /** The same repository after one recording. */
    recorded: (state, args) => {
      const cwd = freshFolder();
      cpSync(state, cwd, { recursive: true });
      const { status, stdout } = spawnSync(node, [program, ...args], { cwd, encoding: 'utf8', maxBuffer: 64 * 1024 ** 2 });
      const answer = JSON.parse(stdout);
      if (status === 2 || answer.recorded !== true) throw new Error(`${args.join(' ')} recorded nothing: ${JSON.stringify(answer.problems)}`);
      return cwd;
    },
  };
}
