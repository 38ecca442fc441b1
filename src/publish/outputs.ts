/** Publishing to the outputs of a workflow step: words, numbers, ids, addresses and paths only, never text from evidence. */
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { AuditError } from '../errors.ts';
import { writesLedger } from '../model/audit.ts';
import { speaksOfChange } from '../model/run.ts';
import type { Publication, Publishable, Recorded } from './publisher.ts';

/** In the order of `action.yml`, which a test holds equal. */
export const OUTPUT_NAMES = [
  'outcome', 'reason', 'recorded', 'run-id', 'findings-opened', 'findings-closed', 'findings-open', 'entry-url', 'log-commit', 'comment-url', 'check-run-url', 'summary', 'json',
] as const;
export type OutputName = (typeof OUTPUT_NAMES)[number];
export type Outputs = Readonly<Record<OutputName, string>>;

/** What stands there before anything else runs: a crash never reads as a pass. */
export const FIRST_OUTPUTS: Pick<Outputs, 'outcome' | 'recorded'> = { outcome: 'failed', recorded: 'false' };

/** `reason` is the stable name of the row that decided, `none` for a pass: the sentence for people stands in the summary. What there is none of is empty. */
export function outputsOf({ audit, recorded }: Publishable, publications: readonly Publication[]): Outputs {
  const { comparison, verdict, runId, links } = audit;
  const files = publications.flatMap((publication) => (publication.publisher === 'files' && publication.status === 'published' ? publication.places : []));
  return {
    outcome: verdict.outcome,
    reason: verdict.rows[0]?.rule ?? 'none',
    recorded: String(recorded.state),
    'run-id': recorded.state === true ? runId : '',
    'findings-opened': String(comparison.opened.length + comparison.reopened.length),
    'findings-closed': String(counts(audit) ? comparison.closed.length : 0),
    'findings-open': String(counts(audit) ? comparison.ledger.findings.filter(({ state }) => state === 'open').length : comparison.persisting.length + comparison.unverified.length + comparison.closed.length),
    'entry-url': links.entry ?? '',
    'log-commit': recorded.commit ?? '',
    'comment-url': links.comment ?? '',
    'check-run-url': links.checkRun ?? '',
    summary: files[0] ?? '',
    json: files[1] ?? '',
  };
}

/** A pull request and a merge group are counted as if they were merged; whatever else writes no ledger leaves what was open. */
function counts(audit: Publishable['audit']): boolean {
  return writesLedger(audit) || speaksOfChange(audit.run.context);
}

/** What is known of the entry while the run goes on. */
export type EntryKnown = Readonly<{ state: Recorded['state']; runId?: string; commit?: string; url?: string }>;

/** Written as soon as it is known, so that a step which is ended from outside tells it too. */
export function entryOutputs({ state, runId = '', commit = '', url = '' }: EntryKnown): Partial<Outputs> {
  return state === true ? { recorded: 'true', 'run-id': runId, 'log-commit': commit, 'entry-url': url } : { recorded: String(state) };
}

/** Control characters, line ends of every kind among them: no word, number, id, address or path holds one. */
const UNPRINTABLE = /[\0-\x1f\x7f-\x9f\u2028\u2029]/u;

type Pair = readonly [name: string, value: string];
/** All that this process wrote, in order. */
const written: Pair[] = [];

/**
 * Of outputs of one name the last counts. `GITHUB_OUTPUT` must be set: where it is not, the toolkit prints a command instead, which a runner may no
 * longer obey. It is loaded here only: it costs more than all else that a local run needs. Throws WRITE_FAILED.
 */
export async function writeOutputs(outputs: Partial<Outputs>): Promise<void> {
  const { setOutput } = await import('@actions/core');
  try {
    for (const [name, value] of Object.entries(outputs)) {
      if (UNPRINTABLE.test(value)) throw new Error(`the value of ${name} holds control characters`);
      setOutput(name, value);
      written.push([name, value]);
    }
  } catch (cause) {
    throw new AuditError('WRITE_FAILED', { message: `The outputs of the step could not be written: ${cause instanceof Error ? cause.message : String(cause)}.`, cause });
  }
}

/**
 * Leaves each output once in the file that the runner gave to this step. A file that holds anything but what was written here, or cannot be written,
 * stays as it is: it says the same.
 */
export function settleOutputs(path: string): void {
  const last = new Map(written);
  if (last.size === written.length) return;
  try {
    const file = openSync(path, 'r+');
    try {
      const text = settled(readFileSync(file, 'utf8'), last);
      if (text === undefined) return;
      // First what stays, then the cut: an end in between leaves a file that the runner refuses, never one that says something else.
      const bytes = Buffer.from(text, 'utf8');
      if (writeSync(file, bytes, 0, bytes.length, 0) === bytes.length) ftruncateSync(file, bytes.length);
    } finally {
      closeSync(file);
    }
  } catch {
    // As above.
  }
}

/** One output as the toolkit writes it, on three lines. https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#multiline-strings */
const BLOCK = /([a-z-]+)<<(ghadelimiter_[0-9a-f-]{36})\r?\n(.*)\r?\n\2\r?\n/gy;

function settled(text: string, last: ReadonlyMap<string, string>): string | undefined {
  const blocks = [...text.matchAll(BLOCK)];
  const isOurs = blocks.length === written.length && blocks.every(([, name, , value], at) => written[at]?.[0] === name && written[at]?.[1] === value);
  if (!isOurs || blocks.reduce((length, [block]) => length + block.length, 0) !== text.length) return undefined;
  const newest = new Map(blocks.map(([block, name = '']) => [name, block]));
  return [...last.keys()].map((name) => newest.get(name) ?? '').join('');
}
