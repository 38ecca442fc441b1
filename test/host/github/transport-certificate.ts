/** A certificate that a test makes for itself, so that no key lies in the repository: X.509 v3 (RFC 5280) in DER, signed by its own key. */
import { generateKeyPairSync, sign } from 'node:crypto';

export type Certificate = Readonly<{ cert: string; key: string }>;

const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OBJECT_ID = 0x06;
const UTF8_STRING = 0x0c;
const GENERALIZED_TIME = 0x18;

function der(tag: number, ...parts: readonly (Uint8Array | string)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
  const length = content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

/** Object identifiers as their bytes in hex. */
const COMMON_NAME = '550403';
const ALTERNATIVE_NAMES = '551d11';
const BASIC_CONSTRAINTS = '551d13';
const ECDSA_WITH_SHA256 = '2a8648ce3d040302';
const id = (hex: string): Buffer => der(OBJECT_ID, Buffer.from(hex, 'hex'));

function time(date: Date): Buffer {
  return der(GENERALIZED_TIME, date.toISOString().replace(/[-:T]|\.\d+/g, ''));
}

/** For `localhost` and 127.0.0.1, from an hour ago until in an hour. */
export function makeCertificate(now: Date): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, id(COMMON_NAME), der(UTF8_STRING, 'audit-run-log test'))));
  const algorithm = der(SEQUENCE, id(ECDSA_WITH_SHA256));
  const names = der(SEQUENCE, der(0x82, 'localhost'), der(0x87, Uint8Array.of(127, 0, 0, 1)));
  const extensions = der(0xa3, der(SEQUENCE,
    der(SEQUENCE, id(ALTERNATIVE_NAMES), der(OCTET_STRING, names)),
    der(SEQUENCE, id(BASIC_CONSTRAINTS), der(OCTET_STRING, der(SEQUENCE, Uint8Array.of(0x01, 0x01, 0xff)))),
  ));
  const body = der(SEQUENCE,
    der(0xa0, der(INTEGER, Uint8Array.of(2))),
    der(INTEGER, Uint8Array.of(1)),
    algorithm, name,
    der(SEQUENCE, time(new Date(now.getTime() - 3_600_000)), time(new Date(now.getTime() + 3_600_000))),
    name,
    publicKey.export({ format: 'der', type: 'spki' }),
    extensions,
  );
  const signed = der(SEQUENCE, body, algorithm, der(BIT_STRING, Uint8Array.of(0), sign('sha256', body, privateKey)));
  const lines = signed.toString('base64').replace(/.{64}/g, '$&\n');
  return { cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`, key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() };
}
