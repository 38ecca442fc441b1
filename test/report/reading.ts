/** Reading a report in one call, in pieces of any size. */
import { DEFAULT_LIMITS, type ParsedReport, type ReportFormat, type ReportLimits } from '../../src/report/format.ts';

export function read(format: ReportFormat, input: string | Uint8Array, pieceBytes?: number, limits: ReportLimits = DEFAULT_LIMITS): ParsedReport {
  const bytes = typeof input === 'string' ? Buffer.from(input, 'utf8') : input;
  const reader = format.open(limits);
  const size = pieceBytes ?? Math.max(bytes.length, 1);
  // A buffer that is used again, as a file source may do.
  const piece = new Uint8Array(size);
  for (let from = 0; from < bytes.length; from += size) {
    const part = bytes.subarray(from, from + size);
    piece.set(part);
    reader.write(piece.subarray(0, part.length));
  }
  return reader.end();
}
