/** Names out of SARIF that findings and checks are known by: on one line, nothing hidden in them, of bounded length, and two names are never made one. */
import { createHash } from 'node:crypto';
import { visible } from '../model/visible.ts';
import type { Tally } from './problems.ts';
import { ownCopy, wholeCharacters } from './text.ts';

/** By which names that had to be changed, and those that only look like it, are told apart. */
const MARK = /~[0-9a-f]{8}$/;
/** Nothing in them ever has to be changed. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/;

/** As it is, where it is one line of visible text; else made one, with a hash of the whole name behind it. Nothing for a blank name. */
export function plainName(name: string, cap: number): string {
  if (name.length <= cap && PLAIN.test(name) && !MARK.test(name)) return name;
  // A copy, since half a character is written as another.
  const line = visible(ownCopy(name.slice(0, cap)).replace(/\s+/g, ' ').trim());
  if (line === '' && name.trim() === '') return '';
  if (line === name && !MARK.test(name) && line.length <= cap) return name;
  const mark = `~${createHash('sha256').update(name, 'utf16le').digest('hex').slice(0, 8)}`;
  return ownCopy(`${wholeCharacters(line.slice(0, cap - mark.length))}${mark}`);
}

/** Makes each name plain once, however often it is met; one that is cut is told once. */
export function openNames(cap: number, tally: Tally): (name: string) => string {
  const known = new Map<string, string>();
  return (name) => {
    if (name.length <= cap && PLAIN.test(name) && !MARK.test(name)) return name;
    const before = known.get(name);
    if (before !== undefined) return before;
    const plain = plainName(name, cap);
    known.set(name, plain);
    if (name.length > cap) {
      tally.cutTexts += 1;
      tally.cutCharacters += name.length - plain.length;
    }
    return plain;
  };
}
