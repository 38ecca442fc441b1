/** A `run` step: its text with the values of its expressions, as a file for its shell. */
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { NotSupportedYet, WorkflowError } from './errors.ts';
import { substitute } from './expression.ts';
import type { StageRun } from './job-state.ts';
import { report } from './record.ts';
import { runStepProcess } from './step-process.ts';

/** ScriptHandlerHelpers.cs of actions/runner; no shell at all is `bash -e`. */
const SHELLS: Readonly<Record<string, readonly string[]>> = {
  bash: ['bash', '--noprofile', '--norc', '-e', '-o', 'pipefail', '{0}'], sh: ['sh', '-e', '{0}'], python: ['python', '{0}'],
};
const DEFAULT_SHELL = ['bash', '-e', '{0}'];

export async function runScript(run: StageRun): Promise<void> {
  const { job, stage: { step }, scope, record } = run;
  const defaults = { ...job.workflow.defaults.run, ...job.job.defaults.run };
  const place = substitute(step['working-directory'] ?? defaults['working-directory'] ?? '', scope);
  const shell = substitute(step.shell ?? defaults.shell ?? '', scope);
  const path = join(job.folders.temp, `${randomUUID()}.sh`);
  writeFileSync(path, substitute(step.run ?? '', scope));
  const [file = '', ...args] = shellOf(shell).map((part) => part.replaceAll('{0}', path));
  await runStepProcess(run, { file, args, cwd: isAbsolute(place) ? place : join(job.folders.workspace, place) });
  if (record.exitCode !== null && record.exitCode !== 0) report(record, 'error', `Process completed with exit code ${record.exitCode}.`);
}

function shellOf(shell: string): readonly string[] {
  if (shell === '') return DEFAULT_SHELL;
  const known = SHELLS[shell];
  if (known !== undefined) return known;
  if (shell === 'pwsh' || shell === 'powershell' || shell === 'cmd') throw new NotSupportedYet(`shell: ${shell}`);
  if (!shell.includes('{0}')) throw new WorkflowError([`shell: \`${shell}\` is neither built in nor a format with {0}`]);
  return shell.split(' ');
}
