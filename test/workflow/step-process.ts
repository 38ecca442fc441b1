/** A process of a step: its environment, and what it says to the runner on its output and through its files. */
import { dirname } from 'node:path';
import { makeCommandFiles, readCommandFile, readPairs, type CommandFiles } from './command-files.ts';
import { CommandReader, type Command } from './commands.ts';
import { contextVariables } from './contexts.ts';
import { NotSupportedYet } from './errors.ts';
import type { StageRun } from './job-state.ts';
import { runProcess, type Stream } from './process.ts';
import { fail, masked, report } from './record.ts';

export type StepProcess = Readonly<{
  file: string;
  args: readonly string[];
  cwd: string;
  /** Become INPUT_*. */
  inputs?: Readonly<Record<string, string>>;
  /** Become GITHUB_*, for this step alone. */
  github?: Readonly<Record<string, string>>;
}>;

/** FileCommandManager.cs of actions/runner. */
const SUMMARY_LIMIT = 1024 * 1024;

/** A process that fails, or cannot be started, fails the step. */
export async function runStepProcess(run: StageRun, { file, args, cwd, inputs = {}, github = {} }: StepProcess): Promise<void> {
  const { job, record, stop } = run;
  const files = makeCommandFiles(job.folders.temp);
  const reader = new CommandReader();
  try {
    const env = environmentOf(run, inputs, { ...github, ...files });
    const { group, ...ended } = await runProcess({ file, args, cwd, env, stop, onLine: (line, stream) => takeLine(run, reader, { line, stream }) });
    if (group !== null) job.groups.push(group);
    Object.assign(record, ended);
    record.failed ||= record.exitCode !== 0;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    fail(record, `An error occurred trying to start process '${file}' with working directory '${cwd}'. ${error.code === 'E2BIG' ? 'Argument list too long' : error.message}`);
  }
  takeFiles(run, files);
}

/** What the runner says of itself wins over what the workflow says; of the process that runs the tests, only PATH is handed down. */
function environmentOf({ job, env, stage }: StageRun, inputs: Readonly<Record<string, string>>, github: Readonly<Record<string, string>>): Record<string, string> {
  const system = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`;
  return {
    HOME: job.folders.home, LANG: 'C.UTF-8', CI: 'true', ...env, PATH: [...job.path, env['PATH'] ?? system].join(':'),
    ...Object.fromEntries([...stage.state].map(([name, value]) => [`STATE_${name}`, value])),
    ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value])),
    ...contextVariables(job, { action: stage.key, ...github }), GITHUB_ACTIONS: 'true',
  };
}

function takeLine(run: StageRun, reader: CommandReader, { line, stream }: Readonly<{ line: string; stream: Stream }>): void {
  const { record, job } = run;
  try {
    const command = reader.read(line);
    if (command === undefined) {
      record.log.push(masked(line, job.masks));
      return;
    }
    record.commands.push({ ...command, line, stream });
    act(run, command);
  } catch (error) {
    if (!(error instanceof Error) || error instanceof NotSupportedYet) throw error;
    fail(record, `Unable to process command '${line}' successfully.`);
    fail(record, error.message);
  }
}

function act({ record, stage, job }: StageRun, { name, properties, data }: Command): void {
  if (name === 'error' || name === 'warning' || name === 'notice') record.annotations.push({ level: name, message: data, properties, by: 'command' });
  else if (name === 'group') record.log.push(masked(`##[group]${data}`, job.masks));
  else if (name === 'endgroup') record.log.push('##[endgroup]');
  else if (name === 'set-output') record.outputs.set(requiredName(properties, name), data);
  else if (name === 'save-state') stage.state.set(requiredName(properties, name), data);
  else if (name === 'add-mask') addMask({ record, job }, data);
  else if (name === 'stop-commands' && data.length > 6) job.masks.add(data);
  else if (name === 'set-env' || name === 'add-path') throw new Error(`The \`${name}\` command is disabled.`);
  else if (name === 'add-matcher' || name === 'remove-matcher') throw new Error(`The \`${name}\` command finds no file here.`);
}

function requiredName(properties: Command['properties'], command: string): string {
  const { name } = properties;
  if (name === undefined || name === '') throw new Error(`Required field 'name' is missing in ##[${command}] command.`);
  return name;
}

function addMask({ record, job }: Pick<StageRun, 'record' | 'job'>, secret: string): void {
  if (secret.trim() === '') report(record, 'warning', "Can't add secret mask for empty string in ##[add-mask] command.");
  else for (const part of [secret, ...secret.split(/[\r\n]+/).map((line) => line.trim())]) if (part !== '') job.masks.add(part);
}

function takeFiles(run: StageRun, files: CommandFiles): void {
  const { record, stage } = run;
  const takers: readonly (readonly [keyof CommandFiles, (text: string) => void])[] = [
    ['path', (text) => addPaths(run, text)],
    ['env', (text) => readPairs(text, (name, value) => addVariable(run, name, value))],
    ['output', (text) => readPairs(text, (name, value) => record.outputs.set(name, value))],
    ['state', (text) => readPairs(text, (name, value) => stage.state.set(name, value))],
    ['step_summary', (text) => keepSummary(run, text)],
  ];
  for (const [kind, take] of takers) {
    try {
      take(readCommandFile(files[kind]));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      fail(record, `Unable to process file command '${kind}' successfully.`);
      fail(record, error.message);
    }
  }
}

function addPaths({ job: { path } }: StageRun, text: string): void {
  for (const line of text.split(/\r\n|\n|\r/)) if (line !== '') path.splice(0, path.length, line, ...path.filter((known) => known !== line));
}

function addVariable({ job, record }: StageRun, name: string, value: string): void {
  if (name.toUpperCase() === 'NODE_OPTIONS') report(record, 'error', `Can't store ${name} output parameter using '$GITHUB_ENV' command.`);
  else job.env.set(name, value);
}

function keepSummary({ job, record }: StageRun, text: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes <= SUMMARY_LIMIT) record.summary = masked(text, job.masks);
  else report(record, 'error', `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got ${Math.floor(bytes / 1024)}k.`);
}
