/** The configuration file: what it may hold, and how it is read. Loaded only where there is one. */
import { parseDocument } from 'yaml';
import * as z from 'zod/mini';
import { AuditError } from './errors.ts';
import { nearestName } from './input-specs.ts';
import { BRANCH_NAME, COMMENT_RULES, FAIL_ON, LOG_RULES, MODES, NAME_CHARACTERS, PLAIN_LINE } from './inputs.ts';
import type { Problem } from './model/problem.ts';
import { checkValue } from './model/schema/check-value.ts';
import { TaskKindSchema } from './model/schema/task.ts';

const text = z.string().check(z.trim(), z.minLength(1));
const command = text.check(z.maxLength(2_000));

const TaskConfigSchema = z.strictObject({
  /** Where the name does not say it. */
  kind: z.optional(TaskKindSchema),
  /** A required task that fails or leaves no evidence fails the audit. */
  required: z.optional(z.boolean()),
  /** What the task runs, for the entry. */
  commands: z.optional(z.union([z.pipe(command, z.transform((one) => [one])), z.array(command)])),
  /** The task is gone for good: it is no longer expected and its findings close as retired. */
  retired: z.optional(z.boolean()),
});
export type TaskConfig = Readonly<z.infer<typeof TaskConfigSchema>>;

const lineOrLines = z.union([z.pipe(z.string(), z.transform((one) => one.split('\n').map((part) => part.trim()).filter((part) => part !== ''))), z.array(z.string())]);

export const ConfigSchema = z.strictObject({
  name: z.optional(text.check(z.maxLength(NAME_CHARACTERS), z.regex(PLAIN_LINE, 'expected one line of plain text'))),
  mode: z.optional(z.enum(MODES)),
  operator: z.optional(text.check(z.maxLength(200))),
  scope: z.optional(lineOrLines),
  reports: z.optional(lineOrLines),
  notes: z.optional(lineOrLines),
  'log-path': z.optional(z.string().check(z.minLength(1))),
  'log-branch': z.optional(z.string().check(z.regex(BRANCH_NAME, 'expected the name of a branch'))),
  log: z.optional(z.enum(LOG_RULES)),
  'fail-on': z.optional(z.enum(FAIL_ON)),
  comment: z.optional(z.enum(COMMENT_RULES)),
  'check-run': z.optional(z.boolean()),
  /** Branches beside the default one that keep a ledger of their own, on GitHub. */
  'ledger-branches': z.optional(z.array(z.string().check(z.minLength(1), z.maxLength(250)))),
  tasks: z.optional(z.record(z.string().check(z.minLength(1), z.maxLength(100)), TaskConfigSchema)),
});
export type Config = Readonly<z.infer<typeof ConfigSchema>>;

/** Reads YAML 1.2 as plain data: no aliases, no tags of its own, no key twice. Throws CONFIG_YAML or CONFIG_INVALID with every problem at once. */
export function parseConfig(source: string, path: string): Config {
  const value = parseYaml(source, path);
  const parsed = checkValue(ConfigSchema, value ?? {});
  const lost = holdsPrototypeTask(value) ? ['`tasks.__proto__`: no task can have this name.'] : [];
  if (parsed.success && lost.length === 0) return parsed.data;
  const problems = [...lost, ...(parsed.error?.issues ?? []).flatMap((issue) => issueLines(issue))].map((message): Problem => ({ code: 'CONFIG_INVALID', message: `${path}: ${message}`, path }));
  throw new AuditError('CONFIG_INVALID', { message: problems.map(({ message }) => message).join('\n'), path, exitCode: 2, problems });
}

/** Broken nesting can give a fault for each of thousands of brackets. */
const MAX_FAULTS = 20;

function parseYaml(source: string, path: string): unknown {
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
