/** Texts of a report while they are being read: kept up to the cap, long names still told apart, and nothing of the input's buffers held alive. */
import { createHash, type Hash } from 'node:crypto';
import type { Tally } from './problems.ts';

/** A text that comes in pieces. `length` counts all of it, `kept` is its beginning. */
export type Capture = { kept: string; length: number; hash: Hash | undefined };

export function openCapture(): Capture {
  return { kept: '', length: 0, hash: undefined };
}

/** Keeps the beginning and counts the rest. */
export function capture(target: Capture, piece: string, cap: number): void {
  if (target.length < cap) target.kept += target.length + piece.length <= cap ? piece : piece.slice(0, cap - target.length);
  target.length += piece.length;
}

/** As `capture`, and hashes all of a text that goes over the cap. */
export function captureHashed(target: Capture, piece: string, cap: number): void {
  if (target.hash === undefined && target.length + piece.length > cap) target.hash = createHash('sha256').update(target.kept, 'utf16le');
  target.hash?.update(piece, 'utf16le');
  capture(target, piece, cap);
}

/** The text, cut where it went over the cap, and told by the tally. A hashed one ends with the hash of all of it: two long names with one beginning stay two. */
export function captured(target: Capture, cap: number, tally: Tally): string {
  if (target.length <= cap) return target.kept;
  const kept = wholeCharacters(target.kept);
  tally.cutTexts += 1;
  tally.cutCharacters += target.length - kept.length;
  return target.hash === undefined ? kept : `${kept}… (sha256 ${target.hash.digest('hex')} of all ${target.length} characters)`;
}

/** Without half a character at the end. */
export function wholeCharacters(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text;
}

/** The same text in memory of its own: a slice would keep the whole piece of input that it was cut from. */
export function ownCopy(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
