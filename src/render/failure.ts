/** The job summary of a run of which no audit could be made, or shown: what went wrong, what to do, and what is known of the entry. */
import type { RootContent } from 'mdast';
import type { CheckRunHead } from '../model/documents.ts';
import type { Links } from '../model/links.ts';
import { PROBLEM_CODES, type Problem } from '../model/problem.ts';
import type { Run } from '../model/run.ts';
import { BUDGETS, LIST_ITEMS, TITLE_LENGTH, utf8Bytes } from './fit.ts';
import { toMarkdown } from './markdown.ts';
import { collectedSection } from './sections/collected.ts';
import { plainText } from './sections/headline.ts';
import { LIMITS } from './sections/limits.ts';
import { heading, paragraph, strong, words, type Inline } from './sections/nodes.ts';
import { problemList } from './sections/problems.ts';
import { codeSpan, text } from './untrusted.ts';

const PROBLEMS_SHOWN = 20;

/** Of the entry in the run log: whether it is there, and which one it is. */
export type EntryState = Readonly<{ state: true | false | 'unknown'; runId?: string }>;

/** Markdown that ends in a line end. */
export function renderFailure(problems: readonly Problem[], entry: EntryState): string {
  return failureDocument(problems, { entry, items: PROBLEMS_SHOWN });
}

/** The same as a check run, for the audit of this name. */
export function renderFailedCheck(name: string, problems: readonly Problem[]): CheckRunHead {
  const title = plainText(`No audit could be made${problems.map(({ code }) => `: ${code}`)[0] ?? ''}`, TITLE_LENGTH);
  for (let items = PROBLEMS_SHOWN; ; items = Math.floor(items / 2)) {
    const summary = failureDocument(problems, { entry: { state: false }, items });
    if (items === 0 || utf8Bytes(summary) <= BUDGETS.checkText) return { name, conclusion: 'failure', title, summary };
  }
}

type Shape = Readonly<{ entry: EntryState; items: number }>;

function failureDocument(problems: readonly Problem[], { entry, items }: Shape): string {
  return toMarkdown([heading(3, words(titleOf(entry))), ...problemParagraphs(problems, items), paragraph(...entrySentences(entry))]);
}

function titleOf({ state }: EntryState): string {
  switch (state) {
    case true: return '❌ The audit was recorded, but could not be shown';
    case false: return '❌ No audit could be made, so nothing is proven';
    case 'unknown': return '❌ The audit ended while it was being recorded';
    default: return state satisfies never;
  }
}

function entrySentences({ state, runId = '' }: EntryState): Inline[] {
  const failed = [words('The outcome is '), codeSpan('failed')];
  switch (state) {
    case true: return [words('The entry '), ...(runId === '' ? [] : [strong(...text(runId, LIMITS.name)), words(' ')]), words('is in the run log and stays there. The outcome of this step is '), codeSpan('failed'), words('.')];
    case false: return [...failed, words(', no entry was recorded, and no finding counts as fixed.')];
    case 'unknown': return [...failed, words('. Whether the entry was recorded is not known: look into the run log. Running the job again records nothing twice.')];
    default: return state satisfies never;
  }
}

/** Each with its code; below them what to do, once for each code. */
function problemParagraphs(problems: readonly Problem[], items: number = PROBLEMS_SHOWN): RootContent[] {
  const shown = problems.slice(0, items);
  const fixes = [...new Set(shown.map(({ code }) => PROBLEM_CODES[code].fix))];
  return [
    ...shown.map(({ code, message }) => paragraph(codeSpan(code, LIMITS.rule), words(' '), ...text(message, 1_000))),
    ...(problems.length > shown.length ? [paragraph(words(`${problems.length - shown.length} more are told in the log of the step.`))] : []),
    ...fixes.map((fix) => paragraph(words('To do: '), ...text(fix, 1_000))),
  ];
}

/** `cause`: why what was known before could not be read. */
export type Unread = Readonly<{ cause: Readonly<{ problems: readonly Problem[] }>; configuration: 'read' | 'unread'; links: Links }>;

/** The job summary of a run whose reports are known, and nothing of what was known before. At most 1,000,000 bytes. */
export function renderUnread(run: Run, unread: Unread): string {
  for (let items: number = LIST_ITEMS.summary; ; items = Math.floor(items / 2)) {
    const document = toMarkdown(unreadContent(run, unread, items));
    if (items === 0 || utf8Bytes(document) <= BUDGETS.summary) return document;
  }
}

function unreadContent(run: Run, { cause, configuration, links }: Unread, items: number): RootContent[] {
  const rest: Inline[] = [words('in the reports')];
  // They are told first, with what to do.
  const others = run.problems.slice(cause.problems.length);
  return [
    heading(3, words('❌ What was known before could not be read, so nothing is proven')),
    ...problemParagraphs(run.problems.slice(0, cause.problems.length)),
    ...(configuration === 'read' ? [] : [paragraph(words('The configuration file could not be read either: inputs and defaults alone say what was audited here.'))]),
    ...collectedSection(run, { links, rest, items }),
    ...problemList(others, [words('in the JSON file of the run')], items),
    paragraph(words('The outcome is '), codeSpan('failed'), words(', no entry was recorded, and no finding counts as fixed.')),
  ];
}
