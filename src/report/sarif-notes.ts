/**
 * Notifications of a SARIF run (2.1.0, 3.58): what the tool says of its own work.
 *
 * | level | names files or a rule | names nothing |
 * |---|---|---|
 * | `error`, or a word that is not known | a finding; nothing closes there | the run proves nothing |
 * | `warning`, or none | nothing closes there | nothing closes by the run if it says that something was not looked at, or does not say what it is about; else only told |
 * | `note`, `none` | not read: purely informational | not read |
 */
import { objectIn, objectsIn, textIn, type JsonObject } from './sarif-fields.ts';
import { openDescriptors, type Descriptors } from './sarif-descriptors.ts';
import type { Messages } from './sarif-message.ts';
import type { Places } from './sarif-places.ts';
import type { Rules } from './sarif-rules.ts';

/** An error or a warning. `isGap`: it says, or may say, that something was not looked at. */
export type Note = Readonly<{ isError: boolean; isGap: boolean; message: string; paths: readonly string[]; rule: string | undefined }>;

export type NoteReading = Readonly<{ places: Places; rules: Rules; messages: Messages }>;

export function notesOf(run: JsonObject, { places, rules, messages }: NoteReading): Note[] {
  const descriptors = openDescriptors(run, 'notifications');
  const globals = objectIn(objectIn(objectIn(run, 'tool'), 'driver'), 'globalMessageStrings');
  const speaks = openGapWords(messages);
  const noteOf = (notification: JsonObject): Note[] => {
    const level = textIn(notification, 'level') ?? 'warning';
    if (level === 'none' || level === 'note') return [];
    const kind = kindOf(notification, descriptors);
    const message = objectIn(notification, 'message');
    const said = messages.read(message, [objectIn(kind.descriptor, 'messageStrings'), globals]) ?? textIn(message, 'id');
    const words = [said, ...kind.names].flatMap((text) => (text === undefined || text.trim() === '' ? [] : [text]));
    const { paths, isLost } = places.ofNotification(notification);
    return [{
      isError: level !== 'warning',
      isGap: isLost || words.length === 0 || words.some((text) => speaks(text)),
      message: messages.cut(words[0] ?? 'no message'), paths, rule: rules.named(objectIn(notification, 'associatedRule')),
    }];
  };
  return objectsIn(run, 'invocations').flatMap((invocation) => ['toolExecutionNotifications', 'toolConfigurationNotifications'].flatMap((key) => objectsIn(invocation, key).flatMap(noteOf)));
}

type NoteKind = Readonly<{ descriptor: JsonObject | undefined; names: readonly string[] }>;

/** What kind of notification it is, in all the words that the run has for it. */
function kindOf(notification: JsonObject, descriptors: Descriptors): NoteKind {
  const reference = objectIn(notification, 'descriptor');
  const descriptor = descriptors.find(reference);
  const names = [textIn(objectIn(descriptor, 'shortDescription'), 'text'), textIn(descriptor, 'name'), textIn(descriptor, 'id'), textIn(reference, 'id')];
  return { descriptor, names: names.filter((name) => name !== undefined) };
}

/**
 * What tools say where they did not look at everything: `PartialParsing`, `Timeout when running … on …`, `42 packages could not be found`.
 * Rather too many words than too few: one too many keeps findings open that may be mended.
 */
const GAP = new RegExp([
  'part(?:ly|ial)', 'incomplete', 'skip(?:s|p)', 'omit(?:s|t)', 'exclud', 'ignor', 'truncat', 'abort', 'crash', 'interrupt', 'terminat', 'gave up', 'giving up', 'stopped',
  'fail', 'error', 'exception', 'fatal', 'panic', 'time[ds]?[ _-]?out', 'out[ _-]?of[ _-]?memory', 'too[ _-]?(?:large|big|many|long|deep|complex)', 'limit', 'exceed',
  'unable', 'cannot', 'can[\'’]t', 'could[ _-]?n[o\'’]', 'did[ _-]?n[o\'’]', 'was[ _-]?n[o\'’]', 'were[ _-]?n[o\'’]', 'has[ _-]?n[o\'’]', 'have[ _-]?n[o\'’]',
  'not (?:be )?(?:analy|scan|pars|process|read|load|found|find|extract|support|resolv|check|complet|compil|cover|run|execut|includ|available|exist)',
  'no (?:such|file|source|code|result|target|package|project)', 'unsupported', 'unreadable', 'unavailable', 'unresolved', 'unknown', 'invalid', 'malformed', 'missing', 'denied', 'disabled', 'unparse?able',
].join('|'), 'i');

/** Looked at once for each text, however often it is met. */
function openGapWords(messages: Messages): (text: string) => boolean {
  const known = new Map<string, boolean>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const speaks = GAP.test(messages.cut(text));
    known.set(text, speaks);
    return speaks;
  };
}
