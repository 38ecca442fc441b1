/**
 * File patterns, matched in linear time and without regular expressions: `*` and `?` within a name, `[a-z]`, `[!a]`, `{a,b}`, `**` over folders, `\` before a
 * character that stands for itself. Names that start with a dot are names like all others; case counts.
 */
import { AuditError } from '../../errors.ts';

type Token = Readonly<{ kind: 'any' } | { kind: 'one' } | { kind: 'char'; char: string } | { kind: 'set'; ranges: readonly (readonly [string, string])[]; negated: boolean }>;
export type Segment = Readonly<{ kind: 'folders' } | { kind: 'name'; name: string } | { kind: 'wild'; source: string; tokens: readonly Token[] }>;
/** `named`: the names that the pattern spells out. */
export type Pattern = Readonly<{ segments: readonly Segment[]; named: ReadonlySet<string> }>;
export type PatternSet = Readonly<{ includes: readonly Pattern[]; excludes: readonly Pattern[] }>;

const MAX_ALTERNATIVES = 1_000;
/** Tools keep other people's files there: met by a wildcard, they are passed over. */
const PASSED_OVER = new Set(['node_modules', '.git']);

/** Throws INVALID_INPUT for a pattern that leaves the folder or uses a form that is not known. */
export function compilePatterns(texts: readonly string[]): PatternSet {
  const includes = texts.filter((text) => !text.startsWith('!'));
  const excludes = texts.filter((text) => text.startsWith('!'));
  return { includes: includes.flatMap((text) => compile(text, text)), excludes: excludes.flatMap((text) => compile(text.slice(1), text)) };
}

function compile(text: string, shown: string): Pattern[] {
  if (/(?<!\\)[@+?*!]\(/.test(text)) throw invalid(shown, 'forms like `@(a|b)` are not known; write `{a,b}`, or `\\(` for a parenthesis');
  if (text.includes('[[:')) throw invalid(shown, 'classes like `[[:digit:]]` are not known; write `[0-9]`');
  const portable = process.platform === 'win32' ? text.replaceAll('\\', '/') : text;
  const alternatives = expandBraces(portable, shown);
  const patterns = alternatives.map((one) => toPattern(splitSegments(one, shown).map(toSegment)));
  // A file may be called `{b,c}.xml`: the pattern as it stands names it, too.
  return alternatives.length === 1 ? patterns : [...patterns, toPattern(splitSegments(portable, shown).map((name): Segment => (name === '**' ? { kind: 'folders' } : { kind: 'name', name })))];
}

function toPattern(segments: readonly Segment[]): Pattern {
  return { segments, named: new Set(segments.flatMap((segment) => (segment.kind === 'name' ? [segment.name] : []))) };
}

function splitSegments(text: string, shown: string): string[] {
  if (text.includes('\0')) throw invalid(shown, 'it holds a NUL character');
  if (text.startsWith('/') || /^[A-Za-z]:/.test(text)) throw invalid(shown, 'it must be relative to the working directory');
  const segments = text.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (segments.some((segment) => segment.replaceAll('\\', '') === '..')) throw invalid(shown, 'it leaves the working directory by `..`');
  if (segments.length === 0) throw invalid(shown, 'it names no file');
  return segments;
}

function invalid(shown: string, reason: string): AuditError {
  return new AuditError('INVALID_INPUT', { message: `The pattern \`${shown}\` cannot be used: ${reason}.`, exitCode: 2 });
}

/** `a{b,c}d` → `abd`, `acd`; braces without a comma stand for themselves. */
function expandBraces(text: string, shown: string): string[] {
  const done: string[] = [];
  const waiting = [text];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    const group = firstGroup(one);
    if (group === null) done.push(one);
    else waiting.push(...group);
    if (done.length + waiting.length > MAX_ALTERNATIVES) throw invalid(shown, `it stands for more than ${MAX_ALTERNATIVES} patterns`);
  }
  return done;
}

/** The alternatives of the first group of braces, each in its surroundings; `null` if there is none. */
function firstGroup(text: string): string[] | null {
  for (let open = nextOf(text, '{', 0); open >= 0; open = nextOf(text, '{', open + 1)) {
    const commas: number[] = [];
    let depth = 0;
    for (let at = open; at < text.length; at += 1) {
      const char = text[at];
      if (char === '\\') at += 1;
      else if (char === '{') depth += 1;
      else if (char === ',' && depth === 1) commas.push(at);
      else if (char === '}' && (depth -= 1) === 0) {
        if (commas.length === 0) break;
        const edges = [open, ...commas, at];
        return edges.slice(1).map((edge, part) => text.slice(0, open) + text.slice((edges[part] ?? 0) + 1, edge) + text.slice(at + 1));
      }
    }
  }
  return null;
}

function nextOf(text: string, char: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === char) return at;
  }
  return -1;
}

function toSegment(source: string): Segment {
  if (source === '**') return { kind: 'folders' };
  const tokens = tokensOf([...source]);
  if (tokens.every((token) => token.kind === 'char')) return { kind: 'name', name: tokens.map(({ char }) => char).join('') };
  return { kind: 'wild', source, tokens };
}

function tokensOf(chars: readonly string[]): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < chars.length; at += 1) {
    const char = chars[at] ?? '';
    if (char === '*') tokens.push({ kind: 'any' });
    else if (char === '?') tokens.push({ kind: 'one' });
    else if (char === '[') {
      const set = setOf(chars, at);
      tokens.push(set === null ? { kind: 'char', char } : set.token);
      if (set !== null) at = set.end;
    } else {
      if (char === '\\' && at + 1 < chars.length) at += 1;
      tokens.push({ kind: 'char', char: chars[at] ?? '' });
    }
  }
  return tokens;
}

/** A set from `[` to `]`, where a `]` at its start is a member; `null` if it does not end. */
function setOf(chars: readonly string[], open: number): { token: Token; end: number } | null {
  const negated = chars[open + 1] === '!' || chars[open + 1] === '^';
  const first = open + (negated ? 2 : 1);
  const ranges: [string, string][] = [];
  for (let at = first; at < chars.length; at += 1) {
    if (chars[at] === ']' && at > first) return { token: { kind: 'set', ranges, negated }, end: at };
    if (chars[at] === '\\') at += 1;
    const from = chars[at] ?? '';
    const isRange = chars[at + 1] === '-' && chars[at + 2] !== undefined && chars[at + 2] !== ']';
    if (isRange) at += 2;
    ranges.push([from, chars[at] ?? '']);
  }
  return null;
}

/** Whether the segment stands for this name of a file or folder. A name that is spelled like the segment always matches: `[a].xml` is a name, too. */
export function matchesName(pattern: Pattern, segment: Segment, name: string): boolean {
  switch (segment.kind) {
    case 'name': return segment.name === name;
    case 'folders': return !isPassedOver(pattern, name);
    case 'wild': return !isPassedOver(pattern, name) && (segment.source === name || matchesTokens(segment.tokens, [...name]));
    default: return segment satisfies never;
  }
}

function isPassedOver(pattern: Pattern, name: string): boolean {
  return PASSED_OVER.has(name) && !pattern.named.has(name);
}

/** Only the last `*` is ever widened: at most name × tokens steps. */
function matchesTokens(tokens: readonly Token[], name: readonly string[]): boolean {
  let token = 0;
  let at = 0;
  let star = -1;
  let starAt = 0;
  while (at < name.length) {
    const wanted = tokens[token];
    if (wanted?.kind === 'any') {
      star = token;
      starAt = at;
      token += 1;
    } else if (wanted !== undefined && matchesChar(wanted, name[at] ?? '')) {
      token += 1;
      at += 1;
    } else if (star >= 0) {
      starAt += 1;
      at = starAt;
      token = star + 1;
    } else {
      return false;
    }
  }
  return tokens.slice(token).every(({ kind }) => kind === 'any');
}

function matchesChar(token: Token, char: string): boolean {
  switch (token.kind) {
    case 'any':
    case 'one': return true;
    case 'char': return token.char === char;
    case 'set': return token.ranges.some(([from, to]) => from <= char && char <= to) !== token.negated;
    default: return token satisfies never;
  }
}
