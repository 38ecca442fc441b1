/** The configuration file, and how inputs, file and defaults make the options of a run. */
import { z } from 'zod';
import { AuditError } from './errors.ts';
import { nearestName } from './input-specs.ts';
import { AuditNameSchema, FAIL_ON, LOG_RULES, MODES, type Inputs } from './inputs.ts';
import { DEFAULT_AUDIT_NAME } from './model/data-paths.ts';
import type { Problem } from './model/problem.ts';
import { TaskKindSchema } from './model/task.ts';

const command = z.string().trim().min(1).max(2_000);

const TaskConfigSchema = z.strictObject({
  /** Where the name does not say it. */
  kind: TaskKindSchema.optional(),
  /** A required task that fails or leaves no evidence fails the audit. */
  required: z.boolean().optional(),
  /** What the task runs, for the entry. */
  commands: z.union([command.transform((one) => [one]), z.array(command)]).optional(),
  /** The task is gone for good: it is no longer expected and its findings close as retired. */
  retired: z.boolean().optional(),
});
export type TaskConfig = Readonly<z.infer<typeof TaskConfigSchema>>;

const lineOrLines = z.union([z.string().transform((one) => one.split('\n').map((part) => part.trim()).filter((part) => part !== '')), z.array(z.string())]);

export const ConfigSchema = z.strictObject({
  name: AuditNameSchema.optional(),
  mode: z.enum(MODES).optional(),
  operator: z.string().trim().min(1).max(200).optional(),
  scope: lineOrLines.optional(),
  reports: lineOrLines.optional(),
  notes: lineOrLines.optional(),
  'log-path': z.string().min(1).optional(),
  log: z.enum(LOG_RULES).optional(),
  'fail-on': z.enum(FAIL_ON).optional(),
  tasks: z.record(z.string().min(1).max(100), TaskConfigSchema).optional(),
});
export type Config = Readonly<z.infer<typeof ConfigSchema>>;

export type Options = Readonly<{
  name: string;
  mode: (typeof MODES)[number];
  operator: string | null;
  scope: readonly string[];
  reports: readonly string[];
  outcomes: readonly string[];
  notes: readonly string[];
  logPath: string;
  log: (typeof LOG_RULES)[number];
  failOn: (typeof FAIL_ON)[number];
  entryKey: string | null;
  dryRun: boolean;
  outputDir: string | null;
  tasks: ReadonlyMap<string, TaskConfig>;
}>;

export const DEFAULT_CONFIG_PATH = '.github/audit-run-log.yml';
export const DEFAULT_LOG_PATH = 'docs/AUDIT_RUN_LOG.md';

/** Input before file before default. */
export function mergeOptions(inputs: Inputs, config: Config): Options {
  return {
    name: inputs.name ?? config.name ?? DEFAULT_AUDIT_NAME,
    mode: inputs.mode ?? config.mode ?? 'audit-only',
    operator: inputs.operator ?? config.operator ?? null,
    scope: inputs.scope ?? config.scope ?? [],
    reports: inputs.reports ?? config.reports ?? [],
    outcomes: inputs.outcomes ?? [],
    notes: inputs.notes ?? config.notes ?? [],
    logPath: inputs['log-path'] ?? config['log-path'] ?? DEFAULT_LOG_PATH,
    log: inputs.log ?? config.log ?? 'required',
    failOn: inputs['fail-on'] ?? config['fail-on'] ?? 'failed',
    entryKey: inputs['entry-key'] ?? null,
    dryRun: inputs['dry-run'] ?? false,
    outputDir: inputs['output-dir'] ?? null,
    tasks: new Map(Object.entries(config.tasks ?? {})),
  };
}

/** Reads YAML 1.2 as plain data: no aliases, no tags of its own, no key twice. Throws CONFIG_YAML or CONFIG_INVALID with every problem at once. */
export async function parseConfig(source: string, path: string): Promise<Config> {
  const value = await parseYaml(source, path);
  const parsed = ConfigSchema.safeParse(value ?? {});
  const lost = holdsPrototypeTask(value) ? ['`tasks.__proto__`: no task can have this name.'] : [];
  if (parsed.success && lost.length === 0) return parsed.data;
  const problems = [...lost, ...(parsed.error?.issues ?? []).flatMap((issue) => issueLines(issue))].map((message): Problem => ({ code: 'CONFIG_INVALID', message: `${path}: ${message}`, path }));
  throw new AuditError('CONFIG_INVALID', { message: problems.map(({ message }) => message).join('\n'), path, exitCode: 2, problems });
}

/** Broken nesting can give a fault for each of thousands of brackets. */
const MAX_FAULTS = 20;

async function parseYaml(source: string, path: string): Promise<unknown> {
  // Most runs have no configuration file: the reader is loaded only for those that do.
  const { parseDocument } = await import('yaml');
  const document = parseDocument(source, { version: '1.2', schema: 'core', strict: true, uniqueKeys: true, prettyErrors: true, logLevel: 'error' });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    const told = faults.slice(0, MAX_FAULTS).map((fault) => firstLine(fault.message).replace('; please use YAML.parseAllDocuments()', ' (only one is read)'));
    if (faults.length > told.length) told.push(`${faults.length - told.length} more faults of this kind.`);
    const problems = told.map((fault): Problem => ({ code: 'CONFIG_YAML', message: `${path}: ${fault}`, path }));
    throw new AuditError('CONFIG_YAML', { message: problems.map(({ message }) => message).join('\n'), path, exitCode: 2, problems });
  }
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (cause) {
    throw new AuditError('CONFIG_YAML', { message: `${path}: aliases (\`*name\`) are not read; write the value out.`, path, exitCode: 2, cause });
  }
}

/** Zod leaves this key out of a record without a word. */
function holdsPrototypeTask(value: unknown): boolean {
  const tasks = typeof value === 'object' && value !== null && 'tasks' in value ? value.tasks : null;
  return typeof tasks === 'object' && tasks !== null && Object.hasOwn(tasks, '__proto__');
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]?.replace(/:$/, '.') ?? message;
}

function issueLines(issue: z.core.$ZodIssue): string[] {
  const at = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return [`${at === '' ? 'the document' : `\`${at}\``}: ${issue.message}.`];
  const known = issue.path.length === 0 ? Object.keys(ConfigSchema.shape) : Object.keys(TaskConfigSchema.shape);
  return issue.keys.map((key) => `\`${at === '' ? key : `${at}.${key}`}\` is not known; ${nearestName(key, known)}`);
}
