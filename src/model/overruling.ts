/** The hidden first line of a check run that shows the verdict of another one: by it, the check's own words are found again. */
import type { CheckRunHead } from './documents.ts';

type Words = Pick<CheckRunHead, 'title' | 'summary'>;

/** `url`: of the check run whose verdict is shown. `told`: Markdown, read before the check's own summary. */
export type Overruled = Readonly<{ own: Words; url: string; told: string }>;

const BASE64 = '[A-Za-z0-9+/=]*';
const MARK = new RegExp(`^<!-- audit-run-log:overruled:v1 title=(?<title>${BASE64}) by=(?<url>${BASE64}) -->\\r?\\n`);
const OWN = /^<!-- audit-run-log:own:v1 -->\r?\n/m;

/** Title and address are encoded, so that nothing in them can close the comment. */
export function overruledSummary({ own, url, told }: Overruled): string {
  return `<!-- audit-run-log:overruled:v1 title=${encode(own.title)} by=${encode(url)} -->\n\n${told}\n<!-- audit-run-log:own:v1 -->\n\n${own.summary}`;
}

/** What the check said of itself, and whose verdict it shows instead; `undefined` where it shows its own. */
export function readOverruled(summary: string): Omit<Overruled, 'told'> | undefined {
  const groups = MARK.exec(summary)?.groups;
  const own = OWN.exec(summary);
  if (groups === undefined || own === null) return undefined;
  const { title = '', url = '' } = groups;
  return { own: { title: decode(title), summary: summary.slice(own.index + own[0].length).replace(/^\r?\n/, '') }, url: decode(url) };
}

function encode(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

function decode(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}
