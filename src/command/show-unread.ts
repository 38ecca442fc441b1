/** Showing what the reports say of a run that could not be compared with anything: in the job summary, in files for later steps, and nowhere else. */
import { AuditError } from '../errors.ts';
import { localFolder } from '../host/local/folder.ts';
import { encodeForTerminal, encodeJson } from '../host/terminal.ts';
import type { World } from '../host/world.ts';
import type { Problem } from '../model/problem.ts';
import type { Run } from '../model/run.ts';
import { writeOutputs } from '../publish/outputs.ts';
import { writeSummary } from '../publish/summary.ts';
import { renderUnread } from '../render/failure.ts';
import { collectEvidence } from './collect-evidence.ts';
import type { UnreadHost } from './host.ts';
import type { Known } from './known.ts';

/** Throws what kept GitHub from being read in any case, and with it what could not be shown. */
export async function showUnread(host: UnreadHost, world: World, known: Known): Promise<never> {
  const { cause } = host;
  const more: Problem[] = [];
  const attempt = async (show: () => Promise<void>): Promise<void> => {
    try {
      await show();
    } catch (error) {
      if (!(error instanceof AuditError)) throw error;
      more.push(...error.problems);
    }
  };
  await attempt(async () => {
    const run = await collectEvidence(host, world);
    const summary = renderUnread(run, host);
    for (const show of [
      async () => {
        await writeSummary(summary);
        known.summarised = true;
      },
      async () => writeFiles(host, world, { run, summary }),
      async () => writeFolder(host, world, summary),
    ]) await attempt(show);
  });
  throw more.length === 0 ? cause : new AuditError(cause.code, { message: cause.message, cause, problems: [...cause.problems, ...more] });
}

type Shown = Readonly<{ run: Run; summary: string }>;

async function writeFiles({ temporary, options }: UnreadHost, world: World, { run, summary }: Shown): Promise<void> {
  const folder = localFolder(temporary, world.cwd);
  const path = await folder.write('summary.md', summary);
  const json = await folder.write('run.json', `${encodeJson(unreadJson(run, { summary, logPath: options.logPath }))}\n`);
  await writeOutputs({ summary: path, json });
  world.out(`not recorded, nothing compared; what the reports say: ${encodeForTerminal(path)}\n`);
}

async function writeFolder({ options: { outputDir } }: UnreadHost, world: World, summary: string): Promise<void> {
  if (outputDir !== null) await localFolder(outputDir, world.cwd).write('summary.md', summary);
}

/** The names of `record --json`: `null` for what only a comparison, or a recording, could tell. */
function unreadJson(run: Run, { summary, logPath }: Readonly<{ summary: string; logPath: string }>): unknown {
  return {
    schema: 1, outcome: 'failed', reason: 'what was known before could not be read', rows: [],
    recorded: false, runId: null, logPath, recordPath: null,
    tasks: run.tasks, findings: null, files: null, problems: run.problems,
    entry: null, comment: null, summary,
    run: { ...run, context: { ...run.context, tree: null }, files: null },
  };
}
