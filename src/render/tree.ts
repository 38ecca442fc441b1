/** The trees that documents are made of: the part of mdast that we write, so that every kind of node has its writer. https://github.com/syntax-tree/mdast */

export type Text = Readonly<{ type: 'text'; value: string }>;
/** `value`: never empty, which Markdown cannot write. */
export type InlineCode = Readonly<{ type: 'inlineCode'; value: string }>;
/** Prose with code in it: what may stand in bold and as the label of a link. */
export type Prose = Text | InlineCode;
/** Its words begin and end in no blank. */
export type Strong = Readonly<{ type: 'strong'; children: readonly Prose[] }>;
/** `url`: of printable ASCII, of the host's own (`untrusted.ts`). */
export type Link = Readonly<{ type: 'link'; url: string; children: readonly Prose[] }>;
export type Html = Readonly<{ type: 'html'; value: string }>;
export type Inline = Prose | Strong | Link | Html;

export type Heading = Readonly<{ type: 'heading'; depth: 1 | 2 | 3 | 4 | 5 | 6; children: readonly Inline[] }>;
export type Paragraph = Readonly<{ type: 'paragraph'; children: readonly Inline[] }>;
export type ListItem = Readonly<{ type: 'listItem'; children: readonly [Paragraph] | readonly [Paragraph, List] }>;
/** Of bullets, without blank lines. */
export type List = Readonly<{ type: 'list'; children: readonly ListItem[] }>;
export type TableCell = Readonly<{ type: 'tableCell'; children: readonly Inline[] }>;
export type TableRow = Readonly<{ type: 'tableRow'; children: readonly TableCell[] }>;
/** The first row is the head; all rows are of its length. */
export type Table = Readonly<{ type: 'table'; children: readonly TableRow[] }>;
export type Code = Readonly<{ type: 'code'; value: string }>;
export type Block = Heading | Paragraph | List | Table | Code | Html;
