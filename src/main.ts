/** The entry: builds the real world from the process, chooses the command, reports what went wrong. */
import { parseArguments, helpText, wantsJson } from './cli.ts';
import { AuditError, describeError } from './errors.ts';
import { colourKind, encodeForTerminal, encodeJson } from './host/terminal.ts';
import { processWorld, readTextFile } from './host/process.ts';
import type { World } from './host/world.ts';

const VERSION = '0.1.0';

async function runTerminal(world: World): Promise<number> {
  const call = parseArguments(world.argv, (path) => readTextFile(path, world.cwd));
  if (call.verb === 'help') {
    world.out(helpText(call.topic));
    // Called with nothing at all, no answer was asked for.
    return world.argv.length === 0 ? 2 : 0;
  }
  if (call.verb === 'version') {
    world.out(`${VERSION}\n`);
    return 0;
  }
  const { parseInputs } = await import('./inputs.ts');
  const inputs = parseInputs(call.raw, '--');
  switch (call.verb) {
    case 'record': return (await import('./command/record.ts')).runRecord(inputs, world);
    case 'check': return (await import('./command/check.ts')).runCheck(inputs, call.operands, world);
    default: return call.verb satisfies never;
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

const world = processWorld(colourKind);
try {
  process.exitCode = await runTerminal(world);
} catch (error) {
  process.exitCode = reportError(error, world);
}
