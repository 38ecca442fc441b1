/** YAML of a workflow file, read without expanding anything and without the stack running out. */
import { Composer, isAlias, isMap, isScalar, Parser, type CST, type Document } from 'yaml';

/** A workflow nests about ten levels deep. The library composes a document by recursion, which some thousand levels end for the whole process on Node 20. */
const MAX_DEPTH = 100;
const MAX_ALIASES = 500;

/** Each alias costs a walk over the document. */
export type Reading = { readonly document: Document; aliasesLeft: number };

/** Or why it cannot be read. */
export function openYaml(text: string): Reading | string {
  const tokens = [...new Parser().parse(text)];
  if (isDeep(tokens)) return `it is nested more than ${MAX_DEPTH} levels deep`;
  const [document, ...more] = new Composer({ merge: false, logLevel: 'silent', prettyErrors: false, strict: true }).compose(tokens, true, text.length);
  if (document === undefined || more.length > 0 || document.errors.length > 0) return 'it is not valid YAML';
  return { document, aliasesLeft: MAX_ALIASES };
}

/** What went wrong while fields were read; `null`: nothing. */
export function readingFault({ aliasesLeft }: Reading): string | null {
  return aliasesLeft < 0 ? `it has more than ${MAX_ALIASES} aliases (\`*name\`)` : null;
}

function isDeep(tokens: readonly CST.Token[]): boolean {
  const open: (readonly [token: CST.Token, depth: number])[] = tokens.map((token) => [token, 0]);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [token, depth] = next;
    if (depth > MAX_DEPTH) return true;
    if ('value' in token && token.value !== undefined) open.push([token.value, depth + 1]);
    if (!('items' in token)) continue;
    for (const { key, value } of token.items) {
      for (const part of [key, value]) if (part !== null && part !== undefined) open.push([part, depth + 1]);
    }
  }
  return false;
}

export function resolve(read: Reading, node: unknown): unknown {
  if (!isAlias(node)) return node;
  read.aliasesLeft -= 1;
  return read.aliasesLeft < 0 ? undefined : node.resolve(read.document);
}

/** The value of a key, aliases followed; `undefined` where there is none. */
export function field(read: Reading, node: unknown, key: string): unknown {
  const map = resolve(read, node);
  const pair = isMap(map) ? map.items.find((one) => isScalar(one.key) && one.key.value === key) : undefined;
  return pair === undefined ? undefined : resolve(read, pair.value);
}

/** As `field`, for plain values; numbers and the like as text. */
export function textField<K extends string>(read: Reading, node: unknown, key: K): Partial<Record<K, string>> {
  const found = field(read, node, key);
  const value = isScalar(found) ? found.value : undefined;
  const fields: Partial<Record<K, string>> = {};
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') fields[key] = String(value);
  return fields;
}
