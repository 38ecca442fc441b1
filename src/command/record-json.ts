/** The JSON answer of `record`: a contract for programs (schema 1), to which names are added and never changed. */
import type { SeenFinding } from '../model/comparison.ts';
import type { LedgerFinding } from '../model/ledger.ts';
import type { Problem } from '../model/problem.ts';
import type { Publishable } from '../publish/publisher.ts';

export function recordJson({ audit, entry, documents, recorded }: Publishable, problems: readonly Problem[]): Readonly<Record<string, unknown>> {
  const { run, comparison, verdict } = audit;
  return {
    schema: 1,
    outcome: verdict.outcome,
    reason: verdict.reason,
    rows: verdict.rows,
    recorded: recorded.state,
    runId: recorded.state === true ? audit.runId : null,
    logPath: audit.logPath,
    recordPath: recorded.state === true ? audit.recordPath : null,
    tasks: run.tasks.map(({ name, kind, required, outcome, counts, commands, exitStatus, evidence }) => ({ name, kind, required, outcome, counts, commands, exitStatus, evidence })),
    findings: {
      firstRun: comparison.firstRun,
      opened: comparison.opened.map(seenJson),
      closed: comparison.closed.map(({ known, how, evidence }) => ({ ...knownJson(known), how, evidence })),
      reopened: comparison.reopened.map(seenJson),
      adopted: comparison.adopted.length,
      persisting: comparison.persisting.length,
      unverified: comparison.unverified.map(({ known, reason }) => ({ ...knownJson(known), reason })),
      waived: comparison.waived.map(knownJson),
    },
    files: run.files,
    problems,
    entry,
    comment: documents.comment(),
    summary: documents.summary(),
  };
}

function seenJson({ known, seen }: SeenFinding): unknown {
  return { ...knownJson(known), ...(seen.place.line === undefined ? {} : { line: seen.place.line }) };
}

function knownJson({ id, severity, rule, title, path }: LedgerFinding): Readonly<Record<string, unknown>> {
  return { id, severity, rule, title, ...(path === undefined ? {} : { path }) };
}
