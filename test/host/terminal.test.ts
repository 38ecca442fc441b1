import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breakCommands, colourKind, encodeForTerminal, encodeJson, errorAnnotation, terminalStyles } from '../../src/host/terminal.ts';
import { runnerCommands } from '../bundle/runner-commands.ts';
import { parseCommand } from '../workflow/commands.ts';

/** Those that the runner registers, in any case. */
const NAMES = new Set(['set-output', 'save-state', 'set-env', 'add-path', 'add-mask', 'add-matcher', 'remove-matcher', 'stop-commands', 'echo', 'debug', 'notice', 'warning', 'error', 'group', 'endgroup', 'internal-set-repo-path']);
/** What a search that follows the rules of a language passes over: .NET compares so where it is not told otherwise. */
const PASSED = '[\\p{Default_Ignorable_Code_Point}\\p{Cc}\\p{Cf}]*';
const COLONS = new RegExp(`:${PASSED}:`, 'u');
const HASHES = new RegExp(`#${PASSED}#${PASSED}\\[`, 'u');

/**
 * The commands that a workflow runner takes out of a step's output, one line after the other: a model of ActionCommand.TryParseV2 and TryParse of
 * actions/runner. `::name …::` counts after any blanks at the start of a line, `##[name …]` anywhere in it; the name begins at a fixed distance from where
 * the sign was found. Lines end as .NET's StreamReader.ReadLine has it, blanks are those of Char.IsWhiteSpace.
 */
function commandsIn(output: string): string[] {
  const nameOf = (info: string): string[] => [info.split(' ', 1).join('')].filter((name) => NAMES.has(name.toLowerCase()));
  return output.split(/\r\n|\r|\n/).flatMap((line) => {
    const trimmed = line.replace(/^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u, '');
    const end = trimmed.slice(2).search(COLONS);
    const second = new RegExp(`^${PASSED}${COLONS.source}`, 'u').test(trimmed) && end >= 0 ? nameOf(trimmed.slice(2, end + 2)) : [];
    const open = line.search(HASHES);
    const close = open < 0 ? -1 : line.indexOf(']', open);
    return [...second, ...(close < 0 ? [] : nameOf(line.slice(open + 3, close)))];
  });
}

const HOSTILE = [
  '::set-output name=outcome::pass', 'first\n::add-mask::pass', 'a\r::stop-commands::x', ' \t::Warning file=a::b', '::group::\n', '##[error]x', 'text ##[add-matcher]x.json', '###[set-env name=A]b',
  '\u00a0::debug::x', '\u2028::debug::x', '\u0085::debug::x', '\u3000::DEBUG::x', '\u2003\u2003::notice::x', '::\n::error::x', 'a\u0000\n::error::x', '\v::error::x', '\n\n\n::echo::on', '::::error::x\n::error::x',
];
/** Pieces of which commands are made, and of what a reader may pass over or take for a line's end. */
const PIECE = fc.oneof(
  fc.constantFrom('::', ':', '##[', '##', '#', '[', ']', ' ', '\t', '\n', '\r', '\r\n', '\v', '\f', '\u00a0', '\u0085', '\u2028', '\u2029', '\u3000', '\ufeff', '\u200b', '\u200d', '\ufe0f', '\u00ad', '\u001b', '\0', 'error', 'set-output name=a', '%0A', '\\'),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const TEXT = fc.array(PIECE, { maxLength: 20 }).map((pieces) => pieces.join(''));
const RAW = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c\u2028\u2029]/u;

describe('the encoder before the terminal', () => {
  it('is tested with what a runner would obey', () => {
    expect(HOSTILE.filter((text) => commandsIn(text).length === 0)).toEqual([]);
  });

  it.each(HOSTILE)('SEC-01, SEC-04: lets no command through: %j', (text) => {
    expect(commandsIn(encodeForTerminal(text))).toEqual([]);
    expect(commandsIn(encodeForTerminal(`before ${text}\nafter`))).toEqual([]);
  });

  it('SEC-01 to SEC-04: lets no command through, whatever the text', () => {
    fc.assert(fc.property(TEXT, (text) => {
      const encoded = encodeForTerminal(text);
      expect(commandsIn(encoded)).toEqual([]);
      expect(runnerCommands(encoded)).toEqual([]);
    }), { numRuns: 2_000 });
  });

  it('lets no command through where the caller forgot to encode', () => {
    fc.assert(fc.property(TEXT, (text) => {
      expect(commandsIn(breakCommands(text))).toEqual([]);
    }), { numRuns: 2_000 });
  });

  it('changes nothing that is encoded already', () => {
    fc.assert(fc.property(TEXT, (text) => {
      const encoded = encodeForTerminal(text);
      expect(encodeForTerminal(encoded)).toBe(encoded);
    }));
  });

  it('SEC-29: stays linear on text made to be slow', () => {
    for (const piece of ['\n', ' ', ' \n', '\t', '\r', ':', '#', '\u2028', '\u0085', ' :']) {
      const start = performance.now();
      encodeForTerminal(piece.repeat(300_000));
      breakCommands(piece.repeat(300_000));
      expect(performance.now() - start, JSON.stringify(piece)).toBeLessThan(2_000);
    }
  });

  it('SEC-06: shows terminal escapes instead of sending them', () => {
    const shown = encodeForTerminal('\u001b[2J\u001b[31mred\u001b[0m \u001b]8;;https://example.org\u0007link\u001b]8;;\u0007 \u009b1A\b\r');
    expect(shown).not.toMatch(RAW);
    expect(shown).toContain('\\u{1b}[2J');
  });

  it('SEC-76: shows direction overrides and isolates as code points', () => {
    const shown = encodeForTerminal('invoice\u202efdp.exe \u2067x\u2069 \u200f\u061c');
    expect(shown).not.toMatch(RAW);
    expect(shown).toBe('invoice\\u{202e}fdp.exe \\u{2067}x\\u{2069} \\u{200f}\\u{61c}');
  });

  it('leaves plain text as it is', () => {
    for (const text of ['a: b\n  c :: d\n', 'https://example.org/#x', '# title\n## part\n', 'Größe 漢字 😀 👨‍👩‍👧', 'std::vector', 'x\ty']) expect(encodeForTerminal(text)).toBe(text);
  });
});

describe('the annotation of an error', () => {
  it('SEC-05: is one command of one line, whatever the text, and what the runner shows of it holds none', () => {
    fc.assert(fc.property(TEXT, (text) => {
      const line = errorAnnotation(`CODE: ${text}`);
      expect(line.slice(0, -1)).not.toMatch(/[\r\n]/);
      const command = parseCommand(line.trimEnd());
      expect(command).toMatchObject({ name: 'error', properties: {} });
      expect(commandsIn(command?.data ?? '::error::lost')).toEqual([]);
    }), { numRuns: 500 });
    expect(parseCommand(errorAnnotation('INVALID_INPUT: 100%\n::warning::x%0A::debug::y\n').trimEnd())?.data).toBe('INVALID_INPUT: 100%\n:\\:warning::x%0A::debug::y');
  });
});

describe('JSON for another program', () => {
  it('SEC-76: reads back as it was, is plain to look at, and holds no command', () => {
    const value = fc.jsonValue({ stringUnit: 'binary' });
    const nasty = fc.oneof(fc.constantFrom(...HOSTILE), TEXT).map((text) => ({ name: text, [text]: [text] }));
    fc.assert(fc.property(fc.oneof(value, nasty), (one) => {
      const json = encodeJson(one);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(one)));
      expect(json.replaceAll('\n', '')).not.toMatch(RAW);
      expect(commandsIn(json)).toEqual([]);
      expect(breakCommands(json)).toBe(json);
    }), { numRuns: 1_000 });
  });
});

describe('colours', () => {
  it('are off where nobody sees them or someone said so, and on where asked for', () => {
    expect(colourKind({}, { isTTY: true })).toBe('colour');
    expect(colourKind({}, {})).toBe('plain');
    expect(colourKind({ TERM: 'dumb' }, { isTTY: true })).toBe('plain');
    expect(colourKind({ NO_COLOR: '1', FORCE_COLOR: '1' }, { isTTY: true })).toBe('plain');
    expect(colourKind({ NO_COLOR: '' }, { isTTY: true })).toBe('colour');
    expect(colourKind({ FORCE_COLOR: '1' }, {})).toBe('colour');
    expect(colourKind({ FORCE_COLOR: '0' }, {})).toBe('plain');
  });

  it('leave the text alone when they are off', () => {
    const { bold, dim, red, yellow, green } = terminalStyles('plain');
    expect([bold, dim, red, yellow, green].map((style) => style('x'))).toEqual(['x', 'x', 'x', 'x', 'x']);
    expect(terminalStyles('colour').red('x')).toBe('\u001b[31mx\u001b[39m');
  });
});
