/** Everything that a step of ours leaves behind, and code of another's in its process. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LoopbackGitHub } from '../github/loopback.ts';
import { readPairs } from '../workflow/command-files.ts';
import { CommandReader } from '../workflow/commands.ts';
import type { Step } from './github-step.ts';

/** `commit`: that the check run is on. */
export type Left = Readonly<{ step: Step; double: LoopbackGitHub; commit: string; pull?: number }>;

/** Each place where a reader or a program finds something of the run. */
export async function sinksOf({ step, double, commit, pull }: Left): Promise<Readonly<Record<string, string>>> {
  const paths = await double.list('refs/heads/audit-log').catch((): string[] => []);
  const kept = await Promise.all(paths.map(async (path): Promise<[string, string]> => [`log branch: ${path}`, `${path}\n${await double.show('refs/heads/audit-log', path) ?? ''}`]));
  const comments = pull === undefined ? [] : double.comments(pull).map(({ id, body }): [string, string] => [`comment ${id}`, body]);
  const checks = double.checkRuns(commit).map((check): [string, string] => [`check run ${check.id}`, JSON.stringify(check)]);
  const messages = await double.git('log', '--format=%an %ae %B', 'refs/heads/audit-log').catch(() => '');
  return Object.fromEntries([
    ['standard output', step.out], ['standard error', step.err], ['outputs', step.order.join('\n')], ['summary', step.summary], ['commit messages', messages],
    ...filesUnder(join(step.temporary, 'audit-run-log')), ...filesUnder(join(dirname(step.temporary), 'workspace', 'shown')), ...kept, ...comments, ...checks,
  ]);
}

function filesUnder(folder: string): [string, string][] {
  try {
    return readdirSync(folder).map((name) => [`file ${name}`, readFileSync(join(folder, name), 'utf8')]);
  } catch {
    return [];
  }
}

/** What a runner does of what the step printed, both streams. */
export function commandsOf({ out, err }: Pick<Step, 'out' | 'err'>): string[] {
  return [out, err].flatMap((text) => {
    const reader = new CommandReader();
    return text.split(/\r\n|\r|\n/).flatMap((line) => reader.read(line)?.name ?? []);
  });
}

/** The outputs as the runner reads its file. Throws where it would refuse the file. */
export function pairsIn(path: string): [string, string][] {
  const pairs: [string, string][] = [];
  readPairs(readFileSync(path, 'utf8'), (name, value) => pairs.push([name, value]));
  return pairs;
}

/** A value of NODE_OPTIONS with which `code` runs in the program once it listens for what escapes. */
export function inProgram(code: string): string {
  const module = `process.on('newListener', (name) => { if (name === 'unhandledRejection') setImmediate(() => { ${code} }); });`;
  return `--import=data:text/javascript;base64,${Buffer.from(module).toString('base64')}`;
}
