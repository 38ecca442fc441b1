/** The files through which a step speaks to the runner (GITHUB_OUTPUT, GITHUB_ENV, …), after FileCommandManager.cs of actions/runner 2.336.0. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

export type CommandFiles = Readonly<{ env: string; output: string; path: string; state: string; step_summary: string }>;

const PREFIXES = { env: 'set_env_', output: 'set_output_', path: 'add_path_', state: 'save_state_', step_summary: 'step_summary_' } as const;

/** New and empty for every stage of every step. */
export function makeCommandFiles(temp: string): CommandFiles {
  const folder = join(temp, '_runner_file_commands');
  mkdirSync(folder, { recursive: true });
  const suffix = randomUUID();
  const make = (prefix: string): string => {
    const path = join(folder, `${prefix}${suffix}`);
    writeFileSync(path, '');
    return path;
  };
  return { env: make(PREFIXES.env), output: make(PREFIXES.output), path: make(PREFIXES.path), state: make(PREFIXES.state), step_summary: make(PREFIXES.step_summary) };
}

/** A file that the step removed reads as empty, as it does for the runner. */
export function readCommandFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

/** `name=value` lines and `name<<delimiter` blocks. Throws what the runner says; pairs before the fault still count, so they are handed over one by one. */
export function readPairs(text: string, take: (name: string, value: string) => void): void {
  const lines = [...text.matchAll(/([^\r\n]*)(\r\n|\r|\n|$)/g)].map(([, line = '', newline = '']) => ({ line, newline })).filter(({ line, newline }) => line !== '' || newline !== '');
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index]?.line ?? '';
    if (line === '') continue;
    const equals = line.indexOf('=');
    const heredoc = line.indexOf('<<');
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) take(line.slice(0, equals), line.slice(equals + 1));
    else if (heredoc >= 0) index = readBlock(lines, index, take);
    else throw new Error(`Invalid format '${line}'`);
  }
}

type Line = Readonly<{ line: string; newline: string }>;

function readBlock(lines: readonly Line[], start: number, take: (name: string, value: string) => void): number {
  const line = lines[start]?.line ?? '';
  const cut = line.indexOf('<<');
  const [name, delimiter] = [line.slice(0, cut), line.slice(cut + 2)];
  if (name === '' || delimiter === '') throw new Error(`Invalid format '${line}'. Name must not be empty and delimiter must not be empty`);
  const end = lines.findIndex((candidate, index) => index > start && candidate.line === delimiter);
  if (end < 0) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`);
  const body = lines.slice(start + 1, end);
  take(name, body.map((part, index) => (index === body.length - 1 ? part.line : part.line + part.newline)).join(''));
  return end;
}
