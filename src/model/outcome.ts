/** The outcome of an audit: the worst row of a fixed table, with every row that applied. */

export const OUTCOMES = ['pass', 'pass-with-known-gaps', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** One row that applied. `rule` is stable (`opened-p1`); `reason` is one clause in our words, counts and task names only. */
export type OutcomeRow = Readonly<{ rule: string; outcome: Outcome; reason: string; findings: readonly string[] }>;

/** `reason` is that of the deciding row; `rows` are worst first. `cancelled`: failed only because the run was cancelled. */
export type Verdict = Readonly<{ outcome: Outcome; reason: string; rows: readonly OutcomeRow[]; cancelled: boolean }>;
