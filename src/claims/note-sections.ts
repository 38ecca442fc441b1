/** The sections of notes: which headings and labels mean which, and how their items are read. A new spelling is one more word here. */

/** Sections that end as a list of the same name in the notes, and those whose items are sorted one by one. */
export type SectionName =
  | 'scope' | 'shipped' | 'keyFindings' | 'artifacts' | 'migrationNotes' | 'perfNotes' | 'verificationSteps' | 'followUps' | 'knownIssues'
  | 'logs' | 'dbQueries' | 'findingsOpened' | 'findingsClosed' | 'commands' | 'files' | 'tests' | 'findings' | 'remaining';
/** `group`: holds labelled lists of its own. `transparent`: says nothing itself, what is below belongs to what is around. */
export type Place = SectionName | 'group' | 'transparent';

/**
 * What a label above several items is. `joined`: they tell more of it and make one item with it; `finding`: the same, and a sub-heading that names a finding is
 * such a label; `prefix`: it stands before each, as unknown sub-headings do; `dropped`: it only sorts them, as unknown sub-headings do.
 */
export type Nesting = 'joined' | 'finding' | 'prefix' | 'dropped';

type SectionSpec = Readonly<{
  /** Normalised: see `normaliseHeading`. */
  words: readonly string[];
  nesting?: Nesting;
  /** An item that says there is nothing (`None: docs only`) must not count as one: it is kept apart. */
  counts?: true;
}>;

const SPECS: Readonly<Record<Place, SectionSpec>> = {
  scope: { words: ['scope', 'audit scope', 'in scope', 'goal', 'objective', 'objectives'] },
  shipped: { words: ['what shipped', 'shipped', 'what changed', 'changes', 'changes made', 'summary', 'summary of changes', 'what was done', 'work done', 'completed', 'delivered', 'done', 'added', 'changed', 'what works now'] },
  keyFindings: { words: ['key findings', 'top findings', 'main findings', 'highlights'], nesting: 'finding', counts: true },
  findings: { words: ['findings', 'findings update', 'findings status', 'audit findings', 'issues found', 'issues', 'finding'], nesting: 'finding', counts: true },
  findingsOpened: { words: ['findings opened', 'opened findings', 'new findings', 'open findings', 'findings open', 'opened', 'open', 'new', 'still open', 'reopened', 'findings added'], nesting: 'finding', counts: true },
  findingsClosed: { words: ['findings closed', 'closed findings', 'findings fixed', 'findings resolved', 'resolved findings', 'fixed findings', 'issues fixed', 'issues closed', 'issues resolved', 'closed', 'fixed', 'resolved'], nesting: 'finding', counts: true },
  artifacts: { words: ['artifacts', 'artefacts', 'screenshots artifacts', 'screenshots', 'screenshots and artifacts', 'artifacts screenshots', 'evidence', 'evidence produced', 'evidence files', 'artifacts produced', 'attachments'], nesting: 'dropped', counts: true },
  files: {
    words: ['files changed', 'changed files', 'files touched', 'touched files', 'files modified', 'modified files', 'exact files changed', 'files', 'files created', 'files created modified', 'created files', 'new files', 'files added', 'files deleted', 'files removed', 'files updated', 'files affected', 'diff summary', 'dateien'],
    nesting: 'dropped', counts: true,
  },
  commands: { words: ['commands', 'commands executed', 'commands run', 'executed commands', 'commands used', 'commands ran', 'command log', 'checks run', 'static checks', 'build', 'lint', 'tests run'], nesting: 'dropped', counts: true },
  tests: { words: ['test coverage added', 'tests added', 'added tests', 'new tests', 'tests', 'test coverage', 'coverage added', 'test cases added', 'tests updated', 'test results', 'tests covered'], nesting: 'dropped', counts: true },
  migrationNotes: { words: ['db migration notes', 'migration notes', 'migrations', 'db migrations', 'database migrations', 'schema changes', 'db notes', 'database notes', 'db migration', 'database changes'] },
  perfNotes: { words: ['perf notes', 'performance notes', 'performance', 'perf', 'performance impact', 'benchmarks'] },
  verificationSteps: { words: ['verification steps', 'how to verify', 'steps to verify', 'manual verification', 'manual verification steps', 'verify', 'reproduction steps', 'steps'], nesting: 'prefix' },
  followUps: { words: ['follow ups', 'follow up', 'followups', 'followup', 'next steps', 'next actions', 'next action', 'action items', 'actions', 'todo', 'todos', 'to do', 'remaining work', 'remaining', 'pending', 'open items', 'fix plan', 'next session', 'next session starts with'], nesting: 'prefix', counts: true },
  knownIssues: { words: ['known issues', 'known gaps', 'known limitations', 'limitations', 'risks', 'known risks', 'open issues', 'caveats', 'gaps', 'blockers', 'what s still broken or missing', 'still broken'], nesting: 'finding', counts: true },
  remaining: { words: ['known issues follow ups', 'known issues follow up', 'known issues followups', 'known issues and follow ups', 'known issues next steps', 'known issues and next steps', 'follow ups known issues', 'risks follow ups'], counts: true },
  logs: { words: ['logs', 'log excerpts', 'log evidence', 'log output', 'logs reviewed', 'logs checked'] },
  dbQueries: { words: ['db queries', 'database queries', 'queries', 'sql queries', 'sql', 'db checks'] },
  group: { words: ['change summary', 'changes summary', 'verification summary', 'verification', 'validation', 'verification results', 'testing'] },
  transparent: { words: ['owner due date', 'owner and due date', 'owner due', 'owners due dates', 'with owner and due date'] },
};

const PLACES: ReadonlyMap<string, Place> = new Map((Object.keys(SPECS) as Place[]).flatMap((place) => SPECS[place].words.map((word) => [word, place] as const)));

export function placeOf(heading: string): Place | null {
  return PLACES.get(normaliseHeading(heading)) ?? null;
}

export function nestingOf(place: Place): Nesting {
  return SPECS[place].nesting ?? 'joined';
}

export function countsItems(place: Place): boolean {
  return SPECS[place].counts === true;
}

/** Lower case words: without numbering, emoji, what stands in brackets, dates, and `this run` at the end. At most 80 characters are looked at. */
export function normaliseHeading(heading: string): string {
  return heading.slice(0, 80).toLowerCase()
    .replace(/\([^()]*\)|\[[^[\]]*\]/g, ' ')
    .replace(/\d{4}-\d{2}-\d{2}/g, ' ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .replace(/^\d+ (?:\d+ )?/, '')
    .replace(/ (?:in |during |for )?this (?:run|pass|session|phase)$/, '');
}

/** Begins with a severity, a number or an id, as the heading of one finding does. */
export function namesFinding(heading: string): boolean {
  return /^[^\p{L}\p{N}]{0,8}(?:P[0-4]|S[1-4]|critical|high|medium|low|\d{1,3}[.):]|[A-Z]{1,10}-[A-Z0-9][A-Z0-9-]{0,15})(?![\p{L}\p{N}_])/iu.test(heading);
}

const LABEL = /^([^:\n`]{1,80}):(?:\s+|$)/;

/** `Key findings (1-5): text` in two. The text is plain; null where it does not begin with a label. */
export function splitLabel(text: string): Readonly<{ label: string; value: string }> | null {
  const match = LABEL.exec(text);
  return match === null ? null : { label: match[1] ?? '', value: text.slice(match[0].length) };
}

const PLACEHOLDERS: ReadonlySet<string> = new Set(['', 'none', 'n a', 'na', 'nil', 'nothing', 'tbd', 'tba', 'todo', 'not applicable', 'no', 'none yet', 'empty', 'yyyy mm dd', 'none known', 'none this run', 'x']);

/** An empty mark: words like `None`, `N/A` or `TBD`, no letter or digit at all, or a template's own `<text>`. */
export function isPlaceholder(text: string): boolean {
  if (text.length > 60) return false;
  if (/^`?<[^<>]*>`?$/.test(text)) return true;
  return !/\p{Extended_Pictographic}/u.test(text) && PLACEHOLDERS.has(text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim());
}

const NOTHING = /^(?:none|n\/a|nothing|no (?:[\p{L}-]{1,20} ){0,2}(?:follow-?\s?ups?|findings?|issues?|actions?|files?|commands?|tests?|artifacts?|artefacts?|screenshots?|gaps?|limitations?|risks?|blockers?|problems?))(?![\p{L}\p{N}_/-]|\.\p{L})/iu;

/** A sentence that says there is nothing: `None (docs only)`, `No blocking follow-ups from this run.` */
export function saysNothing(text: string): boolean {
  return NOTHING.test(text);
}
