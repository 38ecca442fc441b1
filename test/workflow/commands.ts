/**
 * What a runner takes for a command in a line of output, after ActionCommand.cs and ActionCommandManager.cs of actions/runner 2.336.0:
 * the newer form at the start of a line after white space, the older one anywhere in it, names without regard to case.
 */

export type Command = Readonly<{ name: string; properties: Readonly<Record<string, string>>; data: string }>;
export type Seen = Command & Readonly<{ line: string; stream: 'stdout' | 'stderr' }>;

const STOP = 'stop-commands';
/** set-env and add-path are known, and fail the step. */
const KNOWN = ['add-mask', 'add-matcher', 'add-path', 'debug', 'echo', 'endgroup', 'error', 'group', 'notice', 'remove-matcher', 'save-state', 'set-env', 'set-output', STOP, 'warning'];
// White space as .NET trims it; JavaScript's own list differs.
const LEADING = /^[\t-\r \u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+/;

type Form = Readonly<{ start: string; end: string; separator: string; escapes: readonly (readonly [string, string])[]; dataEscapes: readonly (readonly [string, string])[] }>;
const DATA_ESCAPES = [['\r', '%0D'], ['\n', '%0A'], ['%', '%25']] as const;
const LEGACY_ESCAPES = [[';', '%3B'], ['\r', '%0D'], ['\n', '%0A'], [']', '%5D'], ['%', '%25']] as const;
const NEWER: Form = { start: '::', end: '::', separator: ',', escapes: [['\r', '%0D'], ['\n', '%0A'], [':', '%3A'], [',', '%2C'], ['%', '%25']], dataEscapes: DATA_ESCAPES };
const OLDER: Form = { start: '##[', end: ']', separator: ';', escapes: LEGACY_ESCAPES, dataEscapes: LEGACY_ESCAPES };

/** The command of one line, if `known` (lower case) has its name. */
export function parseCommand(line: string, known: readonly string[] = KNOWN): Command | undefined {
  return parseForm(line.replace(LEADING, ''), NEWER, known, 0) ?? parseForm(line, OLDER, known, Number.POSITIVE_INFINITY);
}

function parseForm(text: string, form: Form, known: readonly string[], lastStart: number): Command | undefined {
  const start = text.indexOf(form.start);
  if (start < 0 || start > lastStart) return undefined;
  const from = start + form.start.length;
  const end = text.indexOf(form.end, from);
  if (end < 0) return undefined;
  const info = text.slice(from, end);
  const space = info.indexOf(' ');
  const name = (space < 0 ? info : info.slice(0, space)).toLowerCase();
  if (!known.includes(name)) return undefined;
  const pairs = space > 0 ? info.slice(space + 1).trim().split(form.separator).map((pair) => /^=*([^=]+)=+(.+)$/s.exec(pair)) : [];
  const properties = Object.fromEntries(pairs.flatMap((pair) => (pair === null ? [] : [[pair[1] ?? '', unescape(pair[2] ?? '', form.escapes)]])));
  return { name, properties, data: unescape(text.slice(end + form.end.length), form.dataEscapes) };
}

function unescape(text: string, escapes: Form['escapes']): string {
  return escapes.reduce((done, [plain, escaped]) => done.replaceAll(escaped, plain), text);
}

/** Reads the lines of one step in turn; between `stop-commands` and its token nothing acts. */
export class CommandReader {
  #stopToken: string | undefined;

  /** The command that acts, or `undefined` for a line that is only output. Throws where the runner says that it cannot process the command. */
  read(line: string): Command | undefined {
    const command = parseCommand(line, this.#stopToken === undefined ? KNOWN : [...KNOWN, this.#stopToken.toLowerCase()]);
    if (command === undefined) return undefined;
    if (this.#stopToken !== undefined) {
      if (command.name !== this.#stopToken.toLowerCase()) return undefined;
      this.#stopToken = undefined;
      return { ...command, name: 'resume-commands' };
    }
    if (command.name === STOP) this.#stop(command.data);
    return command;
  }

  #stop(token: string): void {
    if (token === '' || token.toLowerCase() === 'pause-logging' || KNOWN.includes(token.toLowerCase())) throw new Error(`\`${token}\` can be no token of ${STOP}`);
    this.#stopToken = token;
  }
}
