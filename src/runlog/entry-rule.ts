/** The rule of a log: by its level and by what its text says, which heading begins an entry. */
import type { HeadingId, HeadingText } from './heading.ts';
import type { Sections } from './sections.ts';

/** A numbered heading of the level begins an entry in any log that has one. */
export type EntryRule = Readonly<{ level: number; idOf: (said: HeadingText) => HeadingId | undefined; isDated: (said: HeadingText) => boolean }>;

export type RuleSource = Readonly<{
  sections: Sections;
  /** Position of the title, which is no entry; -1 where there is none. */
  title: number;
  /** Run ids that tables of the log list. */
  listed: () => ReadonlySet<string>;
  /** For a log whose headings do not tell. */
  level: number;
}>;

const RUN_WORDS = /^(?:run|audit|session|iteration|entry|check|review|qa|log|round|cycle|phase|sprint|wave|pass)/i;
const RUN_PREFIX = /(?:^|[-_])(?:run|audit|session|iteration|entry|check|review|qa|log|act)[-_]?$/i;

type Told = Readonly<{ at: number; level: number; said: HeadingText }>;

/** Coded ids first, then dates, then numbered words; a log without any of them has only entries that carry a marker. */
export function chooseRule(source: RuleSource): EntryRule {
  const { sections, title, level } = source;
  const told = sections.others.flatMap((at): Told[] => {
    const said = sections.said(at);
    return at === title || said.placeholder ? [] : [{ at, level: sections.headings[at]?.level ?? 0, said }];
  });
  return ruleByIds(told, source) ?? ruleByDates(told, source) ?? ruleByWords(told) ?? { level, idOf: ({ id }) => id, isDated: () => false };
}

type Group = { readonly level: number; readonly family: string; readonly isRun: boolean; first: number; count: number; dateLed: number; readonly ids: Set<string> };

/** Ids of one family differ in number and date only. */
function familyOf(id: Pick<HeadingId, 'kind' | 'prefix'>): string {
  if (id.kind === 'counter') return id.prefix;
  return `dated ${id.prefix.replace(/\d[\d-]*[-_]$/, '')}`;
}

/** In a log of dated entries, the first ones that carry an id do not turn the others into structure. */
function ruleByIds(told: readonly Told[], source: RuleSource): EntryRule | undefined {
  const best = bestGroup(groupByFamily(told, source), source);
  if (best === undefined) return undefined;
  const dated = told.filter(({ level, said }) => level === best.level && said.date !== undefined && said.id === undefined).length;
  const isDatedLog = dated > best.count && ruleByDates(told, source)?.level === best.level;
  return {
    level: best.level,
    idOf: ({ id, date }) => (id !== undefined && (familyOf(id) === best.family || date !== undefined) ? id : undefined),
    isDated: ({ dateAt, date }) => (dateAt === 0 && best.dateLed * 2 > best.count) || (isDatedLog && date !== undefined),
  };
}

function groupByFamily(told: readonly Told[], { sections }: RuleSource): Group[] {
  const groups = new Map<string, Group>();
  const groupOf = (level: number, family: string, first: number): Group => {
    const key = `${level} ${family}`;
    const group = groups.get(key) ?? { level, family, isRun: RUN_PREFIX.test(family) || family === '#', first, count: 0, dateLed: 0, ids: new Set() };
    groups.set(key, group);
    group.first = Math.min(group.first, first);
    return group;
  };
  for (const { level, prefix, first, count } of sections.families) groupOf(level, prefix, first).count += count;
  for (const { at, level, said: { id, dateAt } } of told) {
    if (id === undefined) continue;
    const group = groupOf(level, familyOf(id), at);
    group.count += 1;
    group.ids.add(id.text);
    if (dateAt === 0) group.dateLed += 1;
  }
  return [...groups.values()];
}

/** Listed ones first, then those that are named like runs, then the highest level, then the largest. */
function bestGroup(groups: readonly Group[], source: RuleSource): Group | undefined {
  if (groups.length < 2) return groups[0];
  const listed = new Set(groups.filter((group) => isListed(group, source)));
  const rank = (flag: boolean): number => (flag ? 1 : 0);
  return [...groups].sort((a, b) => rank(listed.has(b)) - rank(listed.has(a)) || rank(b.isRun) - rank(a.isRun) || a.level - b.level || b.count - a.count || a.first - b.first)[0];
}

function isListed({ level, family, ids }: Group, { sections, listed }: RuleSource): boolean {
  const known = listed();
  for (const id of ids) if (known.has(id)) return true;
  return known.size > 0 && sections.familyAt.some((own, at) => own?.level === level && own.prefix === family && known.has(sections.idAt(at)));
}

/** A level counts if most of its headings from the first dated one on are dated. */
function ruleByDates(told: readonly Told[], { sections }: RuleSource): EntryRule | undefined {
  for (let level = 1; level <= 6; level += 1) {
    const numbered = sections.families.filter((family) => family.level === level);
    const here = told.filter((other) => other.level === level);
    const from = Math.min(...numbered.map(({ first }) => first), here.find(({ said }) => said.date !== undefined)?.at ?? Infinity);
    const rest = here.filter(({ at }) => at >= from);
    const counted = numbered.reduce((sum, { count }) => sum + count, 0);
    // In a log of `Run 12`, `Run 13 - 2026-01-02` the number is the id, whichever of them has a date.
    const isWorded = here.some(({ said }) => said.date === undefined && hasRunWord(said));
    const dated = counted + rest.filter(({ said }) => said.date !== undefined && !(isWorded && hasRunWord(said))).length;
    if (dated * 2 > counted + rest.length) return { level, idOf: () => undefined, isDated: ({ date }) => date !== undefined };
  }
  return undefined;
}

function hasRunWord({ words }: HeadingText): boolean {
  return words.some(({ prefix }) => RUN_WORDS.test(prefix));
}

/** `Iteration 12`, `SESSION 3`: the word with the most different numbers. */
function ruleByWords(told: readonly Told[]): EntryRule | undefined {
  const groups = new Map<string, { level: number; prefix: string; numbers: Set<string> }>();
  for (const { level, said } of told) {
    for (const { prefix, digits } of said.words.filter((word) => RUN_WORDS.test(word.prefix))) {
      const key = `${level} ${prefix}`;
      const group = groups.get(key) ?? { level, prefix, numbers: new Set() };
      groups.set(key, group);
      group.numbers.add(digits);
    }
  }
  const [best] = [...groups.values()].sort((a, b) => b.numbers.size - a.numbers.size || a.level - b.level);
  if (best === undefined) return undefined;
  return { level: best.level, idOf: ({ words }) => words.find(({ prefix }) => prefix === best.prefix), isDated: () => false };
}
