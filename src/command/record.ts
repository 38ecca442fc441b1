/** `record`: collect the evidence of one run, compare it, render it, and put it where people look. */
import { readDocumentTemplates, readRunLogTemplate } from '../collect/templates.ts';
import { encodeJson, terminalStyles } from '../host/terminal.ts';
import type { World } from '../host/world.ts';
import type { Inputs } from '../inputs.ts';
import { UNRECORDED, UNSURE, type Audit } from '../model/audit.ts';
import { failsRun } from '../model/verdict.ts';
import type { Options } from '../options.ts';
import { publishAll, type Publishing } from '../publish/index.ts';
import type { EntryKnown } from '../publish/outputs.ts';
import type { Recorded } from '../publish/publisher.ts';
import { renderDocuments } from '../render/documents.ts';
import type { Blocking } from '../render/sections/story.ts';
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
      render: (audit) => renderDocuments(asShown(audit, recorded), templates, { ...blockingOf(recorded, host.options), ...(recorded.state === true ? {} : { entry: plan.entry }) }),
    });
    return await answer(published, host, { inputs, world });
  } finally {
    host.close();
  }
}

function entryKnown(runId: string, { commit }: Recorded, url: string | undefined): EntryKnown {
  return { state: true, runId, ...(commit === undefined ? {} : { commit }), ...(url === undefined ? {} : { url }) };
}

/** A number that the entry would have got is not told as if the entry stood in the log. */
function asShown(audit: Audit, { state }: Recorded): Audit {
  return state === true ? audit : { ...audit, runId: state === false ? UNRECORDED : UNSURE };
}

function blockingOf({ problem, wish }: Recorded, { failOn, log }: Options): Blocking {
  return { failOn, ...(problem === undefined || wish !== undefined || log === 'off' ? {} : { unrecorded: { problem, log } }) };
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
  const failures = failuresOf({ what, publications }, host.options);
  if (inputs.json === true) world.out(`${encodeJson(recordJson(what, problems))}\n`);
  else world.out(closingLines(what, { publications, problems, failures }, terminalStyles(world.colours)));
  if (failures.length > 0) world.annotate(failures.join('\n'));
  return failures.length === 0 ? 0 : 1;
}

/** Why the answer is no, each in a sentence; empty: it is yes. A log that may not be written by the caller's wish fails nothing. */
function failuresOf({ what: { audit, recorded }, publications }: Publishing, { log, failOn }: Options): readonly string[] {
  const { problem, wish } = recorded;
  const { outcome, reason } = audit.verdict;
  return [
    ...(failsRun(audit.verdict, failOn) ? [`Audit ${outcome === 'failed' ? outcome : 'with known gaps, which fail it here (`fail-on: gaps`)'}: ${reason}`] : []),
    ...(problem !== undefined && wish === undefined && log === 'required' ? [`The run log got no entry for certain, which it must (\`log: required\`): ${problem.message}`] : []),
    ...publications.flatMap((publication) => (publication.status === 'failed' && publication.weight === 'required' ? [`What was asked for could not be shown (${publication.publisher}): ${publication.problem.message}`] : [])),
  ];
}
