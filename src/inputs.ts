/** The inputs: what a caller gave, checked and typed. By hand: every call needs this, and a schema would cost it more than the rest of its start. */
import { AuditError } from './errors.ts';
import { INPUT_SPECS, isOffered, splitLines, unknownNames, VERBS, type InputName, type InputSpec } from './input-specs.ts';
import type { Problem } from './model/problem.ts';

export const MODES = ['audit-only', 'audit+fix'] as const;
export const LOG_RULES = ['required', 'best-effort', 'off'] as const;
export const COMMENT_RULES = ['changes', 'always', 'off'] as const;
export const FAIL_ON = ['failed', 'gaps', 'never'] as const;
export const NAME_CHARACTERS = 100;
/** One line of visible text. */
export const PLAIN_LINE = /^[^\0-\x1f\x7f-\x9f\p{Cf}\u2028\u2029]+$/u;

/** What a value of one kind looks like; `read` gives it as it is used, or `undefined` for what is not as expected. */
type Rule<T> = Readonly<{ expected: string; read(value: unknown): T | undefined }>;

const lines: Rule<readonly string[]> = { expected: 'a list of texts', read: (value) => (Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : undefined) };
const flag: Rule<boolean> = { expected: 'true or false', read: (value) => (typeof value === 'boolean' ? value : undefined) };
/** A part of what git allows, with nothing in it that means something elsewhere. https://git-scm.com/docs/git-check-ref-format */
export const BRANCH_NAME = /^(?!.*(?:\.\.|\/\/|\/\.|\.lock(?:\/|$)|[./]$))[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}$/;
const branch: Rule<string> = { expected: 'the name of a branch: letters, digits, `.`, `_`, `-` and `/`', read: (value) => (typeof value === 'string' && BRANCH_NAME.test(value) ? value : undefined) };
const path: Rule<string> = { expected: 'a path', read: (value) => (typeof value === 'string' && value !== '' ? value : undefined) };
const text = trimmed({ expected: 'a text', form: /./s, limit: Infinity });

function trimmed({ expected, form, limit }: Readonly<{ expected: string; form: RegExp; limit: number }>): Rule<string> {
  return {
    expected: limit === Infinity ? expected : `${expected} of at most ${limit} characters`,
    read(value) {
      const given = typeof value === 'string' ? value.trim() : '';
      return form.test(given) && [...given].length <= limit ? given : undefined;
    },
  };
}

function oneOf<T extends string>(words: readonly T[]): Rule<T> {
  return { expected: `one of ${words.map((word) => `"${word}"`).join(', ')}`, read: (value) => words.find((word) => word === value) };
}

export const INPUT_RULES = {
  reports: lines,
  outcomes: lines,
  notes: lines,
  name: trimmed({ expected: 'one line of plain text', form: PLAIN_LINE, limit: NAME_CHARACTERS }),
  mode: oneOf(MODES),
  operator: trimmed({ expected: 'one line of plain text', form: PLAIN_LINE, limit: 200 }),
  scope: lines,
  'log-path': path,
  'log-branch': branch,
  log: oneOf(LOG_RULES),
  'fail-on': oneOf(FAIL_ON),
  comment: oneOf(COMMENT_RULES),
  'check-run': flag,
  config: text,
  'entry-key': trimmed({ expected: 'letters, digits, `.`, `_` and `-`', form: /^[A-Za-z0-9._-]+$/, limit: 100 }),
  'working-directory': text,
  'dry-run': flag,
  'output-dir': text,
  json: flag,
  'github-token': text,
  'check-run-id': text,
  'job-total': text,
  'job-index': text,
  'job-status': text,
  'job-workflow': text,
} satisfies Readonly<Record<InputName, Rule<unknown>>>;

/** What a caller gave; absent means not given, so that the configuration file can speak. */
export type Inputs = Readonly<{ [Name in InputName]?: ReturnType<(typeof INPUT_RULES)[Name]['read']> }>;

/** Turns raw values into inputs. Throws INVALID_INPUT with every problem at once; `prefix` is how the caller writes a name (`--`). */
export function parseInputs(raw: Readonly<Record<string, unknown>>, prefix: string): Inputs {
  const problems: Problem[] = [];
  const read = Object.entries(raw).flatMap(([name, value]) => {
    const rule = isInput(name) ? INPUT_RULES[name] : NOT_KNOWN;
    const taken = rule.read(value);
    if (taken !== undefined) return [[name, taken] as const];
    if (value !== undefined) problems.push({ code: 'INVALID_INPUT', message: `${prefix}${name}: expected ${rule.expected}; got ${JSON.stringify(value)}.` });
    return [];
  });
  if (problems.length > 0) throw new AuditError('INVALID_INPUT', { message: problems.map(({ message }) => message).join('\n'), exitCode: 2, problems });
  return Object.fromEntries(read);
}

const NOT_KNOWN: Rule<never> = { expected: 'a known name', read: () => undefined };

function isInput(name: string): name is InputName {
  return Object.hasOwn(INPUT_RULES, name);
}

/**
 * The inputs of an action step, from its environment (`INPUT_LOG-PATH`): the runner upper-cases the name and keeps the dashes.
 * https://docs.github.com/actions/reference/workflows-and-actions/metadata-syntax#inputs
 */
export function actionInputs(env: Readonly<Record<string, string | undefined>>): { verb: string; inputs: Inputs } {
  const given = Object.entries(env).flatMap(([key, value]): [string, string][] => (
    key.startsWith('INPUT_') && value !== undefined && value.trim() !== '' ? [[key.slice('INPUT_'.length).toLowerCase(), value.trim()]] : []
  ));
  const specs = new Map(INPUT_SPECS.filter((spec) => isOffered(spec, 'step')).map((spec) => [spec.name as string, spec]));
  const verb = new Map(given).get('command') ?? 'record';
  const unknown = given.filter(([name]) => name !== 'command' && !specs.has(name));
  if (unknown.length > 0) throw strangeInputs(unknown.map(([name]) => name), ['command', ...specs.keys()]);
  assertMeant(given.flatMap(([name]) => specs.get(name) ?? []), verb);
  const raw = given.filter(([name]) => name !== 'command').map(([name, value]) => [name, actionValue(specs.get(name)?.form ?? 'text', value)]);
  return { verb, inputs: parseInputs(Object.fromEntries(raw), '') };
}

/** The runner hands inputs over as variables `INPUT_…`, among which those of the job's own `env` cannot be told. */
function strangeInputs(names: readonly string[], known: readonly string[]): AuditError {
  const { message, problems, exitCode } = unknownNames(names, known);
  return new AuditError('UNKNOWN_FLAG', { message: `${message}\nAn input is read from a variable: one that is called \`INPUT_${names[0]?.toUpperCase() ?? ''}\` in the \`env\` of the job would be taken for it.`, problems, exitCode });
}

/** An input of another command would be passed over without a word. What `action.yml` gives by itself is no wish of the caller's. */
function assertMeant(given: readonly InputSpec[], verb: string): void {
  const astray = given.filter(({ verbs, actionDefault }) => actionDefault === undefined && VERBS.some((known) => known === verb) && !verbs.some((known) => known === verb));
  if (astray.length === 0) return;
  const problems = astray.map(({ name, verbs }): Problem => ({ code: 'INVALID_INPUT', message: `${name} has no meaning for \`command: ${verb}\`, but for ${verbs.join(', ')}.` }));
  throw new AuditError('INVALID_INPUT', { message: problems.map(({ message }) => message).join('\n'), exitCode: 2, problems });
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
