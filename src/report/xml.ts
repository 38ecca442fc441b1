/**
 * Strict, streaming XML reading that never expands an entity and bounds whatever it keeps.
 * It recovers two faults that real tools make, forbidden characters and bare ampersands, and counts both; every other fault ends the reading.
 */
import { repairCharacters } from './characters.ts';
import { openDecoder } from './encoding.ts';
import { counted } from './problems.ts';
import { openCapture } from './text.ts';
import { placeIn, type XmlContext, type XmlState } from './xml-state.ts';
import { readRest, readTokens } from './xml-tokens.ts';

export type XmlReader = Readonly<{ write(bytes: Uint8Array): void; end(): void }>;

/** Pieces larger than this are read part by part, so that what is held stays small however the bytes come. */
const PIECE_BYTES = 65_536;

export function openXml(context: XmlContext): XmlReader {
  const { limits, problems } = context;
  const decoder = openDecoder();
  const state: XmlState = {
    buffer: '', at: 0, lines: 0, columns: 0, mode: 'start', tag: '', attributes: new Map(), attribute: '', quote: '', value: openCapture(), spaced: false,
    elements: [], rooted: false, doctyped: false, context,
  };
  let bytesRead = 0;
  let carried = '';
  const feed = (text: string): void => {
    const refusal = decoder.refusal();
    if (refusal !== undefined) problems.fatal('BAD_ENCODING', refusal);
    const whole = carried + text;
    // The second half of a line end or of a surrogate pair may come with the next piece.
    const last = whole.charCodeAt(whole.length - 1);
    carried = last === 0x0d || (last >= 0xd800 && last <= 0xdbff) ? whole.slice(-1) : '';
    advance(state, repairCharacters(carried === '' ? whole : whole.slice(0, -1), problems.tally));
  };
  return {
    write(bytes) {
      for (let from = 0; from < bytes.length && !problems.stopped(); from += PIECE_BYTES) {
        const piece = bytes.subarray(from, from + PIECE_BYTES);
        bytesRead += piece.length;
        if (bytesRead > limits.bytes) problems.fatal('LIMIT_REACHED', `The file is over ${counted(limits.bytes, 'byte')}.`);
        else feed(decoder.decode(piece));
      }
    },
    end() {
      if (!problems.stopped()) feed(decoder.end());
      if (carried !== '') advance(state, repairCharacters(carried, problems.tally));
      // Where the reading was stopped, how much lies behind is chance.
      problems.tally.badBytes = problems.stopped() ? 0 : decoder.badBytes();
      if (problems.stopped()) problems.tally.badChars = 0;
      if (bytesRead === 0) problems.fatal('EMPTY_REPORT', 'The file is empty.');
      if (!problems.stopped()) readRest(state);
    },
  };
}

function advance(state: XmlState, text: string): void {
  if (text === '' || state.context.problems.stopped()) return;
  dropRead(state);
  state.buffer += text;
  readTokens(state);
}

function dropRead(state: XmlState): void {
  const { line, column } = placeIn(state);
  state.lines = line - 1;
  state.columns = column - 1;
  state.buffer = state.buffer.slice(state.at);
  state.at = 0;
}
