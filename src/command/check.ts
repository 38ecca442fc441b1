/** `check`: are these run logs well-formed? */
import { resolve } from 'node:path';
import { readLogFile } from '../collect/log-file.ts';
import { encodeForTerminal, encodeJson, terminalStyles, type Styles } from '../host/terminal.ts';
import type { World } from '../host/world.ts';
import type { Inputs } from '../inputs.ts';
import { DEFAULT_LOG_PATH } from '../options.ts';
import { checkRunLog, type CheckedDocument } from '../runlog/check.ts';

/** Exit status 1 if any log has an error; warnings and notices are only told. No repository is needed. */
export async function runCheck(inputs: Inputs, paths: readonly string[], world: World): Promise<number> {
  const cwd = resolve(world.cwd, inputs['working-directory'] ?? '.');
  const documents: CheckedDocument[] = [];
  for (const path of paths.length === 0 ? [inputs['log-path'] ?? DEFAULT_LOG_PATH] : paths) {
    documents.push(checkRunLog(path, await readLogFile(path, cwd)));
  }
  if (inputs.json === true) world.out(`${encodeJson({ schema: 1, documents, problems: [] })}\n`);
  else world.out(documents.map((document) => describeDocument(document, terminalStyles(world.colours))).join('\n'));
  return documents.some(({ problems }) => problems.some(({ level }) => level === 'error')) ? 1 : 0;
}

/** One line for each problem, as `path:line: level: message (rule)`, which editors and log viewers link. */
function describeDocument(document: CheckedDocument, styles: Styles): string {
  const path = encodeForTerminal(document.path);
  const counts = { error: 0, warning: 0, notice: 0 };
  const lines = document.problems.map(({ rule, level, line, message }) => {
    counts[level] += 1;
    const mark = level === 'error' ? styles.red(level) : level === 'warning' ? styles.yellow(level) : styles.dim(level);
    return `${path}:${line}: ${mark}: ${encodeForTerminal(message)} ${styles.dim(`(${rule})`)}`;
  });
  const told = Object.entries(counts).filter(([, count]) => count > 0).map(([level, count]) => `${count} ${level}${count === 1 ? '' : 's'}`);
  const entries = `${document.entries.length} ${document.entries.length === 1 ? 'entry' : 'entries'}`;
  const verdict = counts.error > 0 ? styles.red(told.join(', ')) : styles.green(told.length === 0 ? 'no problems' : `no errors, ${told.join(', ')}`);
  return `${[...lines, `${styles.bold(path)}: ${entries}, next ${encodeForTerminal(document.nextId ?? 'unknown')}: ${verdict}`].join('\n')}\n`;
}
