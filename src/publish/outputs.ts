/** Publishing to the outputs of a workflow step: words, numbers and ids only, never text from evidence. */
import { AuditError } from '../errors.ts';
import type { Audit } from '../model/audit.ts';
import type { Recorded } from './publisher.ts';

/** In the order of `action.yml`, which a test holds equal. */
export const OUTPUT_NAMES = ['outcome', 'reason', 'recorded', 'run-id', 'findings-opened', 'findings-closed', 'findings-open'] as const;
export type OutputName = (typeof OUTPUT_NAMES)[number];
export type Outputs = Readonly<Record<OutputName, string>>;

/** What stands there before anything else runs: a crash never reads as a pass. */
export const FIRST_OUTPUTS: Pick<Outputs, 'outcome' | 'recorded'> = { outcome: 'failed', recorded: 'false' };

/** `reason` is the stable name of the row that decided, `none` for a pass: the sentence for people stands in the summary. */
export function outputsOf({ comparison, verdict, runId }: Audit, recorded: Recorded): Outputs {
  return {
    outcome: verdict.outcome,
    reason: verdict.rows[0]?.rule ?? 'none',
    recorded: String(recorded.state),
    'run-id': recorded.state === true ? runId : '',
    'findings-opened': String(comparison.opened.length + comparison.reopened.length),
    'findings-closed': String(comparison.closed.length),
    'findings-open': String(comparison.ledger.findings.filter(({ state }) => state === 'open').length),
  };
}

/** The toolkit is loaded here only: it costs more than all else that a local run needs. Throws WRITE_FAILED. */
export async function writeOutputs(outputs: Partial<Outputs>): Promise<void> {
  const { setOutput } = await import('@actions/core');
  try {
    for (const [name, value] of Object.entries(outputs)) setOutput(name, value);
  } catch (cause) {
    throw new AuditError('WRITE_FAILED', { message: `The outputs of the step could not be written: ${cause instanceof Error ? cause.message : String(cause)}.`, cause });
  }
}
