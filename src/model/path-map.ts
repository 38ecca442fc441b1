/** Renamed files: which new path a vanished one became, by git's word or by the findings that moved with it. */
import type { Finding, Print } from './finding.ts';
import type { LedgerFinding } from './ledger.ts';
import type { MatchRequest } from './match.ts';
import { compareText } from './order.ts';

/** A (rule, line) that stands in more new files than this says nothing about which one it came from. */
const POSTINGS = 8;
const CANDIDATES = 4;
const OVERLAP = 0.4;
const OVERLAP_SAME_STEM = 0.2;

/** Former path → path now. One to one; the best overlap first. */
export function mapPaths(request: MatchRequest, known: readonly LedgerFinding[], seen: readonly Finding[]): ReadonlyMap<string, string> {
  const map = new Map(request.renames);
  const gone = known.filter((finding) => finding.path !== undefined && request.gonePaths.has(finding.path) && !map.has(finding.path));
  if (gone.length === 0) return map;
  const taken = new Set([...map.values(), ...request.known.map((finding) => finding.path)]);
  const postings = linePostings(seen.filter((finding) => !taken.has(finding.place.path)));
  const votes = [...groupByPath(gone)].flatMap(([path, findings]) => overlaps(path, findings, postings));
  votes.sort((a, b) => b.overlap - a.overlap || compareText(a.from, b.from) || compareText(a.to, b.to));
  const used = new Set<string>();
  for (const { from, to, overlap } of votes) {
    if (map.has(from) || used.has(to) || overlap < (stem(from) === stem(to) ? OVERLAP_SAME_STEM : OVERLAP)) continue;
    map.set(from, to);
    used.add(to);
  }
  return map;
}

type Vote = Readonly<{ from: string; to: string; overlap: number }>;

function overlaps(from: string, findings: readonly LedgerFinding[], postings: ReadonlyMap<string, ReadonlySet<string>>): Vote[] {
  const counts = new Map<string, number>();
  for (const finding of findings) {
    const paths = postings.get(postingKey(finding.check, finding.rule, finding.print)) ?? new Set();
    if (paths.size > POSTINGS) continue;
    for (const path of paths) counts.set(path, (counts.get(path) ?? 0) + 1);
  }
  return [...counts]
    .map(([to, count]) => ({ from, to, overlap: count / findings.length }))
    .sort((a, b) => b.overlap - a.overlap || compareText(a.to, b.to))
    .slice(0, CANDIDATES);
}

function linePostings(seen: readonly Finding[]): ReadonlyMap<string, ReadonlySet<string>> {
  const postings = new Map<string, Set<string>>();
  for (const finding of seen) {
    if (finding.place.path === undefined || !('L' in finding.print)) continue;
    const key = postingKey(finding.check, finding.rule, finding.print);
    const paths = postings.get(key);
    if (paths === undefined) postings.set(key, new Set([finding.place.path]));
    else paths.add(finding.place.path);
  }
  return postings;
}

function postingKey(check: string, rule: string, print: Print): string {
  return JSON.stringify([check, rule, 'L' in print ? print.L : print.key]);
}

function groupByPath(findings: readonly LedgerFinding[]): ReadonlyMap<string, readonly LedgerFinding[]> {
  const groups = new Map<string, LedgerFinding[]>();
  for (const finding of findings) {
    const path = finding.path ?? '';
    const group = groups.get(path);
    if (group === undefined) groups.set(path, [finding]);
    else group.push(finding);
  }
  return groups;
}

/** The file's name without folder and last ending. */
function stem(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
}
