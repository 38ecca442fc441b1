/** How much of one text a document shows, in characters; the record and the report have the rest. */

export const LIMITS = {
  title: 120, path: 160, rule: 80, test: 160, task: 40, name: 40, branch: 60, command: 160, evidence: 200, reason: 200, message: 300,
  /** An address longer than this is left out, the text stays. */
  address: 2_000,
  /** Detail of a failing test. */
  detail: 4_000,
} as const;
