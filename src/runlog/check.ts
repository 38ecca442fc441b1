/** Checking a run log: what it is made of, and where it contradicts itself. The rules stand in `docs/checks.md`. */
import { AuditError } from '../errors.ts';
import { countFindings } from './finding-marks.ts';
import { LINTS, type LintProblem } from './lints.ts';
import { refuseBytes, refuseScan } from './refuse.ts';
import { describeScheme, isCounted, nextRunId } from './run-id.ts';
import { readRunLog, type RunLog } from './run-log.ts';
import { scanLog } from './scan.ts';

export type CheckLevel = 'error' | 'warning' | 'notice';
export type CheckProblem = Readonly<{ rule: string; level: CheckLevel; line: number; message: string }>;

/** `null` in `dialect`: the log has none, or could not be read. */
export type CheckedDocument = Readonly<{
  path: string;
  dialect: Readonly<{
    /** What an entry is: `H2`, `H3`. */
    entry: string | null;
    order: string | null;
    /** `RUN-NNN`, `#NNN`, `timestamp`, `date`, `none`. */
    idScheme: string | null;
    index: 'table' | null;
    template: 'fenced' | null;
  }>;
  /** In file order. Where the log gives no ids, the heading stands for one, counted if it stands more than once. */
  entries: readonly Readonly<{ id: string; line: number; date?: string; outcome?: string }>[];
  /** `null` where ids are no numbers. */
  nextId: string | null;
  findings: Readonly<{ opened: number; closed: number }>;
  /** By line. */
  problems: readonly CheckProblem[];
}>;

/** Every rule with the level of its problems, `unreadable` first; `docs/checks.md` has a paragraph for each. */
export const CHECK_RULES: Readonly<Record<string, CheckLevel>> = { unreadable: 'error', ...Object.fromEntries(LINTS.map(({ rule, level }) => [rule, level])) };

/** Never throws for what the bytes are: an unreadable log has one problem that says so. */
export function checkRunLog(path: string, bytes: Uint8Array): CheckedDocument {
  let log: RunLog;
  try {
    log = readRunLog(bytes, path);
  } catch (cause) {
    if (!(cause instanceof AuditError)) throw cause;
    return unreadable(path, bytes, cause);
  }
  const told = LINTS.flatMap((lint) => lint.check(log).map((problem: LintProblem) => ({ rule: lint.rule, level: lint.level, ...problem })));
  return {
    path,
    dialect: {
      entry: log.entries.length === 0 ? null : `H${log.style.level}`,
      order: log.order,
      idScheme: describeScheme(log.idScheme),
      index: log.index === null ? null : 'table',
      template: log.template === null ? null : 'fenced',
    },
    entries: listEntries(log),
    nextId: isCounted(log.idScheme) ? nextRunId(log) : null,
    findings: countFindings(log),
    problems: told.sort((a, b) => a.line - b.line),
  };
}

function listEntries({ entries, outcomeOf }: RunLog): CheckedDocument['entries'] {
  const seen = new Map<string, number>();
  return entries.map((entry) => {
    const { id, heading, line, date } = entry;
    const outcome = outcomeOf(entry);
    const count = (seen.get(heading) ?? 0) + 1;
    seen.set(heading, count);
    return {
      id: id ?? (count === 1 ? heading : `${heading} (${count})`),
      line,
      ...(date === undefined ? {} : { date }),
      ...(outcome === undefined ? {} : { outcome }),
    };
  });
}

function unreadable(path: string, bytes: Uint8Array, { code, message }: AuditError): CheckedDocument {
  const line = (refuseBytes(bytes, path) ?? refuseScan(scanLog(bytes), path))?.line ?? 1;
  return {
    path,
    dialect: { entry: null, order: null, idScheme: null, index: null, template: null },
    entries: [], nextId: null, findings: { opened: 0, closed: 0 },
    problems: [{ rule: 'unreadable', level: 'error', line, message: `${code}: ${message}` }],
  };
}
