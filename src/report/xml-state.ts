/** Where an XML reading stands: what its parts share. */
import type { ReportLimits } from './format.ts';
import type { Problems } from './problems.ts';
import type { Capture } from './text.ts';

export type Attributes = ReadonlyMap<string, string>;

/** Names are as written, with their prefix. */
export type XmlHandler = Readonly<{
  /** Says whether the text directly inside is wanted. A name or value over `limits.text` is cut and ends with its hash. */
  open(name: string, attributes: Attributes): 'text' | 'no text';
  /** A piece of a wanted text; the pieces of one element come in any number. */
  text(piece: string): void;
  close(name: string): void;
  /**
   * Offered a start tag at `at` where the text around it is not wanted: says where the elements end that the handler has read by itself, `at` if none.
   * They must be well-formed and whole, without text, elements or anything over a cap inside; white space between them may be taken too.
   */
  leaves?(buffer: string, at: number): number;
}>;

export type XmlContext = Readonly<{ handler: XmlHandler; limits: ReportLimits; problems: Problems }>;

type OpenElement = Readonly<{ name: string; wantsText: boolean }>;

/** Where the reading stands. `at` is the next character of `buffer`; what lies before it is dropped with each piece. */
export type XmlState = {
  buffer: string;
  at: number;
  /** Line ends and characters since the last one, before `buffer`. */
  lines: number;
  columns: number;
  mode: 'start' | 'content' | 'tag' | 'after name' | 'before value' | 'value' | 'cdata' | 'comment' | 'target' | 'instruction' | 'doctype';
  /** Of the tag being read. */
  tag: string;
  attributes: Map<string, string>;
  attribute: string;
  quote: string;
  value: Capture;
  /** Whether white space stands before what comes next in the tag. */
  spaced: boolean;
  elements: OpenElement[];
  /** Set by the first element; a document has one root. */
  rooted: boolean;
  doctyped: boolean;
  readonly context: XmlContext;
};

/** Of `at`, both counted from 1; a column counts UTF-16 units. */
export function placeIn({ buffer, at, lines, columns }: XmlState): Readonly<{ line: number; column: number }> {
  let line = lines;
  let lineStart = -1;
  for (let found = buffer.indexOf('\n'); found >= 0 && found < at; found = buffer.indexOf('\n', found + 1)) {
    line += 1;
    lineStart = found;
  }
  return { line: line + 1, column: lineStart < 0 ? columns + at + 1 : at - lineStart };
}

/** Ends the reading at the current place. */
export function malformed(state: XmlState, what: string): void {
  const { line, column } = placeIn(state);
  state.context.problems.fatal('MALFORMED', `${line}:${column}: ${what}.`);
}
