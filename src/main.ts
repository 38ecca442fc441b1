/** The entry: builds the real world from the process, chooses the command, reports what went wrong. */
import { helpText, parseArguments, wantsJson } from './cli.ts';
import { AuditError, describeError } from './errors.ts';
import { processWorld, readTextFile } from './host/process.ts';
import { encodeForTerminal, encodeJson } from './host/terminal.ts';
import type { World } from './host/world.ts';
import { unknownVerb, VERBS, type Verb } from './input-specs.ts';
import type { Inputs } from './inputs.ts';
import { visible } from './model/visible.ts';

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
  const { FIRST_OUTPUTS, writeOutputs } = await import('./publish/outputs.ts');
  await writeOutputs(FIRST_OUTPUTS);
  const { actionInputs } = await import('./inputs.ts');
  const { verb, inputs } = actionInputs(world.env);
  const known = VERBS.find((name) => name === verb);
  if (known === undefined) throw unknownVerb(verb);
  const status = await runCommand(known, inputs, { world, operands: [] });
  if (known === 'check') await writeOutputs({ outcome: status === 0 ? 'pass' : 'failed' });
  return status;
}

type Call = Readonly<{ world: World; operands: readonly string[] }>;

async function runCommand(verb: Verb, inputs: Inputs, { world, operands }: Call): Promise<number> {
  switch (verb) {
    case 'record': return (await import('./command/record.ts')).runRecord(inputs, world);
    case 'check': return (await import('./command/check.ts')).runCheck(inputs, operands, world);
    default: return verb satisfies never;
  }
}

function reportError(error: unknown, world: World): number {
  const text = describeError(error);
  if (wantsJson(world.argv)) {
    const problems = error instanceof AuditError ? error.problems : [{ code: 'UNEXPECTED', message: String(error) }];
    // A reader of the outcome must never mistake an error for a pass.
    const answer = world.argv[0] === 'record' ? { outcome: 'failed', recorded: false } : {};
    world.out(`${encodeJson({ schema: 1, ...answer, problems })}\n`);
  }
  world.err(encodeForTerminal(text));
  return error instanceof AuditError ? error.exitCode : 2;
}

const world = processWorld();
try {
  process.exitCode = world.surface === 'step' ? await runStep(world) : await runTerminal(world);
} catch (error) {
  process.exitCode = reportError(error, world);
  if (world.surface === 'step') {
    // A step knows only success and failure; the annotation is what a reader of the workflow sees first.
    process.exitCode = 1;
    const { error: annotate } = await import('@actions/core');
    annotate(visible(describeError(error)).trimEnd());
  }
}
