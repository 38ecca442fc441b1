/** A text report, line by line: decoded, bounded, and cut where a line is too long to matter. */
import { openDecoder } from './encoding.ts';
import type { ReportLimits } from './format.ts';
import { counted, type Problems } from './problems.ts';
import { capture, captured, openCapture } from './text.ts';

/** Bytes are read in parts of this size, however they come. */
const PIECE_BYTES = 65_536;

/** `cap`: characters kept of one line. */
export type LinesContext = Readonly<{ limits: ReportLimits; problems: Problems; cap: number }>;

export type Lines = Readonly<{
  write(bytes: Uint8Array): void;
  /** `last`: the last line, if nothing ended it; it was handed over like all others. */
  end(): Readonly<{ bytes: number; last: string }>;
}>;

/** Lines come without their end, `\n` or `\r\n`. */
export function openLines({ limits, problems, cap }: LinesContext, onLine: (line: string) => void): Lines {
  const decoder = openDecoder();
  let line = openCapture();
  let bytesRead = 0;
  const endLine = (): string => {
    const text = captured(line, cap, problems.tally);
    const bare = text.endsWith('\r') ? text.slice(0, -1) : text;
    line = openCapture();
    onLine(bare);
    return bare;
  };
  const feed = (text: string): void => {
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0 && !problems.stopped(); end = text.indexOf('\n', from)) {
      capture(line, text.slice(from, end), cap);
      endLine();
      from = end + 1;
    }
    capture(line, text.slice(from), cap);
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
      const refusal = decoder.refusal();
      if (refusal !== undefined) problems.fatal('BAD_ENCODING', refusal);
      if (problems.stopped()) return { bytes: bytesRead, last: '' };
      problems.tally.badBytes = decoder.badBytes();
      return { bytes: bytesRead, last: line.length === 0 ? '' : endLine() };
    },
  };
}
