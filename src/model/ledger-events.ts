/** The events of one run: what the comparison means for the ledger, in an order that folds back to it. */
import { renamesOf } from './closing.ts';
import type { Comparison, SeenFinding } from './comparison.ts';
import { applyEvents, type FindingEvent } from './event.ts';
import type { Finding } from './finding.ts';
import type { LedgerFinding } from './ledger.ts';
import type { Run } from './run.ts';

/** Closed findings are kept this long for reopening. */
const KEEP_CLOSED_DAYS = 90;

type Parts = Pick<Comparison, 'opened' | 'adopted' | 'reopened' | 'persisting' | 'closed' | 'unverified'>
  & Readonly<{ known: readonly LedgerFinding[]; runId: string }>;

export function openingEvents(run: Run, parts: Parts): FindingEvent[] {
  const { end, commit } = run.context;
  const events: FindingEvent[] = [
    ...parts.persisting.flatMap(({ known, seen }): FindingEvent[] => {
      const set = changesOf(known, seen);
      return Object.keys(set).length === 0 ? [] : [{ kind: 'updated', id: known.id, set }];
    }),
    ...movedUnseen(run, parts),
    ...parts.closed.map(({ known, how, evidence }): FindingEvent => ({ kind: 'closed', id: known.id, closed: { run: parts.runId, commit, date: end, how }, evidence })),
    ...parts.reopened.map(({ known, seen }): FindingEvent => ({ kind: 'reopened', id: known.id, set: changesOf(known, seen) })),
    ...parts.adopted.map(({ known }): FindingEvent => ({ kind: 'adopted', finding: known })),
    ...parts.opened.map(({ known }): FindingEvent => ({ kind: 'opened', finding: known })),
    ...forgotten(parts, end),
  ];
  return [...events, ...orderings(events, parts)];
}

/** A finding that this run could not check stands where its file stands now. */
function movedUnseen(run: Run, { unverified }: Parts): FindingEvent[] {
  const renames = renamesOf(run);
  return unverified.flatMap(({ known }): FindingEvent[] => {
    const path = renames.get(known.path ?? '');
    return path === undefined ? [] : [{ kind: 'updated', id: known.id, set: { path } }];
  });
}

type Changes = Extract<FindingEvent, { kind: 'updated' }>['set'];

/** What differs between a known finding and how it was seen. A print without source never replaces one with. */
function changesOf(known: LedgerFinding, seen: Finding): Changes {
  const keepsPrint = 'L' in known.print && 'key' in seen.print;
  return {
    ...(seen.severity === known.severity ? {} : { severity: seen.severity }),
    ...(seen.title === known.title ? {} : { title: seen.title }),
    ...(seen.kind === known.kind ? {} : { kind: seen.kind }),
    ...(seen.place.path === undefined || seen.place.path === known.path ? {} : { path: seen.place.path }),
    ...(keepsPrint || JSON.stringify(seen.print) === JSON.stringify(known.print) ? {} : { print: seen.print }),
  };
}

function forgotten(parts: Parts, end: string): FindingEvent[] {
  const back = new Set(parts.reopened.map(({ known }) => known.id));
  return parts.known
    .filter((finding) => finding.closed !== undefined && !back.has(finding.id) && Date.parse(end) - Date.parse(finding.closed.date) > KEEP_CLOSED_DAYS * 86_400_000)
    .map((finding) => ({ kind: 'forgotten', id: finding.id }));
}

/** For each path whose open findings do not stand in the order of the file after the other events: their order. */
function orderings(events: readonly FindingEvent[], parts: Parts): FindingEvent[] {
  const after = applyEvents({ branch: '', findings: parts.known }, events).findings.filter((finding) => finding.state === 'open');
  const position = seenPositions([...parts.persisting, ...parts.reopened, ...parts.adopted, ...parts.opened]);
  return groupByPath(after).flatMap(([path, findings]): FindingEvent[] => {
    const ids = findings.map((finding) => finding.id);
    const wanted = carryUnseen(ids, position);
    return wanted.every((id, at) => id === ids[at]) ? [] : [{ kind: 'ordered', path, ids: wanted }];
  });
}

function seenPositions(pairs: readonly SeenFinding[]): ReadonlyMap<string, readonly [line: number, column: number]> {
  return new Map(pairs.map(({ known, seen }) => [known.id, [seen.place.line ?? 0, seen.place.column ?? 0]]));
}

/** Seen ids by place in the file; each unseen one stays behind the id it stood behind. */
function carryUnseen(ids: readonly string[], position: ReadonlyMap<string, readonly [number, number]>): string[] {
  // The sort is stable: equal places keep the order they had.
  const seen = ids.filter((id) => position.has(id)).sort((a, b) => {
    const [lineA, columnA] = position.get(a) ?? [0, 0];
    const [lineB, columnB] = position.get(b) ?? [0, 0];
    return lineA - lineB || columnA - columnB;
  });
  const behind = new Map<string, string[]>();
  let last = '';
  for (const id of ids) {
    if (position.has(id)) last = id;
    else pushTo(behind, last, id);
  }
  return [...(behind.get('') ?? []), ...seen.flatMap((id) => [id, ...(behind.get(id) ?? [])])];
}

function groupByPath(findings: readonly LedgerFinding[]): [string, LedgerFinding[]][] {
  const groups = new Map<string, LedgerFinding[]>();
  for (const finding of findings) pushTo(groups, finding.path ?? '', finding);
  return [...groups];
}

function pushTo<T>(groups: Map<string, T[]>, key: string, value: T): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [value]);
  else group.push(value);
}
