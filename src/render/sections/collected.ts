/** What the reports of one run say, where what was known before could not be read: without a word of what is new, mended or here before. */
import type { RootContent } from 'mdast';
import type { Links } from '../../model/links.ts';
import type { Run } from '../../model/run.ts';
import { bareChecksTable } from './checks.ts';
import { isOwn } from './doubts.ts';
import { findingList, foundLine } from './finding-lines.ts';
import { paragraph, strong, words, type Inline } from './nodes.ts';
import { bySeverity } from './story.ts';
import { counted } from './words.ts';

export function collectedSection({ tasks, findings }: Pick<Run, 'tasks' | 'findings'>, { links, rest, items }: Readonly<{ links: Links; rest: readonly Inline[]; items: number }>): RootContent[] {
  const reported = bySeverity(findings.filter((finding) => !isOwn(finding)), ({ severity }) => severity);
  const intro = 'The reports of this run were read all the same. They could not be compared: which findings are new, which were here before and which are gone is not known.';
  return [
    paragraph(words(intro)),
    ...bareChecksTable(tasks, rest, items),
    ...(reported.length === 0 ? [] : [
      paragraph(strong(words(`${counted(reported.length, 'finding')} in the reports`))),
      findingList({ findings: reported, items, line: (finding) => foundLine(finding, links), severity: ({ severity }) => severity, rest }),
    ]),
  ];
}
