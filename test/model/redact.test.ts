import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactDocument, redactText, redactValue, secretForms } from '../../src/model/redact.ts';
import { letters, TOKENS } from './secret-samples.ts';

const shown = (text: string, secrets: readonly string[] = []): string => redactText(text, secrets).text;

describe('shapes of secrets', () => {
  for (const [what, token] of Object.entries(TOKENS)) {
    it(`SEC-55: leaves nothing of ${what}`, () => {
      expect(shown(`before ${token} behind`)).toBe('before *** behind');
      expect(redactText(`"${token}", '${token}'`, [])).toEqual({ text: `"***", '***'`, found: 2 });
      for (const lead of ['\\n', '%3A', '\\u0022', '_', '=', ':']) expect(shown(`x${lead}${token}\n`), lead).toBe(`x${lead}***\n`);
    });
  }

  it('SEC-55: takes a private key out from its first line to its last, and to the end where it was cut', () => {
    const key = `-----BEGIN RSA PRIVATE KEY-----\n${letters(64)}\n-----END RSA PRIVATE KEY-----`;
    const escaped = key.replaceAll('\n', '\\n');
    expect(redactText(`a\n${key}\nb\n${key}\nc`, [])).toEqual({ text: 'a\n***\nb\n***\nc', found: 2 });
    expect(shown(`a\n${key.replaceAll('\n', '\n    | ')}\nc`)).toBe('a\n***\nc');
    expect(shown(`{"key": "${escaped}"}`)).toBe('{"key": "***"}');
    expect(shown(`a\n${key.slice(0, 60)}`)).toBe('a\n***');
    expect(shown(`a\n${key.replaceAll('PRIVATE KEY', 'PRIVATE KEY BLOCK').replaceAll('RSA', 'PGP')}`)).toBe('a\n***');
  });

  it('SEC-125: keeps an address and the name of a header, and takes out the credentials in them', () => {
    const shownAs = {
      'connect https://x-access-token:geheimnis@example.org/a': 'connect https://***@example.org/a',
      'https://u:p@ss@w0rd@example.org/a': 'https://***@example.org/a',
      'redis://:geheimnis@cache:6379 and ftp://a:b@c': 'redis://***@cache:6379 and ftp://***@c',
      'Authorization: Bearer abcdefgh12345678 sent': 'Authorization: Bearer *** sent',
      '{"authorization": "Basic dXNlcjpwYXNzd29yZA=="}': '{"authorization": "Basic ***"}',
      '{\\"AUTHORIZATION\\": \\"token abcdefgh12345678\\"}': '{\\"AUTHORIZATION\\": \\"token ***\\"}',
      "authorization: 'bearer abcdefgh12345678'": "authorization: 'bearer ***'",
      'http.extraheader=AUTHORIZATION: basic dXNlcjpwYXNzd29yZA==': 'http.extraheader=AUTHORIZATION: basic ***',
      'Proxy-Authorization: a1b2c3d4e5f6a1b2c3d4e5f6': 'Proxy-Authorization: ***',
      'sent Bearer a1b2c3d4e5f6a1b2c3d4e5f6': 'sent Bearer ***',
      [`https://store.example.org/x?a=1&sig=${letters(30)}%3D`]: 'https://store.example.org/x?a=1&sig=***',
      [`https://store.example.org/x?X-Amz-Date=1&X-Amz-Signature=${letters(30)}`]: 'https://store.example.org/x?X-Amz-Date=1&X-Amz-Signature=***',
      [`aws_secret_access_key = ${letters(40)}`]: 'aws_secret_access_key = ***',
      [`https://hooks.slack.com/services/T0/B0/${letters(24)}`]: 'https://hooks.slack.com/services/***',
    };
    for (const [text, expected] of Object.entries(shownAs)) expect(shown(text)).toBe(expected);
  });

  it('SEC-55: leaves nothing of a secret that a cut went through', () => {
    for (const [what, token] of Object.entries(TOKENS)) expect(shown(`the header was ${token.slice(0, 20)}…`), what).toBe('the header was ***…');
    expect(shown('connect https://octo:geheim…')).toBe('connect https://***…');
    const secrets = secretForms(['correct horse battery staple']);
    expect(redactText('it said correct horse ba… (sha256 0 of all 9 characters)', secrets)).toEqual({ text: 'it said ***… (sha256 0 of all 9 characters)', found: 1 });
    expect(shown('it said correct…', secrets)).toBe('it said ***…');
    expect(shown('it said corre…', secrets)).toBe('it said corre…');
  });

  it('leaves harmless text alone', () => {
    const harmless = [
      'a94a8fe5ccb19ba61c4c0873d391e987982fbbd3', '123e4567-e89b-12d3-a456-426614174000', 'F-7KQ2MDXA', `sha256-${letters(43)}=`, `data:image/png;base64,iVBORw0KGgo${letters(300)}AIza${letters(60)}==`,
      'AsiaPacificQuarterly', 'EURASIA1234567890ABCDEF', '@octokit/plugin-paginate-rest@14.0.0', 'https://example.org:8080/a?b=c', 'http://localhost:5173/@vite/client', 'git@github.com:octo/widgets.git',
      'ssh://git@github.com:22/octo/widgets.git', `docker://alpine:3.19@sha256:${'ab'.repeat(32)}`, 'see http://localhost:8080, octo@example.org', 'http://localhost:8080…', 'https://[::1]:3000/a@b',
      'authorization is missing', 'expected "Bearer" to be "Basic"', 'Authorization: Bearer <token>', 'Authorization: required-but-missing-here', 'bearer of unusually-long-hyphenated-words',
      'ghs_short', 'ghs_regulation_labels_are_shown_in_every_language', 'ghs_labels_are_sh…', 'laughs_and_giggles_until_the_very_end_of_it', 'src/eyJ.ts', 'eyJhbGciOiJub25lIn0', 'eyJhbGciOiJub25lIn0.test.ts',
      '::1', 'sig=1', 'npm_config_cache', 'npm_lifecycle_event', 'npm_config_reg…', 'xoxb-1', 'risk_live_monitoring', 'half_open_and_shut', 'pypi-server-with-a-long-name', 'user: octo@example.org', 'a.b.c.d',
      'reads "-----BEGIN PRIVATE KEY-----" and says what is wrong', 'rejects -----BEGIN CERTIFICATE-----', 'PRIVATE KEY', 'token expired after 3600 seconds', 'std::vector<token>::iterator',
    ];
    for (const text of harmless) expect(redactText(text, secretForms(['never there, not once']))).toEqual({ text, found: 0 });
  });

  it('SEC-29: stays linear on text made to be slow', () => {
    const pieces = [
      'ghs_', 'ghs_a_eyJ', 'github_pat_', '://', 'a:', 'eyJ', 'eyJ-', 'eyJ.', 'eyJaaaaaaaa.', 'Authorization: Bearer ', 'Authorization: ', 'Bearer ', 'bearer a-', '&sig=', '%', 'AKIA', 'npm_', 'xoxb-', 'pypi-', '-----BEGIN PRIVATE KEY-----',
      '-----BEGIN ', '-----END PRIVATE KEY-----', 'PRIVATE KEY', 'secret_access_key=', 'hooks.slack.com/a/', '…', 'ghs_aA…', '\\n', ' ', '\n', '@',
    ];
    const long = (piece: string): string => piece.repeat(Math.ceil(200_000 / piece.length));
    for (const piece of pieces) {
      for (const text of [long(piece), `://${long(piece)}`, `Authorization: ${long(piece)}`, `${long(piece)}…`]) {
        const start = performance.now();
        redactText(text, secretForms(['never there, not once', 'ghs_a_never']));
        // A quadratic look takes tens of seconds; this is far above what a busy machine needs for a linear one.
        expect(performance.now() - start, JSON.stringify(text.slice(0, 30))).toBeLessThan(1_500);
      }
    }
  });
});

describe('known values', () => {
  it('SEC-55: takes out a known value in every form it may have', () => {
    const secret = 'p@ss w"rd\\line ü';
    const secrets = secretForms([secret]);
    const forms = [secret, encodeURIComponent(secret), encodeURIComponent(secret).toLowerCase(), new URLSearchParams({ '': secret }).toString().slice(1), JSON.stringify(secret).slice(1, -1)];
    for (const form of forms) expect(shown(`<${form}>`, secrets)).toBe('<***>');
    for (const encoding of ['base64', 'base64url'] as const) {
      for (const before of ['', 'u', 'us', 'user:']) {
        const bare = Buffer.from(`${before}${secret}`).toString(encoding);
        const text = shown(bare, secrets);
        expect(text).toContain('***');
        // At both ends a character may hold bits of what stands around.
        expect(text.length - 3, `${encoding} ${before}`).toBeLessThanOrEqual(Math.ceil((before.length * 4) / 3) + 6);
      }
    }
  });

  it('takes out a value whose blanks a title has collapsed, and each line of one that has several', () => {
    const secrets = secretForms(['first  line\twith gaps\r\nsecond line\n']);
    expect(shown('x first line with gaps second line y', secrets)).toBe('x *** y');
    expect(shown('x second line y', secrets)).toBe('x *** y');
  });

  it('takes out the longest of values that hold each other', () => {
    expect(shown('a correct-horse-battery b correct-horse', secretForms(['correct-horse', 'correct-horse-battery']))).toBe('a *** b ***');
  });

  it('never lets a known value through, whatever stands around it', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9+/]{8,40}$/);
    fc.assert(fc.property(secret, fc.string(), fc.string(), (value, before, behind) => {
      expect(shown(`${before}${value}${behind}`, secretForms([value]))).not.toContain(value);
    }));
  });

  it('finds nothing in what it has redacted', () => {
    const piece = fc.oneof(fc.constantFrom(...Object.values(TOKENS), '://a:b@c', 'Authorization: Basic ', '…', '\n', ' ', '.', '-----BEGIN PRIVATE KEY-----', 'eyJ', 'ghs_', 'correct horse battery'), fc.string({ maxLength: 12 }));
    const secrets = secretForms(['correct horse battery']);
    fc.assert(fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const once = shown(pieces.join(' '), secrets);
      expect(redactText(once, secrets)).toEqual({ text: once, found: 0 });
    }), { numRuns: 500 });
  });

  it('does not take what is too short for a secret', () => {
    expect(secretForms(['pass', 'true'])).toEqual([]);
  });
});

describe('redactDocument', () => {
  it('leaves JSON as JSON with the same texts, whatever they are', () => {
    const piece = fc.oneof(fc.constantFrom(...Object.values(TOKENS), '://a:b@c', 'Authorization: Basic ', '…', '\n', '"', '\\', '-----BEGIN PRIVATE KEY-----', '-----END PRIVATE KEY-----', letters(64), 'correct horse battery'), fc.string({ maxLength: 8 }));
    const texts = fc.array(fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(' ')), { maxLength: 5 });
    const secrets = secretForms(['correct horse battery']);
    fc.assert(fc.property(texts, (list) => {
      const read: unknown = JSON.parse(redactDocument(JSON.stringify(list), secrets).text);
      expect(read).toHaveLength(list.length);
      const redacted = list.map((text) => redactText(text, secrets).text);
      expect(JSON.parse(redactDocument(JSON.stringify(redacted), secrets).text)).toEqual(redacted);
    }), { numRuns: 500 });
  });
});

describe('redactValue', () => {
  it('redacts texts at any depth, but not the properties that are kept, and shares what holds no secret', () => {
    const value = { a: [{ b: 'correct horse' }], same: { c: ['x'] }, kept: 'correct horse', n: 1, none: null };
    const { value: redacted, found } = redactValue(value, ['correct horse'], new Set(['kept']));
    expect({ redacted, found }).toEqual({ redacted: { a: [{ b: '***' }], same: { c: ['x'] }, kept: 'correct horse', n: 1, none: null }, found: 1 });
    expect(redacted.same).toBe(value.same);
  });

  it('SEC-55: takes out the lines of a private key that stand one by one, and no name that only speaks of one', () => {
    const lines = ['a', '  -----BEGIN RSA PRIVATE KEY-----', 'Proc-Type: 4,ENCRYPTED', '', letters(64), `| ${letters(64)}`, 'aB3=', '-----END RSA PRIVATE KEY-----', 'b'];
    expect(redactValue(lines, []).value).toEqual(['a', ...lines.slice(1, -1).map(() => '***'), 'b']);
    expect(redactValue(lines.slice(0, 5), []).value).toEqual(['a', '***', '***', '***', '***']);
    expect(redactValue(['-----BEGIN PRIVATE KEY-----', letters(64), 'then a test'], []).value).toEqual(['***', '***', 'then a test']);
    const many = [...Array.from({ length: 499 }, (_, at) => `line ${at}`), ...lines];
    expect(redactValue(many, []).value.slice(499)).toEqual(['a', ...lines.slice(1, -1).map(() => '***'), 'b']);
    const names = ['adds', 'reads -----BEGIN PRIVATE KEY-----', 'reads it', 'zeroes'];
    expect(redactValue(names, [])).toEqual({ value: names, found: 0 });
  });

  it('finds one secret among many names', () => {
    const names = Array.from({ length: 1_200 }, (_, at) => (at === 777 ? 'logs in with correct horse' : `test ${at}`));
    expect(redactValue(names, ['correct horse'])).toEqual({ value: names.map((name, at) => (at === 777 ? 'logs in with ***' : name)), found: 1 });
  });
});
