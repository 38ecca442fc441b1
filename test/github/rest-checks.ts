/** REST over check runs. */
import { completed } from './contract/contract.ts';
import { apiUrlOf, paged, pageUrlOf, type Route } from './route.ts';
import { Refusal, type Asked, type CheckRunState, type State } from './types.ts';

type CheckBody = Readonly<{
  name?: string; head_sha?: string; external_id?: string; status?: string; conclusion?: string; started_at?: string; completed_at?: string;
  output?: Readonly<{ title?: string; summary?: string; text?: string; annotations?: CheckRunState['annotations'] }>;
}>;

export function checkRoutes(state: State): readonly Route[] {
  return [createRoute(state), updateRoute(state), listRoute(state)];
}

function createRoute(state: State): Route {
  return {
    method: 'POST', pattern: /^\/check-runs$/, needs: { checks: 'write' },
    answer({ who, body }) {
      assertApp(who);
      const check = body as CheckBody;
      assertCommit(state, check.head_sha ?? '');
      const made: CheckRunState = {
        id: state.nextId(), name: check.name ?? '', headSha: check.head_sha ?? '', externalId: check.external_id ?? '', status: 'queued', conclusion: null, startedAt: null, completedAt: null,
        title: null, summary: null, text: null, annotations: [], app: who.app,
      };
      applyCheck(state, made, check);
      state.checkRuns.push(made);
      return { status: 201, body: checkBody(state, made) };
    },
  };
}

function updateRoute(state: State): Route {
  return {
    method: 'PATCH', pattern: /^\/check-runs\/(?<id>\d+)$/, needs: { checks: 'write' },
    answer({ who, body }, { id }) {
      assertApp(who);
      const check = state.checkRuns.find((one) => one.id === Number(id));
      if (check === undefined) throw new Refusal(404, 'Not Found');
      if (check.app !== who.app) throw new Refusal(403, `Invalid app_id \`${appId(who.app)}\` - check run can only be modified by the GitHub App that created it.`);
      applyCheck(state, check, body as CheckBody);
      return { status: 200, body: checkBody(state, check) };
    },
  };
}

function listRoute(state: State): Route {
  return {
    method: 'GET', pattern: /^\/commits\/(?<ref>.+)\/check-runs$/, needs: { checks: 'read' },
    async answer(asked, { ref = '' }) {
      const sha = state.objects.commit(ref) === undefined ? await state.refs.seen(`refs/heads/${ref.replace(/^heads\//, '')}`, asked.view) : ref;
      if (sha === undefined) throw new Refusal(422, `No commit found for SHA: ${ref}`);
      const name = asked.query.get('check_name');
      // The newest first; of one name and app the newest only, unless all are asked for.
      const all = state.checkRuns.filter((check) => check.headSha === sha && (name === null || check.name === name)).reverse();
      const shown = asked.query.get('filter') === 'all' ? all : all.filter((check, at) => all.findIndex((other) => other.name === check.name && other.app === check.app) === at);
      const { items, headers } = paged(state, asked, shown);
      return { status: 200, headers, body: { total_count: shown.length, check_runs: items.map((check) => checkBody(state, check)) } };
    },
  };
}

/** A personal token cannot write checks, whatever its rights. */
function assertApp({ app }: Asked['who']): void {
  if (app === '') throw new Refusal(403, 'You must authenticate via a GitHub App.');
}

function assertCommit({ objects }: State, sha: string): void {
  if (objects.commit(sha) === undefined) throw new Refusal(422, `No commit found for SHA: ${sha}`);
}

/** Annotations add up; everything else of an output is replaced. Nothing is applied of a body that is refused. */
function applyCheck(state: State, check: CheckRunState, { name, status, conclusion, external_id: externalId, started_at: startedAt, completed_at: completedAt, output }: CheckBody): void {
  assertOutput(state, output);
  if (status === 'completed' && conclusion === undefined) throw invalid('A check run that is completed needs a conclusion.');
  if (conclusion === 'stale') throw invalid('Only GitHub sets this conclusion.');
  if (name !== undefined) check.name = name;
  if (externalId !== undefined) check.externalId = externalId;
  if (startedAt !== undefined) check.startedAt = startedAt;
  if (conclusion !== undefined) Object.assign(check, { conclusion, status: 'completed', completedAt: completedAt ?? check.completedAt ?? state.now().toISOString() });
  else if (status !== undefined) Object.assign(check, { status, conclusion: null, completedAt: null });
  if (output === undefined) return;
  const { title, summary, text, annotations = [] } = output;
  Object.assign(check, { title: title ?? check.title, summary: summary ?? null, text: text ?? null, annotations: [...check.annotations, ...annotations] });
}

const ANNOTATION_MESSAGE_BYTES = 65_536;
const ANNOTATION_TITLE_CHARACTERS = 255;

function assertOutput({ limits }: State, output: CheckBody['output']): void {
  for (const field of ['summary', 'text'] as const) {
    const bytes = Buffer.byteLength(output?.[field] ?? '');
    if (bytes > limits.checkCharacters) throw invalid(`Only ${limits.checkCharacters} characters are allowed for ${field}; ${bytes} were supplied.`);
  }
  const annotations = output?.annotations ?? [];
  if (annotations.length > limits.annotations) throw invalid(`No more than ${limits.annotations} annotations.`);
  if (annotations.some(({ message, title = '' }) => Buffer.byteLength(message) > ANNOTATION_MESSAGE_BYTES || title.length > ANNOTATION_TITLE_CHARACTERS)) throw invalid('An annotation is too long.');
}

function invalid(why: string): Refusal {
  return new Refusal(422, `Invalid request.\n\n${why}`);
}

/** Of GitHub Actions, the number that it has on github.com. */
function appId(slug: string): number {
  return slug === 'github-actions' ? 15_368 : 20_000 + [...slug].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0);
}

function checkBody(state: State, check: CheckRunState): unknown {
  const url = `${apiUrlOf(state)}/check-runs/${check.id}`;
  // The address of one's own details is not taken from this token.
  const page = `${pageUrlOf(state)}/runs/${check.id}`;
  return completed('check-run', {
    id: check.id, name: check.name, head_sha: check.headSha, external_id: check.externalId, status: check.status, conclusion: check.conclusion, started_at: check.startedAt, completed_at: check.completedAt,
    url, html_url: page, details_url: page, node_id: `CR_${check.id}`, check_suite: { id: 1 }, pull_requests: [],
    output: { title: check.title, summary: check.summary, text: check.text, annotations_count: check.annotations.length, annotations_url: `${url}/annotations` },
    app: { id: appId(check.app), slug: check.app, name: check.app, owner: completed('simple-user', { login: 'github', id: 1 }) },
  });
}
