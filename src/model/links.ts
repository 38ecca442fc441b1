/** Where a reader can look: addresses that the host knows. All of them come from the host, never from evidence. */

/** Absent: there is no such page (a local run has none). `files` ends with `/` and a path of the repository is put behind it. */
export type Links = Readonly<{ files?: string; run?: string; entry?: string; checkRun?: string }>;

export const NO_LINKS: Links = {};

/** The address of a file at the audited commit; `undefined` where files have none. */
export function fileLink(links: Links, path: string, line?: number): string | undefined {
  if (links.files === undefined) return undefined;
  const encoded = path.split('/').map((part) => encodeURIComponent(part)).join('/');
  return `${links.files}${encoded}${line === undefined ? '' : `#L${line}`}`;
}
