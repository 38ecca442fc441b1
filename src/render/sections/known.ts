/** What was known before and stays so: counts of what is still there, and why some of it could not be checked. Never one by one where the author of a change reads. */
import type { RootContent } from 'mdast';
import type { UnverifiedFinding } from '../../model/comparison.ts';
import { codeSpan, text } from '../untrusted.ts';
import { findingList, unverifiedLine } from './finding-lines.ts';
import { LIMITS } from './limits.ts';
import { bullets, fold, joined, paragraph, strong, words, type Inline } from './nodes.ts';
import { capitalVerb, type Story } from './story.ts';
import { counted, gradesOf, number, severitiesOf } from './words.ts';

/** `Known before and still there: 41 (3 × P1, 38 × P2), waived: 2.` */
export function knownSection({ audit: { comparison } }: Story): RootContent[] {
  const { persisting, waived } = comparison;
  const parts = [
    persisting.length === 0 ? '' : `${number(persisting.length)} known before and still there (${gradesTold(persisting)})`,
    waived.length === 0 ? '' : `${number(waived.length)} accepted`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? [] : [paragraph(strong(words('Known findings')), words(`: ${parts.join(', ')}.`))];
}

function gradesTold(pairs: Parameters<typeof gradesOf>[0]): string {
  const told = severitiesOf(gradesOf(pairs));
  return pairs.length > 1 && /^P\d$/.test(told) ? `all ${told}` : told;
}

/** By task and reason: `12 of lint: its file was not among those analysed`. */
export function unverifiedCounts({ audit: { comparison } }: Story, items: number): RootContent[] {
  const groups = new Map<string, { first: UnverifiedFinding; count: number }>();
  for (const finding of comparison.unverified) {
    const key = JSON.stringify([finding.known.task, finding.reason]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { first: finding, count: 1 });
    else group.count += 1;
  }
  if (groups.size === 0) return [];
  const all = [...groups.values()].sort((a, b) => b.count - a.count);
  const lines = all.slice(0, items).map(({ first: { known, reason }, count }): Inline[] => [words(`${number(count)} of `), ...text(known.task, LIMITS.task), words(': '), ...text(reason, LIMITS.reason)]);
  const hidden = all.length - lines.length;
  return [
    paragraph(strong(words('Not checked this time')), words(`: ${counted(comparison.unverified.length, 'known finding')}. None of them counts as fixed.`)),
    bullets(hidden === 0 ? lines : [...lines, [words(`and ${number(hidden)} more reasons`)]]),
  ];
}

/** One by one, for those who look them up. */
export function unverifiedSection(story: Story, rest: readonly Inline[], items: number): RootContent[] {
  const { audit } = story;
  const { unverified } = audit.comparison;
  if (unverified.length === 0) return [];
  const list = findingList({ findings: unverified, items, line: (finding) => unverifiedLine(finding, audit, 'ids'), severity: ({ known }) => known.severity, rest });
  return [...unverifiedCounts(story, items), ...fold('One by one', [list])];
}

/** `opens F-AAA, F-BBB` by place, so that a finding of the comment can be looked up. */
export function idsSection(story: Story, items: number): RootContent[] {
  const { broke, opens, reopens, closes } = story;
  const groups = [
    ['Broke', broke], [capitalVerb(story, 'opens'), opens], [capitalVerb(story, 'reopens'), reopens], [capitalVerb(story, 'closes'), closes],
  ] as const;
  const lines = groups.flatMap(([label, findings]): Inline[][] => {
    if (findings.length === 0) return [];
    const shown = findings.slice(0, items).map(({ known }): Inline[] => [codeSpan(known.id, LIMITS.name)]);
    const hidden = findings.length - shown.length;
    return [[words(`${label}: `), ...joined(shown, ', '), ...(hidden === 0 ? [] : [words(`${shown.length === 0 ? '' : ' and '}${number(hidden)} more`)])]];
  });
  return lines.length === 0 ? [] : [paragraph(strong(words('Ids'))), bullets(lines)];
}

export function commandsSection({ audit: { run } }: Story, items: number): RootContent[] {
  const tasks = run.tasks.filter(({ commands }) => commands.length > 0);
  if (tasks.length === 0) return [];
  const lines = tasks.slice(0, items).map(({ name, commands }): Inline[] => [...text(name, LIMITS.task), words(': '), ...joined(commands.slice(0, 3).map((command) => [codeSpan(command, LIMITS.command)]), ', ')]);
  const hidden = tasks.length - lines.length;
  return [paragraph(strong(words('Commands'))), bullets(hidden === 0 ? lines : [...lines, [words(`and ${number(hidden)} more checks`)]])];
}
