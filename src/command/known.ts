/** What is known of the entry while it is being recorded: told by the outputs of a step at once, and by whatever ends the run. */
import { AuditError } from '../errors.ts';
import type { World } from '../host/world.ts';
import type { EntryKnown } from '../publish/outputs.ts';

export interface Known {
  readonly entry: EntryKnown;
  /** Throws WRITE_FAILED where `unknown` cannot be told: then nothing may be written yet. */
  note(entry: EntryKnown): Promise<void>;
  /** Whether the job summary tells already what went wrong. */
  summarised: boolean;
}

export function nothingKnown({ surface }: Pick<World, 'surface'>): Known {
  let entry: EntryKnown = { state: false };
  return {
    summarised: false,
    get entry() {
      return entry;
    },
    async note(next) {
      if (next.state !== 'unknown') entry = next;
      if (surface === 'step') await tell(next);
      entry = next;
    },
  };
}

async function tell(entry: EntryKnown): Promise<void> {
  const { entryOutputs, writeOutputs } = await import('../publish/outputs.ts');
  try {
    await writeOutputs(entryOutputs(entry));
  } catch (error) {
    // What stands in the log stays there: the outputs are written again at the end, which fails the step if it must.
    if (entry.state === 'unknown' || !(error instanceof AuditError)) throw error;
  }
}
