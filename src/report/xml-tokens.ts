/** The tokens of XML outside of tags: text, comments, CDATA, instructions, declarations, end tags; and the loop that goes from token to token. */
import { openReference, resolveReferences } from './characters.ts';
import { shown } from './problems.ts';
import { malformed, type XmlState } from './xml-state.ts';
import { closeElement, NAME, NAME_LENGTH, readAfterName, readBeforeValue, readName, readPlainTag, readTag, readValue, skipSpace } from './xml-tags.ts';

const DECLARATION = /^<\?xml[ \t\n]+version[ \t\n]*=[ \t\n]*(?:"1\.\d"|'1\.\d')(?:[ \t\n]+encoding[ \t\n]*=[ \t\n]*(?:"[\w.:-]*"|'[\w.:-]*'))?(?:[ \t\n]+standalone[ \t\n]*=[ \t\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\n]*$/;
const DECLARATION_LENGTH = 1024;
const DOCTYPE_LENGTH = 1024;
const BARE_DOCTYPE = new RegExp(`^[ \\t\\n]+${NAME}[ \\t\\n]*$`);
const CDATA = '<![CDATA[';
const DOCTYPE = '<!DOCTYPE';

/** Reads token after token. Each step says whether it got on; `false` means that its rest has not come yet. */
export function readTokens(state: XmlState): void {
  const { problems } = state.context;
  while (state.at < state.buffer.length && !problems.stopped()) {
    if (!readToken(state)) return;
  }
}

function readToken(state: XmlState): boolean {
  switch (state.mode) {
    case 'start': return readStart(state);
    case 'content': return readContent(state);
    case 'tag': return readTag(state);
    case 'after name': return readAfterName(state);
    case 'before value': return readBeforeValue(state);
    case 'value': return readValue(state);
    case 'cdata': return readCdata(state);
    case 'comment': return readComment(state);
    case 'target': return readTarget(state);
    case 'instruction': return readInstruction(state);
    case 'doctype': return readDoctype(state);
    default: return state.mode satisfies never;
  }
}

/** After the last byte: what was held back, and whether the document is whole. */
export function readRest(state: XmlState): void {
  const { problems } = state.context;
  const rest = state.buffer.slice(state.at);
  if (state.mode === 'content' && rest !== '' && !rest.startsWith('<')) emitText(state, rest);
  if (problems.stopped()) return;
  const inner = state.elements.at(-1);
  if (inner !== undefined) problems.fatal('INCOMPLETE', `The file ends before \`</${shown(inner.name)}>\`.`);
  else if (!state.rooted && !/[^ \t\n]/.test(rest)) problems.fatal('NOT_A_REPORT', 'The file holds nothing but white space, comments or a declaration.');
  else if (!state.rooted || state.mode !== 'content' || rest.startsWith('<')) problems.fatal('INCOMPLETE', 'The file ends inside of markup.');
}

/** The declaration stands at the very start or not at all. */
function readStart(state: XmlState): boolean {
  const { buffer } = state;
  if ('<?xml '.startsWith(buffer.slice(0, 6)) && buffer.length < 6) return false;
  if (!/^<\?xml[ \t\n]/.test(buffer)) {
    state.mode = 'content';
    return true;
  }
  const end = buffer.indexOf('?>');
  if (end < 0 && buffer.length < DECLARATION_LENGTH) return false;
  if (end < 0 || end > DECLARATION_LENGTH || !DECLARATION.test(buffer.slice(0, end))) malformed(state, 'the XML declaration cannot be read');
  state.mode = 'content';
  state.at = end + 2;
  return true;
}

function readContent(state: XmlState): boolean {
  // Layout between elements is most of the text.
  if (state.elements.at(-1)?.wantsText === false && skipSpace(state) && state.at === state.buffer.length) return false;
  return state.buffer.charCodeAt(state.at) === 0x3c ? readMarkup(state) : readText(state);
}

function readText(state: XmlState): boolean {
  const { buffer, at } = state;
  const tag = buffer.indexOf('<', at);
  const end = tag >= 0 ? tag : heldFrom(buffer, at);
  if (end === at) return false;
  emitText(state, buffer.slice(at, end));
  if (!state.context.problems.stopped()) state.at = end;
  return true;
}

/** What may be the beginning of a reference or of `]]>` waits for the rest. */
function heldFrom(buffer: string, at: number): number {
  const brackets = buffer.endsWith(']]') ? 2 : buffer.endsWith(']') ? 1 : 0;
  return Math.max(at, Math.min(openReference(buffer, at), buffer.length - brackets));
}

function emitText(state: XmlState, raw: string): void {
  const inner = state.elements.at(-1);
  if (inner === undefined) {
    const outside = raw.search(/[^ \t\n]/);
    if (outside < 0) return;
    state.at += outside;
    if (state.rooted) malformed(state, 'text stands behind the root element');
    else state.context.problems.fatal('NOT_A_REPORT', 'The file does not begin as XML.');
    return;
  }
  // A CDATA section that ended too early: what followed in the output was read as markup.
  const broken = raw.indexOf(']]>');
  const text = resolveReferences(broken < 0 ? raw : raw.slice(0, broken), state.context.problems.tally);
  if (inner.wantsText) state.context.handler.text(text);
  if (broken < 0) return;
  state.at += broken;
  malformed(state, '`]]>` stands in a text');
}

function readMarkup(state: XmlState): boolean {
  const { buffer, at } = state;
  switch (buffer[at + 1]) {
    case undefined: return false;
    case '/': return readEndTag(state);
    case '!': return readDeclaration(state);
    case '?': return enter(state, 'target', 2);
    default: return readStartTag(state);
  }
}

function readStartTag(state: XmlState): boolean {
  if (state.rooted && state.elements.length === 0) {
    malformed(state, 'a second root element begins');
    return true;
  }
  if (readLeaves(state) || readPlainTag(state)) return true;
  const name = readName(state, state.at + 1);
  if (name === undefined) return false;
  state.rooted = true;
  state.tag = name;
  state.attributes = new Map();
  state.spaced = false;
  state.mode = 'tag';
  return true;
}

/** Whether the handler knew the elements that begin here. */
function readLeaves(state: XmlState): boolean {
  const { buffer, at, elements, context: { handler, limits } } = state;
  if (handler.leaves === undefined || elements.length >= limits.depth || elements.at(-1)?.wantsText !== false) return false;
  state.at = handler.leaves(buffer, at);
  return state.at > at;
}

/** With its white space. */
const END_TAG_LENGTH = 2 * NAME_LENGTH;
const END_TAG = new RegExp(`</(${NAME})[ \\t\\n]*>`, 'y');

function readEndTag(state: XmlState): boolean {
  const { buffer, at, elements } = state;
  END_TAG.lastIndex = at;
  const name = END_TAG.exec(buffer)?.[1];
  const expected = elements.at(-1)?.name;
  if (name !== undefined && name === expected && END_TAG.lastIndex - at <= END_TAG_LENGTH) {
    closeElement(state);
    state.at += END_TAG.lastIndex - at;
    return true;
  }
  const wanted = `</${expected ?? ''}`;
  const rest = buffer.slice(at, at + END_TAG_LENGTH);
  // White space or the rest of the name is still to come.
  const isOpen = rest.length < END_TAG_LENGTH && (wanted.startsWith(rest) || (rest.startsWith(wanted) && !/[^ \t\n]/.test(rest.slice(wanted.length))));
  if (isOpen && expected !== undefined) return false;
  malformed(state, expected === undefined ? 'an end tag closes nothing' : `\`</${shown(expected)}>\` was expected`);
  return true;
}

function readDeclaration(state: XmlState): boolean {
  const { buffer, at } = state;
  const rest = buffer.slice(at, at + CDATA.length);
  if (rest.startsWith('<!--')) return enter(state, 'comment', 4);
  if (rest === CDATA) {
    if (state.elements.length > 0) return enter(state, 'cdata', CDATA.length);
    malformed(state, 'text stands outside of the root element');
    return true;
  }
  if (rest === DOCTYPE) return enter(state, 'doctype', DOCTYPE.length);
  if ('<!--'.startsWith(rest) || CDATA.startsWith(rest) || DOCTYPE.startsWith(rest)) return false;
  if (/^<!doctype/i.test(rest)) state.context.problems.fatal('NOT_A_REPORT', 'The file is an HTML page.');
  else malformed(state, 'a declaration stands where none is allowed');
  return true;
}

function enter(state: XmlState, mode: XmlState['mode'], length: number): true {
  state.mode = mode;
  state.at += length;
  return true;
}

function readCdata(state: XmlState): boolean {
  const { buffer, at } = state;
  const found = buffer.indexOf(']]>', at);
  const end = found >= 0 ? found : Math.max(at, buffer.length - 2);
  if (state.elements.at(-1)?.wantsText === true && end > at) state.context.handler.text(buffer.slice(at, end));
  state.at = end;
  return found >= 0 && enter(state, 'content', 3);
}

function readComment(state: XmlState): boolean {
  const { buffer, at } = state;
  const found = buffer.indexOf('--', at);
  state.at = found >= 0 ? found : Math.max(at, buffer.length - 1);
  if (found < 0 || found + 2 === buffer.length) return false;
  if (buffer[found + 2] === '>') return enter(state, 'content', 3);
  malformed(state, '`--` stands in a comment');
  return true;
}

/** The name tells only a declaration out of its place. */
function readTarget(state: XmlState): boolean {
  const name = readName(state, state.at);
  if (name === undefined) return false;
  if (name.toLowerCase() === 'xml') malformed(state, 'an XML declaration stands behind the start');
  else if (!/[ \t\n?]/.test(state.buffer.charAt(state.at)) && !state.context.problems.stopped()) malformed(state, 'white space or `?>` was expected');
  return enter(state, 'instruction', 0);
}

function readInstruction(state: XmlState): boolean {
  const { buffer, at } = state;
  const found = buffer.indexOf('?>', at);
  state.at = found >= 0 ? found : Math.max(at, buffer.length - 1);
  return found >= 0 && enter(state, 'content', 2);
}

/** Only `<!DOCTYPE name>` is let through: an internal subset or an external id is refused before any of it is read. */
function readDoctype(state: XmlState): boolean {
  const { buffer, at } = state;
  const rest = buffer.slice(at, at + DOCTYPE_LENGTH);
  const end = rest.search(/[>[<"']/);
  if (end < 0 && rest.length < DOCTYPE_LENGTH) return false;
  if (rest[end] === '>' && BARE_DOCTYPE.test(rest.slice(0, end)) && !state.rooted && !state.doctyped) {
    state.doctyped = true;
    return enter(state, 'content', end + 1);
  }
  state.context.problems.fatal('DTD_REFUSED', 'The file declares a document type with content.');
  return true;
}

