/** The terminal: the one encoder before standard output and error, so that no text from data acts on a terminal or on a workflow runner. */
import { INVISIBLE, visible } from '../model/visible.ts';

/** Text that may be printed anywhere: nothing in it acts on a terminal or on a workflow runner. */
export function encodeForTerminal(text: string): string {
  return breakCommands(visible(text));
}

/**
 * A workflow runner takes `::name` at the start of a line, blanks before it allowed, and `##[name` anywhere in a line, for a command
 * (ActionCommand.cs of actions/runner): both get a backslash in their middle. Blanks are those of Char.IsWhiteSpace; of what ends a line here, `^` knows more.
 */
export function breakCommands(text: string): string {
  return text.replace(/^([\t\v\f \u0085\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\ufeff]*):(?=:)/gm, '$1:\\').replace(/##(?=\[)/g, '##\\');
}

/** The one command that is ours: what a step tells as an error to those who see the run. The runner decodes it into lines, which are plain as well. */
export function errorAnnotation(text: string): string {
  const data = encodeForTerminal(text.trimEnd()).replaceAll('%', '%25').replaceAll('\n', '%0A');
  return `::error::${data}\n`;
}

/** The same for a JSON document, which must stay equal as data. Only strings can hold these characters. */
export function encodeJson(value: unknown): string {
  const json = JSON.stringify(value, undefined, 2);
  const escape = (character: string): string => [...Array(character.length).keys()].map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`).join('');
  return json.replace(INVISIBLE, escape).replace(/#(?=#\[)/g, '\\u0023');
}

export type Styles = Readonly<{ bold(text: string): string; dim(text: string): string; red(text: string): string; yellow(text: string): string; green(text: string): string }>;

/** ANSI colours (ECMA-48 SGR) or none. */
export function terminalStyles(kind: 'colour' | 'plain'): Styles {
  const style = (open: number, close: number) => (text: string): string => (kind === 'colour' ? `\u001b[${open}m${text}\u001b[${close}m` : text);
  return { bold: style(1, 22), dim: style(2, 22), red: style(31, 39), yellow: style(33, 39), green: style(32, 39) };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** https://no-color.org: any non-empty NO_COLOR switches colours off; FORCE_COLOR is what Node's own tools honour. */
export function colourKind(env: Environment, stream: Readonly<{ isTTY?: boolean }>): 'colour' | 'plain' {
  if ((env['NO_COLOR'] ?? '') !== '') return 'plain';
  if ((env['FORCE_COLOR'] ?? '') !== '' && env['FORCE_COLOR'] !== '0') return 'colour';
  return stream.isTTY === true && env['TERM'] !== 'dumb' ? 'colour' : 'plain';
}
