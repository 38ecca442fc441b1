/**
 * Messages of SARIF (2.1.0, 3.11): by text or by id, with arguments put in, embedded links unwrapped.
 * A short document can state long messages without end, for one text of a rule stands in each: they are cut before they are kept, and what they take together is bounded.
 */
import { asText } from './json.ts';
import type { Tally } from './problems.ts';
import { listIn, objectIn, textIn, type JsonObject } from './sarif-fields.ts';
import { ownCopy, wholeCharacters } from './text.ts';

/** More of a message is not shown anywhere. */
const MESSAGE_CHARACTERS = 4_000;
/** What messages that are put together take in one document … */
const TOGETHER_CHARACTERS = 32_000_000;
/** … and what is kept of each from there on. */
const SHORT_CHARACTERS = 400;
/** Texts that are remembered taken apart. */
const TEMPLATES = 500;

/** Of one document. */
export type Messages = Readonly<{
  /** `undefined`: no text is given for the message. `strings`: where a message id is looked up, the nearest first. */
  read(message: JsonObject | undefined, strings: readonly (JsonObject | undefined)[]): string | undefined;
  /** A long text is cut, and told, once, however often it is met. */
  cut(text: string): string;
}>;

/** A placeholder that no argument is given for stays as it is written. */
type Part = string | Readonly<{ written: string; argument: number }>;

export function openMessages(textCap: number, tally: Tally): Messages {
  const cap = Math.min(textCap, MESSAGE_CHARACTERS);
  const cuts = new Map<string, string>();
  const templates = new Map<string, readonly Part[]>();
  let left = TOGETHER_CHARACTERS;
  const cut = (text: string): string => {
    if (text.length <= cap) return text;
    const known = cuts.get(text) ?? told(text.slice(0, cap), text.length, tally);
    cuts.set(text, known);
    return known;
  };
  const partsOf = (template: string): readonly Part[] => {
    const parts = templates.get(template) ?? partsIn(template, cap, 'template');
    if (templates.size >= TEMPLATES) templates.clear();
    templates.set(template, parts);
    return parts;
  };
  return {
    cut,
    read(message, strings) {
      const id = textIn(message, 'id');
      const stated = textIn(message, 'text');
      const known = stated === undefined && id !== undefined ? strings.map((texts) => textIn(objectIn(texts, id), 'text')).find((text) => text !== undefined) : undefined;
      const template = stated ?? known ?? textIn(message, 'markdown');
      if (template === undefined) return undefined;
      const values = listIn(message, 'arguments');
      // Doubled braces stand for single ones, but many tools write plain text with braces.
      const isTemplate = values.length > 0 || stated === undefined;
      if (!isTemplate && !template.includes('](')) return cut(template);
      const parts = known === undefined ? partsIn(template, cap, isTemplate ? 'template' : 'text') : partsOf(template);
      const { kept, length } = filled(parts, values, left > 0 ? cap : Math.min(cap, SHORT_CHARACTERS));
      left -= kept.length;
      return length > kept.length ? told(kept, length, tally) : kept;
    },
  };
}

function told(beginning: string, length: number, tally: Tally): string {
  const kept = ownCopy(wholeCharacters(beginning));
  tally.cutTexts += 1;
  tally.cutCharacters += length - kept.length;
  return kept;
}

/** A placeholder, a doubled brace, an escaped bracket, or `[words](1)`: a link to a related location. No part is read twice. */
const PARTS = /\{(\d{1,4})\}|\{\{|\}\}|\\[[\]\\]|\[((?:[^[\]\\]|\\.)*)\]\(\d{1,10}\)/gs;

/** What lies behind the cap is cut anyway: it stays one part, as written. */
function partsIn(template: string, cap: number, as: 'template' | 'text'): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const match of template.slice(0, cap).matchAll(PARTS)) {
    const [written, place, words] = match;
    parts.push(template.slice(from, match.index));
    if (words !== undefined) parts.push(words.replace(/\\([\\[\]])/g, '$1'));
    else if (as === 'text' || written.startsWith('\\')) parts.push(written);
    else parts.push(place === undefined ? written.charAt(0) : { written, argument: Number(place) });
    from = match.index + written.length;
  }
  parts.push(template.slice(from));
  return parts.filter((part) => part !== '');
}

/** The beginning, and the length of the whole. */
function filled(parts: readonly Part[], values: readonly unknown[], cap: number): Readonly<{ kept: string; length: number }> {
  const kept: string[] = [];
  let length = 0;
  for (const part of parts) {
    const text = typeof part === 'string' ? part : asText(values[part.argument]) ?? part.written;
    if (length < cap) kept.push(text.slice(0, cap - length));
    length += text.length;
  }
  // Joined, not added up: a text that is made of other texts holds all of them.
  return { kept: kept.join(''), length };
}
