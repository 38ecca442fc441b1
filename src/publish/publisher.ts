/** The contract of a publisher: one place where an audit is shown after its entry was recorded. */
import type { Audit } from '../model/audit.ts';
import type { Documents, Overruling } from '../model/documents.ts';
import type { Links } from '../model/links.ts';
import type { Problem } from '../model/problem.ts';

/** Everything that is shown of one audit. `entry`: as it stands in the log, or would. */
export type Publishable = Readonly<{ audit: Audit; entry: string; documents: Documents; recorded: Recorded }>;

/** `false`: not in the log, by the caller's `wish` or because of a `problem`. `before`: the entry was there already, and nothing was written. */
export type Recorded = Readonly<{
  state: true | false | 'unknown';
  before?: true;
  wish?: 'dry run' | 'log: off' | 'read-only token';
  problem?: Problem;
  /** The commit that holds the entry, where the log has commits. */
  commit?: string;
}>;

/** `places`: for a person. `links`: addresses for those who publish after. `problems`: told, though it was published. `overruled`: by a worse audit of the same name. */
export type Published = Readonly<{ places: readonly string[]; links?: Links; problems?: readonly Problem[]; overruled?: Overruling }>;

export interface Publisher {
  readonly id: 'terminal' | 'summary' | 'output-dir' | 'check-run' | 'comment' | 'files';
  /** Whether the run fails where this one cannot: what was asked for by name, or is only told. */
  readonly weight: 'required' | 'best-effort';
  /** Throws AuditError when it cannot be published; the others go on. */
  publish(what: Publishable): Promise<Published>;
}

export type Publication = Readonly<{ publisher: Publisher['id']; weight: Publisher['weight'] } & ({ status: 'published' } & Published | { status: 'failed'; problem: Problem })>;
