/** The terminal: arguments in, raw values under the action's input names out; and the help text. */
import { parseArgs } from 'node:util';
import { AuditError } from './errors.ts';
import { INPUT_SPECS, isOffered, splitLines, unknownNames, unknownVerb, VERBS, type InputSpec, type Verb } from './input-specs.ts';
import type { Problem } from './model/problem.ts';

export type CliCall =
  | Readonly<{ verb: 'help'; topic: Verb | null }>
  | Readonly<{ verb: 'version' }>
  | Readonly<{ verb: Verb; raw: Readonly<Record<string, unknown>>; operands: readonly string[] }>;

/** `readText` serves values of the form `@file`. Throws UNKNOWN_COMMAND, UNKNOWN_FLAG or INVALID_INPUT, each with all its problems at once. */
export function parseArguments(argv: readonly string[], readText: (path: string) => string): CliCall {
  const [first, ...rest] = argv;
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') return { verb: 'help', topic: null };
  if (first === '--version' || first === '-V') return { verb: 'version' };
  const verb = VERBS.find((known) => known === first);
  if (verb === undefined) throw first.startsWith('-') ? unknownNames([first], ['--help', '--version', ...VERBS]) : unknownVerb(first);
  const { tokens } = tokenize(rest, verb);
  if (tokens.some((token) => token.kind === 'option' && (token.name === 'help' || token.rawName === '-h'))) return { verb: 'help', topic: verb };
  return { verb, ...readTokens(tokens, verb, readText) };
}

/** Whether the caller asked for JSON, told even from arguments that cannot be understood. */
export function wantsJson(argv: readonly string[]): boolean {
  return argv.includes('--json');
}

type Token = ReturnType<typeof tokenize>['tokens'][number];

function tokenize(argv: readonly string[], verb: Verb) {
  const options = Object.fromEntries(specsOf(verb).map((spec) => [spec.name, { type: spec.form === 'switch' ? 'boolean' as const : 'string' as const }]));
  return parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });
}

function specsOf(verb: Verb): readonly InputSpec[] {
  return INPUT_SPECS.filter((spec) => spec.verbs.includes(verb) && isOffered(spec, 'terminal'));
}

function readTokens(tokens: readonly Token[], verb: Verb, readText: (path: string) => string): { raw: Readonly<Record<string, unknown>>; operands: string[] } {
  const specs = new Map<string, InputSpec>(specsOf(verb).map((spec) => [spec.name, spec]));
  const unknown = tokens.flatMap((token) => (token.kind === 'option' && !specs.has(token.name) ? [token.rawName] : []));
  if (unknown.length > 0) throw unknownNames(unknown, [...specs.keys()].map((name) => `--${name}`));
  const raw = new Map<string, unknown>();
  const problems: Problem[] = [];
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const spec = specs.get(token.name);
    if (spec?.form === 'switch') raw.set(token.name, token.value === undefined ? true : token.value);
    else if (token.value === undefined) problems.push({ code: 'INVALID_INPUT', message: `${token.rawName} needs a value.` });
    // Most likely the value was forgotten, and the flag after it must not be swallowed.
    else if (!token.inlineValue && /^-./.test(token.value)) problems.push({ code: 'INVALID_INPUT', message: `${token.rawName} needs a value; \`${token.rawName}=${token.value}\` gives it one that begins with a dash.` });
    else if (spec?.form === 'text' && raw.has(token.name)) problems.push({ code: 'INVALID_INPUT', message: `${token.rawName} stands more than once.` });
    else raw.set(token.name, spec?.form === 'lines' ? [...((raw.get(token.name) as string[] | undefined) ?? []), ...splitLines(fileValue(token.value, readText))] : fileValue(token.value, readText).trim());
  }
  const operands = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
  if (verb === 'record') problems.push(...operands.map((operand): Problem => ({ code: 'INVALID_INPUT', message: `\`${operand}\` is not expected here; values belong to a flag.` })));
  if (problems.length > 0) throw new AuditError('INVALID_INPUT', { message: problems.map(({ message }) => message).join('\n'), exitCode: 2, problems });
  return { raw: Object.fromEntries(raw), operands };
}

function fileValue(value: string, readText: (path: string) => string): string {
  return value.startsWith('@') ? readText(value.slice(1)) : value;
}

const SUMMARIES: Readonly<Record<Verb, string>> = {
  record: 'Record one audit run: read the evidence, compare findings, append one entry to the run log.',
  check: 'Check run logs: ids, index and entries against each other.',
};

const EXITS = `Exit status: 0 fine; 1 the answer is no (audit failed, log not written, log has errors); 2 no answer could be made.`;

/** Plain text, lines of at most 110 characters where the words allow, ending with a newline. */
export function helpText(topic: Verb | null): string {
  if (topic === null) {
    const verbs = VERBS.map((verb) => `  ${verb.padEnd(8)}${SUMMARIES[verb]}`).join('\n');
    return `audit-run-log: a run log of every audit, made from evidence.\n\nUsage: audit-run-log <command> [flags]\n\n${verbs}\n\naudit-run-log <command> --help shows the flags. audit-run-log --version shows the version.\n${EXITS}\n`;
  }
  const operands = topic === 'check' ? ' [LOG…]' : '';
  const flags = specsOf(topic).map((spec) => `  --${spec.name}${spec.placeholder === undefined ? '' : ` <${spec.placeholder}>`}\n      ${spec.meaning}${spec.form === 'lines' ? '; repeatable' : ''}`);
  const files = topic === 'check' ? 'LOG: run logs to check (default: docs/AUDIT_RUN_LOG.md).\n' : '';
  return `${SUMMARIES[topic]}\n\nUsage: audit-run-log ${topic}${operands} [flags]\n\n${flags.join('\n')}\n\n${files}A value @file is read from that file. ${EXITS}\n`;
}
