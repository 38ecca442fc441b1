/**
 * Measures the built program as whole processes against an empty script of the same Node.
 *
 *   npm run bench -- [--only CASE]… [--runs N] [--program dist/index.js] [--node PATH] [--json]
 *
 * Every round runs each baseline and each case once, so that a machine that slows down slows all alike; ratios are of medians. Nothing is asserted here.
 */
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { CASE_NAMES, prepareCases } from './cases.mjs';
import { openServer } from './github.mjs';
import { cpuTime, instructions, instructionsFault, peakMemory } from './measure.mjs';
import { formatTable, median, ratio, verdictOf } from './statistics.mjs';

/** Peak memory hardly varies: these rounds suffice. */
const MEMORY_ROUNDS = 3;

/** A call for one page of a pull request's files. */
const PAGE = /^GET \/pulls\/\d+\/files$/;

function readOptions() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true, default: [] },
      runs: { type: 'string', default: '9' },
      program: { type: 'string', default: resolve(import.meta.dirname, '../../dist/index.js') },
      node: { type: 'string', default: process.execPath },
      json: { type: 'boolean', default: false },
    },
  });
  const only = values.only.flatMap((names) => names.split(','));
  const unknown = only.filter((name) => !CASE_NAMES.includes(name));
  if (unknown.length > 0) throw new Error(`No such case: ${unknown.join(', ')}. Cases: ${CASE_NAMES.join(', ')}.`);
  if (!/^[1-9]\d{0,2}$/.test(values.runs)) throw new Error(`--runs ${values.runs}: expected a number from 1 to 999.`);
  const program = resolve(values.program);
  if (!existsSync(program)) throw new Error(`${program} does not exist: build it first (npm run build), or name another with --program.`);
  return { only, runs: Number(values.runs), program, node: values.node, json: values.json };
}

/** One measurement in a fresh world of the case: a copy of its repository, or a repository on GitHub. */
async function inFreshWorld(folder, { command, state, step }, measure) {
  if (step !== undefined) return measureStep(command, step, measure);
  if (state === null) return measure(command, { cwd: folder });
  const cwd = mkdtempSync(join(folder, 'run-'));
  cpSync(state, cwd, { recursive: true });
  try {
    return measure(command, { cwd });
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

async function measureStep(command, step, measure) {
  const world = await step.open();
  const measured = measure(command, world);
  await step.close(world);
  return measured;
}

/** Medians by name of CPU (ms), instructions (or null) and peak memory (MiB). */
async function measureAll({ folder, subjects, runs, counts }) {
  const samples = new Map(Object.keys(subjects).map((name) => [name, { cpu: [], instructions: [], memory: [] }]));
  for (let round = 0; round < runs; round += 1) {
    process.stderr.write(`round ${round + 1} of ${runs}\n`);
    for (const [name, subject] of Object.entries(subjects)) {
      const sample = samples.get(name);
      sample.cpu.push(await inFreshWorld(folder, subject, cpuTime));
      if (counts) sample.instructions.push(await inFreshWorld(folder, subject, instructions));
      if (round < MEMORY_ROUNDS) sample.memory.push(await inFreshWorld(folder, subject, peakMemory));
    }
  }
  return new Map([...samples].map(([name, sample]) => [name, {
    cpu: median(sample.cpu), cpuLeast: Math.min(...sample.cpu), cpuMost: Math.max(...sample.cpu),
    instructions: counts ? median(sample.instructions) : null, memory: median(sample.memory),
  }]));
}

function summarise(cases, medians) {
  const bases = [...new Set(['empty', ...cases.map(({ base }) => base)])].map((name) => ({ name, base: null, target: null, calls: null }));
  return [...bases, ...cases].map(({ name, base, target, calls }) => {
    const own = medians.get(name);
    const other = base === null ? null : medians.get(base);
    const cpuRatio = other === null ? null : ratio(own.cpu, other.cpu);
    const instructionRatio = other === null || own.instructions === null ? null : ratio(own.instructions, other.instructions);
    return { name, base, target, calls, ...own, cpuRatio, instructionRatio, memoryRatio: other === null ? null : ratio(own.memory, other.memory), verdict: verdictOf(instructionRatio ?? cpuRatio, target) };
  });
}

/** Pages of files are what a pull request is big by, and told apart. */
function describeCalls(calls) {
  const pages = calls.filter((call) => PAGE.test(call)).length;
  return pages === 0 ? String(calls.length) : `${calls.length - pages} + ${pages}`;
}

function describe({ rows, runs, fault, node, program, corpus }) {
  const times = (value) => (value === null ? '' : `${value.toFixed(2)}x`);
  const table = formatTable(
    ['case', 'against', 'CPU ms', 'least-most', 'ratio', 'Minstr', 'ratio', 'peak MiB', 'ratio', 'calls', 'target', ''],
    rows.map((row) => [
      row.name, row.base ?? '', row.cpu.toFixed(0), `${row.cpuLeast.toFixed(0)}-${row.cpuMost.toFixed(0)}`, times(row.cpuRatio), row.instructions === null ? '-' : (row.instructions / 1e6).toFixed(0), times(row.instructionRatio),
      row.memory.toFixed(0), times(row.memoryRatio), row.calls === null ? '' : describeCalls(row.calls), row.target === null ? '' : `<= ${row.target}x`, row.verdict === 'none' ? '' : row.verdict,
    ]),
  );
  const measured = fault === null ? 'Targets are held against the ratio of instructions.' : `Instructions are not counted here (${fault}): targets are held against the ratio of CPU.`;
  return `${table}\nMedians of ${runs} ${runs === 1 ? 'run' : 'runs'}, interleaved. CPU is user and system time with children (git); peak memory is the Node process alone. Calls are those to GitHub, pages of a pull request's files told apart. ${measured}\nNode ${node} on ${cpus()[0]?.model ?? 'an unknown processor'}; program ${program}; inputs: ${corpus}.\n`;
}

async function main() {
  const options = readOptions();
  const folder = mkdtempSync(join(tmpdir(), 'audit-run-log-bench-'));
  const server = openServer();
  try {
    process.stderr.write('preparing inputs\n');
    const { baselines, cases, corpus } = await prepareCases({ ...options, folder, server });
    const fault = instructionsFault();
    const subjects = { ...baselines, ...Object.fromEntries(cases.map((one) => [one.name, one])) };
    const medians = await measureAll({ folder, subjects, runs: options.runs, counts: fault === null });
    const rows = summarise(cases, medians);
    const node = execFileSync(options.node, ['--version'], { encoding: 'utf8' }).trim();
    if (options.json) process.stdout.write(`${JSON.stringify({ schema: 1, node, runs: options.runs, instructionsFault: fault, corpus, rows }, undefined, 1)}\n`);
    else process.stdout.write(describe({ rows, runs: options.runs, fault, node, program: options.program, corpus }));
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
