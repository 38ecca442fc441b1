/** The index files, read back. Loaded only where there are any. */
import { conforming, parseJson } from './json-document.ts';
import { CommitIndexSchema, LatestSchema, type CommitIndex, type Latest } from './schema/commit-index.ts';

/** Throws LEDGER_CORRUPT. */
export function parseCommitIndex(text: string, path: string): CommitIndex {
  return conforming(CommitIndexSchema, parseJson(text, path), path);
}

/** Throws LEDGER_CORRUPT. */
export function parseLatest(text: string, path: string): Latest {
  return conforming(LatestSchema, parseJson(text, path), path);
}
