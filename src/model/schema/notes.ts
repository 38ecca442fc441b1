/** The schema of the auditor's notes. */
import * as z from 'zod/mini';

const items = z.array(z.string());

export const FollowUpSchema = z.object({
  text: z.string(),
  owner: z.optional(z.string()),
  /** `YYYY-MM-DD`. */
  due: z.optional(z.string()),
  /** Set when the follow-up belongs to a finding. */
  finding: z.optional(z.string()),
});
export type FollowUp = Readonly<z.infer<typeof FollowUpSchema>>;

/**
 * Every list keeps the order of the notes. Items are single-line plain text with Markdown marks removed where they only decorate;
 * code spans keep their backticks. Claims in them (commands, files, findings closed) are not checked yet, only kept.
 */
export const NotesSchema = z.object({
  sources: z.array(z.object({ path: z.string(), sha256: z.string() })),
  scope: items,
  shipped: items,
  keyFindings: items,
  artifacts: items,
  migrationNotes: items,
  perfNotes: items,
  verificationSteps: items,
  followUps: z.array(FollowUpSchema),
  knownIssues: items,
  logs: items,
  dbQueries: items,
  /** Claims: what the author says was found, closed, run, changed or covered. */
  findingsOpened: items,
  findingsClosed: items,
  commands: items,
  files: items,
  tests: items,
  /** Sections whose heading is not known: heading and items, kept so that nothing is lost. */
  other: z.array(z.object({ heading: z.string(), items })),
});
export type Notes = Readonly<z.infer<typeof NotesSchema>>;
