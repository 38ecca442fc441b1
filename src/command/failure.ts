/** Telling in the job summary that no audit could be made, or that it could not be shown. */
import type { Problem } from '../model/problem.ts';
import type { EntryKnown } from '../publish/outputs.ts';
import { writeSummary } from '../publish/summary.ts';
import { renderFailure } from '../render/failure.ts';

/** Throws WRITE_FAILED. */
export async function publishFailure(problems: readonly Problem[], entry: EntryKnown): Promise<void> {
  await writeSummary(renderFailure(problems, entry));
}
