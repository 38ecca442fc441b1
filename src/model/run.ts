/** A run: one execution of an audit job with everything it saw. Versioned, and complete: comparing needs nothing but a run and a ledger. */
export type { ChangedFile, Run, RunContext } from './schema/run.ts';
