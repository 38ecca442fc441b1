/** What the auditor wrote about the run, sorted into the parts of an entry. Text is kept as written, as Markdown source that is not trusted. */
import type { Notes } from './schema/notes.ts';

export type { FollowUp, Notes } from './schema/notes.ts';

export const NO_NOTES: Notes = {
  sources: [], scope: [], shipped: [], keyFindings: [], artifacts: [], migrationNotes: [], perfNotes: [], verificationSteps: [],
  followUps: [], knownIssues: [], logs: [], dbQueries: [], findingsOpened: [], findingsClosed: [], commands: [], files: [], tests: [], other: [],
};
