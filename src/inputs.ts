/** The inputs: what a caller gave, checked and typed. */
import { z } from 'zod';
import { AuditError } from './errors.ts';
import { INPUT_SPECS, splitLines, unknownNames, type InputName, type InputSpec } from './input-specs.ts';
import type { Problem } from './model/problem.ts';

const text = z.string().trim().min(1);
const lines = z.array(z.string());
/** One line of visible text. */
const line = text.max(200).regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u, 'expected one line of plain text');

export const MODES = ['audit-only', 'audit+fix'] as const;
export const LOG_RULES = ['required', 'best-effort', 'off'] as const;
export const FAIL_ON = ['failed', 'gaps', 'never'] as const;
export const AuditNameSchema = line.max(100);

/** What a caller gave; absent means not given, so that the configuration file can speak. */
export const InputsSchema = z.strictObject({
  reports: lines.optional(),
  outcomes: lines.optional(),
  notes: lines.optional(),
  name: AuditNameSchema.optional(),
  mode: z.enum(MODES).optional(),
  operator: line.optional(),
  scope: lines.optional(),
  'log-path': z.string().min(1).optional(),
  log: z.enum(LOG_RULES).optional(),
  'fail-on': z.enum(FAIL_ON).optional(),
  config: text.optional(),
  'entry-key': text.max(100).regex(/^[A-Za-z0-9._-]+$/, 'expected letters, digits, `.`, `_` and `-`').optional(),
  'working-directory': text.optional(),
  'dry-run': z.boolean().optional(),
  'output-dir': text.optional(),
  json: z.boolean().optional(),
} satisfies Record<InputName, z.ZodType>);
export type Inputs = Readonly<z.infer<typeof InputsSchema>>;

/** Turns raw values into inputs. Throws INVALID_INPUT with every problem at once; `prefix` is how the caller writes a name (`--`). */
export function parseInputs(raw: Readonly<Record<string, unknown>>, prefix: string): Inputs {
  const parsed = InputsSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue): Problem => ({
    code: 'INVALID_INPUT',
    message: `${prefix}${issue.path.join('.')}: ${issue.message}; got ${JSON.stringify(raw[String(issue.path[0])])}.`,
  }));
  throw new AuditError('INVALID_INPUT', { message: problems.map(({ message }) => message).join('\n'), exitCode: 2, problems });
}

/**
 * The inputs of an action step, from its environment (`INPUT_LOG-PATH`): the runner upper-cases the name and keeps the dashes.
 * https://docs.github.com/actions/reference/workflows-and-actions/metadata-syntax#inputs
 */
export function actionInputs(env: Readonly<Record<string, string | undefined>>): { verb: string; inputs: Inputs } {
  const given = Object.entries(env).flatMap(([key, value]): [string, string][] => (
    key.startsWith('INPUT_') && value !== undefined && value.trim() !== '' ? [[key.slice('INPUT_'.length).toLowerCase(), value.trim()]] : []
  ));
  const specs = new Map(INPUT_SPECS.filter((spec) => spec.terminalOnly !== true).map((spec) => [spec.name as string, spec]));
  const unknown = given.filter(([name]) => name !== 'command' && !specs.has(name));
  if (unknown.length > 0) throw unknownNames(unknown.map(([name]) => name), ['command', ...specs.keys()]);
  const raw = given.filter(([name]) => name !== 'command').map(([name, value]) => [name, actionValue(specs.get(name)?.form ?? 'text', value)]);
  return { verb: new Map(given).get('command') ?? 'record', inputs: parseInputs(Object.fromEntries(raw), '') };
}

function actionValue(form: InputSpec['form'], value: string): unknown {
  switch (form) {
    case 'text': return value;
    case 'lines': return splitLines(value);
    // What YAML 1.2 calls a boolean, as @actions/core's getBooleanInput has it.
    case 'switch': return /^(?:true|True|TRUE)$/.test(value) ? true : /^(?:false|False|FALSE)$/.test(value) ? false : value;
    default: return form satisfies never;
  }
}
