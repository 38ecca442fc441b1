/** `record`: collect the evidence of one run, compare it, render it, and put it where people look. */
import { readDocumentTemplates, readRunLogTemplate } from '../collect/templates.ts';
import { encodeJson, terminalStyles } from '../host/terminal.ts';
import type { World } from '../host/world.ts';
import type { Inputs } from '../inputs.ts';
import { failsRun } from '../model/verdict.ts';
import type { Options } from '../options.ts';
import { publishAll, type Publishing } from '../publish/index.ts';
import type { EntryKnown } from '../publish/outputs.ts';
import type { Recorded } from '../publish/publisher.ts';
import { renderDocuments } from '../render/documents.ts';
import { collectEvidence } from './collect-evidence.ts';
import type { Host, UnreadHost } from './host.ts';
import { nothingKnown, type Known } from './known.ts';
import { recordJson } from './record-json.ts';
import { recordPlan } from './record-plan.ts';
import { closingLines } from './record-text.ts';

/** `known`: for whoever has to tell what ended the run. */
export async function runRecord(inputs: Inputs, world: World, known: Known = nothingKnown(world)): Promise<number> {
  const host = await openHost(inputs, world);
  if ('cause' in host) return (await import('./show-unread.ts')).showUnread(host, world, known);
  try {
    const run = await collectEvidence(host, world);
    // What may fail is read before anything is written.
    const [emptyLog, templates] = [await readRunLogTemplate(), await readDocumentTemplates()];
    const { plan, recorded } = await recordPlan({ run, logPath: host.options.logPath, emptyLog, links: host.links }, { ...host, onState: async (state) => known.note({ state }) });
    const links = { ...host.links, ...host.entryLink(recorded, plan.entry) };
    await known.note(recorded.state === true ? entryKnown(plan.audit.runId, recorded, links.entry) : { state: recorded.state });
    const published = await publishAll({
      publishers: host.publishers,
      what: { audit: { ...plan.audit, links }, entry: plan.entry, recorded },
      render: (audit) => renderDocuments(audit, templates, { failOn: host.options.failOn, ...(recorded.state === true ? {} : { entry: plan.entry }) }),
    });
    return await answer(published, host, { inputs, world });
  } finally {
    host.close();
  }
}

function entryKnown(runId: string, { commit }: Recorded, url: string | undefined): EntryKnown {
  return { state: true, runId, ...(commit === undefined ? {} : { commit }), ...(url === undefined ? {} : { url }) };
}

/** As the step of an action the run log lies on GitHub, in a terminal in the repository around it. */
async function openHost(inputs: Inputs, world: World): Promise<Host | UnreadHost> {
  if (world.surface === 'step') return (await import('./github-host.ts')).openGitHubHost(inputs, world);
  return (await import('./local-host.ts')).openLocalHost(inputs, world);
}

type Call = Readonly<{ inputs: Inputs; world: World }>;

async function answer({ what, publications }: Publishing, host: Host, { inputs, world }: Call): Promise<number> {
  const { problems } = what.audit.run;
  if (world.surface === 'step') {
    const { outputsOf, writeOutputs } = await import('../publish/outputs.ts');
    await writeOutputs(outputsOf(what, publications));
  }
  if (inputs.json === true) world.out(`${encodeJson(recordJson(what, problems))}\n`);
  else world.out(closingLines(what, { publications, problems }, terminalStyles(world.colours)));
  return exitStatus({ what, publications }, host.options);
}

/** 1: the answer is no. A log that may not be written by the caller's wish fails nothing. */
function exitStatus({ what: { audit, recorded }, publications }: Publishing, options: Options): number {
  const lost = recorded.problem !== undefined && recorded.wish === undefined && options.log === 'required';
  const unshown = publications.some(({ status, weight }) => status === 'failed' && weight === 'required');
  return lost || unshown || failsRun(audit.verdict, options.failOn) ? 1 : 0;
}
