/** Where a reader can look: addresses that the host knows. All of them come from the host, never from evidence. */

/** Absent: there is no such page (a local run has none). `files` and `log` end with `/`, and a path is put behind it: of the repository at the audited commit, and of what was recorded. */
export type Links = Readonly<{ files?: string; log?: string; run?: string; entry?: string; checkRun?: string; comment?: string }>;

export const NO_LINKS: Links = {};

/** The address of a file at the audited commit; `undefined` where files have none. */
export function fileLink(links: Links, path: string, line?: number): string | undefined {
  if (links.files === undefined) return undefined;
  const encoded = path.split('/').map((part) => encodeURIComponent(part)).join('/');
  return `${links.files}${encoded}${line === undefined ? '' : `#L${line}`}`;
}

/** The address of the run log, or of a file beside it, where it was recorded; `undefined` where it has none. */
export function logLink({ log }: Links, path: string): string | undefined {
  // Half a character has no place in an address.
  return log === undefined || /[\ud800-\udfff]/u.test(path) ? undefined : fileLink({ files: log }, path);
}

/** `files`: as in `Links`, at the commit or branch that holds the log. `entry`: its text, heading first. */
export type EntryPlace = Readonly<{ files: string; logPath: string; entry: string }>;

/** The address of an entry: its heading's anchor, as GitHub makes them of headings in files. */
export function entryAddress({ files, logPath, entry }: EntryPlace): string {
  const heading = entry.split('\n', 1)[0]?.replace(/^#+\s+/, '').replace(/\\(.)/g, '$1') ?? '';
  const words = heading.toLowerCase();
  // Classes of Unicode are dear to make, and headings of runs hardly ever need them.
  const kept = /^[\0-\x7f]*$/.test(words) ? words.replace(/[^\w\- ]/g, '') : words.replace(new RegExp(String.raw`[^\p{L}\p{M}\p{N}\p{Pc}\- ]`, 'gu'), '');
  const anchor = kept.replaceAll(' ', '-');
  return `${fileLink({ files }, logPath) ?? ''}#${encodeURIComponent(anchor)}`;
}
