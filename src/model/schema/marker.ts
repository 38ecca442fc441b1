/** The schema of an entry's marker. */
import * as z from 'zod/mini';

const word = z.string().check(z.regex(/^[A-Za-z0-9._-]{1,200}$/));
const hex = (length: number) => z.string().check(z.regex(new RegExp(`^[0-9a-f]{${length}}$`)));

/** Every entry carries one, from the first on: which recording it is, and a chain over what was written. */
export const EntryMarkerSchema = z.object({
  key: word,
  /** Counts the marked entries of the log from 1. */
  sequence: z.int().check(z.positive()),
  commit: z.string().check(z.regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/)),
  tree: z.string().check(z.regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/)),
  pullRequest: z.optional(z.int().check(z.positive())),
  /** Which job of its workflow was recorded: equal in all attempts, and in no other job. Absent where that is not known. */
  job: z.optional(hex(16)),
  /** Run id of the entry of the attempt before, when a run was repeated. */
  attemptOf: z.optional(word),
  /** SHA-256 (first 16 hex digits) of what was recorded: same key, other content means a key was used twice. */
  content: hex(16),
  /** `digest` of the marked entry before this one; absent in the first. */
  prev: z.optional(hex(64)),
  /** SHA-256 of the entry's bytes before the marker, from the heading's first byte, with `\n` line ends. */
  digest: hex(64),
});
export type EntryMarker = Readonly<z.infer<typeof EntryMarkerSchema>>;
