/** `record`: collect the evidence of one run, compare it, render it, and put it where people look. */
import { collectRun } from '../collect/collect-run.ts';
import { readNotesFiles } from '../collect/notes-files.ts';
import { parseOutcomes, parseReportSpecs } from '../collect/report-specs.ts';
import { readDocumentTemplates, readRunLogTemplate } from '../collect/templates.ts';
import { AuditError } from '../errors.ts';
import { encodeJson, terminalStyles } from '../host/terminal.ts';
import type { World } from '../host/world.ts';
import type { Inputs } from '../inputs.ts';
import { UNRECORDED } from '../model/audit.ts';
import { baselinePaths } from '../model/baseline.ts';
import { NO_LINKS } from '../model/links.ts';
import { NO_NOTES, type Notes } from '../model/notes.ts';
import type { Problem } from '../model/problem.ts';
import type { Run } from '../model/run.ts';
import { failsRun } from '../model/verdict.ts';
import type { Options } from '../options.ts';
import { folderPublisher } from '../publish/folder.ts';
import { publishAll } from '../publish/index.ts';
import { outputsOf, writeOutputs } from '../publish/outputs.ts';
import type { Publishable, Recorded } from '../publish/publisher.ts';
import { planOnce, recordEntry } from '../publish/run-log.ts';
import { summaryPublisher } from '../publish/summary.ts';
import { terminalPublisher } from '../publish/terminal.ts';
import { renderDocuments } from '../render/documents.ts';
import { openLocalHost, type LocalHost } from './local-host.ts';
import { baselineOf, planEntry, type Plan, type PlanContext } from './plan.ts';
import { watchProgress } from './progress.ts';
import { recordJson } from './record-json.ts';
import { closingLines } from './record-text.ts';

export async function runRecord(inputs: Inputs, world: World): Promise<number> {
  const host = await openLocalHost(inputs, world);
  const { options } = host;
  const run = await collect(host, world);
  const context: PlanContext = { run, logPath: options.logPath, emptyLog: await readRunLogTemplate(), links: NO_LINKS };
  const { plan, recorded } = await recordPlan(context, host);
  const documents = renderDocuments(plan.audit, await readDocumentTemplates(), { failOn: options.failOn });
  const what: Publishable = { audit: plan.audit, entry: plan.entry, documents, recorded };
  return answer(what, host, { inputs, world });
}

async function collect(host: LocalHost, world: World): Promise<Run> {
  const { options } = host;
  const progress = watchProgress(world);
  const specs = parseReportSpecs(options.reports);
  const ends = parseOutcomes(options.outcomes);
  // In a workflow an audit without evidence is a failed audit; a person who only tries the command wants no entry.
  if (specs.length + ends.size === 0 && world.surface === 'terminal') throw new AuditError('NO_EVIDENCE', { message: NO_EVIDENCE.message, exitCode: 2 });
  const { notes, problems } = await readNotes(host);
  try {
    return await collectRun({
      key: options.entryKey ?? `local-${world.randomHex(8)}`,
      specs, ends, notes,
      settings: options.tasks,
      logPath: options.logPath,
      problems: specs.length + ends.size === 0 ? [...problems, NO_EVIDENCE] : problems,
      context: { trigger: 'local', auditName: options.name, end: utc(world.now()), operator: options.operator ?? world.user ?? 'unknown', mode: options.mode, scope: [...options.scope] },
    }, { ...host, progress: progress.read });
  } finally {
    progress.end();
  }
}

const NO_EVIDENCE: Problem = { code: 'NO_EVIDENCE', message: 'No report and no step outcome was named.' };

/** UTC in whole seconds. */
function utc(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

/** Most runs have no notes: the Markdown reader is loaded only for those that do. */
async function readNotes({ files, options }: LocalHost): Promise<{ notes: Notes; problems: Problem[] }> {
  if (options.notes.length === 0) return { notes: NO_NOTES, problems: [] };
  const { sources, problems } = await readNotesFiles(files, options.notes);
  const { parseNotes } = await import('../claims/notes.ts');
  const parsed = parseNotes(sources);
  return { notes: parsed.notes, problems: [...problems, ...parsed.problems] };
}

type CompletePlan = Exclude<Plan, { state: 'unread' }>;
type Outcome = Readonly<{ plan: CompletePlan; recorded: Recorded }>;

/** The entry in the log, or the reason why it is not there: what comes after is shown in any case. */
async function recordPlan(context: PlanContext, host: LocalHost): Promise<Outcome> {
  const { options, store } = host;
  const request = { store, paths: [context.logPath, ...baselinePaths(baselineOf(context))], plan: (state: Parameters<typeof planEntry>[1]) => planEntry(context, state) };
  try {
    if (options.dryRun || options.log === 'off') {
      const { planned } = await planOnce(request);
      return { plan: planned, recorded: planned.state === 'recorded' ? { state: true, before: true } : { state: false, wish: options.dryRun ? 'dry run' : 'log: off' } };
    }
    const plan = await recordEntry({ ...request, wait: host.wait, random: host.random });
    return { plan, recorded: plan.state === 'recorded' ? { state: true, before: true } : { state: true } };
  } catch (error) {
    if (!(error instanceof AuditError) || error.exitCode === 2) throw error;
    const [problem = { code: error.code, message: error.message }] = error.problems;
    return { plan: await unrecorded(context, host.data), recorded: { state: problem.code === 'WRITE_UNFINISHED' ? 'unknown' : false, problem } };
  }
}

/** The entry as it would be in a log of its own. */
async function unrecorded(context: PlanContext, data: ReadonlyMap<string, Uint8Array>): Promise<CompletePlan> {
  const files = new Map([...data].filter(([path]) => path !== context.logPath));
  const plan = await planEntry({ ...context, runId: UNRECORDED }, { head: '', files, paths: [...files.keys()] });
  if (plan.state === 'unread') throw new Error('a plan without a log found an entry in it');
  return plan;
}

type Call = Readonly<{ inputs: Inputs; world: World }>;

async function answer(what: Publishable, host: LocalHost, { inputs, world }: Call): Promise<number> {
  const { options } = host;
  const json = inputs.json === true;
  const styles = terminalStyles(world.colours);
  const publishers = [
    ...(json ? [] : [terminalPublisher({ out: world.out, styles })]),
    ...(world.surface === 'step' ? [summaryPublisher()] : []),
    ...(host.outputFolder === null ? [] : [folderPublisher(host.outputFolder)]),
  ];
  const publications = await publishAll(publishers, what);
  const failed = publications.flatMap((publication) => (publication.status === 'failed' ? [publication.problem] : []));
  const problems = [...what.audit.run.problems, ...(what.recorded.problem === undefined ? [] : [what.recorded.problem]), ...failed];
  if (world.surface === 'step') await writeOutputs(outputsOf(what.audit, what.recorded));
  if (json) world.out(`${encodeJson(recordJson(what, problems))}\n`);
  else world.out(closingLines(what, { publications, problems }, styles));
  return exitStatus(what, options, failed);
}

/** 1: the answer is no. A log that may not be written by the caller's wish fails nothing. */
function exitStatus({ audit, recorded }: Publishable, options: Options, failed: readonly Problem[]): number {
  const lost = recorded.problem !== undefined && options.log === 'required';
  return lost || failed.length > 0 || failsRun(audit.verdict, options.failOn) ? 1 : 0;
}
