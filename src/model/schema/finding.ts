/** The schema of a finding and its prints, and of how far a check got. */
import * as z from 'zod/mini';
import { SEVERITIES } from '../severity.ts';
import { TASK_KINDS } from '../task.ts';

const hash8 = z.string().check(z.regex(/^[0-9a-f]{8}$/));

/** The tool's own identity of the finding, hashed. It decides only where it is unique; the rest of the print is what is left without. */
const toolId = z.optional(z.string());
/** A finding that has an identity of its own (a test's name): `key` is a hash of that. */
export const KeyPrintSchema = z.object({ v: z.literal(1), key: z.string(), id: toolId });
/**
 * A finding in a line of source: hashes (first 8 hex digits of SHA-256) of the line `L`, the chain of enclosing headers `E`,
 * the two lines before and after `P` `N`, the nearest one each `p1` `n1`, and a sketch `sk` of the line's tokens.
 */
export const LinePrintSchema = z.object({ v: z.literal(1), L: hash8, E: hash8, P: hash8, N: hash8, p1: hash8, n1: hash8, sk: z.string(), id: toolId });
export const PrintSchema = z.union([KeyPrintSchema, LinePrintSchema]);
export type KeyPrint = Readonly<z.infer<typeof KeyPrintSchema>>;
export type LinePrint = Readonly<z.infer<typeof LinePrintSchema>>;
export type Print = Readonly<z.infer<typeof PrintSchema>>;

/** Where a finding stands. `path` is relative to the repository with `/`; lines and columns count from 1 and are for display only. */
export const PlaceSchema = z.object({
  path: z.optional(z.string()),
  line: z.optional(z.int().check(z.positive())),
  column: z.optional(z.int().check(z.positive())),
  /** The full name of a test, as in the check's list of tests. */
  test: z.optional(z.string()),
});
export type Place = Readonly<z.infer<typeof PlaceSchema>>;

/** `check` is a finding about a check itself: a missing report, a contradiction. */
export const FindingKindSchema = z.enum([...TASK_KINDS, 'check']);

export const FindingSchema = z.object({
  /** Tool and category that must run to the end before absence means anything: `<task>/<format>[/<category>]`. */
  check: z.string(),
  task: z.string(),
  kind: FindingKindSchema,
  rule: z.string(),
  severity: z.enum(SEVERITIES),
  /** One line, at most 120 characters. */
  title: z.string(),
  /** More text where the report has it (a stack, a diff), cut at 4,000 characters. */
  detail: z.optional(z.string()),
  place: PlaceSchema,
  print: PrintSchema,
  /** Seen to fail and to pass in the same run. */
  flaky: z.optional(z.boolean()),
});
export type Finding = Readonly<z.infer<typeof FindingSchema>>;

/** How far one check got in this run: what its silence about a finding proves. */
export const CheckRunSchema = z.object({
  check: z.string(),
  task: z.string(),
  /** Only `complete` and `partial` checks close findings, and `partial` none in `notAnalysed`. */
  status: z.enum(['complete', 'partial', 'failed', 'missing', 'skipped']),
  tool: z.optional(z.string()),
  version: z.optional(z.string()),
  /** `all`: whole repository; `files`: the listed paths; `tests`: the tests that passed are listed in `passed`; `unknown`: absence proves nothing. */
  scope: z.enum(['all', 'files', 'tests', 'unknown']),
  /** For `files`: the paths analysed to the end. For `tests`: names of tests that ran and passed. Sorted. Empty otherwise. */
  covered: z.array(z.string()),
  /** Names of tests that were skipped, or paths that could not be analysed. Sorted. */
  notAnalysed: z.array(z.string()),
  /** Rules looked for, where the report lists them: of others, absence proves nothing. Sorted. */
  rules: z.optional(z.array(z.string())),
  /** Results that the report states, but suppressed or without a severity: rule and path in JSON. Sorted. */
  suppressed: z.optional(z.array(z.string())),
  /** A hash of how the tool was called, where the report says it. */
  configuration: z.optional(z.string()),
  /** Paths of the reports it was read from; one that holds it several times stands as often. */
  evidence: z.array(z.string()),
});
export type CheckRun = Readonly<z.infer<typeof CheckRunSchema>>;
