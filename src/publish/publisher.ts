/** The contract of a publisher: one place where an audit is shown after its entry was recorded. */
import type { Audit } from '../model/audit.ts';
import type { Documents } from '../model/documents.ts';
import type { Problem } from '../model/problem.ts';

/** Everything that is shown of one audit. `entry`: as it stands in the log, or would. */
export type Publishable = Readonly<{ audit: Audit; entry: string; documents: Documents; recorded: Recorded }>;

/** `false`: not in the log, by the caller's `wish` or because of a `problem`. `before`: the entry was there already, and nothing was written. */
export type Recorded = Readonly<{ state: true | false | 'unknown'; before?: true; wish?: 'dry run' | 'log: off'; problem?: Problem }>;

export interface Publisher {
  readonly id: string;
  /** Answers with where it can be seen. Throws AuditError when it cannot be published; the others go on. */
  publish(what: Publishable): Promise<readonly string[]>;
}

export type Publication = Readonly<{ publisher: string; status: 'published'; places: readonly string[] } | { publisher: string; status: 'failed'; problem: Problem }>;
