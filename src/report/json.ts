/** Whole-document JSON: collected up to its cap, refused before parsing if it is nested too deep, and narrowed by hand. */
import { openDecoder } from './encoding.ts';
import { JSON_BYTES, type ReportLimits } from './format.ts';
import { openSkim } from './json-skim.ts';
import { counted, type Problems } from './problems.ts';

export type JsonReader = Readonly<{
  write(bytes: Uint8Array): void;
  /** The document; `undefined` after a fatal problem. */
  end(): unknown;
}>;

/** `skipped`: keys whose lists are left out unread, for formats with long parts that say nothing of findings. */
export function openJson(limits: ReportLimits, problems: Problems, skipped?: ReadonlySet<string>): JsonReader {
  const cap = Math.min(limits.bytes, JSON_BYTES);
  const decoder = openDecoder();
  const skim = skipped === undefined ? undefined : openSkim({ keys: skipped, depth: limits.depth });
  const add = (text: string): void => void pieces.push(skim === undefined ? text : skim.write(text));
  let pieces: string[] = [];
  let bytesRead = 0;
  return {
    write(bytes) {
      if (problems.stopped()) return;
      bytesRead += bytes.length;
      if (bytesRead > cap) {
        pieces = [];
        problems.fatal('LIMIT_REACHED', `The file is over ${counted(cap, 'byte')}, and JSON is read as a whole.`);
      } else add(decoder.decode(bytes));
    },
    end() {
      if (problems.stopped()) return undefined;
      add(decoder.end());
      problems.tally.badBytes += decoder.badBytes();
      const refusal = decoder.refusal();
      if (refusal !== undefined) problems.fatal('BAD_ENCODING', refusal);
      else if (bytesRead === 0) problems.fatal('EMPTY_REPORT', 'The file is empty.');
      else if (skim?.fault() === 'too deep') problems.fatal('LIMIT_REACHED', tooDeep(limits));
      else if (skim?.fault() === 'malformed') problems.fatal('MALFORMED', NOT_JSON);
      const text = pieces.join('');
      // The text is held once while it is parsed.
      pieces = [];
      // A position in what is left says nothing about the file.
      return problems.stopped() ? undefined : parse(text, { limits, placed: (skim?.skipped() ?? 0) === 0 }, problems);
    },
  };
}

const NOT_JSON = 'The document is not valid JSON.';

function tooDeep({ depth }: ReportLimits): string {
  return `The document is nested more than ${counted(depth, 'level')} deep.`;
}

function parse(text: string, { limits, placed }: Readonly<{ limits: ReportLimits; placed: boolean }>, problems: Problems): unknown {
  const shape = measure(text, limits.depth);
  if (/^[ \t\r\n]*$/.test(text)) problems.fatal('NOT_A_REPORT', 'The file holds nothing but white space.');
  else if (shape === 'too deep') problems.fatal('LIMIT_REACHED', tooDeep(limits));
  if (problems.stopped()) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (shape === 'open') problems.fatal('INCOMPLETE', 'The document ends before its end.');
    else problems.fatal('MALFORMED', placed ? `${placeIn(text, error)}the document is not valid JSON.` : NOT_JSON);
    return undefined;
  }
}

/** Whether brackets nest deeper than `depth`, or some of them or a string are still open at the end. */
function measure(text: string, depth: number): 'too deep' | 'open' | 'closed' {
  let open = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      at = stringEnd(text, at);
      if (at < 0) return 'open';
    } else if (code === 0x5b || code === 0x7b) {
      open += 1;
      if (open > depth) return 'too deep';
    } else if (code === 0x5d || code === 0x7d) open -= 1;
  }
  return open > 0 ? 'open' : 'closed';
}

/** The closing quote of the string that begins at `from`, or -1. */
function stringEnd(text: string, from: number): number {
  for (let at = from + 1; ; at += 1) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return -1;
    let slashes = 0;
    while (text.charCodeAt(quote - 1 - slashes) === 0x5c) slashes += 1;
    if (slashes % 2 === 0) return quote;
    at = quote;
  }
}

/** V8 names the position of a syntax error; its message quotes the text and is not passed on. */
function placeIn(text: string, error: unknown): string {
  const position = error instanceof Error ? /at position (\d+)/.exec(error.message)?.[1] : undefined;
  if (position === undefined) return '';
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < Number(position); at = text.indexOf('\n', lineStart)) {
    line += 1;
    lineStart = at + 1;
  }
  return `${line}:${Number(position) - lineStart + 1}: `;
}

/** The value as an object whose keys may be read, or `undefined`. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return isObject(value) ? value : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Own keys only, so that `constructor` is never found where the document has none. */
export function field(object: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Whole and positive: a line, a column, a count. */
export function asCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

export function asList(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}
