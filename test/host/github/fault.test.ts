import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeError } from '../../../src/errors.ts';
import { faultOf, GitHubFault, type Call, type Failure, type GraphqlError } from '../../../src/host/github/fault.ts';
import { TransportError, type TransportReason } from '../../../src/host/github/transport.ts';

const READ: Call = { name: 'Reading the log', kind: 'read', permission: 'contents: read' };
const WRITE: Call = { name: 'Writing the log', kind: 'write', permission: 'contents: write' };
const COMMENT: Call = { name: 'Commenting', kind: 'write', permission: 'pull-requests: write' };
const AT = 'Wed, 25 Nov 2026 08:00:00 GMT';
const AT_SECONDS = Date.parse(AT) / 1_000;

function answer(status: number, body: unknown = {}, headers: Readonly<Record<string, string>> = {}): Failure {
  return { at: 'answer', status, body, headers: new Map(Object.entries({ date: AT, ...headers })) };
}
function graphql(errors: readonly GraphqlError[], headers: Readonly<Record<string, string>> = {}): Failure {
  return { at: 'graphql', errors, headers: new Map(Object.entries({ date: AT, ...headers })) };
}
function broken(reason: TransportReason, sent: boolean): Failure {
  return { at: 'transport', error: new TransportError(reason, { sent, message: 'CODE' }) };
}
const words = (message: string): { message: string } => ({ message });
const INTEGRATION = 'Resource not accessible by integration';

describe('a permission that is missing', () => {
  it('SEC-114: names the line to add, by what GitHub says that it takes', () => {
    const fault = faultOf(WRITE, answer(403, words(INTEGRATION), { 'x-accepted-github-permissions': 'contents=write' }));
    expect(fault).toMatchObject({ code: 'PERMISSION_MISSING', permission: 'contents: write', effect: 'none', retry: null, status: 403 });
    expect(fault.message).toBe(`Writing the log: the token may not do this (403: “${INTEGRATION}”). Add \`contents: write\` to the \`permissions\` of the job.`);
  });

  it('SEC-114: names the one that we recommend first where several would do', () => {
    const fault = faultOf(COMMENT, answer(403, {}, { 'x-accepted-github-permissions': 'issues=write; pull_requests=write' }));
    expect(fault.permission).toBe('pull-requests: write');
    expect(fault.message).toContain('Add `pull-requests: write` or `issues: write` to');
  });

  it('names all that one way needs', () => {
    const fault = faultOf(WRITE, answer(403, {}, { 'x-accepted-github-permissions': 'contents=write,workflows=write; administration=write' }));
    expect(fault.message).toContain('Add `contents: write, workflows: write` or `administration: write` to');
  });

  it.each(['', 'contents', 'a b=write', '`x`=write', 'contents=owner', ';;,,'])('names what the call needs where the header says nothing usable: "%s"', (header) => {
    expect(faultOf(WRITE, answer(403, words(INTEGRATION), { 'x-accepted-github-permissions': header })).permission).toBe('contents: write');
  });

  it('is known from GraphQL too, whatever the token is', () => {
    for (const errors of [[{ type: 'FORBIDDEN', message: INTEGRATION }], [{ message: 'Resource not accessible by personal access token' }]]) {
      expect(faultOf(WRITE, graphql(errors))).toMatchObject({ code: 'PERMISSION_MISSING', permission: 'contents: write', effect: 'none' });
    }
  });

  it.each([
    ['Although you appear to have the correct authorization credentials, the `octo` organization has an IP allow list enabled', 'REFUSED_BY_GITHUB'],
    ['Resource protected by organization SAML enforcement.', 'REFUSED_BY_GITHUB'],
    ['Repository was archived so is read-only.', 'REPOSITORY_ARCHIVED'],
    ['Unable to create comment because issue is locked.', 'CONVERSATION_LOCKED'],
  ])('is not blamed where GitHub gives another reason: %s', (message, code) => {
    const fault = faultOf(COMMENT, answer(403, words(message), { 'x-accepted-github-permissions': 'issues=write' }));
    expect(fault.code).toBe(code);
    expect(fault.message).toContain(message);
  });
});

it('does not take the header, which comes with every answer, for the reason of another refusal', () => {
  expect(faultOf(WRITE, answer(422, words('Body is too long'), { 'x-accepted-github-permissions': 'contents=write' })).code).toBe('REFUSED_BY_GITHUB');
});

describe('a token and what it may see', () => {
  it('SEC-113: is not tried again once it is refused', () => {
    expect(faultOf(WRITE, answer(401, words('Bad credentials')))).toMatchObject({ code: 'TOKEN_REFUSED', retry: null, effect: 'none' });
  });

  it('SEC-115: says that what is not found may be there unseen', () => {
    const fault = faultOf(READ, answer(404, words('Not Found')));
    expect(fault).toMatchObject({ code: 'NOT_FOUND_ON_GITHUB', retry: null, permission: 'contents: read' });
    expect(fault.message).toContain('it is not there, or the token may not see it');
    expect(faultOf(READ, graphql([{ type: 'NOT_FOUND', message: 'Could not resolve to a Repository' }])).code).toBe('NOT_FOUND_ON_GITHUB');
  });
});

describe('limits', () => {
  const wait = (headers: Readonly<Record<string, string>>, status = 429): unknown => {
    const fault = faultOf(WRITE, answer(status, words('You have exceeded a secondary rate limit.'), headers));
    expect(fault).toMatchObject({ code: 'RATE_LIMITED', effect: 'none' });
    return fault.retry?.afterMs;
  };

  it.each([
    ['60', 60_000],
    ['0', 0],
    ['3600', 3_600_000],
    ['1000000000000', 1e15],
    ['Wed, 25 Nov 2026 08:02:00 GMT', 120_000],
    // Nothing usable: GitHub asks for a minute at least.
    ['Wed, 21 Oct 2026 07:28:00 GMT', 60_000],
    ['-1', 60_000],
    ['1.5', 60_000],
    ['soon', 60_000],
    ['', 60_000],
  ])('SEC-116: waits as retry-after says: "%s"', (value, afterMs) => {
    expect(wait({ 'retry-after': value })).toBe(afterMs);
  });

  it('SEC-116: waits a minute where nobody says when', () => {
    expect(wait({})).toBe(60_000);
    expect(wait({}, 403)).toBe(60_000);
  });

  it('SEC-117: counts from the clock of the answer to the end of a spent budget, not from ours', () => {
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(AT_SECONDS + 2_400) };
    expect(wait(headers, 403)).toBe(2_401_000);
    expect(faultOf(READ, answer(403, {}, headers)).message).toContain('in 41 minutes');
    expect(wait({ ...headers, 'x-ratelimit-reset': String(AT_SECONDS - 50) })).toBe(0);
  });

  it('says a minute where the end of the budget cannot be told', () => {
    expect(wait({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': 'x' })).toBe(60_000);
    expect(wait({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(AT_SECONDS + 9), date: '' })).toBe(60_000);
  });

  it('does not take the budget of an hour that is not spent for a reason to wait', () => {
    expect(wait({ 'x-ratelimit-remaining': '900', 'x-ratelimit-reset': String(AT_SECONDS + 2_400) })).toBe(60_000);
  });

  it.each([['RATE_LIMITED'], ['RATE_LIMIT']])('SEC-116: are known from GraphQL, beside other errors too: %s', (type) => {
    const fault = faultOf(WRITE, graphql([{ message: 'x' }, { type: 'NOT_FOUND', message: 'y' }, { type, message: 'API rate limit exceeded' }]));
    expect(fault).toMatchObject({ code: 'RATE_LIMITED', effect: 'none', graphqlType: type, retry: { afterMs: 60_000 } });
  });

  it('are not seen in a 403 of another kind', () => {
    expect(faultOf(WRITE, answer(403, words(INTEGRATION), { 'x-ratelimit-remaining': '42' })).code).toBe('PERMISSION_MISSING');
  });
});

describe('rules of the repository', () => {
  it.each([
    ['REST', answer(422, words('Repository rule violations found\n\nChanges must be made through a pull request.'))],
    ['REST with the rule among the errors', answer(422, { message: 'Validation Failed', errors: ['Repository rule violations found'] })],
    ['classic protection', answer(409, words('Could not update file: Changes must be made through a pull request.'))],
    ['classic protection by its name', answer(403, words('GH006: Protected branch update failed for refs/heads/main.'))],
    ['GraphQL, classic', graphql([{ type: 'BRANCH_PROTECTION_RULE_VIOLATION', message: 'x' }])],
    ['GraphQL, rulesets', graphql([{ type: 'UNPROCESSABLE', message: 'Repository rule violations found: GH013' }])],
  ])('are told as such: %s', (_, failure) => {
    expect(faultOf(WRITE, failure)).toMatchObject({ code: 'BRANCH_PROTECTED', effect: 'none', retry: null });
  });
});

describe('a log that someone else wrote meanwhile', () => {
  it.each([
    ['STALE_DATA', graphql([{ type: 'STALE_DATA', message: 'Expected branch to point to "a" but it did not. Pull and try again.' }])],
    ['the words alone', graphql([{ message: 'Expected branch to point to "a" but it did not.' }])],
    ['a ref that is there', answer(422, words('Reference already exists'))],
    ['a ref that moved', answer(422, words('Update is not a fast forward'))],
    ['a file that changed', answer(409, words('docs/LOG.md does not match 0123456789'))],
    ['a branch that moved', answer(409, words('is at 0123456 but expected 89abcde'))],
  ])('is surely not written, and worth another look: %s', (_, failure) => {
    expect(faultOf(WRITE, failure)).toMatchObject({ code: 'LOG_CHANGED', effect: 'none', retry: { afterMs: null } });
  });

  it('is not seen where a repository has no commit', () => {
    expect(faultOf(WRITE, answer(409, words('Git Repository is empty.')))).toMatchObject({ code: 'NO_COMMITS', effect: 'none', retry: null });
  });
});

describe('an answer that never came', () => {
  it.each<[TransportReason, string, boolean]>([
    ['unreachable', 'GITHUB_UNAVAILABLE', true],
    ['interrupted', 'GITHUB_UNAVAILABLE', true],
    ['timeout', 'GITHUB_UNAVAILABLE', true],
    ['damaged', 'GITHUB_UNAVAILABLE', true],
    ['too-large', 'ANSWER_UNUSABLE', false],
    ['certificate', 'API_NOT_TRUSTED', false],
    ['foreign-host', 'API_NOT_TRUSTED', false],
  ])('leaves open whether a write that was sent took effect: %s', (reason, code, again) => {
    expect(faultOf(WRITE, broken(reason, true))).toMatchObject({ code, effect: 'unknown', retry: again ? { afterMs: null } : null });
    expect(faultOf(WRITE, broken(reason, false)).effect).toBe('none');
    expect(faultOf(READ, broken(reason, true)).effect).toBe('none');
  });

  it('says so in the message', () => {
    expect(faultOf(WRITE, broken('interrupted', true)).message).toBe('Writing the log: the connection broke off (CODE). It may have taken effect.');
    expect(faultOf(READ, broken('unreachable', false)).message).toBe('Reading the log: GitHub was not reached (CODE).');
  });
});

describe('faults of GitHub', () => {
  it.each([500, 502, 503, 504])('SEC-118: may have let a write take effect: %i', (status) => {
    expect(faultOf(WRITE, answer(status, '<html>unicorn</html>'))).toMatchObject({ code: 'GITHUB_UNAVAILABLE', effect: 'unknown', retry: { afterMs: null }, said: '' });
    expect(faultOf(READ, answer(status, ''))).toMatchObject({ code: 'GITHUB_UNAVAILABLE', effect: 'none' });
  });

  it('say when to come back', () => {
    expect(faultOf(READ, answer(503, {}, { 'retry-after': '7' })).retry).toEqual({ afterMs: 7_000 });
  });

  it('come with a good status from GraphQL', () => {
    for (const message of ['Something went wrong while executing your query on 2026-11-25. Please include `AB12:34` when reporting this issue.', 'The query timed out']) {
      expect(faultOf(WRITE, graphql([{ message }]))).toMatchObject({ code: 'GITHUB_UNAVAILABLE', effect: 'unknown', retry: { afterMs: null } });
    }
  });

  it('are not seen in a refusal that speaks of a time-out', () => {
    expect(faultOf(WRITE, answer(422, words('timed out'))).code).toBe('REFUSED_BY_GITHUB');
  });
});

describe('refusals', () => {
  it('tell what GitHub said of each field', () => {
    const fault = faultOf(WRITE, answer(422, { message: 'Validation Failed', errors: [{ resource: 'IssueComment', field: 'body', code: 'too_long' }, { message: 'Body is too long' }, 'third', 'third', 4] }));
    expect(fault).toMatchObject({ code: 'REFUSED_BY_GITHUB', effect: 'none', retry: null, said: 'Validation Failed: IssueComment body too_long: Body is too long: third' });
  });

  it('leave open what a write did where GraphQL gives no type', () => {
    expect(faultOf(WRITE, graphql([{ message: 'A query attribute must be specified' }]))).toMatchObject({ code: 'REFUSED_BY_GITHUB', effect: 'unknown', retry: null });
    expect(faultOf(WRITE, graphql([{ type: 'UNPROCESSABLE', message: 'path is malformed' }]))).toMatchObject({ code: 'REFUSED_BY_GITHUB', effect: 'none', graphqlType: 'UNPROCESSABLE' });
  });

  it('of a redirect are told as such', () => {
    expect(faultOf(WRITE, answer(307, {}, { location: 'https://evil.example/' }))).toMatchObject({ code: 'REDIRECT_REFUSED', effect: 'none', retry: null });
  });

  it('SEC-118: every status has an answer of its kind', () => {
    for (let status = 300; status < 600; status += 1) {
      const fault = faultOf(WRITE, answer(status, 'x'));
      expect(fault.effect).toBe(status >= 500 || status === 408 ? 'unknown' : 'none');
      expect(fault.message).toMatch(/^Writing the log: .+\.$/);
    }
  });
});

describe('what is quoted', () => {
  const TOKEN = 'plainsecretvalue';
  const told = (body: unknown): string => describeError(faultOf(WRITE, answer(422, body), [TOKEN]));

  it.each([
    ['the token itself', TOKEN],
    ['a token of GitHub', `ghs_${'A1b2'.repeat(9)}`],
    ['a fine-grained token', `github_pat_${'A1b2_'.repeat(9)}`],
    ['a header', `authorization: bearer ${'A1b2'.repeat(9)}`],
    ['an address', 'https://x-access-token:hunter2hunter2@github.com/octo/widgets'],
    ['a signed token', `eyJ${'hbGci'.repeat(4)}.${'abcde'.repeat(4)}.${'sig'.repeat(9)}`],
  ])('SEC-125: holds no secret: %s', (_, secret) => {
    const text = told({ message: `failed with ${secret} here`, errors: [`again ${secret}`] });
    expect(text).toContain('failed with ');
    expect(text).toContain(' here');
    for (const part of secret.split(/[ :/@]/).filter((piece) => piece.length > 12 && !piece.startsWith('authorization') && piece !== 'x-access-token')) expect(text).not.toContain(part);
    expect(text).not.toContain('hunter2');
  });

  it('is one short line without characters that act', () => {
    const fault = faultOf(WRITE, answer(422, words(`a\r\n::error::b\u001b[31m\u202e \u2028c ${'x'.repeat(5_000)}`)));
    expect(fault.message).not.toMatch(/[\r\n\u001b\u202e\u2028]/u);
    expect([...fault.said].length).toBe(200);
    expect(fault.said.endsWith('…')).toBe(true);
  });

  it('is never a page of HTML', () => {
    expect(faultOf(READ, answer(403, ' <!DOCTYPE html><title>x</title>')).said).toBe('');
  });

  it('is bounded in time for any length', () => {
    const from = performance.now();
    for (const piece of ['archived ', '://a', 'ghs_', ' ', 'bearer ', 'GH0']) faultOf(WRITE, answer(403, words(piece.repeat(1_000_000))), [TOKEN]);
    expect(performance.now() - from).toBeLessThan(2_000);
  });

  it('makes a fault of any answer, on one line', () => {
    const arbitrary = fc.record({ status: fc.integer({ min: 300, max: 599 }), body: fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }), fc.record({ message: fc.string({ unit: 'binary' }), errors: fc.array(fc.jsonValue()) })) });
    fc.assert(
      fc.property(arbitrary, ({ status, body }) => {
        const fault = faultOf(WRITE, answer(status, body));
        expect(fault).toBeInstanceOf(GitHubFault);
        expect(fault.message).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      }),
    );
  });
});
