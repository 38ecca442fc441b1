/**
 * What a workflow runner would take for a command in a line of output, after ActionCommand.cs and ActionCommandManager.cs of actions/runner:
 * the newer form at the start of a line after white space, the older one anywhere in it.
 */
export function runnerCommands(output: string): string[] {
  return output.split(/\r\n|\n|\r/).filter((line) => /^\s*::[^\s:]/.test(line) || /##\[[^\]]/.test(line));
}

/** All but the one annotation by which a step says that it fails, and why. */
export function strangeCommands(output: string): string[] {
  const commands = runnerCommands(output);
  const own = commands.findIndex((line) => line.startsWith('::error::'));
  return commands.filter((_, at) => at !== own);
}
