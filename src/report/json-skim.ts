/** JSON skimmed while it comes in: the lists of chosen keys are left out before anything is parsed, however long they are. */

export type JsonSkim = Readonly<{
  /** The piece without what is left out; a list that is left out becomes `null`. */
  write(text: string): string;
  /** Lists left out so far. */
  skipped(): number;
  /** What is wrong inside of a list that was left out; from there on nothing is kept. */
  fault(): 'too deep' | 'malformed' | undefined;
}>;

/** `closers`: the brackets that end what is open in a list being left out. `key`: the string just read, where it may be a key that is asked for. */
type Skim = {
  isInString: boolean; isEscaped: boolean; key: string | undefined; isListDue: boolean;
  closers: number[]; skipped: number; fault: 'too deep' | 'malformed' | undefined;
};

type Skipping = Readonly<{ keys: ReadonlySet<string>; depth: number }>;

const QUOTE = 0x22;
const COLON = 0x3a;
const LIST = 0x5b;
const LIST_END = 0x5d;
const OBJECT = 0x7b;
const OBJECT_END = 0x7d;
const BACKSLASH = 0x5c;
/** JSON knows no other blanks than space, tab and line ends; other controls are refused when it is parsed. */
const SPACE = 0x20;
/** Longer strings are no key that is asked for. */
const KEY_CHARACTERS = 40;

/** `keys`: whose value is left out where it is a list; other values stay. `depth`: how deep such a list may nest. */
export function openSkim(skipping: Skipping): JsonSkim {
  const state: Skim = { isInString: false, isEscaped: false, key: undefined, isListDue: false, closers: [], skipped: 0, fault: undefined };
  return {
    write(text) {
      let kept = '';
      let at = 0;
      while (at < text.length && state.fault === undefined) {
        if (state.closers.length > 0) at = skipFrom(state, { text, at }, skipping.depth);
        else {
          const end = keepFrom(state, { text, at }, skipping.keys);
          const isDue = state.closers.length > 0;
          kept += `${text.slice(at, end)}${isDue ? 'null' : ''}`;
          at = isDue ? end + 1 : end;
        }
      }
      return kept;
    },
    skipped: () => state.skipped,
    fault: () => state.fault,
  };
}

type Reading = Readonly<{ text: string; at: number }>;

/** Where a list that is to be left out begins, or the end of the text. */
function keepFrom(state: Skim, { text, at: from }: Reading, keys: ReadonlySet<string>): number {
  for (let at = from; at < text.length; at += 1) {
    if (state.isInString) {
      const end = stringEnd(state, text, at);
      keepKey(state, text, { from: at, end });
      at = end;
      continue;
    }
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      state.isInString = true;
      state.isListDue = false;
      state.key = '';
    } else if (code === COLON) {
      state.isListDue = state.key !== undefined && keys.has(state.key);
      state.key = undefined;
    } else if (code === LIST && state.isListDue) {
      state.closers.push(LIST_END);
      state.isListDue = false;
      state.skipped += 1;
      return at;
    } else if (code > SPACE) {
      state.isListDue = false;
      state.key = undefined;
    }
  }
  return text.length;
}

function keepKey(state: Skim, text: string, { from, end }: Readonly<{ from: number; end: number }>): void {
  if (state.key === undefined) return;
  state.key = state.key.length + end - from > KEY_CHARACTERS ? undefined : state.key + text.slice(from, end);
}

/** Behind the list that is being left out, or the end of the text. */
function skipFrom(state: Skim, { text, at: from }: Reading, depth: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (state.isInString) {
      at = stringEnd(state, text, at);
      continue;
    }
    const code = text.charCodeAt(at);
    if (code === QUOTE) state.isInString = true;
    else if (code === LIST || code === OBJECT) state.closers.push(code === LIST ? LIST_END : OBJECT_END);
    else if ((code === LIST_END || code === OBJECT_END) && state.closers.pop() !== code) state.fault = 'malformed';
    if (state.closers.length > depth) state.fault = 'too deep';
    if (state.closers.length === 0 || state.fault !== undefined) return at + 1;
  }
  return text.length;
}

/** The closing quote of the string that is open, or the end of the text, where it goes on in the next piece. */
function stringEnd(state: Skim, text: string, from: number): number {
  let at = from;
  if (state.isEscaped) at += 1;
  state.isEscaped = false;
  for (;;) {
    const quote = text.indexOf('"', at);
    const end = quote < 0 ? text.length : quote;
    let slashes = 0;
    while (end - 1 - slashes >= at && text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
    if (quote < 0) {
      state.isEscaped = slashes % 2 === 1;
      return end;
    }
    if (slashes % 2 === 0) {
      state.isInString = false;
      return quote;
    }
    at = quote + 1;
  }
}
