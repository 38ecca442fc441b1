/** Finding ids: short names for people, given when a finding opens and kept for good. */
import { createHash } from 'node:crypto';
import type { Finding } from './finding.ts';

/** RFC 4648 base 32: no 0, 1 or 8 to confuse with letters. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const LENGTH = 8;

/**
 * `F-` and 8 characters, from what the finding is and where, without any commit: a pull request and the branch say the same id.
 * `ordinal` counts equal findings of one run from 0; an id that is taken is salted until it is free.
 */
export function findingId(finding: Finding, ordinal: number, taken: ReadonlySet<string>): string {
  for (let salt = 0; ; salt += 1) {
    const id = `F-${base32([finding.check, finding.rule, finding.place.path ?? '', finding.place.test ?? '', finding.print, ordinal, salt])}`;
    if (!taken.has(id)) return id;
  }
}

function base32(parts: readonly unknown[]): string {
  const digest = createHash('sha256').update(JSON.stringify(parts), 'utf8').digest();
  let text = '';
  let bits = 0n;
  for (const byte of digest.subarray(0, (LENGTH * 5) / 8)) bits = (bits << 8n) | BigInt(byte);
  for (let at = 0; at < LENGTH; at += 1) text = (ALPHABET[Number((bits >> BigInt(at * 5)) & 31n)] ?? '') + text;
  return text;
}
