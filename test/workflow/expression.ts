/** Expressions of workflows: GitHub's own parser and evaluator, with the template text around them split here. */
import { data, Evaluator, Lexer, Parser, type Expr } from '@actions/expressions';
import { Binary, FunctionCall, Grouping, IndexAccess, Logical, Unary } from '@actions/expressions/ast';
import type { FunctionDefinition } from '@actions/expressions/funcs/info';
import { TokenType } from '@actions/expressions/lexer';
import { NotSupportedYet, WorkflowError } from './errors.ts';

/** JSON values; what a context holds. */
export type Value = null | string | number | boolean | readonly Value[] | { readonly [key: string]: Value };
/** Contexts by name (`github`, `steps`, …) and how the status functions answer where they are allowed. */
export type Scope = Readonly<{ contexts: Readonly<Record<string, Value>>; status?: StatusFunctions }>;
export type StatusFunctions = Readonly<{ success: () => boolean; failure: () => boolean; cancelled: () => boolean }>;

const STATUS_NAMES = ['always', 'cancelled', 'failure', 'success'];

function toData(value: Value): data.ExpressionData {
  if (value === null) return new data.Null();
  if (typeof value === 'string') return new data.StringData(value);
  if (typeof value === 'number') return new data.NumberData(value);
  if (typeof value === 'boolean') return new data.BooleanData(value);
  if (isList(value)) return new data.Array(...value.map(toData));
  return new data.Dictionary(...Object.entries(value).map(([key, entry]) => ({ key, value: toData(entry) })));
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function toValue(found: data.ExpressionData): Value {
  if (found instanceof data.StringData || found instanceof data.NumberData || found instanceof data.BooleanData) return found.value;
  if (found instanceof data.Array) return found.values().map(toValue);
  if (found instanceof data.Dictionary) return Object.fromEntries(found.pairs().map(({ key, value }) => [key, toValue(value)]));
  return null;
}

function functionsOf({ status }: Scope): FunctionDefinition[] {
  const hashFiles: FunctionDefinition = { name: 'hashFiles', minArgs: 1, maxArgs: 255, call: () => { throw new NotSupportedYet('hashFiles()'); } };
  if (status === undefined) return [hashFiles];
  const answers = { always: () => true, ...status };
  return [hashFiles, ...Object.entries(answers).map(([name, answer]) => ({ name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(answer()) }))];
}

function parse(expression: string, scope: Scope): Expr {
  try {
    const { tokens } = new Lexer(expression).lex();
    // The lexer takes only the first '' of a literal for a quote; the runner takes each.
    for (const token of tokens) if (token.type === TokenType.STRING) token.value = token.lexeme.slice(1, -1).replaceAll("''", "'");
    return new Parser(tokens, Object.keys(scope.contexts), functionsOf(scope)).parse();
  } catch (error) {
    throw faultOf(expression, error);
  }
}

function faultOf(expression: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof NotSupportedYet || error instanceof WorkflowError) return error;
  return new WorkflowError([`\`${expression.trim()}\`: ${error.message}`]);
}

function run(expression: string, scope: Scope): data.ExpressionData {
  const tree = parse(expression, scope);
  const context = new data.Dictionary(...Object.entries(scope.contexts).map(([key, value]) => ({ key, value: toData(value) })));
  try {
    return new Evaluator(tree, context, new Map(functionsOf(scope).map((definition) => [definition.name.toLowerCase(), definition]))).evaluate();
  } catch (error) {
    throw faultOf(expression, error);
  }
}

/** The value of an expression, written without its `${{ }}`. Throws WorkflowError, and NotSupportedYet for hashFiles(). */
export function evaluate(expression: string, scope: Scope): Value {
  return toValue(run(expression, scope));
}

type Piece = Readonly<{ text: string } | { expression: string }>;

/** Text and expressions in turn. A `}}` inside of a string literal ends nothing. */
export function splitTemplate(template: string): Piece[] {
  const pieces: Piece[] = [];
  let rest = template;
  for (;;) {
    const start = rest.indexOf('${{');
    if (start < 0) return rest === '' ? pieces : [...pieces, { text: rest }];
    const [whole, expression] = /^\$\{\{((?:'[^']*'|(?!\}\})[^'])*)\}\}/.exec(rest.slice(start)) ?? [];
    if (whole === undefined || expression === undefined) throw new WorkflowError([`\`${rest.slice(start, start + 60)}\`: the expression is not closed`]);
    if (start > 0) pieces.push({ text: rest.slice(0, start) });
    pieces.push({ expression });
    rest = rest.slice(start + whole.length);
  }
}

/** The template with the value of each expression as text, as the runner puts it into `run`, `with`, `env` and names. */
export function substitute(template: string, scope: Scope): string {
  return splitTemplate(template).map((piece) => ('text' in piece ? piece.text : run(piece.expression, scope).coerceString())).join('');
}

/** A value that may be an expression as a whole (`timeout-minutes: ${{ … }}`); other text stays text. */
export function evaluateWhole(template: string, scope: Scope): Value {
  const [piece, ...more] = splitTemplate(template);
  if (piece !== undefined && 'expression' in piece && more.length === 0) return evaluate(piece.expression, scope);
  return substitute(template, scope);
}

/** Whether an `if` holds: `${{ }}` may be left out, and without a status function it needs success() too. */
export function holds(condition: string | undefined, scope: Scope): boolean {
  const expression = conditionOf(condition ?? '');
  if (expression === '') return scope.status?.success() ?? true;
  if (!callsStatus(parse(expression, scope)) && scope.status?.success() === false) return false;
  return evaluatesToTrue(evaluate(expression, scope));
}

function conditionOf(condition: string): string {
  const pieces = splitTemplate(condition.trim());
  const [piece] = pieces;
  if (piece === undefined) return '';
  if (pieces.length > 1) throw new WorkflowError([`if: \`${condition.trim()}\` mixes text with \`\${{ }}\`, which is true whatever it says`]);
  return ('text' in piece ? piece.text : piece.expression).trim();
}

function evaluatesToTrue(value: Value): boolean {
  return !(value === null || value === false || value === '' || value === 0 || Number.isNaN(value));
}

function callsStatus(tree: Expr): boolean {
  if (tree instanceof FunctionCall) return STATUS_NAMES.includes(tree.functionName.lexeme.toLowerCase()) || tree.args.some(callsStatus);
  if (tree instanceof Binary) return callsStatus(tree.left) || callsStatus(tree.right);
  if (tree instanceof Logical) return tree.args.some(callsStatus);
  if (tree instanceof Unary) return callsStatus(tree.expr);
  if (tree instanceof Grouping) return callsStatus(tree.group);
  if (tree instanceof IndexAccess) return callsStatus(tree.expr) || callsStatus(tree.index);
  return false;
}
