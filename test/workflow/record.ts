/** What a stage of a step leaves behind, filled while it runs. */
import type { Seen } from './commands.ts';
import type { Annotation } from './types.ts';

export type StepRecord = {
  outputs: Map<string, string>;
  annotations: Annotation[];
  commands: Seen[];
  /** Lines as GitHub shows them. */
  log: string[];
  stdout: string;
  stderr: string;
  exitCode: number | null;
  summary: string;
  failed: boolean;
};

/** ExecutionContext.cs of actions/runner. */
const ANNOTATIONS_A_LEVEL = 10;
const MESSAGE_LIMIT = 4_096;

export function emptyRecord(): StepRecord {
  return { outputs: new Map(), annotations: [], commands: [], log: [], stdout: '', stderr: '', exitCode: null, summary: '', failed: false };
}

/** An annotation of the runner's own. */
export function report(record: StepRecord, level: Annotation['level'], message: string): void {
  record.annotations.push({ level, message, properties: {}, by: 'runner' });
}

export function fail(record: StepRecord, message: string): void {
  record.failed = true;
  report(record, 'error', message);
}

/** Those that GitHub keeps, as long as it keeps them. */
export function keptAnnotations({ annotations }: StepRecord): Annotation[] {
  const counts = { error: 0, warning: 0, notice: 0 };
  return annotations.filter(({ level }) => {
    counts[level] += 1;
    return counts[level] <= ANNOTATIONS_A_LEVEL;
  }).map((annotation) => ({ ...annotation, message: annotation.message.slice(0, MESSAGE_LIMIT) }));
}

export function masked(text: string, masks: ReadonlySet<string>): string {
  return [...masks].sort((a, b) => b.length - a.length).reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
}
