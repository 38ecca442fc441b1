/** The process around a command, as values: so that a test can build another one. */

export type World = Readonly<{
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** Who runs the process, where the machine says so. */
  user: string | null;
  now(): Date;
  /** Milliseconds on a clock that never goes back. */
  clock(): number;
  /** Hex digits of `bytes` random bytes. */
  randomHex(bytes: number): string;
  /** Values that nothing may show, in all forms; longest first. */
  secrets: readonly string[];
  /** Raw writes: callers encode first (`host/terminal.ts`). Secrets are taken out here. */
  out(text: string): void;
  err(text: string): void;
  /** An error for those who look at the run of a workflow, as plain text: it is encoded here. Nothing in a terminal. */
  annotate(text: string): void;
  /** Whether a person watches standard error, so that progress may be shown. */
  watched: boolean;
  colours: 'colour' | 'plain';
  /** Who started the process: a person or script, or a workflow runner as the step of an action. */
  surface: 'terminal' | 'step';
}>;
