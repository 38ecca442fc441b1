/** Templates: plain Markdown with named places, each an HTML comment alone on its line. There is no template language. */
import { AuditError } from '../errors.ts';

/** The texts of the templates of the three documents. */
export type Templates = Readonly<{ comment: string; checkRun: string; summary: string }>;

const ZONE_LINE = /^<!-- zone: ([a-z][a-z-]*) -->$/;
const ALMOST_ZONE = /^\s*<!--\s*zone\b/i;

/**
 * Puts each zone's Markdown in its place; an empty zone goes together with the blank lines around it. Everything else of the
 * template is kept as it is. What a zone holds is never looked at again. Throws TEMPLATE_INVALID for a zone that is not among
 * `zones`, is there twice, or is not written as one.
 */
export function fillTemplate(template: string, zones: ReadonlyMap<string, string>): string {
  const seen = new Set<string>();
  const filled: string[] = [];
  for (const block of blocksOf(template)) {
    const name = zoneName(block);
    if (name === undefined) {
      filled.push(block);
      continue;
    }
    const content = zones.get(name);
    if (content === undefined) throw invalid(`has the zone \`${name}\`, which is not known`, zones);
    if (seen.has(name)) throw invalid(`has the zone \`${name}\` twice`, zones);
    seen.add(name);
    if (content.trim() !== '') filled.push(content.replace(/^\n+|\n+$/g, ''));
  }
  return filled.length === 0 ? '' : `${filled.join('\n\n')}\n`;
}

/** Throws TEMPLATE_INVALID unless the first thing in the template is the zone `first` and the others are in it too. */
export function requireZones(template: string, first: string, others: readonly string[]): void {
  const names = blocksOf(template).map(zoneName);
  if (names[0] !== first) throw new AuditError('TEMPLATE_INVALID', { message: `A template must begin with \`<!-- zone: ${first} -->\`.`, exitCode: 2 });
  const missing = others.find((name) => !names.includes(name));
  if (missing !== undefined) throw new AuditError('TEMPLATE_INVALID', { message: `A template lacks \`<!-- zone: ${missing} -->\`.`, exitCode: 2 });
}

/** Zones, and the text between them without the blank lines at its ends. */
function blocksOf(template: string): string[] {
  const blocks: string[] = [];
  let text: string[] = [];
  const endText = (): void => {
    const block = text.join('\n').replace(/^(?:[ \t]*\n)+|(?:\n[ \t]*)+$/g, '');
    if (block.trim() !== '') blocks.push(block);
    text = [];
  };
  for (const line of template.replace(/^\ufeff/, '').split(/\r\n|\n|\r/)) {
    if (!ALMOST_ZONE.test(line)) {
      text.push(line);
      continue;
    }
    endText();
    blocks.push(line.trimEnd());
  }
  endText();
  return blocks;
}

function zoneName(block: string): string | undefined {
  const name = ZONE_LINE.exec(block)?.[1];
  if (name === undefined && ALMOST_ZONE.test(block)) {
    throw new AuditError('TEMPLATE_INVALID', { message: `A template has the line \`${block.trim().slice(0, 80)}\`; a zone is written \`<!-- zone: NAME -->\`.`, exitCode: 2 });
  }
  return name;
}

function invalid(what: string, zones: ReadonlyMap<string, string>): AuditError {
  return new AuditError('TEMPLATE_INVALID', { message: `A template ${what}. Zones are ${[...zones.keys()].join(', ')}.`, exitCode: 2 });
}
