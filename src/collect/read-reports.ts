/** Reading reports: files that match, the format each one is in, what it says, and everything that kept one from being read. */
import { AuditError } from '../errors.ts';
import type { FileSource } from '../host/ports.ts';
import { compareText } from '../model/order.ts';
import type { Problem } from '../model/problem.ts';
import type { Evidence } from '../model/task.ts';
import { DEFAULT_LIMITS, type ParsedReport, type ReportFormat, type ReportReader } from '../report/format.ts';
import { contentKind, detectFormat, HEAD_BYTES, REPORT_FORMATS } from '../report/index.ts';
import type { ReportSpec } from './report-specs.ts';

/** Files of one pattern list; more are an error, never a silent part. */
export const FILE_CAP = 5_000;

/** File systems keep times in steps of up to two seconds. */
const TIME_STEP_MS = 2_000;

/** One report that was used, whether or not it turned out whole. */
export type ReadReport = Readonly<{ task: string; evidence: Evidence; parsed: ParsedReport }>;
/** `unread`: what was expected and could not be used at all; each is also a reason why its task proves nothing. */
export type ReadReports = Readonly<{ reports: readonly ReadReport[]; unread: readonly UnreadReport[] }>;
export type UnreadReport = Readonly<{ task: string; format: string | null; problem: Problem }>;

export type ReportReading = Readonly<{
  files: FileSource;
  /** Told before and while a report is read, for a person who waits. */
  progress(path: string, bytes: number): void;
  /** The one format that the task's reports had in earlier runs: an empty file does not tell its own. */
  usualFormat(task: string): string | undefined;
  /** Whether the task's step is known to have succeeded: only beside such a one can an empty file mean that nothing is wrong. */
  stepPassed(task: string): boolean;
  /** When the job began, by the same clock as the times of files; `null` where reports may be older. */
  notBefore: number | null;
}>;

/** In the order of the specs, the files of each by path. */
export async function readReports(specs: readonly ReportSpec[], reading: ReportReading): Promise<ReadReports> {
  const reports: ReadReport[] = [];
  const unread: UnreadReport[] = [];
  for (const spec of specs) {
    const { paths, problems } = await matchFiles(spec, reading.files);
    unread.push(...problems.map((problem) => ({ task: spec.task, format: spec.format, problem })));
    for (const path of paths) {
      const read = await readReport(path, spec, reading);
      if ('parsed' in read) reports.push(read);
      else unread.push(read);
    }
  }
  return { reports, unread };
}

/** Each pattern must match by itself: one of several that finds nothing is a missing report. */
async function matchFiles({ task, patterns }: ReportSpec, files: FileSource): Promise<{ paths: string[]; problems: Problem[] }> {
  const excludes = patterns.filter((pattern) => pattern.startsWith('!'));
  const found = new Set<string>();
  const problems: Problem[] = [];
  for (const pattern of patterns.filter((one) => !one.startsWith('!'))) {
    const matched = await files.glob([pattern, ...excludes], FILE_CAP);
    const problem = countProblem(task, [pattern, ...excludes], matched.length);
    if (problem !== undefined) problems.push(problem);
    if (matched.length <= FILE_CAP) for (const path of matched) found.add(path);
  }
  return { paths: [...found].sort(compareText), problems };
}

function countProblem(task: string, patterns: readonly string[], count: number): Problem | undefined {
  const told = patterns.map((pattern) => `\`${pattern}\``).join(' ');
  if (count === 0) return { code: 'NO_MATCH', message: `${task}: no file matches ${told}.` };
  if (count > FILE_CAP) return { code: 'TOO_MANY_FILES', message: `${task}: more than ${FILE_CAP} files match ${told}; none of them was read.` };
  return undefined;
}

async function readReport(path: string, spec: ReportSpec, reading: ReportReading): Promise<ReadReport | UnreadReport> {
  const sink = openSink(spec.format);
  try {
    let done = 0;
    const { bytes, sha256, modifiedMs } = await reading.files.read(path, DEFAULT_LIMITS, (piece) => {
      done += piece.length;
      reading.progress(path, done);
      sink.write(piece);
    });
    if (reading.notBefore !== null && modifiedMs < reading.notBefore - TIME_STEP_MS) return unusable({ path, spec }, 'STALE_REPORT', `was written before this job began (${new Date(modifiedMs).toISOString().slice(0, 19)}Z), so it does not speak of it`);
    if (bytes === 0) return readEmpty({ path, spec, sha256 }, reading);
    const format = sink.format();
    if (format === undefined) return unusable({ path, spec }, 'NOT_A_REPORT', `is ${sink.kind() ?? 'no report in a known format'}`);
    return { task: spec.task, evidence: { path, format, bytes, sha256 }, parsed: sink.end() };
  } catch (cause) {
    if (!(cause instanceof AuditError)) throw cause;
    return { task: spec.task, format: spec.format, problem: { code: cause.code, message: cause.message, path } };
  }
}

/** `kind`: what a file in no known format seems to be. */
type Sink = Readonly<{ write(piece: Uint8Array): void; format(): string | undefined; kind(): string | undefined; end(): ParsedReport }>;

/** Holds the first bytes back until they tell the format; what no format knows is read no further. */
function openSink(forced: string | null): Sink {
  let chosen = forced === null ? undefined : REPORT_FORMATS.find(({ id }) => id === forced);
  let reader = chosen?.open(DEFAULT_LIMITS);
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let head = '';
  const decide = (): void => {
    if (reader !== undefined || held.length === 0) return;
    head = Buffer.concat(held).subarray(0, HEAD_BYTES).toString('latin1');
    chosen = detectFormat(head);
    reader = chosen === undefined ? undefined : replay(chosen, held);
    held = [];
  };
  return {
    write(piece) {
      if (reader !== undefined) {
        reader.write(piece);
        return;
      }
      if (heldBytes >= HEAD_BYTES) return;
      held.push(Uint8Array.from(piece));
      heldBytes += piece.length;
      if (heldBytes >= HEAD_BYTES) decide();
    },
    format() {
      decide();
      return chosen?.id;
    },
    kind: () => contentKind(head),
    end() {
      decide();
      if (reader === undefined) throw new AuditError('NOT_A_REPORT', { message: 'The report is in no known format.' });
      return reader.end();
    },
  };
}

function replay(format: ReportFormat, held: readonly Uint8Array[]): ReportReader {
  const reader = format.open(DEFAULT_LIMITS);
  for (const piece of held) reader.write(piece);
  return reader;
}

type EmptyFile = Readonly<{ path: string; spec: ReportSpec; sha256: string }>;

/** A file of zero bytes is a report only in a format that writes nothing when nothing is wrong, and only beside a step that succeeded. */
function readEmpty({ path, spec, sha256 }: EmptyFile, reading: ReportReading): ReadReport | UnreadReport {
  const id = spec.format ?? reading.usualFormat(spec.task);
  const format = REPORT_FORMATS.find((known) => known.id === id);
  if (format?.emptyMeans !== 'clean' || !reading.stepPassed(spec.task)) return unusable({ path, spec }, 'EMPTY_REPORT', 'is empty');
  return { task: spec.task, evidence: { path, format: format.id, bytes: 0, sha256 }, parsed: format.open(DEFAULT_LIMITS).end() };
}

function unusable({ path, spec }: Readonly<{ path: string; spec: ReportSpec }>, code: Problem['code'], what: string): UnreadReport {
  return { task: spec.task, format: spec.format, problem: { code, message: `${spec.task}: ${path} ${what}.`, path } };
}
