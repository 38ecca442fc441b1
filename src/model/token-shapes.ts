/** Texts that are secret by their shape: the forms that tokens have, credentials in addresses and headers, private keys. */

/** Nothing of a word before it. An escaped blank, quote or colon ends with a letter or digit too: `\n`, `%3A`, `\u0022`. */
const ESCAPED = String.raw`(?<=\\[nrt]|%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4})`;
const START = `(?:(?<![A-Za-z0-9])|${ESCAPED})`;
const CAPITAL_START = `(?:(?<![A-Z0-9])|${ESCAPED})`;
/** What stands between the name of a header or variable and its value, as `: "`, `=`, `\": \"`, ` => '`. */
const IS = String.raw`[\\"'\]]{0,4}\s{0,3}[:=,]>?\s{0,3}[\\"']{0,4}`;

function anyCase(word: string): string {
  return [...word].map((letter) => `[${letter.toUpperCase()}${letter.toLowerCase()}]`).join('');
}

const AUTHORIZATION = `${anyCase('authorization')}${IS}`;
const SCHEME = String.raw`(?:${anyCase('bearer')}|${anyCase('basic')}|${anyCase('token')})(?:\s{1,3}|%20|\+)`;

/**
 * Each is bounded or takes all that it looked at, so that time stays linear. What stands before the secret is kept.
 * Sources: the documented prefixes of the services; for GitHub the forms of 2021 and of 2026 (`ghs_APPID_JWT`); userinfo by RFC 3986, credentials by RFC 9110.
 */
const SHAPES = new RegExp([
  String.raw`${START}gh[pousr]_(?:[A-Za-z0-9]{1,40}[_.]eyJ[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*|[A-Za-z0-9]{30,})`,
  String.raw`${START}github_pat_[A-Za-z0-9_]{20,}`,
  String.raw`${CAPITAL_START}(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])`,
  String.raw`(?<=${anyCase('secret')}_?${anyCase('access')}_?${anyCase('key')}${IS})[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])`,
  String.raw`${START}(?:xox[abcdeoprs]|xapp)-[A-Za-z0-9-]{10,}`,
  String.raw`(?<=hooks\.slack\.com/[a-z]{1,20}/)[A-Za-z0-9/]{20,}`,
  String.raw`${START}npm_[A-Za-z0-9]{36,}`,
  String.raw`${START}pypi-[A-Za-z0-9_-]{50,}`,
  // Four characters that base64 may hold by chance: only where nothing of it stands around, as before the others.
  String.raw`${START}AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9+/=_-])`,
  String.raw`${START}[rs]k_live_[A-Za-z0-9]{16,}`,
  String.raw`${START}(?:glpat|sk-ant|sk-proj|dckr_pat)[-_][A-Za-z0-9_-]{20,}`,
  String.raw`${START}hf_[A-Za-z0-9]{34,}`,
  String.raw`(?<=${AUTHORIZATION}${SCHEME})[A-Za-z0-9+/=._~-]{8,}`,
  String.raw`(?<=${AUTHORIZATION})(?=[A-Za-z+/=._~-]{0,100}\d)[A-Za-z0-9+/=._~-]{20,}`,
  String.raw`(?<=\b[Bb]earer\s)(?=[A-Za-z+/=._~-]{0,100}\d)[A-Za-z0-9+/=._~-]{20,}`,
  // An image named by tag and digest has the form of userinfo.
  String.raw`(?<=:\/\/)[^\s/?#"'<>@:]{0,200}:[^\s/?#"'<>]{1,500}(?=@)(?!@sha(?:256|384|512):)`,
  String.raw`(?<=(?:[?&;]|\\u0026)sig=)[A-Za-z0-9%+/=_-]{16,}`,
  String.raw`(?<=[Xx]-(?:Amz|Goog)-(?:Signature|Security-Token)=)[A-Za-z0-9%+/=_-]{16,}`,
].join('|'), 'g');
/** Without any of these no shape can be there: most text is let through by one look. */
const HINT = new RegExp([
  'gh[pousr]_[A-Za-z0-9]{4}', 'github_pat_', 'AKIA[A-Z0-9]{8}', 'ASIA[A-Z0-9]{8}', `${anyCase('secret')}_?${anyCase('access')}`, 'xox[abcdeoprs]-', 'xapp-', String.raw`hooks\.slack`, 'npm_[A-Za-z0-9]{16}',
  'pypi-[A-Za-z0-9_-]{16}', 'AIza', 'k_live_', 'glpat-', 'sk-ant-', 'sk-proj-', 'dckr_pat_', 'hf_[A-Za-z0-9]{16}', anyCase('authorization'), '[Bb]earer', String.raw`:\/\/[^\s/?#"'<>@]{1,700}@`, 'sig=', '-Signature=', '-Token=',
].join('|'));

/** A JSON web token (RFC 7519): two objects in base64url and a signature. The first run of such characters is taken whole, and then looked at. */
const WEB_TOKEN = /eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]+)*/g;

/** `change` gives what stands in the place of a secret. None of these goes over a blank or a quote. */
export function replaceShapes(text: string, change: () => string): string {
  const plain = HINT.test(text) ? text.replace(SHAPES, change) : text;
  return plain.includes('eyJ') ? plain.replace(WEB_TOKEN, (run) => (isWebToken(run) ? change() : run)) : plain;
}

function isWebToken(run: string): boolean {
  const [, second, third] = run.split('.', 3);
  if (second === undefined) return false;
  return second.startsWith('eyJ') || (third !== undefined && second.length >= 8);
}

/** PEM (RFC 7468) and its like of OpenPGP (RFC 9580). */
const KEY_START = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const KEY_END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
/** How far behind the first line that of a key's own begins, and what no word looks like. */
const KEY_BODY = { within: 400, form: /[A-Za-z0-9+/=]{16}/ };

/** From its first line to its last; a key that was cut goes to the end of the text. A first line alone is only spoken of. */
export function replaceKeys(text: string, change: () => string): string {
  if (!text.includes('PRIVATE KEY')) return text;
  const ends = [...text.matchAll(KEY_END)].map((end) => end.index + end[0].length);
  const parts: string[] = [];
  let kept = 0;
  let next = 0;
  for (const start of text.matchAll(KEY_START)) {
    if (start.index < kept) continue;
    const from = start.index + start[0].length;
    while ((ends[next] ?? Infinity) < from) next += 1;
    const end = ends[next];
    if (end === undefined && !KEY_BODY.form.test(text.slice(from, from + KEY_BODY.within))) continue;
    parts.push(text.slice(kept, start.index), change());
    kept = end ?? text.length;
  }
  return [...parts, text.slice(kept)].join('');
}

/** A line that ends with the first of a key, one of its body, and one that begins with its last. */
const FIRST_LINE = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\W_]{0,8}$/;
const BODY_LINE = /^[\W_]{0,8}(?:[A-Za-z0-9+/=]+[\W_]{0,8}|[A-Za-z-]{1,30}: [^\n]{0,100})?$/;
const LAST_LINE = /^[\W_]{0,8}END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;

/** Which texts of a list are the lines of a private key that stand one by one, as in a list of what was in scope. */
export function keyLines(list: readonly unknown[]): ReadonlySet<number> {
  const found = new Set<number>();
  for (let first = 0; first < list.length; first += 1) {
    if (!isLine(list[first], FIRST_LINE)) continue;
    let last = first + 1;
    while (isLine(list[last], BODY_LINE)) last += 1;
    if (isLine(list[last], LAST_LINE)) last += 1;
    // The name of a test may be the first line too.
    else if (!list.slice(first + 1, last).some((line) => isLine(line, KEY_BODY.form))) continue;
    for (; first < last; first += 1) found.add(first);
    first -= 1;
  }
  return found;
}

function isLine(text: unknown, form: RegExp): boolean {
  return typeof text === 'string' && form.test(text);
}

/** The beginnings of shapes, with enough of what is secret that no word looks like it. */
const CUT_SHAPE = new RegExp([
  String.raw`${START}gh[pousr]_(?=[a-z]{0,8}[A-Z0-9])[A-Za-z0-9]{4}`,
  String.raw`${START}github_pat_[A-Z0-9]{4}`,
  String.raw`${CAPITAL_START}(?:AKIA|ASIA)[A-Z0-9]{4}`,
  String.raw`${START}(?:xox[abcdeoprs]|xapp)-[A-Za-z0-9]{4}`,
  String.raw`${START}npm_(?=[a-z]{0,8}[A-Z0-9])[A-Za-z0-9]{8}`,
  String.raw`${START}pypi-AgE`,
  String.raw`${START}AIza[A-Za-z0-9_-]{8}`,
  String.raw`${START}[rs]k_live_[A-Za-z0-9]{4}`,
  String.raw`${START}(?:glpat|sk-ant|sk-proj|dckr_pat)[-_](?=[a-z]{0,8}[A-Z0-9])[A-Za-z0-9]{4}`,
  String.raw`eyJ[A-Za-z0-9_-]{8}`,
].join('|'));
/** Web tokens are the longest that are usual. */
const CUT_RUN = 4_000;

/** Where a secret begins that went on behind the end of `head`; `undefined`: there is none. */
export function cutShapeStart(head: string): number | undefined {
  const from = runStart(head);
  const at = head.slice(from).search(CUT_SHAPE);
  return at < 0 ? cutUserinfoStart(head) : from + at;
}

/** Of the characters of tokens at the end. */
function runStart(head: string): number {
  let at = head.length;
  while (at > 0 && head.length - at < CUT_RUN && isOfToken(head.charCodeAt(at - 1))) at -= 1;
  return at;
}

/** `A` to `Z`, `a` to `z`, `0` to `9`, `-`, `.`, `_`. */
function isOfToken(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x2e || code === 0x5f;
}

/** `://user:password` without its `@`, which looks like a host and its port. */
function cutUserinfoStart(head: string): number | undefined {
  const at = head.lastIndexOf('://');
  if (at < 0) return undefined;
  const rest = head.slice(at + 3);
  return /^[^\s/?#"'<>@:]{0,200}:(?!\d{0,5}$)[^\s/?#"'<>@]{1,500}$/.test(rest) ? at + 3 : undefined;
}
