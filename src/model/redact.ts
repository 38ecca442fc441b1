/** Redaction: values that are secret, and text of the shapes that tokens have, are taken out of everything that is shown or kept. */
import { cutShapeStart, keyLines, replaceKeys, replaceShapes } from './token-shapes.ts';

/** As a runner masks. Nothing of the secret is left, not even its length. */
export const MASK = '***';

/** `found` counts the places. */
export type Redacted = Readonly<{ text: string; found: number }>;

/** `secrets`: values to be taken out wherever they stand, longest first. */
export function redactText(text: string, secrets: readonly string[]): Redacted {
  const { text: lines, found } = redactDocument(text, secrets);
  let keys = 0;
  const bare = replaceKeys(lines, () => {
    keys += 1;
    return MASK;
  });
  const whole = withoutCutSecret(bare, secrets);
  return { text: whole, found: found + keys + (whole === bare ? 0 : 1) };
}

/** The same for what was put together of many texts: nothing that is taken out reaches from one of them into the next, so that JSON stays JSON. */
export function redactDocument(text: string, secrets: readonly string[]): Redacted {
  let found = 0;
  let shown = text;
  for (const secret of secrets) {
    if (!shown.includes(secret)) continue;
    const parts = shown.split(secret);
    found += parts.length - 1;
    shown = parts.join(MASK);
  }
  shown = replaceShapes(shown, () => {
    found += 1;
    return MASK;
  });
  return { text: shown, found };
}

/** How collecting marks what it cut. */
const CUT = '…';

/** Titles and details are cut to length before they come here: what is left of a secret that the cut went through goes too. */
function withoutCutSecret(text: string, secrets: readonly string[]): string {
  const at = text.lastIndexOf(CUT);
  if (at < 0) return text;
  const head = text.slice(0, at);
  const starts = [cutShapeStart(head), ...secrets.map((secret) => cutValueStart(head, secret))].filter((start) => start !== undefined);
  return starts.length === 0 ? text : `${head.slice(0, Math.min(...starts))}${MASK}${text.slice(at)}`;
}

/** A few first characters may end a harmless text: half of a short secret, six of a long one are one no longer. */
function cutValueStart(head: string, secret: string): number | undefined {
  const lead = secret.slice(0, Math.min(6, Math.ceil(secret.length / 2)));
  const tail = head.slice(-secret.length);
  for (let from = tail.indexOf(lead); from >= 0; from = tail.indexOf(lead, from + 1)) {
    if (secret.startsWith(tail.slice(from))) return head.length - tail.length + from;
  }
  return undefined;
}

/** `found` counts the places in all texts of the value. */
export type RedactedValue<T> = Readonly<{ value: T; found: number }>;

/**
 * Every text in a value of data, but not the names of its properties. `kept`: properties that are left as they are.
 * What holds no secret is the same object as before.
 */
export function redactValue<T>(value: T, secrets: readonly string[], kept: ReadonlySet<string> = NONE): RedactedValue<T> {
  let found = 0;
  const change = (text: string): string => {
    const redacted = redactText(text, secrets);
    found += redacted.found;
    return redacted.text;
  };
  const hide = (): string => {
    found += 1;
    return MASK;
  };
  const changed = mapTexts(value, { change, hide, secrets, kept });
  return { value: changed, found };
}

const NONE: ReadonlySet<string> = new Set();
type Mapping = Readonly<{ change(text: string): string; hide(): string; secrets: readonly string[]; kept: ReadonlySet<string> }>;

function mapTexts<T>(value: T, mapping: Mapping): T;
function mapTexts(value: unknown, mapping: Mapping): unknown {
  if (typeof value === 'string') return mapping.change(value);
  if (Array.isArray(value)) return mapList(value, mapping);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, one]): [string, unknown] => [name, mapping.kept.has(name) ? one : mapTexts(one, mapping)]);
  return entries.every(([name, one]) => Object.is(one, Reflect.get(value, name))) ? value : Object.fromEntries(entries);
}

/** So many small ones of a list are looked at together: lists are long, and hardly anything in them is secret. */
const AT_ONCE = 500;

function mapList(list: readonly unknown[], mapping: Mapping): readonly unknown[] {
  const mapped: unknown[] = [];
  const inKey = keyLines(list);
  for (let from = 0; from < list.length; from += AT_ONCE) {
    const some = list.slice(from, from + AT_ONCE);
    const isWhole = inKey.size === 0 && some.every(isSmall) && isClean(some, mapping);
    mapped.push(...(isWhole ? some : some.map((one, at) => (inKey.has(from + at) ? mapping.hide() : mapTexts(one, mapping)))));
  }
  return mapped.every((one, at) => Object.is(one, list[at])) ? list : mapped;
}

/** Holds no list, which may be long itself. */
function isSmall(value: unknown): boolean {
  return typeof value !== 'object' || value === null || (!Array.isArray(value) && Object.values(value).every((one) => !Array.isArray(one)));
}

function isClean(some: readonly unknown[], { secrets, kept }: Mapping): boolean {
  const texts: string[] = [];
  gatherTexts(some, kept, texts);
  if (redactText(texts.join('\n'), secrets).found > 0) return false;
  return texts.every((text) => !text.includes(CUT) || withoutCutSecret(text, secrets) === text);
}

function gatherTexts(value: unknown, kept: ReadonlySet<string>, texts: string[]): void {
  if (typeof value === 'string') texts.push(value);
  else if (typeof value === 'object' && value !== null) for (const [name, one] of Object.entries(value)) if (!kept.has(name)) gatherTexts(one, kept, texts);
}

/** What is shorter stands in harmless text by chance. */
export const SHORTEST_SECRET = 8;

/** As it may stand in text: as it is, with its blanks collapsed, in base64, percent-encoded, within JSON; each line of one that has several. Longest first. */
export function secretForms(values: readonly string[]): string[] {
  const lines = values.flatMap((value) => [value, ...value.split(/\r\n|\r|\n/)]).map((value) => value.trim()).filter((value) => value.length >= SHORTEST_SECRET);
  const forms = lines.flatMap((value) => [value, value.replace(/\s+/g, ' '), JSON.stringify(value).slice(1, -1), ...percentForms(value), ...base64Forms(value)]);
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

function percentForms(value: string): string[] {
  const forms = [encodeURIComponent(Buffer.from(value, 'utf8').toString('utf8')), new URLSearchParams({ value }).toString().slice('value='.length)];
  return [...forms, ...forms.map((form) => form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))];
}

/** Alone, and within a longer text that begins at any byte before it: without the characters that depend on the bytes around it. */
function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  return [0, 1, 2].flatMap((shift) => {
    const own = bytes.subarray(shift);
    const kept = Math.floor((own.length * 4) / 3);
    return [own.toString('base64').slice(0, kept), own.toString('base64url').slice(0, kept)];
  }).filter((form) => form.length >= SHORTEST_SECRET);
}
