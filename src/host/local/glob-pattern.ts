/**
 * File patterns: picomatch decides whether a name matches; ours is what a pattern may ask for. It is cut at its slashes, so that the walk can enter only the
 * folders that matter and each match costs no more than one name. Names that start with a dot are names like all others; case counts.
 */
import picomatch from 'picomatch';
import { AuditError } from '../../errors.ts';

/** One part between two slashes; `folders` is `**`. */
export type Segment = Readonly<{ kind: 'name'; name: string } | { kind: 'wild' | 'folders'; matches: (name: string) => boolean }>;
export type Pattern = readonly Segment[];
export type PatternSet = Readonly<{ includes: readonly Pattern[]; excludes: readonly Pattern[] }>;

const MAX_LENGTH = 1_000;
const MAX_ALTERNATIVES = 256;
/** Groups, and stars beside them, in one name: a regular expression may try their product over the longest name (255). */
const MAX_WILDCARDS = 3;
/** Tools keep other people's files there: met by a wildcard, they are passed over. */
const PASSED_OVER = ['node_modules', '.git'];
/** `literalBrackets: false`: `[a]` is one character, always. `regex: false`: a `+` behind a group is no repeat. Flag `s`: a name may hold line ends. */
const OPTIONS: picomatch.PicomatchOptions = { dot: true, fastpaths: false, flags: 's', literalBrackets: false, nonegate: true, posix: true, regex: false, strictSlashes: true, windows: false };

/** What lies between the stars of one name. */
type Bounded = Readonly<{ pieces: readonly string[]; hasGroups: boolean }>;
/** No pattern holds it. */
const STAR = '\0';
/** What is not plain in one name: escapes, sets, groups, a `?` beside a parenthesis (a repeat to picomatch), stars, ranges, and the rest of the syntax. */
const PARTS = /\\(.)|\[[!^]?\]?(?:\[:\w+:\]|\\.|[^\]\\])*\]|[!*+?@]\(|(?<=[()])\?(?!\()|\*+|\{[^\\{}]*\.\.[^\\{}]*\}|[{()|"]/gs;
/** Repeats can take exponential time, and picomatch's `!(a).xml` leaves out `ab.xml`, too. */
const NO_REPEATS = 'groups like `!(a)`, `*(a)` and `+(a)` are not known; exclude by a line that starts with `!`, and write `\\(` for a parenthesis';
const NO_LONG_RANGES = 'ranges like `{1..3}` go from one letter or digit to another; write `\\{` for a brace';

/** Throws INVALID_INPUT for a pattern that leaves the folder, could take long, or uses a form that is not known. */
export function compilePatterns(texts: readonly string[]): PatternSet {
  const includes = texts.filter((text) => !text.startsWith('!'));
  const excludes = texts.filter((text) => text.startsWith('!'));
  return { includes: includes.flatMap((text) => compile(text, text)), excludes: excludes.flatMap((text) => compile(text.slice(1), text)) };
}

function compile(text: string, shown: string): Pattern[] {
  if (text.length > MAX_LENGTH) throw invalid(shown, `it has more than ${MAX_LENGTH} characters`);
  if (text.includes('\0')) throw invalid(shown, 'it holds a NUL character');
  const portable = process.platform === 'win32' ? text.replaceAll('\\', '/') : text;
  const alternatives = spellOut(portable, shown);
  const patterns = alternatives.map((one) => toPattern(splitSegments(one, shown), shown));
  // A file may be called `{b,c}.xml`: the pattern as it stands names it, too.
  return alternatives.length === 1 ? patterns : [...patterns, splitSegments(portable, shown).map((name): Segment => ({ kind: 'name', name }))];
}

/** `a{b,c/d}e` → `abe`, `ac/de`, innermost braces first: picomatch knows braces within a name only. */
function spellOut(text: string, shown: string): string[] {
  const done: string[] = [];
  const waiting = [text];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    const group = [...one.matchAll(/\\.|\{((?:\\.|\{[^{},]*\}|[^\\{}])*)\}/gs)].find(([, inside]) => inside?.includes(',') === true);
    if (group === undefined) done.push(one);
    else {
      const [before, after] = [one.slice(0, group.index), one.slice(group.index + group[0].length)];
      waiting.push(...(group[1] ?? '').split(/(?<!\\),/).map((inside) => before + inside + after));
    }
    if (done.length + waiting.length > MAX_ALTERNATIVES) throw invalid(shown, `it stands for more than ${MAX_ALTERNATIVES} patterns`);
  }
  return done;
}

function splitSegments(text: string, shown: string): string[] {
  if (text.startsWith('/') || /^[A-Za-z]:/.test(text)) throw invalid(shown, 'it must be relative to the working directory');
  const segments = text.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (segments.some((segment) => /(?:^|[(|])\.\.(?:$|[)|])/.test(segment.replaceAll('\\', '')))) throw invalid(shown, 'it leaves the working directory by `..`');
  if (segments.length === 0) throw invalid(shown, 'it names no file');
  return segments;
}

function toPattern(sources: readonly string[], shown: string): Pattern {
  const spelled = new Set(sources.flatMap((source) => source.replaceAll('\\', '').split(/[()|]/)));
  const passedOver = PASSED_OVER.filter((name) => !spelled.has(name));
  return sources.map((source): Segment => {
    if (source === '**') return { kind: 'folders', matches: (name) => !passedOver.includes(name) };
    if (!/[*?[{]|[!+@]\(/.test(source.replaceAll(/\\./gs, ''))) return { kind: 'name', name: source.replaceAll(/\\(.)/gs, '$1') };
    const expression = expressionOf(boundedSource(source, shown));
    // `[a].xml` is a name, too.
    return { kind: 'wild', matches: (name) => name === source || (expression.test(name) && !passedOver.includes(name)) };
  });
}

/** Without groups every piece between stars has one length, and its first place is as good as any: no star is widened again, and the time stays linear. */
function expressionOf({ pieces, hasGroups }: Bounded): RegExp {
  if (hasGroups || pieces.length === 1) return picomatch.makeRe(pieces.join('*'), OPTIONS);
  const [first = '', ...rest] = pieces.map((piece) => picomatch.parse(piece, OPTIONS).output);
  const last = rest.pop() ?? '';
  return picomatch.toRegex(`^${first}${rest.map((piece, at) => `(?=(.*?${piece}))\\${at + 1}`).join('')}.*${last}$`, OPTIONS);
}

/** Escapes what picomatch would hand on to the regular expression as it is, and refuses what makes one slow. */
function boundedSource(source: string, shown: string): Bounded {
  let open = 0;
  let hasGroups = false;
  let wildcards = 0;
  const bounded = source.replaceAll(PARTS, (part: string, escaped?: string) => {
    if (escaped !== undefined) return /\w/.test(escaped) ? escaped : part;
    if (part.startsWith('[')) return part;
    if (part === '?') return '[!/]';
    if (/[!*+]\(/.test(part)) throw invalid(shown, NO_REPEATS);
    if (part.includes('..') && !/^\{(?:\d\.\.\d|[a-z]\.\.[a-z]|[A-Z]\.\.[A-Z])\}$/.test(part)) throw invalid(shown, NO_LONG_RANGES);
    // Braces without a comma are part of the name.
    if (part === '{' || part === '(' || part === '"' || (open === 0 && /[)|]/.test(part))) return `\\${part}`;
    if (part === ')') open -= 1;
    if (/[(*]/.test(part)) wildcards += 1;
    if (part.startsWith('*')) return open === 0 ? STAR : '*';
    if (part.endsWith('(')) {
      open += 1;
      hasGroups = true;
    }
    return part;
  });
  if (open > 0) throw invalid(shown, 'a group must end within the same name; write `\\(` for a parenthesis');
  if (hasGroups && wildcards > MAX_WILDCARDS) throw invalid(shown, `it has more than ${MAX_WILDCARDS} groups and stars in one name`);
  return { pieces: bounded.split(STAR), hasGroups };
}

function invalid(shown: string, reason: string): AuditError {
  return new AuditError('INVALID_INPUT', { message: `The pattern \`${shown}\` cannot be used: ${reason}.`, exitCode: 2 });
}
