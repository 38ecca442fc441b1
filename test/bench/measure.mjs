/** Measures one whole process from outside: CPU time with its children, instructions, peak memory. `env`: in place of the benchmark's own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const PRELOAD = pathToFileURL(join(import.meta.dirname, 'peak-memory.mjs')).href;
/** Exit codes of an answer: fine, or the audit failed, which is a result too. */
const ANSWERS = [0, 1];

/** User and system time in milliseconds, of the process and all it waited for. The shell's own `time` keyword asks the kernel and costs nothing. */
export function cpuTime(command, { cwd, env }) {
  const script = 'TIMEFORMAT="cpu %3U %3S"; time "$@" > /dev/null 2>&1';
  const { stderr } = run('bash', ['-c', script, 'bench', ...command], { cwd, command, env });
  const [, user, system] = /cpu (\d+\.\d+) (\d+\.\d+)\s*$/.exec(stderr) ?? [];
  if (user === undefined) throw new Error(`bash told no times for ${command.join(' ')}: ${stderr}`);
  return (Number(user) + Number(system)) * 1_000;
}

/** User instructions of the process and its children, or null where the machine does not count them. */
export function instructions(command, { cwd, env }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const file = join(folder, 'perf');
  try {
    run('perf', ['stat', '-x,', '-o', file, '-e', 'instructions:u', '--', ...command], { cwd, command, env });
    const count = /^(\d+),/m.exec(readFileSync(file, 'utf8'))?.[1];
    return count === undefined ? null : Number(count);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Why instructions cannot be counted here, or null. */
export function instructionsFault() {
  const { error, stderr, stdout, status } = spawnSync('perf', ['stat', '-x,', '-e', 'instructions:u', '--', 'true'], { encoding: 'utf8' });
  if (error !== undefined) return 'perf is not installed';
  if (status === 0 && /^\d+,/m.test(`${stderr}${stdout}`)) return null;
  return `perf says: ${`${stderr}${stdout}`.trim().split(/[\n,]/)[0]}`;
}

/** Peak resident set of the Node process itself (git beside it not counted), in MiB. `command` begins with the path of node. */
export function peakMemory([node, ...rest], { cwd, env = process.env }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const file = join(folder, 'memory');
  try {
    run(node, ['--import', PRELOAD, ...rest], { cwd, command: [node, ...rest], env: { ...env, BENCH_MEMORY_FILE: file } });
    return Number(readFileSync(file, 'utf8')) / 1024;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(program, args, { cwd, command, env = process.env }) {
  const result = spawnSync(program, args, { cwd, env, encoding: 'utf8', maxBuffer: 64 * 1024 ** 2 });
  if (result.error !== undefined) throw result.error;
  if (!ANSWERS.includes(result.status)) {
    throw new Error(`${command.join(' ')}\nended with ${result.status ?? result.signal}; run it in ${cwd} to see why.\n${result.stderr}`);
  }
  return result;
}
