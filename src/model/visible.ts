/** Characters that act instead of being seen: in a terminal, in Markdown, in a name. */

/** Controls but tab and line feed, direction overrides and isolates, zero-width and tag characters, line and paragraph separators. */
export const INVISIBLE = /(?![\n\t])[\0-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** Shows what would act as its code point: `\u{1b}`. Everything else stays as it is; U+200D stays, which joins emoji. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
