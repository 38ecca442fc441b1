/** The documents that an audit is rendered to: values handed from `render` to the publishing side. */

/** Where a check run points at a line of a file. `level` in GitHub's words. https://docs.github.com/rest/checks/runs */
export type Annotation = Readonly<{ path: string; line: number; level: 'notice' | 'warning' | 'failure'; title: string; message: string }>;

/** A check run before it is posted. `title`: at most 60 characters; `summary` and `text`: Markdown of at most 60,000 bytes each. */
export type CheckRunDocument = Readonly<{
  name: string;
  conclusion: 'success' | 'neutral' | 'failure';
  title: string;
  summary: string;
  text: string;
  annotations: readonly Annotation[];
}>;

/** Everything rendered from one audit; Markdown with `\n` line ends, ending in one. */
export type Documents = Readonly<{ comment: string; summary: string; checkRun: CheckRunDocument }>;
