/** The world of one recording: what either host, the local repository or GitHub, gives to the command. */
import type { FileSource, LogStore, Repository } from '../host/ports.ts';
import type { AuditError } from '../errors.ts';
import type { ReportSpec, StepEnd } from '../collect/report-specs.ts';
import type { Baseline } from '../model/baseline.ts';
import type { Links } from '../model/links.ts';
import type { Problem } from '../model/problem.ts';
import type { RunContext } from '../model/run.ts';
import type { Options } from '../options.ts';
import type { Retries } from '../publish/append-protocol.ts';
import type { Publisher, Recorded } from '../publish/publisher.ts';

/** What the place says of the run. */
export type HostContext = Pick<RunContext, 'trigger' | 'operator' | 'baselineBranch' | 'keepsLedger' | 'tested' | 'attempt' | 'pullRequest'>;

/** Which tasks the caller named, in any way, with the reports of those that have some, and how the steps of those ended that `outcomes` names. `known`: tasks of earlier runs. */
export type NamedTasks = Readonly<{ names: readonly string[]; ends: ReadonlyMap<string, StepEnd>; specs: readonly ReportSpec[]; known: readonly string[] }>;
/** `ends`: by task, those given among them. `start`: when the job began, UTC. */
export type StepReading = Readonly<{ ends: ReadonlyMap<string, StepEnd>; start?: string; problems: readonly Problem[] }>;

export type Host = Readonly<{
  options: Options;
  repository: Repository;
  /** Rooted where patterns start, and at the repository's top. */
  files: FileSource;
  sources: FileSource;
  folders: Readonly<{ root: string; cwd: string }>;
  store: LogStore;
  /** The data files beside the log as they were at the start, and the baseline in them. */
  data: ReadonlyMap<string, Uint8Array>;
  baseline: Baseline;
  context: HostContext;
  /** Tells this recording from every other one. */
  key: string;
  /** Which job of its workflow this is, once the steps were read; `null` where that is not known. */
  job(): string | null;
  links: Links;
  /** What was found wrong while the world was opened. */
  problems: readonly Problem[];
  /** The configuration file, where that of the base holds instead of the checked out one; else `null`. */
  basePolicy: string | null;
  /** How the steps of the job ended, where more can be told than was given; of both the worse. */
  readSteps(named: NamedTasks): Promise<StepReading>;
  /** When the job began, by the clock of the machine; `null` where there is no job. */
  jobStartMs: number | null;
  /** Why nothing may be written: the entry is only shown. */
  readOnly: Problem | null;
  /** What it means here if the token lacks the right to write the log: no fault of the workflow's author. */
  whenRefused: Problem | null;
  retries: Retries;
  wait(milliseconds: number): Promise<void>;
  random(): number;
  /** Milliseconds on a clock that never goes back. */
  clock(): number;
  /** Where the entry of a run can be seen once it is recorded; `{}` where entries have no address. */
  entryLink(recorded: Recorded, entry: string): Links;
  /** Where the audit is shown beside the log, in order. */
  publishers: readonly Publisher[];
  close(): void;
}>;

/** What is needed to collect the evidence of a run. */
export type EvidenceHost = Pick<Host, 'options' | 'repository' | 'files' | 'sources' | 'folders' | 'baseline' | 'context' | 'key' | 'problems' | 'basePolicy' | 'readSteps' | 'jobStartMs'>;

/** A world that could not be opened whole: the evidence can be collected, and what was known before is not known. */
export type UnreadHost = EvidenceHost & Readonly<{
  cause: AuditError;
  links: Links;
  /** Whether the options are those of the configuration too, or of inputs and defaults alone. */
  configuration: 'read' | 'unread';
  /** Where files for later steps of the job belong. */
  temporary: string;
}>;
