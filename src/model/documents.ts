/** The documents that an audit is rendered to: values handed from `render` to the publishing side. */

/** Where a check run points at a line of a file. `level` in GitHub's words. https://docs.github.com/rest/checks/runs */
export type Annotation = Readonly<{ path: string; line: number; level: 'notice' | 'warning' | 'failure'; title: string; message: string }>;

/** What is seen of a check run before it is opened. `title`: at most 60 characters; `summary`: Markdown of at most 60,000 bytes. */
export type CheckRunHead = Readonly<{ name: string; conclusion: 'success' | 'neutral' | 'failure'; title: string; summary: string }>;

/** A check run before it is posted. `text`: Markdown of at most 60,000 bytes. */
export type CheckRunDocument = CheckRunHead & Readonly<{ text: string; annotations: readonly Annotation[] }>;

/** Another audit under the same name that ended worse on the same commit. */
export type Overruling = Readonly<{ conclusion: CheckRunHead['conclusion']; url: string }>;

/** What is rendered from one audit, each when somebody shows it; Markdown with `\n` line ends, ending in one. */
export type Documents = Readonly<{
  comment(): string;
  summary(): string;
  checkRunHead(): CheckRunHead;
  checkRun(): CheckRunDocument;
  /** The head of a check run that must not cover a worse one: `own` is what it says of itself, of this audit or of another one. */
  overruled(by: Overruling, own: CheckRunHead): CheckRunHead;
}>;
