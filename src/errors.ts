/** The one error class that users meet, and how an error is told. */
import { PROBLEM_CODES, type Problem, type ProblemCode } from './model/problem.ts';

export type AuditErrorDetail = Readonly<{
  /** What is wrong, where, and what was expected: one or more lines. */
  message: string;
  path?: string;
  /** 2: no answer could be made (usage, configuration, no repository). 1: the answer is no, or a required write failed. */
  exitCode?: 1 | 2;
  cause?: unknown;
  /** All problems when several are told at once; the first gives the error its code. */
  problems?: readonly Problem[];
  /** Set where doing the same again may succeed: not sooner than `afterMs`, `null` where nobody said when. */
  retry?: Readonly<{ afterMs: number | null }>;
}>;

/** A failure that is told to the user by a stable code. Anything else that is thrown is a fault of ours. */
export class AuditError extends Error {
  override readonly name = 'AuditError';
  readonly code: ProblemCode;
  readonly path: string | undefined;
  readonly exitCode: 1 | 2;
  readonly problems: readonly Problem[];
  readonly retry: Readonly<{ afterMs: number | null }> | null;

  constructor(code: ProblemCode, detail: AuditErrorDetail) {
    super(detail.message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.path = detail.path;
    this.exitCode = detail.exitCode ?? 1;
    this.problems = detail.problems ?? [toProblem(code, detail)];
    this.retry = detail.retry ?? null;
  }

  /** The one to tell where there is room for one. */
  get problem(): Problem {
    return this.problems[0] ?? { code: this.code, message: this.message };
  }
}

function toProblem(code: ProblemCode, detail: AuditErrorDetail): Problem {
  return { code, message: detail.message, ...(detail.path === undefined ? {} : { path: detail.path }) };
}

/** The text for a person: code, what is wrong, what to do. Lines end with `\n`; nothing in it is escaped for a terminal yet. */
export function describeError(error: unknown): string {
  if (!(error instanceof AuditError)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `UNEXPECTED: ${text}\n${PROBLEM_CODES.UNEXPECTED.fix}\n`;
  }
  const lines = error.problems.map((problem) => `${problem.code}: ${problem.message}`);
  const fixes = new Set(error.problems.map((problem) => PROBLEM_CODES[problem.code].fix));
  return `${[...lines, ...fixes].join('\n')}\n`;
}
