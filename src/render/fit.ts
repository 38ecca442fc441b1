/** Size limits of the documents, and how a document is brought under its own without anyone being misled about what is missing. */
import type { PhrasingContent, RootContent } from 'mdast';
import { AuditError } from '../errors.ts';
import { fillTemplate, requireZones } from './fill.ts';
import { toMarkdown } from './markdown.ts';
import { paragraph, words } from './sections/nodes.ts';

/** Bytes of UTF-8. GitHub's own limits: comment 65,536, a check's summary and text 65,535 each, job summary 1 MiB a step. */
export const BUDGETS = { comment: 60_000, checkText: 60_000, summary: 1_000_000 } as const;

/** Items that a list of a document begins with; shorter only where the document would not fit. */
export const LIST_ITEMS = { comment: 10, checkText: 100, summary: 500 } as const;

/** Characters of a check's title: what the merge box shows without cutting. */
export const TITLE_LENGTH = 60;
/** On one check: GitHub takes 50 a request, a reader far less. */
export const ANNOTATIONS = 10;

export type Section = Readonly<{
  zone: string;
  /** What the notice about missing sections calls it: `files touched`. */
  name: string;
  /** A section that is kept is never left out, only its lists are shortened. */
  weight: 'kept' | 'droppable';
  /** No list or table of it may have more than `items` items; what is not shown is counted and said by the section itself. */
  render(items: number): RootContent[];
}>;

export type Fitting = Readonly<{
  template: string;
  /** The most important first; the first one also stands first in the template. */
  sections: readonly Section[];
  budget: number;
  items: number;
  /** Where all of it can be read: `in the check`. */
  rest: readonly PhrasingContent[];
}>;

/**
 * The document with everything in it, else without its least important sections, else with shorter lists too. Throws
 * TEMPLATE_INVALID if the template alone is over the budget.
 */
export function fitDocument(fitting: Fitting): string {
  requireZones(fitting.template, fitting.sections[0]?.zone ?? 'cut', ['cut']);
  for (let items = fitting.items; ; items = Math.floor(items / 2)) {
    const document = fitByDropping(fitting, items);
    if (document !== undefined) return document;
    if (items === 0) break;
  }
  throw new AuditError('TEMPLATE_INVALID', { message: `A template leaves no room for its sections: a document may have ${fitting.budget} bytes.`, exitCode: 2 });
}

function fitByDropping({ template, sections, budget, rest }: Fitting, items: number): string | undefined {
  const zones = new Map(sections.map((section) => [section.zone, toMarkdown(section.render(items))]));
  zones.set('cut', '');
  const shown = sections.filter((section) => section.weight === 'droppable' && zones.get(section.zone) !== '');
  const dropped: string[] = [];
  for (;;) {
    const document = fillTemplate(template, zones);
    if (utf8Bytes(document) <= budget) return document;
    const least = shown.pop();
    if (least === undefined) return undefined;
    zones.set(least.zone, '');
    dropped.unshift(least.name);
    zones.set('cut', toMarkdown([paragraph(words(`Left out here for its size: ${dropped.join(', ')}. All of it is `), ...rest, words('.'))]));
  }
}

export function utf8Bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
