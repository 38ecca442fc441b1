/** Sections: the headings of a log, with what their texts say. */
import { readHeading, type HeadingText } from './heading.ts';
import { decode } from './line.ts';
import type { Heading, Scan } from './scan-state.ts';
import { hasPrefixAt, newTally, prefixAt, tallyNumber, type Tally } from './tally.ts';

export type Sections = Readonly<{
  headings: readonly Heading[];
  /** By heading: of one that starts with a number and a date (`RUN-001 - 2026-01-02`), its family and number. It has no other id and is no placeholder. */
  familyAt: readonly (Tally | undefined)[];
  numbers: readonly number[];
  families: readonly Tally[];
  /** Positions of all other headings. */
  others: readonly number[];
  /** The id of a numbered heading. */
  idAt: (at: number) => string;
  /** What the heading at this position says, read when it is asked for. */
  said: (at: number) => HeadingText;
}>;

/** Of a numbered heading. */
const LONGEST_ID = 32;
const STRUCTURE = /\b(?:template|format|contract|index)\b/i;

/** Over Latin-1, in which a dash has three characters. Up to eleven digits, since more may be a timestamp. */
const NUMBERED = /#{1,6} (?:[A-Z]{1,20}[-_]|#)\d{1,11}(?: (?:(?:[-:|]|\xe2\x80[\x93\x94]) )?|: )\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}Z)?(?![\w-])/y;

export function readSections(bytes: Uint8Array, { text, headings: all }: Pick<Scan, 'text' | 'headings'>): Sections {
  const headings = all.some(({ underlined }) => underlined) ? all.filter((heading) => isMeant(bytes, heading)) : all;
  const sections = { familyAt: Array<Tally | undefined>(), numbers: Array<number>(), families: Array<Tally>(), others: Array<number>() };
  const { familyAt, numbers, families, others } = sections;
  let family: Tally | undefined;
  headings.forEach(({ start, level }, at) => {
    NUMBERED.lastIndex = start;
    // The first one may be the title, whatever it says.
    if (at > 0 && NUMBERED.test(text)) {
      const id = start + level + 1;
      if (family?.level !== level || !hasPrefixAt(family, text, id)) family = familyOf(families, { prefix: prefixAt(text, id), level, first: at });
      familyAt.push(family);
      numbers.push(tallyNumber(family, text, id + family.prefix.length));
    } else {
      familyAt.push(undefined);
      numbers.push(0);
      others.push(at);
    }
  });
  return { headings, ...sections, idAt: (at) => idIn(text, headings[at]), said: reader(bytes, headings) };
}

function familyOf(families: Tally[], { prefix, level, first }: Pick<Tally, 'prefix' | 'level' | 'first'>): Tally {
  const known = families.find((family) => family.level === level && family.prefix === prefix);
  if (known !== undefined) return known;
  const family = newTally(prefix, level, first);
  families.push(family);
  return family;
}

/** A line of text above a rule is a heading to Markdown, but seldom to its author: such a heading counts only if its words say so. */
function isMeant(bytes: Uint8Array, heading: Heading): boolean {
  if (!heading.underlined) return true;
  const text = headingText(bytes, heading);
  return text.length <= 40 && STRUCTURE.test(text);
}

function reader(bytes: Uint8Array, headings: readonly Heading[]): Sections['said'] {
  const known: (HeadingText | undefined)[] = [];
  return (at) => {
    const heading = headings[at];
    return (known[at] ??= readHeading(heading === undefined ? '' : headingText(bytes, heading)));
  };
}

function idIn(text: string, heading: Heading | undefined): string {
  if (heading === undefined) return '';
  const from = heading.start + heading.level + 1;
  return /^[^ :]*/.exec(text.slice(from, from + LONGEST_ID))?.[0] ?? '';
}

/** No blanks or marks to be taken off. */
const PLAIN_HEADING = /^#{1,6} [A-Z#][\w: -]*\w$/;

function headingText(bytes: Uint8Array, { start, end, underlined }: Heading): string {
  const line = decode(bytes, start, end).trim();
  if (PLAIN_HEADING.test(line)) return line.slice(line.indexOf(' ') + 1);
  if (underlined) return line.split(/\r\n|\n|\r/, 1)[0] ?? '';
  return line.replace(/^#{1,6}/, '').replace(/[ \t]#+$/, '').trim();
}
