/** The last lines of `record` in a terminal: the outcome, where everything is, and what a reader must know. */
import { encodeForTerminal, type Styles } from '../host/terminal.ts';
import { asksNothing, PROBLEM_CODES, type Problem } from '../model/problem.ts';
import type { Publication, Publishable } from '../publish/publisher.ts';

/** More problems than this are counted; all of them are in the entry's record. */
const PROBLEMS_SHOWN = 20;

export type Closing = Readonly<{ publications: readonly Publication[]; problems: readonly Problem[]; /** Why the run fails, as sentences. */ failures: readonly string[] }>;

/** Encoded, ending with a newline. */
export function closingLines({ audit, recorded }: Publishable, { publications, problems, failures }: Closing, styles: Styles): string {
  const { verdict, comparison } = audit;
  const colour = verdict.outcome === 'pass' ? styles.green : verdict.outcome === 'failed' ? styles.red : styles.yellow;
  const places = publications.flatMap((publication) => (publication.status === 'published' ? publication.places : []));
  const lines = [
    ...problemLines(problems, styles),
    `${colour(verdict.outcome)}: ${encodeForTerminal(verdict.reason)}`,
    `findings: ${comparison.opened.length} opened, ${comparison.reopened.length} reopened, ${comparison.closed.length} closed, ${comparison.persisting.length} known, ${comparison.adopted.length} taken over, ${comparison.unverified.length} not checked`,
    ...(recorded.state === true
      ? [`${recorded.before === true ? 'already recorded, nothing written:' : 'recorded as'} ${audit.runId} in ${encodeForTerminal(audit.logPath)}`, `record:   ${encodeForTerminal(audit.recordPath)}`, ...(audit.links.entry === undefined ? [] : [`entry:    ${encodeForTerminal(audit.links.entry)}`])]
      : [styles.yellow(recorded.wish === undefined ? `not recorded${recorded.state === 'unknown' ? ' for certain' : ''}` : `not recorded (${recorded.wish})`)]),
    ...places.map((place) => `written:  ${encodeForTerminal(place)}`),
    ...failures.map((failure) => `${styles.red('fails:')}    ${encodeForTerminal(failure)}`),
  ];
  return `\n${lines.join('\n')}\n`;
}

/** Those of one code stand together, with what to do behind them. */
function problemLines(problems: readonly Problem[], styles: Styles): string[] {
  const shown = problems.slice(0, PROBLEMS_SHOWN);
  const more = problems.length - shown.length;
  return [
    ...[...new Set(shown.map(({ code }) => code))].flatMap((code) => [
      ...shown.filter((problem) => problem.code === code).map(({ message }) => `${styles.yellow(code)}: ${encodeForTerminal(message)}`),
      ...(asksNothing(code) ? [] : [`${styles.dim('  to do:')} ${PROBLEM_CODES[code].fix}`]),
    ]),
    ...(more > 0 ? [`… and ${more} more; all are in the record`] : []),
  ];
}
