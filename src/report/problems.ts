/** What a reading has to tell: fatal problems that stop it, and counts of what was replaced, recovered or cut. */
import type { ProblemCode } from '../model/problem.ts';
import type { ReportProblem } from './format.ts';

/** Counted while reading, told once at the end. */
export type Tally = { badBytes: number; badChars: number; bareAmpersands: number; cutTexts: number; cutCharacters: number };

export type Problems = Readonly<{
  tally: Tally;
  fatal(code: ProblemCode, message: string): void;
  tell(code: ProblemCode, message: string): void;
  /** True from the first fatal problem on: nothing after it is read. */
  stopped(): boolean;
  /** Fatal ones first, each in the order they were met; then what the tally holds. */
  list(): readonly ReportProblem[];
}>;

export function openProblems(): Problems {
  const tally: Tally = { badBytes: 0, badChars: 0, bareAmpersands: 0, cutTexts: 0, cutCharacters: 0 };
  const fatal: ReportProblem[] = [];
  const told: ReportProblem[] = [];
  return {
    tally,
    fatal: (code, message) => void fatal.push({ code, message, fatal: true }),
    tell: (code, message) => void told.push({ code, message, fatal: false }),
    stopped: () => fatal.length > 0,
    list: () => [...fatal, ...told, ...tallied(tally)],
  };
}

function tallied(tally: Tally): ReportProblem[] {
  const problems: ReportProblem[] = [];
  const tell = (code: ProblemCode, count: number, message: string): void => {
    if (count > 0) problems.push({ code, message, fatal: false });
  };
  tell('BAD_BYTES', tally.badBytes, `${counted(tally.badBytes, 'byte sequence')} not valid in the encoding: replaced by U+FFFD.`);
  tell('BAD_CHARS', tally.badChars, `${counted(tally.badChars, 'character')} forbidden in XML: replaced by U+FFFD.`);
  tell('BAD_CHARS', tally.bareAmpersands, `${counted(tally.bareAmpersands, 'ampersand')} read as plain text: no known reference begins there.`);
  tell('TEXT_CUT', tally.cutTexts, `${counted(tally.cutTexts, 'long text')} cut, ${counted(tally.cutCharacters, 'character')} left out.`);
  return problems;
}

/** `1 test`, `2,000 tests`. */
export function counted(count: number, noun: string): string {
  return `${String(count).replace(/\B(?=(\d{3})+$)/g, ',')} ${noun}${count === 1 ? '' : 's'}`;
}

/** A name for a message: short, whatever the report holds. */
export function shown(name: string): string {
  return name.length > 40 ? `${name.slice(0, 40)}…` : name;
}
