/** Publishing to a terminal: entry, comment and check for a person to read, through the terminal's encoder. */
import { encodeForTerminal, type Styles } from '../host/terminal.ts';
import type { CheckRunHead } from '../model/documents.ts';
import type { Publishable, Publisher } from './publisher.ts';

/** `out` is given text that is encoded already. */
export type TerminalTarget = Readonly<{ out(text: string): void; styles: Styles }>;

export function terminalPublisher({ out, styles }: TerminalTarget): Publisher {
  return {
    id: 'terminal',
    weight: 'required',
    publish(what) {
      out(describe(what, styles));
      return Promise.resolve({ places: [] });
    },
  };
}

function describe({ audit, entry, documents, recorded }: Publishable, styles: Styles): string {
  const check = documents.checkRunHead();
  const state = recorded.state === true ? `in ${audit.logPath}` : recorded.state === 'unknown' ? `perhaps in ${audit.logPath}` : 'not recorded';
  return [
    section(`Entry (${state})`, entry, styles),
    section('Comment', withoutMarker(documents.comment()), styles),
    section(`Check run: ${check.conclusion}`, checkText(check), styles),
  ].join('\n');
}

function section(title: string, body: string, styles: Styles): string {
  return `${styles.bold(`── ${encodeForTerminal(title)} ──`)}\n${encodeForTerminal(body).trimEnd()}\n`;
}

/** The marker on the first line says nothing to a person. */
function withoutMarker(comment: string): string {
  return comment.replace(/^<!--[^\n]*-->\n+/, '');
}

function checkText({ name, title, summary }: CheckRunHead): string {
  return `${name}: ${title}\n\n${summary}`;
}
