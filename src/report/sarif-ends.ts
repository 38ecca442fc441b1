/** How the scan of a SARIF run ended (2.1.0, 3.20): whether it ran to its end, and what it says that it could not look at. */
import type { ProblemCode } from '../model/problem.ts';
import { asObject, field } from './json.ts';
import { counted } from './problems.ts';
import { brief, listIn, objectsIn, textIn, type JsonObject } from './sarif-fields.ts';
import { notesOf, type Note, type NoteReading } from './sarif-notes.ts';

export type ScanEnd = Readonly<{
  /** Every invocation is stated to have been successful, and no warning says that something was left out. Without any, nothing proves it. */
  isProven: boolean;
  /** Why the scan did not run to its end; nothing that it does not state is proven. */
  failure: string | undefined;
  /** Errors that name the file or the rule they are about: the rest of the scan stands. */
  errors: readonly Readonly<{ message: string; path?: string }>[];
  notAnalysed: readonly string[];
  /** Rules that did not run. */
  lostRules: ReadonlySet<string>;
  /** What a reader must know besides. */
  told: readonly Readonly<{ code: ProblemCode; message: string }>[];
}>;

export function scanEnd(run: JsonObject, reading: NoteReading): ScanEnd {
  const notes = notesOf(run, reading);
  const broken = objectsIn(run, 'invocations').find((invocation) => field(invocation, 'executionSuccessful') === false);
  const homeless = notes.filter(isHomeless);
  const error = homeless.find(({ isError }) => isError);
  const placed = notes.filter((note) => !isHomeless(note));
  const gaps = homeless.filter(({ isError, isGap }) => !isError && isGap);
  return {
    isProven: listIn(run, 'invocations').length > 0 && listIn(run, 'invocations').every((value) => isSuccess(asObject(value))) && gaps.length === 0,
    failure: broken !== undefined ? brokenOff(broken) : error === undefined ? undefined : `the tool reports an error: ${brief(error.message)}`,
    errors: placed.filter(({ isError }) => isError).map(({ message, paths: [path] }) => ({ message, ...(path === undefined ? {} : { path }) })),
    notAnalysed: [...new Set(notes.flatMap(({ paths }) => paths))],
    lostRules: new Set(notes.flatMap(({ paths, rule }) => (paths.length === 0 && rule !== undefined ? [rule] : []))),
    told: [
      ...summary(gaps, 'TOOL_ERROR', 'of something that was not looked at, without its place: nothing closes by this scan'),
      ...summary(placed.filter(({ isError }) => !isError), 'TOOL_ERROR', 'about files or rules: what is known there does not close'),
      ...summary(homeless.filter(({ isError, isGap }) => !isError && !isGap), 'TOOL_WARNING', 'about no file or rule, taken for no gap of the scan'),
    ],
  };
}

/** What is about nothing in particular is about the whole scan. */
function isHomeless({ paths, rule }: Note): boolean {
  return paths.length === 0 && rule === undefined;
}

function isSuccess(invocation: JsonObject | undefined): boolean {
  return invocation !== undefined && field(invocation, 'executionSuccessful') === true;
}

function brokenOff(invocation: JsonObject): string {
  const status = field(invocation, 'exitCode');
  const why = textIn(invocation, 'processStartFailureMessage') ?? textIn(invocation, 'exitSignalName') ?? textIn(invocation, 'exitCodeDescription');
  const parts = [...(typeof status === 'number' && Number.isSafeInteger(status) ? [`exit code ${status}`] : []), ...(why === undefined ? [] : [brief(why)])];
  return `the scan was not successful${parts.length === 0 ? '' : ` (${parts.join(', ')})`}`;
}

function summary(warnings: readonly Note[], code: ProblemCode, what: string): ScanEnd['told'] {
  const [first] = warnings;
  return first === undefined ? [] : [{ code, message: `${counted(warnings.length, 'warning')} ${what}. The first: ${brief(first.message)}` }];
}
