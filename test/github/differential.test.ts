import { isDeepStrictEqual } from 'node:util';
import { createEmulator } from 'emulate';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hold, type Ask, type Double, type Heard } from './differential.ts';
import { startGitHub } from './loopback.ts';

const TOKEN = 'ghs_differential';

function asking(origin: string, known: string): Ask {
  return async (route, body, token = known) => {
    const [method = '', path = ''] = route.split(' ');
    const answer = await fetch(`${origin}/repos/octo/widgets${path}`, { method, headers: { authorization: `token ${token}`, 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }) });
    const text = await answer.text();
    return { status: answer.status, link: answer.headers.get('link') ?? '', body: text === '' ? null : JSON.parse(text) as unknown };
  };
}

async function ours(): Promise<Double> {
  const github = await startGitHub();
  onTestFinished(() => github.close());
  return { ask: asking(github.apiUrl, github.token(undefined, { login: 'octo', app: 'octo' })), openPull: async () => (await github.openPull({ head: 'work', base: 'main' })).number };
}

async function emulated(): Promise<Double> {
  const emulator = await createEmulator({ service: 'github', port: 0, seed: { tokens: { [TOKEN]: { login: 'octo' } }, github: { users: [{ login: 'octo' }], repos: [{ owner: 'octo', name: 'widgets', auto_init: false }] } } });
  onTestFinished(() => emulator.close());
  const ask = asking(emulator.url.replace('localhost', '127.0.0.1'), TOKEN);
  return { ask, openPull: async () => ((await ask('POST /pulls', { title: 'Work', head: 'work', base: 'main' })).body as { number: number }).number };
}

type Difference = Readonly<{ ours: Heard; theirs: Heard; because: string }>;

function statuses(mine: number, theirs: number, because: string): Difference {
  return { ours: { status: mine }, theirs: { status: theirs }, because };
}

function values(mine: unknown, theirs: unknown, because: string): Difference {
  return { ours: { status: 200, seen: mine }, theirs: { status: 200, seen: theirs }, because };
}

const CHECK = { name: 'Audit', head: true, status: 'completed', conclusion: 'neutral', key: 'key', title: 't' };

/** All that is known to differ, with what speaks for ours. */
const DIFFERENCES: Readonly<Record<string, Difference>> = {
  'a branch of an empty repository': statuses(409, 404, "GitHub's description has 409 for git data of an empty repository"),
  'a tree in an empty repository': statuses(409, 201, "GitHub's description has 409 for git data of an empty repository"),
  'the first file: signed': values(true, false, "GitHub signs an app's commits that name no author; emulate signs none"),
  'a root commit: signed': values(true, false, "GitHub signs an app's commits that name no author; emulate signs none"),
  'a file at a path of git': statuses(422, 201, 'GitHub refuses a path with a part .git as malformed, and so does git'),
  'a tree of nothing': statuses(422, 201, 'GitHub takes no tree without entries'),
  'a branch with a name that git refuses': statuses(422, 201, 'git itself cannot store such a ref'),
  'the files of a pull request': values([{ filename: 'src/a b.ts', status: 'added' }], [], 'emulate makes up as many files as it was told, and lists none of the real ones'),
  'a comment of 65,537 characters': statuses(422, 201, 'GitHub takes 65,536 characters; emulate has no limit'),
  'a check run with another verdict': values({ ...CHECK, summary: 'n', text: 'y', annotations: 1 }, { ...CHECK, summary: 'n', text: 'y', annotations: 0 }, 'GitHub keeps the annotations of before; emulate puts the new ones in their place'),
  'a check run with more annotations': values({ ...CHECK, summary: 's', text: 'y', annotations: 3 }, { ...CHECK, summary: 's', text: 'y', annotations: 2 }, 'GitHub appends annotations; emulate puts the new ones in the place of the old'),
  'all check runs of a name': values({ count: 2, conclusions: ['neutral', 'failure'] }, { count: 2, conclusions: ['neutral', null] }, "by GitHub's description a conclusion completes a check run; emulate drops one without the status"),
  'check runs of a commit that is not there': statuses(422, 404, 'GitHub says that it finds no commit for the SHA'),
  'a check run on a commit that is not there': statuses(422, 201, 'GitHub says that it finds no commit for the SHA'),
  'a check run with 51 annotations': statuses(422, 201, "GitHub's description allows 50 in a request"),
  'a check run with a level that there is not': statuses(422, 201, "GitHub's description names three levels"),
  'a check run with a summary of 65,536 characters': statuses(422, 201, "GitHub's description allows 65,535"),
  'a check run with an output without a title': statuses(422, 201, "GitHub's description needs a title"),
  'a token that is unknown': statuses(401, 422, 'GitHub answers 401 before it looks at the request; emulate takes any token'),
};

describe('the loopback GitHub and emulate, an independent double', () => {
  it('answer one session alike, but for what is listed with a reason', async () => {
    const [mine, theirs] = await Promise.all([ours().then(hold), emulated().then(hold)]);
    const differing = [...mine].filter(([step, heard]) => !isDeepStrictEqual(heard, theirs.get(step)));
    expect(Object.fromEntries(differing.map(([step, heard]) => [step, { ours: heard, theirs: theirs.get(step) }]))).toEqual(
      Object.fromEntries(Object.entries(DIFFERENCES).map(([step, { ours: own, theirs: other }]) => [step, { ours: own, theirs: other }])),
    );
    expect([...mine.keys()]).toEqual([...theirs.keys()]);
    expect(mine.size).toBeGreaterThan(60);
  });
});
