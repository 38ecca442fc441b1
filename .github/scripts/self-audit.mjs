#!/usr/bin/env node
/** Audits this repository with its own bundle: unit tests, lint, types and build, recorded into .audit/ (ignored by git). */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const reports = '.audit/reports';
const bundle = join(root, 'dist/index.js');

/** A step that hangs must not hide what the others found. */
const STEP_LIMIT_MS = 10 * 60_000;

function tell(line) {
  process.stderr.write(`self-audit: ${line}\n`);
}

/** vitest needs a newer Node than the bundle: the one that `npm ci` brings where the platform has it. */
function findNode() {
  const own = join(root, 'node_modules/.bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(own)) return own;
  tell(`no Node 24 in node_modules; the steps run on ${process.version}, where vitest may not start.`);
  return process.execPath;
}

/**
 * Runs scripts of node_modules one after the other. Standard output goes to the file `to` of the reports, the rest to a log beside it.
 * Gives the first exit status that is not 0; a step that was stopped or never started has none.
 */
function runStep(node, { task, to, scripts }) {
  tell(`${task} …`);
  const start = Date.now();
  const errors = openSync(join(root, reports, `${task}.log`), 'w');
  const out = to === undefined ? errors : openSync(join(root, reports, to), 'w');
  try {
    const ends = scripts.map(([script, ...args]) => spawnSync(node, [join(root, script), ...args], { cwd: root, stdio: ['ignore', out, errors], timeout: STEP_LIMIT_MS }).status);
    const status = ends.every((end) => end === 0) ? 0 : (ends.find((end) => end !== 0) ?? null);
    const log = status === 0 ? '' : `; see ${reports}/${task}.log`;
    tell(`${task} ended with ${status === null ? 'no exit status' : `exit status ${status}`} after ${((Date.now() - start) / 1000).toFixed(1)} s${log}`);
    return status;
  } finally {
    closeSync(errors);
    if (out !== errors) closeSync(out);
  }
}

if (!existsSync(bundle)) {
  tell('dist/index.js is missing; run `npm run build`.');
  process.exit(2);
}
// A report of an earlier audit must not speak for this one.
rmSync(join(root, reports), { recursive: true, force: true });
mkdirSync(join(root, reports), { recursive: true });
const out = mkdtempSync(join(tmpdir(), 'audit-run-log-self-'));

/** The bundle tests are left out: they start what this script starts. */
const STEPS = [
  { task: 'test', scripts: [['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', '--reporter', 'junit', '--outputFile', `${reports}/vitest.xml`]] },
  { task: 'lint', to: 'oxlint.json', scripts: [['node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings', '--format', 'json']] },
  { task: 'types', to: 'tsc.txt', scripts: [['node_modules/typescript/bin/tsc', '-p', '.', '--noEmit'], ['node_modules/typescript/bin/tsc', '-p', 'test']] },
  { task: 'build', scripts: [['.github/scripts/build.mjs', '--out', out]] },
];

try {
  const node = findNode();
  const outcomes = STEPS.flatMap((step) => ['--outcomes', `${step.task}: ${runStep(node, step) ?? 'failure'}`]);
  const { status } = spawnSync(process.execPath, [
    bundle, 'record', '--working-directory', root, '--config', '.github/self-audit.yml', '--log-path', '.audit/AUDIT_RUN_LOG.md',
    '--reports', `test: ${reports}/vitest.xml`, '--reports', `lint: ${reports}/oxlint.json`,
    '--reports', `types[tsc]: ${reports}/tsc.txt`, ...outcomes, ...process.argv.slice(2),
  ], { cwd: root, stdio: 'inherit' });
  process.exitCode = status ?? 2;
} finally {
  rmSync(out, { recursive: true, force: true });
}
