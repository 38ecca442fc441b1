/** HTML blocks: where they start and end. https://spec.commonmark.org/0.31.2/#html-blocks */

export type HtmlBlock = Readonly<{
  kind: 'comment' | 'html';
  /** It ends before the next blank line, so nothing that follows one can be swallowed. */
  untilBlank: boolean;
  /** Whether the block ends with this line. */
  isEnd: (line: string) => boolean;
}>;

const BLOCK_TAGS = new Set((
  'address article aside base basefont blockquote body caption center col colgroup dd details dialog dir div dl dt fieldset figcaption figure '
  + 'footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html iframe legend li link main menu menuitem nav noframes ol optgroup option p '
  + 'param search section summary table tbody td tfoot th thead title tr track ul'
).split(' '));

const RAW_START = /^<(?:script|pre|style|textarea)(?:[\s>]|$)/i;
const RAW_END = /<\/(?:script|pre|style|textarea)>/i;
const NAMED_TAG = /^<\/?([a-z][a-z0-9]*)(?:[\s>]|\/>|$)/i;
const ATTRIBUTE = String.raw`\s+[a-z_:][a-z0-9_.:-]*(?:\s*=\s*(?:[^\s"'=<>\x60]+|'[^']*'|"[^"]*"))?`;
const WHOLE_TAG = new RegExp(`^<(?:[a-z][a-z0-9-]*(?:${ATTRIBUTE})*\\s*/?|/[a-z][a-z0-9-]*\\s*)>\\s*$`, 'i');
/** Longer lines of one tag are taken for text: the pattern above is only run on what a person would write. */
const LONGEST_TAG_LINE = 2_000;

const untilBlank: HtmlBlock = { kind: 'html', untilBlank: true, isEnd: () => false };

function until(end: RegExp, kind: HtmlBlock['kind'] = 'html'): HtmlBlock {
  return { kind, untilBlank: false, isEnd: (line) => end.test(line) };
}

const COMMENT = until(/-->/, 'comment');
const RAW = until(RAW_END);
const INSTRUCTION = until(/\?>/);
const CDATA = until(/\]\]>/);
const DECLARATION = until(/>/);

/** `line` starts at its `<`. A tag that is no block tag starts no block in running text. */
export function htmlBlockAt(line: string, within: 'text' | 'block'): HtmlBlock | undefined {
  if (line.startsWith('<!--')) return COMMENT;
  if (line.startsWith('<?')) return INSTRUCTION;
  if (line.startsWith('<![CDATA[')) return CDATA;
  if (/^<![a-z]/i.test(line)) return DECLARATION;
  if (RAW_START.test(line)) return RAW;
  if (BLOCK_TAGS.has(NAMED_TAG.exec(line)?.[1]?.toLowerCase() ?? '')) return untilBlank;
  return within === 'block' && line.length <= LONGEST_TAG_LINE && WHOLE_TAG.test(line) ? untilBlank : undefined;
}
