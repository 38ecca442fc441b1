/** Collecting: reports, steps and notes of one run, with what the host says of it, as one value. */
import { collectRun } from '../collect/collect-run.ts';
import { readNotesFiles } from '../collect/notes-files.ts';
import { parseOutcomes, parseReportSpecs } from '../collect/report-specs.ts';
import { AuditError } from '../errors.ts';
import type { World } from '../host/world.ts';
import { NO_NOTES, type Notes } from '../model/notes.ts';
import type { Problem } from '../model/problem.ts';
import { redactRun } from '../model/redact-run.ts';
import type { Run } from '../model/run.ts';
import type { EvidenceHost } from './host.ts';
import { watchProgress } from './progress.ts';

export async function collectEvidence(host: EvidenceHost, world: World): Promise<Run> {
  const { options } = host;
  const specs = parseReportSpecs(options.reports);
  const given = parseOutcomes(options.outcomes);
  // In a workflow an audit without evidence is a failed audit; a person who only tries the command wants no entry.
  if (specs.length + given.size === 0 && world.surface === 'terminal') throw new AuditError('NO_EVIDENCE', { message: NO_EVIDENCE.message, exitCode: 2 });
  const names = [...new Set([...specs.map(({ task }) => task), ...given.keys(), ...options.tasks.keys()])];
  const steps = await host.readSteps({ names, ends: given, specs, known: Object.keys(host.baseline.checks?.tasks ?? {}).filter((name) => options.tasks.get(name)?.retired !== true) });
  const { ends } = steps;
  const { notes, problems } = await readNotes(host);
  const progress = watchProgress(world);
  try {
    const run = await collectRun({
      key: host.key,
      specs, ends, notes,
      settings: options.tasks,
      logPath: options.logPath,
      notBefore: host.jobStartMs,
      problems: [...host.problems, ...steps.problems, ...problems, ...(specs.length + ends.size === 0 ? [NO_EVIDENCE] : [])],
      context: { ...host.context, auditName: options.name, ...(steps.start === undefined ? {} : { start: steps.start }), end: utc(world.now()), mode: options.mode, scope: [...options.scope] },
    }, { ...host, progress: progress.read });
    return redactRun(withPendingPolicy(run, host.basePolicy), world.secrets);
  } finally {
    progress.end();
  }
}

/** What a pull request changes in the configuration has no effect on its own audit. */
function withPendingPolicy(run: Run, path: string | null): Run {
  if (path === null || !run.files.some((file) => file.path === path || file.from === path)) return run;
  return { ...run, problems: [...run.problems, { code: 'CONFIG_PENDING', message: `${path} is changed here; this run was made by that of the base.`, path }] };
}

const NO_EVIDENCE: Problem = { code: 'NO_EVIDENCE', message: 'No report and no step outcome was named.' };

/** UTC in whole seconds. */
function utc(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

/** Most runs have no notes: the Markdown reader is loaded only for those that do. */
async function readNotes({ files, options }: EvidenceHost): Promise<{ notes: Notes; problems: Problem[] }> {
  if (options.notes.length === 0) return { notes: NO_NOTES, problems: [] };
  const { sources, problems } = await readNotesFiles(files, options.notes);
  const { parseNotes } = await import('../claims/notes.ts');
  const parsed = parseNotes(sources);
  return { notes: parsed.notes, problems: [...problems, ...parsed.problems] };
}
