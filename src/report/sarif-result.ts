/**
 * Results of a SARIF run (2.1.0, 3.27): which of them are findings, and how grave.
 *
 * | `kind` | `level` | read as |
 * |---|---|---|
 * | absent or `fail` | `error` | P2 |
 * | absent or `fail` | `warning`, `note` | P3 |
 * | absent | `none` | no finding, but set aside |
 * | `fail` | `none` | P3: a failure has a severity (3.27.10), so one of the two words is wrong, and a problem is not passed over for that |
 * | `open`, `review` | any | P3: not known to be right, and never the proof that something is mended |
 * | `pass`, `notApplicable`, `informational` | any | no finding |
 * | another word | any | as `fail`, and told; an unknown level is P2 |
 *
 * The `security-severity` of the rule outweighs the level. A result that is `absent` by its baseline state is none. One whose suppressions
 * are all accepted is set aside: no finding, but no proof that it is mended either.
 */
import type { Severity } from '../model/severity.ts';
import type { ReportedCheck, ReportedFinding } from './format.ts';
import { asObject, asText, field } from './json.ts';
import type { LintFindings } from './lint-findings.ts';
import { listIn, objectIn, textIn, type JsonObject } from './sarif-fields.ts';
import type { Messages } from './sarif-message.ts';
import type { Places } from './sarif-places.ts';
import type { Rules, SarifRule } from './sarif-rules.ts';

export type Results = Readonly<{
  add(result: JsonObject): void;
  /** Places of results that are stated, but are no findings. */
  setAside(): ReportedCheck['suppressed'];
  /** There are more such places than are kept: the absence of a finding proves nothing. */
  isOverfull(): boolean;
  suppressedCount(): number;
  unrankedCount(): number;
  /** Kinds and levels that the standard does not know, the first few. */
  unknownWords(): readonly string[];
}>;

/** `room`: places of results set aside that the document may still have. */
type ResultsOf = Readonly<{ at: number; findings: LintFindings; messages: Messages; room: { asideLeft: number }; places: Places; rules: Rules }>;

const NO_FINDING: ReadonlySet<string> = new Set(['pass', 'notApplicable', 'informational']);
const UNSURE: ReadonlySet<string> = new Set(['open', 'review']);
const LEVELS: ReadonlyMap<string, Severity> = new Map([['error', 'P2'], ['warning', 'P3'], ['note', 'P3'], ['none', 'P3']]);
const WORDS_KEPT = 5;

export function openResults({ at, findings, messages, room, places, rules }: ResultsOf): Results {
  const aside = new Map<string | undefined, Set<string>>();
  const unknown = new Set<string>();
  const counts = { suppressed: 0, unranked: 0 };
  let isOverfull = false;
  const keepAside = (rule: string, path: string | undefined): void => {
    const known = aside.get(path);
    if (known?.has(rule) === true) return;
    if (room.asideLeft === 0) isOverfull = true;
    else {
      room.asideLeft -= 1;
      aside.set(path, (known ?? new Set<string>()).add(rule));
    }
  };
  const add = (result: JsonObject): void => {
    const rule = rules.of(result);
    const severity = severityOf(result, rule, unknown);
    if (severity === undefined || textIn(result, 'baselineState') === 'absent') return;
    const place = places.ofResult(result);
    const why = isSuppressed(result) ? 'suppressed' : severity === 'unranked' ? severity : undefined;
    if (why !== undefined) {
      counts[why] += 1;
      keepAside(rule.id, place.path);
    }
    if (why !== undefined || severity === 'unranked') return;
    const message = messages.read(objectIn(result, 'message'), rule.strings) ?? messages.cut(rule.title ?? '');
    findings.add({ rule: rule.id, severity, message, check: at, ...place, ...identityOf(result) });
  };
  return {
    add,
    setAside: () => [...aside].flatMap(([path, names]) => [...names].map((rule) => ({ rule, ...(path === undefined ? {} : { path }) }))),
    isOverfull: () => isOverfull,
    suppressedCount: () => counts.suppressed,
    unrankedCount: () => counts.unranked,
    unknownWords: () => [...unknown],
  };
}

/** `undefined`: nothing is wrong. `unranked`: without a severity, on purpose. */
function severityOf(result: JsonObject, rule: SarifRule, unknown: Set<string>): Severity | 'unranked' | undefined {
  const kind = textIn(result, 'kind');
  if (kind !== undefined && NO_FINDING.has(kind)) return undefined;
  if (kind !== undefined && UNSURE.has(kind)) return rule.securitySeverity ?? 'P3';
  const level = textIn(result, 'level') ?? rule.level;
  if (kind === undefined && level === 'none') return 'unranked';
  const known = LEVELS.get(level);
  if (known === undefined) note(unknown, level);
  if (kind !== undefined && kind !== 'fail') note(unknown, kind);
  return rule.securitySeverity ?? known ?? 'P2';
}

function note(words: Set<string>, word: string): void {
  if (words.size < WORDS_KEPT) words.add(word);
}

const SUPPRESSION_KINDS: ReadonlySet<unknown> = new Set(['inSource', 'external']);

/**
 * One that waits for review, or was rejected, hides nothing (2.1.0, 3.27.23); without a status a suppression is accepted.
 * What is no suppression (3.35) hides nothing either.
 */
function isSuppressed(result: JsonObject): boolean {
  const suppressions = listIn(result, 'suppressions').map((value) => asObject(value));
  return suppressions.length > 0 && suppressions.every((one) => one !== undefined && SUPPRESSION_KINDS.has(field(one, 'kind')) && (field(one, 'status') ?? 'accepted') === 'accepted');
}

/** `fingerprints` identify a result by themselves (2.1.0, 3.27.17); `partialFingerprints` only help to. */
function identityOf(result: JsonObject): Pick<ReportedFinding, 'toolId' | 'contentHash'> {
  const toolId = firstOf(objectIn(result, 'fingerprints'));
  const contentHash = firstOf(objectIn(result, 'partialFingerprints'));
  return { ...(toolId === undefined ? {} : { toolId }), ...(contentHash === undefined ? {} : { contentHash }) };
}

/** By the lowest name: tools that add a version of a fingerprint keep the one before beside it. */
function firstOf(prints: JsonObject | undefined): string | undefined {
  const [name] = Object.keys(prints ?? {}).sort();
  const value = name === undefined || prints === undefined ? undefined : asText(field(prints, name));
  return name === undefined || value === undefined || value === '' ? undefined : `${name}:${value}`;
}
