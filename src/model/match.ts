/**
 * The matcher: which finding of this run is which known one. Steps are those of a measured model: the tool's own ids and names first, then exact surroundings,
 * then equal text in the order of the file. What stays ambiguous is left apart, never guessed.
 */
import { alignInOrder } from './align.ts';
import type { Finding, LinePrint, Print } from './finding.ts';
import type { LedgerFinding } from './ledger.ts';
import { compareText } from './order.ts';
import { mapPaths } from './path-map.ts';

export type MatchRequest = Readonly<{
  /** In ledger order: position in the file decides between repeats. */
  known: readonly LedgerFinding[];
  /** In the order of `sortFindings`. */
  seen: readonly Finding[];
  /** Former path → path now, for files that git saw renamed. */
  renames: ReadonlyMap<string, string>;
  /** Paths of known findings that are no longer in the tree. */
  gonePaths: ReadonlySet<string>;
}>;

export type Match = Readonly<{ known: LedgerFinding; seen: Finding }>;
export type MatchResult = Readonly<{
  pairs: readonly Match[];
  knownLeft: readonly LedgerFinding[];
  seenLeft: readonly Finding[];
  /** Known findings that may be among the seen ones, but a source could not be read to tell: they must not close. */
  unclear: ReadonlySet<LedgerFinding>;
}>;

/** Input order must have no effect: path, line, column, rule, then everything else that can differ. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) =>
    compareText(a.check, b.check)
    || compareText(a.place.path ?? '', b.place.path ?? '')
    || (a.place.line ?? 0) - (b.place.line ?? 0)
    || (a.place.column ?? 0) - (b.place.column ?? 0)
    || compareText(a.rule, b.rule)
    || compareText(a.place.test ?? '', b.place.test ?? '')
    || compareText(JSON.stringify(a.print), JSON.stringify(b.print))
    || compareText(a.title, b.title));
}

/** Every known and seen finding is used at most once. Linear but for the alignment, which has a bound of its own. */
export function matchFindings(request: MatchRequest): MatchResult {
  const pool = openPool(request);
  pairByToolId(pool);
  pairGroups(pool, keyOf);
  const moved = mapPaths(request, [...pool.known], [...pool.seen]);
  const pathNow = (known: LedgerFinding): string => moved.get(known.path ?? '') ?? known.path ?? '';
  const groupOf = (step: (print: LinePrint) => string) => ({
    known: (known: LedgerFinding) => lineKey(known.print, [known.check, known.rule, pathNow(known)], step),
    seen: (seen: Finding) => lineKey(seen.print, [seen.check, seen.rule, seen.place.path ?? ''], step),
  });
  pairGroups(pool, groupOf(exactKey));
  alignGroups(pool, groupOf((print) => print.L));
  const unclear = pairWithoutSource(pool, pathNow);
  return { pairs: pool.pairs, knownLeft: [...pool.known], seenLeft: [...pool.seen], unclear };
}

type Pool = { known: Set<LedgerFinding>; seen: Set<Finding>; pairs: Match[] };
/** `undefined` leaves a finding out of the step. */
type GroupKeys = Readonly<{ known(finding: LedgerFinding): string | undefined; seen(finding: Finding): string | undefined }>;

function openPool(request: MatchRequest): Pool {
  return { known: new Set(request.known), seen: new Set(request.seen), pairs: [] };
}

const keyOf: GroupKeys = {
  known: (known) => ('key' in known.print ? JSON.stringify([known.check, known.print.key]) : undefined),
  seen: (seen) => ('key' in seen.print ? JSON.stringify([seen.check, seen.print.key]) : undefined),
};

function lineKey(print: Print, group: readonly string[], step: (print: LinePrint) => string): string | undefined {
  return 'L' in print ? JSON.stringify([...group, step(print)]) : undefined;
}

function exactKey(print: LinePrint): string {
  return `${print.L}${print.E}${print.P}${print.N}`;
}

type Group = { known: LedgerFinding[]; seen: Finding[] };

function groups(pool: Pool, keys: GroupKeys): Group[] {
  const byKey = new Map<string, Group>();
  for (const known of pool.known) {
    const key = keys.known(known);
    if (key === undefined) continue;
    const group = byKey.get(key);
    if (group === undefined) byKey.set(key, { known: [known], seen: [] });
    else group.known.push(known);
  }
  for (const seen of pool.seen) {
    const key = keys.seen(seen);
    if (key !== undefined) byKey.get(key)?.seen.push(seen);
  }
  return [...byKey.values()].filter((group) => group.seen.length > 0);
}

function pair(pool: Pool, known: LedgerFinding, seen: Finding): void {
  pool.known.delete(known);
  pool.seen.delete(seen);
  pool.pairs.push({ known, seen });
}

/** The k-th known with the k-th seen of each group. */
function pairGroups(pool: Pool, keys: GroupKeys): void {
  for (const group of groups(pool, keys)) {
    for (const [at, seen] of group.seen.entries()) {
      const known = group.known[at];
      if (known === undefined) break;
      pair(pool, known, seen);
    }
  }
}

/** A tool's id decides where it is one finding's alone on both sides; tools that give it to several are not believed. */
function pairByToolId(pool: Pool): void {
  const byId = groups(pool, {
    known: ({ check, rule, print: { id } }) => (id === undefined ? undefined : JSON.stringify([check, rule, id])),
    seen: ({ check, rule, print: { id } }) => (id === undefined ? undefined : JSON.stringify([check, rule, id])),
  });
  for (const { known: [known, ...twins], seen: [seen, ...others] } of byId) {
    if (known !== undefined && seen !== undefined && twins.length + others.length === 0) pair(pool, known, seen);
  }
}

function alignGroups(pool: Pool, keys: GroupKeys): void {
  for (const group of groups(pool, keys)) {
    const linked = alignInOrder(group.known.length, group.seen.length, (k, s) => likeness(group.known[k]?.print, group.seen[s]?.print));
    for (const [k, s] of linked) {
      const known = group.known[k];
      const seen = group.seen[s];
      if (known !== undefined && seen !== undefined) pair(pool, known, seen);
    }
  }
}

/** How much of the surroundings is the same; any value keeps the pair possible. */
function likeness(a: Print | undefined, b: Print | undefined): number {
  if (a === undefined || b === undefined || !('L' in a) || !('L' in b)) return 0;
  return 3 * Number(a.P === b.P) + 3 * Number(a.N === b.N) + 2 * Number(a.p1 === b.p1) + 2 * Number(a.n1 === b.n1) + 2 * Number(a.E === b.E);
}

/** Where a source could not be read on one side, rule and file alone pair by order; what is left over there is unclear. */
function pairWithoutSource(pool: Pool, pathNow: (known: LedgerFinding) => string): ReadonlySet<LedgerFinding> {
  const unclear = new Set<LedgerFinding>();
  const loose = groups(pool, {
    known: (known) => JSON.stringify([known.check, known.rule, pathNow(known)]),
    seen: (seen) => JSON.stringify([seen.check, seen.rule, seen.place.path ?? '']),
  });
  for (const group of loose) {
    const sides = { known: group.known.filter(isLine), seen: group.seen.filter(isLine) };
    if (group.known[0]?.test !== undefined || group.seen[0]?.place.test !== undefined) continue;
    const mixed = (sides.known.length > 0 && sides.seen.length < group.seen.length) || (sides.seen.length > 0 && sides.known.length < group.known.length);
    if (!mixed) continue;
    for (const [at, known] of group.known.entries()) {
      const seen = group.seen[at];
      if (seen === undefined) unclear.add(known);
      else pair(pool, known, seen);
    }
  }
  return unclear;
}

function isLine(finding: Readonly<{ print: Print }>): boolean {
  return 'L' in finding.print;
}
