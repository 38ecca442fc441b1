/** A `uses` step with a Node action: its inputs over the defaults of its action.yml, its main and its post script. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NoOperationTraceWriter } from '@actions/workflow-parser';
import { parseAction } from '@actions/workflow-parser/actions/index';
import { parse } from 'yaml';
import * as z from 'zod/mini';
import { NotSupportedYet, WorkflowError } from './errors.ts';
import { substitute, type Scope } from './expression.ts';
import type { Execute, StageRun } from './job-state.ts';
import { report } from './record.ts';
import { runStepProcess } from './step-process.ts';

export type Action = z.output<typeof ACTION>;
export type ActionUse = Readonly<{ uses: string; folder: string; action: Action }>;

const ACTION = z.looseObject({
  inputs: z._default(z.record(z.string(), z.looseObject({ default: z.optional(z.union([z.string(), z.number(), z.boolean()])) })), {}),
  runs: z.strictObject({ using: z.string(), main: z.string(), post: z.optional(z.string()), 'post-if': z.optional(z.string()) }),
});
/** Contexts of `inputs.*.default`, from the runner's action_yaml.json. */
const DEFAULT_CONTEXTS = ['github', 'strategy', 'matrix', 'job', 'runner'];

/** Throws WorkflowError where GitHub would not load the action, NotSupportedYet for one that is no Node action. */
export function readAction(folder: string): Action {
  const path = ['action.yml', 'action.yaml'].map((name) => join(folder, name)).find(existsSync);
  if (path === undefined) throw new WorkflowError([`there is no action.yml in ${folder}`]);
  const content = readFileSync(path, 'utf8');
  const faults = parseAction({ name: 'action.yml', content }, new NoOperationTraceWriter()).context.errors.getErrors();
  if (faults.length > 0) throw new WorkflowError(faults.map(({ message }) => message));
  const parsed = ACTION.safeParse(parse(content));
  if (!parsed.success) throw new NotSupportedYet(`an action of this form (${z.prettifyError(parsed.error)})`);
  if (!['node20', 'node24'].includes(parsed.data.runs.using)) throw new NotSupportedYet(`runs.using: ${parsed.data.runs.using}`);
  return parsed.data;
}

/** The main stage. Its post stage is registered before anything else can go wrong, and runs whatever came of it. */
export function mainOf(use: ActionUse): Execute {
  return async (run) => {
    const { post, 'post-if': condition = 'always()' } = use.action.runs;
    if (post !== undefined) registerPost(run, condition, async (later) => runNode(later, use, post));
    await runNode(run, use, use.action.runs.main);
  };
}

/** Runs after all steps, under the name `Post …`. */
export function registerPost({ job, stage }: StageRun, condition: string, execute: Execute): void {
  job.posts.push({ ...stage, kind: 'post', name: `Post ${stage.name}`, condition, execute });
}

async function runNode(run: StageRun, use: ActionUse, script: string): Promise<void> {
  const inputs = inputsOf(run, use);
  const [name = '', ref] = use.uses.split('@');
  const file = join(use.folder, script);
  if (!existsSync(file)) throw new WorkflowError([`there is no ${script} in ${use.folder}`]);
  await runStepProcess(run, { file: process.execPath, args: [file], cwd: run.job.folders.workspace, inputs, github: ref === undefined ? {} : { action_repository: name, action_ref: ref } });
}

/** Names without regard to case; what is declared without a default is there and empty; what is not declared is handed on with a warning. */
function inputsOf({ stage: { step }, scope, record }: StageRun, { action }: ActionUse): Record<string, string> {
  const given = Object.entries(step.with).map(([name, value]) => [name, substitute(value, scope)] as const);
  const names = given.map(([name]) => name.toLowerCase());
  const declared = Object.keys(action.inputs);
  const unexpected = given.map(([name]) => name).filter((name) => !declared.some((known) => known.toLowerCase() === name.toLowerCase()));
  if (unexpected.length > 0) report(record, 'warning', `Unexpected input(s) '${unexpected.join("', '")}', valid inputs are ['${declared.join("', '")}']`);
  const contexts = Object.fromEntries(DEFAULT_CONTEXTS.map((name) => [name, scope.contexts[name] ?? null]));
  const defaults = Object.entries(action.inputs).filter(([name]) => !names.includes(name.toLowerCase())).map(([name, input]) => [name, defaultOf(input.default, { contexts })] as const);
  return Object.fromEntries([...given, ...defaults]);
}

function defaultOf(value: string | number | boolean | undefined, scope: Scope): string {
  return value === undefined ? '' : substitute(String(value), scope);
}
