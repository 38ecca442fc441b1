import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertBlobSize, blobId, exactBytes, foldersAbove, notFolderReason, notRegularReason, readBlob, type TreeEntry } from '../../../src/host/github/blob.ts';
import { failureOf } from './failure.ts';

const SHA1 = '0'.repeat(40);
const SHA256 = '0'.repeat(64);

function entryOf(bytes: Uint8Array, more: Partial<NonNullable<TreeEntry['object']>> = {}): TreeEntry {
  return { mode: 0o100644, type: 'blob', oid: blobId(bytes, SHA1), object: { byteSize: bytes.length, isTruncated: false, text: Buffer.from(bytes).toString('utf8'), ...more } };
}

describe('the id of a blob', () => {
  it('is what git says', () => {
    const bytes = Buffer.from([0xef, 0xbb, 0xbf, 0x00, 0x0d, 0x0a, 0xff]);
    expect(blobId(bytes, SHA1)).toBe(execFileSync('git', ['hash-object', '--stdin'], { input: bytes, encoding: 'utf8' }).trim());
  });

  it('is in the object format of the repository', () => {
    expect(blobId(Buffer.from('a'), SHA256)).toBe(createHash('sha256').update('blob 1\0a').digest('hex'));
  });
});

describe('bytes of a text', () => {
  it('are taken only where they are proved: of any bytes, the very same or none', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const exact = exactBytes(entryOf(bytes));
      const isUtf8 = Buffer.compare(Buffer.from(Buffer.from(bytes).toString('utf8'), 'utf8'), bytes) === 0;
      expect(exact === undefined ? null : Buffer.compare(exact, bytes)).toBe(isUtf8 ? 0 : null);
    }));
  });

  it.each([
    ['is cut', { isTruncated: true }], ['is cut without saying so', { text: 'on' }], ['had its line ends changed', { text: 'one\n' }], ['lost its byte order mark', { text: 'one\r\n' }],
    ['is not there', { text: null }], ['is not said to be whole', { isTruncated: undefined }],
  ])('are not taken from a text that %s', (_, more) => {
    expect(exactBytes(entryOf(Buffer.from('\uFEFFone\r\n'), more))).toBeUndefined();
  });
});

describe('reading', () => {
  it('asks for the raw bytes where the text is not enough, and refuses other ones', async () => {
    const bytes = Buffer.from([0xff, 0x00]);
    const asked: string[] = [];
    const client = (answer: Uint8Array) => ({ blob: (sha: string) => (asked.push(sha), Promise.resolve(answer)) });
    expect(await readBlob(client(bytes), 'a', entryOf(bytes, { text: null }))).toEqual(bytes);
    expect(asked).toEqual([blobId(bytes, SHA1)]);
    const error = await failureOf(readBlob(client(Buffer.from('part')), 'a', entryOf(bytes, { text: null })));
    expect([error.code, error.path, error.retry]).toEqual(['ANSWER_UNUSABLE', 'a', { afterMs: null }]);
  });

  it('does not ask for more than the API gives', async () => {
    const client = { blob: () => Promise.reject(new Error('asked')) };
    expect((await failureOf(readBlob(client, 'a', entryOf(Buffer.from('x'), { text: null, byteSize: 100_000_001 })))).code).toBe('LOG_TOO_LARGE');
    expect(() => assertBlobSize('a', 100_000_000)).not.toThrow();
  });
});

describe('modes', () => {
  it.each([
    [0o100644, null, 'it is a file'], [0o100755, null, 'it is a file'], [0o100664, null, 'it is a file'], [40_960, 'it is a symbolic link', 'it is a symbolic link'],
    [0o160000, 'it is a submodule', 'it is a submodule'], [0o40000, 'it is a folder', null], [0o100600, 'its mode is 100600', 'its mode is 100600'],
  ])('are told for %i', (mode, regular, folder) => {
    expect([notRegularReason({ mode }), notFolderReason({ mode })]).toEqual([regular, folder]);
  });
});

describe('folders above', () => {
  it('are each named once, from the top', () => {
    expect(foldersAbove(['a/b/c.md', 'a/d.md', 'e.md'])).toEqual(['a', 'a/b']);
  });
});
