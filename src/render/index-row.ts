/** A row of the run index, with the cells in the columns that the log has. */
import type { PhrasingContent, TableCell } from 'mdast';
import type { Audit } from '../model/audit.ts';
import type { IndexField, IndexStyle } from '../model/entry-style.ts';
import { toMarkdown } from './markdown.ts';
import { codeSpan, text } from './untrusted.ts';

const NOT_AVAILABLE = 'N/A';

/** `plain`: of our own vocabulary, with nothing in it that needs care. */
type Cell = Readonly<{ value: string; plain: boolean }>;

const CELLS: Readonly<Record<IndexField, (audit: Audit) => Cell>> = {
  'run-id': ({ runId }) => plain(runId),
  start: ({ run }) => plain(run.context.start ?? NOT_AVAILABLE),
  end: ({ run }) => plain(run.context.end),
  date: ({ run }) => plain(run.context.end.slice(0, 10)),
  branch: ({ run }) => (run.context.branch === null ? plain(`${NOT_AVAILABLE} (detached HEAD)`) : untrusted(run.context.branch)),
  commit: ({ run }) => plain(run.context.commit),
  operator: ({ run }) => untrusted(run.context.operator),
  mode: ({ run }) => plain(run.context.mode),
  outcome: ({ verdict }) => plain(verdict.outcome),
  artifacts: ({ logPath }) => untrusted(folderOf(logPath)),
  unknown: () => plain(NOT_AVAILABLE),
};

function plain(value: string): Cell {
  return { value, plain: true };
}

function untrusted(value: string): Cell {
  return text(value).length === 0 ? plain(NOT_AVAILABLE) : { value, plain: false };
}

/** The folder of the log: what belongs to a run lies in and below it. */
function folderOf(logPath: string): string {
  const slash = logPath.lastIndexOf('/');
  return slash < 0 ? './' : logPath.slice(0, slash + 1);
}

/** One line without its end. No cell holds a pipe that would end it. */
export function renderIndexRow(audit: Audit, style: IndexStyle): string {
  const cells = style.columns.map((field) => cellText(cellContent(field, audit, style)));
  const row = cells.join(style.padded ? ' | ' : '|');
  if (!style.outerPipes) return row;
  return style.padded ? `| ${row} |` : `|${row}|`;
}

/** Values that stand for nothing are no code. */
function cellContent(field: IndexField, audit: Audit, style: IndexStyle): PhrasingContent[] {
  const { value, plain: isPlain } = CELLS[field](audit);
  // Markdown drops a backslash before a pipe also inside code: such a value is written as text.
  if (style.code.includes(field) && !value.startsWith(NOT_AVAILABLE) && !value.includes('\\|')) return [codeSpan(value)];
  return isPlain ? [{ type: 'text', value }] : text(value);
}

/** Ids, dates, commits and most names: nothing in them means anything in Markdown. */
const ORDINARY_CELL = /^[A-Za-z0-9][A-Za-z0-9 .:/+-]*$/;

/** Written as a cell of a table, so that everything is escaped that would act in one. */
function cellText(children: PhrasingContent[]): string {
  const [only, ...more] = children;
  if (only?.type === 'text' && more.length === 0 && ORDINARY_CELL.test(only.value)) return only.value;
  const cell: TableCell = { type: 'tableCell', children };
  const lines = toMarkdown([{ type: 'table', align: [], children: [{ type: 'tableRow', children: [cell] }] }]);
  return lines.slice(0, lines.indexOf('\n')).replace(/^\| ?| ?\|$/g, '');
}
