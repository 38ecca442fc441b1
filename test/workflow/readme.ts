/** The workflows that a Markdown text shows, each under its heading. */

export type ShownWorkflow = Readonly<{
  /** The nearest heading above, without its `#`; empty if there is none. */
  heading: string;
  /** Number of the fence's line, from 1. */
  line: number;
  yaml: string;
}>;

const FENCE = /^( *)(`{3,}|~{3,})[ \t]*([^\s`]*)[^`]*$/;

/** Fenced blocks of `yaml` or `yml` with `jobs:` at the start of a line. */
export function shownWorkflows(markdown: string): ShownWorkflow[] {
  return fencedBlocks(markdown).filter(({ language, yaml }) => /^ya?ml$/i.test(language) && /^jobs:/m.test(yaml)).map(({ heading, line, yaml }) => ({ heading, line, yaml }));
}

/** The first workflow under the heading of that text. Throws where there is none, and tells those that there are. */
export function workflowUnder(markdown: string, heading: string): string {
  const shown = shownWorkflows(markdown);
  const found = shown.find((workflow) => workflow.heading === heading);
  if (found === undefined) throw new Error(`there is no workflow under "${heading}"; there are some under ${shown.map((workflow) => `"${workflow.heading}"`).join(', ') || 'no heading at all'}`);
  return found.yaml;
}

function fencedBlocks(markdown: string): (ShownWorkflow & Readonly<{ language: string }>)[] {
  const lines = markdown.split(/\r?\n/);
  const blocks: (ShownWorkflow & Readonly<{ language: string }>)[] = [];
  let heading = '';
  for (let index = 0; index < lines.length; index += 1) {
    heading = /^ {0,3}#{1,6}[ \t]+(.+?)(?:[ \t]+#+)?[ \t]*$/.exec(lines[index] ?? '')?.[1] ?? heading;
    const [, indent = '', fence, language = ''] = FENCE.exec(lines[index] ?? '') ?? [];
    if (fence === undefined) continue;
    const isEnd = (text: string): boolean => new RegExp(`^ *${fence[0] === '`' ? '`' : '~'}{${fence.length},}[ \\t]*$`).test(text);
    const length = lines.slice(index + 1).findIndex(isEnd);
    const body = length < 0 ? lines.slice(index + 1) : lines.slice(index + 1, index + 1 + length);
    blocks.push({ heading, line: index + 1, language, yaml: `${body.map((text) => (text.startsWith(indent) ? text.slice(indent.length) : text.trimStart())).join('\n')}\n` });
    index += body.length + 1;
  }
  return blocks;
}
