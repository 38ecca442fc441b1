/** How the entries of a given run log are written: read by `runlog`, followed by `render`. */

/** What a label of an entry stands for. `unknown` labels of a log's template are kept and get an explicit empty mark. */
export type EntryField =
  | 'branch' | 'commit' | 'operator' | 'mode' | 'scope' | 'outcome' | 'start' | 'end' | 'date'
  | 'key-findings' | 'findings-opened' | 'findings-closed'
  | 'artifacts' | 'change-summary' | 'files-touched' | 'migration-notes' | 'perf-notes'
  | 'verification' | 'tests' | 'logs' | 'db-queries' | 'static-checks' | 'build' | 'commands' | 'verification-steps'
  | 'follow-ups' | 'owner-due' | 'unknown';

/** A label line of an entry, in the order and wording of the log. A group holds further labels; a leaf holds a value. */
export type EntryLabel = Readonly<{
  field: EntryField;
  /** Verbatim, without the colon: `Key findings (1-5)`. */
  label: string;
  /** The value stands behind the label on one line (`- Branch: x`); else as a nested list below it. */
  inline: boolean;
  /** The inline value is written as a code span. */
  code: boolean;
  children: readonly EntryLabel[];
}>;

/** How list lines are written. `nestIndent` is what stands before a nested item's bullet: two spaces, four, a tab. */
export type ListStyle = Readonly<{ bullet: '-' | '*' | '+'; bulletSpace: string; nestIndent: string; boldLabels: boolean }>;

export type EntryStyle = Readonly<{
  /** Heading level of an entry, 1 to 6. */
  level: number;
  /** Between id and date in the heading: ` - `. */
  separator: string;
  /** Blank line between heading and body. */
  blankAfterHeading: boolean;
  list: ListStyle;
  labels: readonly EntryLabel[];
}>;

/** What a column of the run index holds. `unknown` columns get an explicit empty mark. */
export type IndexField = 'run-id' | 'start' | 'end' | 'date' | 'branch' | 'commit' | 'operator' | 'mode' | 'outcome' | 'artifacts' | 'unknown';

/** How rows of the run index are written: cells in column order between pipes, with or without a blank beside each pipe and pipes at both ends. */
export type IndexStyle = Readonly<{
  columns: readonly IndexField[];
  padded: boolean;
  outerPipes: boolean;
  /** Fields whose cells the newest row writes as code spans. */
  code: readonly IndexField[];
}>;
