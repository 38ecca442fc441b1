/** The documents that an audit is rendered to: values handed from `render` to the publishing side. */

/** Where a check run points at a line of a file. `level` in GitHub's words. https://docs.github.com/rest/checks/runs */
export type Annotation = Readonly<{ path: string; line: number; level: 'notice' | 'warning' | 'failure'; title: string; message: string }>;

/** What is seen of a check run before it is opened. `title`: at most 60 characters; `summary`: Markdown of at most 60,000 bytes. */
export type CheckRunHead = Readonly<{ name: string; conclusion: 'success' | 'neutral' | 'failure'; title: string; summary: string }>;

/** A check run before it is posted. `text`: Markdown of at most 60,000 bytes. */
export type CheckRunDocument = CheckRunHead & Readonly<{ text: string; annotations: readonly Annotation[] }>;

/** What is rendered from one audit, each when somebody shows it; Markdown with `\n` line ends, ending in one. */
export type Documents = Readonly<{ comment(): string; summary(): string; checkRunHead(): CheckRunHead; checkRun(): CheckRunDocument }>;
