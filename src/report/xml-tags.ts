/** The inside of XML tags: names, attributes and their values, piece by piece so that none has to be held whole. */
import { openReference, resolveReferences } from './characters.ts';
import { counted } from './problems.ts';
import { captured, captureHashed, openCapture } from './text.ts';
import { malformed, type XmlState } from './xml-state.ts';

/** XML 1.0 fifth edition, productions 4 and 4a; surrogates stand for the characters above U+FFFF. */
const NAME_START = 'A-Z_a-z:\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c\\u200d\\u2070-\\u218f\\u2c00-\\u2fef\\u3001-\\udfff\\uf900-\\ufdcf\\ufdf0-\\ufffc';
const NAME_REST = `${NAME_START}\\-.0-9\\u00b7\\u0300-\\u036f\\u203f\\u2040`;
/** A regular expression's source. */
export const NAME = `[${NAME_START}][${NAME_REST}]*`;
/** Of an element or attribute name; test names are values and have no such cap. */
export const NAME_LENGTH = 4096;

const NAME_HERE = new RegExp(NAME, 'y');
/** The usual form, found at once: one blank, the name, `=`, the quote. */
const ATTRIBUTE = new RegExp(`[ \\t\\n]${NAME}=["']`, 'y');
const SPACE = /[ \t\n]+/y;
/** What a value may need work for: references, a forbidden `<`, white space that becomes a blank. */
const NOT_PLAIN = /[&<\t\n]/;

/** The name at `from`, and `at` moved behind it; `undefined` while it may go on. Stops the reading if there is none. */
export function readName(state: XmlState, from: number): string | undefined {
  NAME_HERE.lastIndex = from;
  const name = NAME_HERE.exec(state.buffer)?.[0];
  const end = from + (name?.length ?? 0);
  if (name !== undefined && name.length > NAME_LENGTH) {
    state.context.problems.fatal('LIMIT_REACHED', `A name in the markup is over ${counted(NAME_LENGTH, 'character')}.`);
    return '';
  }
  if (end === state.buffer.length) return undefined;
  if (name === undefined) {
    malformed(state, 'a name was expected');
    return '';
  }
  state.at = end;
  return name;
}

/**
 * A whole start tag in the form that tools write: one blank before each attribute, double quotes, no line end in a value.
 * One regular expression for all of it is several times faster than step by step; whatever it does not match takes the steps.
 */
const PLAIN_TAG = /<([A-Za-z_][\w.:-]{0,200})((?: [A-Za-z_][\w.:-]{0,200}="[^"<\t\n]*")*) ?(\/?)>/y;
const PLAIN_ATTRIBUTE = / ([^ =]+)="([^"]*)"/y;

/** Whether there was one at `at`, which is then read. */
export function readPlainTag(state: XmlState): boolean {
  PLAIN_TAG.lastIndex = state.at;
  const tag = PLAIN_TAG.exec(state.buffer);
  if (tag === null) return false;
  const attributes = plainAttributes(tag[2] ?? '', state.context);
  if (attributes === undefined) return false;
  state.tag = tag[1] ?? '';
  state.attributes = attributes;
  state.rooted = true;
  openElement(state, tag[0].length);
  if (tag[3] !== '' && !state.context.problems.stopped()) closeElement(state);
  return true;
}

/** `undefined` where a cap or a double name needs the steps, which tell. */
function plainAttributes(text: string, { limits, problems }: XmlState['context']): Map<string, string> | undefined {
  const found = new Map<string, string>();
  let count = 0;
  PLAIN_ATTRIBUTE.lastIndex = 0;
  for (let match = PLAIN_ATTRIBUTE.exec(text); match !== null; match = PLAIN_ATTRIBUTE.exec(text)) {
    const value = match[2] ?? '';
    if (value.length > limits.text || (count += 1) > limits.attributes) return undefined;
    found.set(match[1] ?? '', value);
  }
  if (found.size !== count) return undefined;
  // Counted only once it is sure that the steps do not read the same text again.
  if (text.includes('&')) for (const [name, value] of found) found.set(name, resolveReferences(value, problems.tally));
  return found;
}

/** Whether there was any; `at` moves behind it. */
export function skipSpace(state: XmlState): boolean {
  SPACE.lastIndex = state.at;
  if (!SPACE.test(state.buffer)) return false;
  state.at = SPACE.lastIndex;
  return true;
}

/** From behind the tag's name or a value to the next attribute or the tag's end. */
export function readTag(state: XmlState): boolean {
  if (!state.spaced) {
    const { buffer, at } = state;
    ATTRIBUTE.lastIndex = at;
    const end = ATTRIBUTE.test(buffer) ? ATTRIBUTE.lastIndex : at;
    if (end > at && end - at <= NAME_LENGTH) {
      state.at = end;
      return beginValue(state, buffer.slice(at + 1, end - 2), buffer.charAt(end - 1));
    }
  }
  if (skipSpace(state)) state.spaced = true;
  const { buffer, at } = state;
  switch (buffer[at]) {
    case undefined: return false;
    case '>': return openElement(state, 1);
    case '/': return readEmptyTag(state);
    default: return readAttributeName(state);
  }
}

function readEmptyTag(state: XmlState): boolean {
  const { buffer, at } = state;
  if (at + 1 === buffer.length) return false;
  if (buffer[at + 1] !== '>') {
    malformed(state, '`/>` was expected');
    return true;
  }
  openElement(state, 2);
  if (!state.context.problems.stopped()) closeElement(state);
  return true;
}

function readAttributeName(state: XmlState): boolean {
  if (!state.spaced) {
    malformed(state, 'white space, `>` or `/>` was expected');
    return true;
  }
  const name = readName(state, state.at);
  if (name === undefined) return false;
  state.attribute = name;
  state.mode = 'after name';
  return true;
}

export function readAfterName(state: XmlState): boolean {
  skipSpace(state);
  if (state.at === state.buffer.length) return false;
  if (state.buffer[state.at] === '=') {
    state.at += 1;
    state.mode = 'before value';
  } else malformed(state, '`=` was expected');
  return true;
}

export function readBeforeValue(state: XmlState): boolean {
  skipSpace(state);
  const quote = state.buffer[state.at];
  if (quote === undefined) return false;
  if (quote === '"' || quote === '\'') {
    state.at += 1;
    return beginValue(state, state.attribute, quote);
  }
  malformed(state, 'a quoted value was expected');
  return true;
}

function beginValue(state: XmlState, name: string, quote: string): true {
  const { limits, problems } = state.context;
  if (state.attributes.has(name)) malformed(state, 'an attribute stands twice');
  else if (state.attributes.size >= limits.attributes) problems.fatal('LIMIT_REACHED', `An element has more than ${counted(limits.attributes, 'attribute')}.`);
  state.attribute = name;
  state.quote = quote;
  state.mode = 'value';
  return true;
}

export function readValue(state: XmlState): boolean {
  const { buffer, at, quote, value, context: { limits, problems: { tally } } } = state;
  const found = buffer.indexOf(quote, at);
  const raw = found < 0 ? buffer.slice(at, openReference(buffer, at)) : buffer.slice(at, found);
  const isPlain = !NOT_PLAIN.test(raw);
  const broken = isPlain ? -1 : raw.indexOf('<');
  const text = isPlain ? raw : resolveReferences((broken < 0 ? raw : raw.slice(0, broken)).replace(/[\t\n]/g, ' '), tally);
  if (broken >= 0) {
    state.at += broken;
    malformed(state, '`<` stands in a value');
    return true;
  }
  state.at += raw.length;
  if (found >= 0 && value.length === 0 && text.length <= limits.text) {
    state.attributes.set(state.attribute, text);
  } else {
    captureHashed(value, text, limits.text);
    if (found < 0) return false;
    state.attributes.set(state.attribute, captured(value, limits.text, tally));
    state.value = openCapture();
  }
  state.at += 1;
  state.spaced = false;
  state.mode = 'tag';
  return true;
}

function openElement(state: XmlState, length: number): true {
  const { handler, limits, problems } = state.context;
  if (state.elements.length >= limits.depth) {
    problems.fatal('LIMIT_REACHED', `Elements are nested more than ${counted(limits.depth, 'level')} deep.`);
    return true;
  }
  state.at += length;
  state.mode = 'content';
  state.elements.push({ name: state.tag, wantsText: handler.open(state.tag, state.attributes) === 'text' });
  return true;
}

export function closeElement(state: XmlState): void {
  const inner = state.elements.pop();
  if (inner !== undefined) state.context.handler.close(inner.name);
}
