/** Bytes to text, by byte order mark or XML declaration: what is not valid is replaced and counted, what is not supported is refused by name. */

export type Decoder = Readonly<{
  /** The text that became complete with these bytes; nothing once the encoding was refused. */
  decode(bytes: Uint8Array): string;
  /** The text of what was held back. */
  end(): string;
  /** Sequences replaced by U+FFFD so far. */
  badBytes(): number;
  /** Why the bytes are not read: the encoding by name. */
  refusal(): string | undefined;
}>;

type Encoding = 'UTF-8' | 'UTF-16LE' | 'UTF-16BE' | 'ISO-8859-1' | 'Windows-1252';
type Choice = Readonly<{ encoding: Encoding; skip: number } | { refusal: string }>;

/** A declaration that has not ended by then is none. */
const HEAD_BYTES = 1024;
const NO_BYTES = new Uint8Array(0);

/** Names that a declaration may give, in lower case, and what the bytes then must be. */
const DECLARED: ReadonlyMap<string, readonly Encoding[]> = new Map<string, readonly Encoding[]>([
  ['utf-8', ['UTF-8']], ['utf8', ['UTF-8']], ['us-ascii', ['UTF-8']], ['ascii', ['UTF-8']],
  ['utf-16', ['UTF-16LE', 'UTF-16BE']], ['utf16', ['UTF-16LE', 'UTF-16BE']], ['utf-16le', ['UTF-16LE']], ['utf-16be', ['UTF-16BE']],
  ['iso-8859-1', ['ISO-8859-1']], ['iso8859-1', ['ISO-8859-1']], ['iso_8859-1', ['ISO-8859-1']], ['latin1', ['ISO-8859-1']], ['latin-1', ['ISO-8859-1']],
  ['windows-1252', ['Windows-1252']], ['cp1252', ['Windows-1252']], ['cp-1252', ['Windows-1252']],
]);

/** Windows-1252 where it differs from ISO-8859-1: 0x80 to 0x9F (WHATWG Encoding, index windows-1252). */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

export function openDecoder(): Decoder {
  let choice: Choice | undefined;
  let held: Uint8Array = NO_BYTES;
  let bad = 0;
  const decodeHeld = (isLast: 'last' | 'more'): string => {
    choice ??= chooseEncoding(held, isLast);
    if (choice === undefined || 'refusal' in choice) return '';
    const bytes = choice.skip === 0 ? held : held.subarray(choice.skip);
    if (choice.skip > 0) choice = { encoding: choice.encoding, skip: 0 };
    const end = isLast === 'last' ? bytes.length : bytes.length - incompleteBytes(bytes, choice.encoding);
    // A copy, since the caller may use its buffer again.
    held = end === bytes.length ? NO_BYTES : bytes.slice(end);
    const { text, replaced } = decodePiece(bytes.subarray(0, end), choice.encoding);
    bad += replaced;
    return text;
  };
  return {
    decode(bytes) {
      if (choice !== undefined && 'refusal' in choice) return '';
      held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
      const text = decodeHeld('more');
      if (choice === undefined) held = Uint8Array.from(held);
      return text;
    },
    end: () => (held.length === 0 ? '' : decodeHeld('last')),
    badBytes: () => bad,
    refusal: () => (choice !== undefined && 'refusal' in choice ? choice.refusal : undefined),
  };
}

/** `undefined` while the bytes do not tell yet. */
function chooseEncoding(bytes: Uint8Array, isLast: 'last' | 'more'): Choice | undefined {
  if (bytes.length < 4 && isLast === 'more') return undefined;
  const marked = byMark(bytes);
  if (marked !== undefined && 'refusal' in marked) return marked;
  const encoding = marked?.encoding ?? 'ISO-8859-1';
  const head = bytes.subarray(marked?.skip ?? 0, HEAD_BYTES);
  const { text } = decodePiece(head.subarray(0, head.length - incompleteBytes(head, encoding)), encoding);
  const isDeclaring = text.startsWith('<?xml') || '<?xml'.startsWith(text);
  if (isDeclaring && isLast === 'more' && !text.includes('?>') && bytes.length < HEAD_BYTES) return undefined;
  const declared = /^<\?xml[^>]*?[\s]encoding\s*=\s*["']([^"'>]*)["']/.exec(text)?.[1];
  if (declared === undefined) return marked ?? { encoding: 'UTF-8', skip: 0 };
  return byDeclaration(declared, marked);
}

function byMark(bytes: Uint8Array): Choice | undefined {
  const [a, b, c, d] = bytes;
  if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff)) return { refusal: 'The file is in UTF-32, which is not supported.' };
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'UTF-8', skip: 3 };
  if (a === 0xff && b === 0xfe) return { encoding: 'UTF-16LE', skip: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: 'UTF-16BE', skip: 2 };
  if ((a === 0x3c && b === 0) || (a === 0 && b === 0x3c)) return { refusal: 'The file is in UTF-16 without a byte order mark, which is not supported.' };
  return undefined;
}

function byDeclaration(declared: string, marked: Readonly<{ encoding: Encoding; skip: number }> | undefined): Choice {
  const name = /^[A-Za-z][\w.:-]{0,39}$/.test(declared) ? declared : 'an unusable name';
  const encodings = DECLARED.get(declared.toLowerCase());
  if (encodings === undefined) return { refusal: `The file declares the encoding ${name}, which is not supported.` };
  if (marked !== undefined) {
    if (encodings.includes(marked.encoding)) return marked;
    return { refusal: `The file declares the encoding ${name}, but its byte order mark says ${marked.encoding}.` };
  }
  const [encoding = 'UTF-8'] = encodings;
  if (encoding.startsWith('UTF-16')) return { refusal: `The file declares the encoding ${name}, but its bytes are not.` };
  return { encoding, skip: 0 };
}

/** How many bytes at the end may be the start of a character whose rest has not come yet. */
function incompleteBytes(bytes: Uint8Array, encoding: Encoding): number {
  if (encoding === 'UTF-16LE' || encoding === 'UTF-16BE') return bytes.length % 2;
  if (encoding !== 'UTF-8') return 0;
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc2) return byte <= 0xf4 && back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}

type Piece = Readonly<{ text: string; replaced: number }>;

function decodePiece(bytes: Uint8Array, encoding: Encoding): Piece {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (encoding) {
    case 'UTF-8': return decodeUtf8(buffer);
    case 'UTF-16LE':
    case 'UTF-16BE': return decodeUtf16(buffer, encoding);
    case 'ISO-8859-1': return { text: buffer.toString('latin1'), replaced: 0 };
    case 'Windows-1252': return { text: buffer.toString('latin1').replace(/[\u0080-\u009f]/g, (c) => WINDOWS_1252[c.charCodeAt(0) - 0x80] ?? c), replaced: 0 };
    default: return encoding satisfies never;
  }
}

/** Node replaces by maximal subparts (WHATWG); those that the bytes themselves hold as U+FFFD are no replacements. */
function decodeUtf8(buffer: Buffer): Piece {
  const text = buffer.toString('utf8');
  if (!text.includes('\ufffd')) return { text, replaced: 0 };
  return { text, replaced: text.split('\ufffd').length - buffer.toString('latin1').split('\u00ef\u00bf\u00bd').length };
}

function decodeUtf16(buffer: Buffer, encoding: 'UTF-16LE' | 'UTF-16BE'): Piece {
  const even = buffer.subarray(0, buffer.length - (buffer.length % 2));
  const text = encoding === 'UTF-16LE' ? even.toString('utf16le') : Buffer.from(even).swap16().toString('utf16le');
  return even.length === buffer.length ? { text, replaced: 0 } : { text: `${text}\ufffd`, replaced: 1 };
}
