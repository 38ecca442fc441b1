/** The entry: builds the real world from the process, chooses the command, reports what went wrong. */
import { helpText, parseArguments, wantsJson } from './cli.ts';
import { nothingKnown } from './command/known.ts';
import { AuditError, describeError } from './errors.ts';
import { encodeWarnings, processWorld, readTextFile } from './host/process.ts';
import { encodeForTerminal, encodeJson } from './host/terminal.ts';
import type { World } from './host/world.ts';
import { unknownVerb, VERBS, type Verb } from './input-specs.ts';
import type { Inputs } from './inputs.ts';
import type { Problem } from './model/problem.ts';
import { redactText, redactValue } from './model/redact.ts';

const VERSION = '0.1.0';

async function runTerminal(world: World): Promise<number> {
  const call = parseArguments(world.argv, (path) => readTextFile(path, world.cwd));
  switch (call.verb) {
    case 'help':
      world.out(helpText(call.topic));
      // Called with nothing at all, no answer was asked for.
      return world.argv.length === 0 ? 2 : 0;
    case 'version':
      world.out(`${VERSION}\n`);
      return 0;
    case 'record':
    case 'check': {
      const { parseInputs } = await import('./inputs.ts');
      return runCommand(call.verb, parseInputs(call.raw, '--'), { world, operands: call.operands });
    }
    default: return call satisfies never;
  }
}

/** A step of a workflow: the failing outputs stand before anything can go wrong. */
async function runStep(world: World): Promise<number> {
  if (!hasOutputs(world)) throw new AuditError('WRITE_FAILED', { message: 'The outputs of the step cannot be written: GITHUB_OUTPUT is not set.' });
  const { FIRST_OUTPUTS, writeOutputs } = await import('./publish/outputs.ts');
  await writeOutputs(FIRST_OUTPUTS);
  const { actionInputs } = await import('./inputs.ts');
  const { verb, inputs } = actionInputs(world.env);
  const command = VERBS.find((name) => name === verb);
  if (command === undefined) throw unknownVerb(verb);
  const status = await runCommand(command, inputs, { world, operands: [] });
  if (command === 'check') await writeOutputs({ outcome: status === 0 ? 'pass' : 'failed' });
  return status;
}

/** A gate must not wait for outputs that nobody can write. */
function hasOutputs({ env }: World): boolean {
  return (env['GITHUB_OUTPUT'] ?? '') !== '';
}

type Call = Readonly<{ world: World; operands: readonly string[] }>;

async function runCommand(verb: Verb, inputs: Inputs, { world, operands }: Call): Promise<number> {
  switch (verb) {
    case 'record': return (await import('./command/record.ts')).runRecord(inputs, world, known);
    case 'check': return (await import('./command/check.ts')).runCheck(inputs, operands, world);
    default: return verb satisfies never;
  }
}

/** Of an error that is none of ours only that it happened is told to those who see the workflow. */
function problemsOf(error: Error): readonly Problem[] {
  return error instanceof AuditError ? error.problems : [{ code: 'UNEXPECTED', message: error.message }];
}

/** For standard output and error. */
function tellError(error: unknown, problems: readonly Problem[]): void {
  world.err(encodeForTerminal(redactText(describeError(error), world.secrets).text));
  if (!wantsJson(world.argv)) return;
  const { state: recorded, runId } = known.entry;
  // A reader of the outcome must never mistake an error for a pass.
  const answer = world.argv[0] === 'record' ? { outcome: 'failed', recorded, ...(runId === undefined ? {} : { runId }) } : {};
  world.out(`${encodeJson({ schema: 1, ...answer, problems })}\n`);
}

/** Of outputs of one name the last counts: an outcome that was written before the error does not stand. */
async function failOutcome(): Promise<void> {
  if (!hasOutputs(world)) return;
  const { writeOutputs } = await import('./publish/outputs.ts');
  await writeOutputs({ outcome: 'failed' });
}

async function summarise(problems: readonly Problem[]): Promise<void> {
  if (known.summarised) return;
  const { publishFailure } = await import('./command/failure.ts');
  await publishFailure(problems, known.entry);
}

/** At the very end of a step. */
async function settle(): Promise<void> {
  if (world.surface !== 'step' || !hasOutputs(world)) return;
  const { settleOutputs } = await import('./publish/outputs.ts');
  settleOutputs(world.env['GITHUB_OUTPUT'] ?? '');
}

const world = processWorld();
const known = nothingKnown(world);

/** Anything can be thrown, and not all of it has a text. */
function asError(cause: unknown): Error {
  try {
    return cause instanceof Error && typeof (cause.stack ?? cause.message) === 'string' ? cause : new Error(String(cause));
  } catch {
    return new Error('Something was thrown that has no text.');
  }
}

/** A step knows only success and failure; annotation and summary are what a reader of the workflow sees first. */
async function fail(thrown: unknown): Promise<void> {
  const cause = asError(thrown);
  const isStep = world.surface === 'step';
  process.exitCode = isStep ? 1 : cause instanceof AuditError ? cause.exitCode : 2;
  const { value: problems } = redactValue(problemsOf(cause), world.secrets);
  tellError(cause, problems);
  if (!isStep) return;
  world.annotate(describeError(cause));
  for (const report of [failOutcome, () => summarise(problems), settle]) {
    try {
      await report();
    } catch (second) {
      // Not even that can be written: the log of the step holds both.
      tellError(second, []);
    }
  }
}

async function failAtOnce(cause: unknown): Promise<never> {
  try {
    await fail(cause);
  } finally {
    process.exit();
  }
}

function onEscape(cause: unknown): void {
  void failAtOnce(cause);
}

// What escapes everything else would be printed raw, and might be read as a command.
encodeWarnings(world);
for (const escape of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(escape, onEscape);
}

try {
  process.exitCode = world.surface === 'step' ? await runStep(world) : await runTerminal(world);
  await settle();
} catch (error) {
  await fail(error);
}
