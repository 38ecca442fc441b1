/** REST: which operation a request asks for, whether it may, and whether both sides keep to GitHub's description. */
import { answerViolations, completed, describedOperation, requestViolations, type Operation } from './contract/contract.ts';
import { apiUrlOf, pageUrlOf, type Route } from './route.ts';
import { changeRoutes } from './rest-changes.ts';
import { checkRoutes } from './rest-checks.ts';
import { commentRoutes } from './rest-comments.ts';
import { contentsRoute } from './rest-contents.ts';
import { gitRoutes } from './rest-git.ts';
import { jobRoutes } from './rest-jobs.ts';
import { acceptedPermissions, isAllowed, NOT_ACCESSIBLE, Refusal, type Answer, type Asked, type State } from './types.ts';

export function restRoutes(state: State): readonly Route[] {
  return [repositoryRoute(state), ...gitRoutes(state), contentsRoute(state), ...changeRoutes(state), ...jobRoutes(state), ...commentRoutes(state), ...checkRoutes(state)];
}

/** Every token may see that the repository is there. */
function repositoryRoute(state: State): Route {
  const { owner, name, repositoryId, defaultBranch } = state;
  return {
    method: 'GET', pattern: /^$/, needs: {},
    answer: () => ({
      status: 200,
      body: completed('full-repository', {
        id: repositoryId, name, full_name: `${owner}/${name}`, default_branch: defaultBranch, private: true, visibility: 'private', archived: false, url: apiUrlOf(state), html_url: pageUrlOf(state),
      }),
    }),
  };
}

/** Throws Refusal. `broken` takes what goes against the description. */
export async function answerRest(state: State, { asked, routes, broken }: Readonly<{ asked: Asked; routes: readonly Route[]; broken: string[] }>): Promise<Answer> {
  const path = pathWithin(state, asked.path);
  if (path === undefined) throw new Refusal(404, 'Not Found');
  const operation = describedOperation(asked.method, `/repos/${state.owner}/${state.name}${path}`);
  const found = routeOf(routes, asked.method, path);
  if (operation === undefined || found === undefined) {
    broken.push(`${asked.method} ${asked.path} is no operation that the double knows`);
    throw new Refusal(404, 'Not Found');
  }
  const answer = await answered(operation, { ...found, asked, broken });
  if (answer.raw === undefined) broken.push(...answerViolations(operation, answer.status, answer.body));
  const accepted = acceptedPermissions(found.route.needs);
  return accepted === '' ? answer : { ...answer, headers: { 'x-accepted-github-permissions': accepted, ...answer.headers } };
}

type Found = Readonly<{ route: Route; groups: Readonly<Record<string, string>> }>;

/** GitHub takes names in any case, and the number of the repository for its name. */
function pathWithin({ owner, name, repositoryId }: State, path: string): string | undefined {
  const [, place = '', rest = ''] = /^\/(repos\/[^/]+\/[^/]+|repositories\/\d+)(\/.*)?$/.exec(path) ?? [];
  if (place.toLowerCase() !== `repos/${owner}/${name}`.toLowerCase() && place !== `repositories/${repositoryId}`) return undefined;
  try {
    return decodeURIComponent(rest).replace(/\/$/, '');
  } catch {
    return undefined;
  }
}

function routeOf(routes: readonly Route[], method: string, path: string): Found | undefined {
  for (const route of routes) {
    const match = route.method === method ? route.pattern.exec(path) : null;
    if (match !== null) return { route, groups: match.groups ?? {} };
  }
  return undefined;
}

async function answered(operation: Operation, { route, groups, asked, broken }: Found & Readonly<{ asked: Asked; broken: string[] }>): Promise<Answer> {
  try {
    if (!isAllowed(asked.who, route.needs)) throw new Refusal(403, NOT_ACCESSIBLE);
    const wrong = requestViolations(operation, asked.body);
    broken.push(...wrong);
    if (wrong.length > 0) throw new Refusal(422, `Invalid request.\n\n${wrong.join('\n')}`);
    return await route.answer(asked, groups);
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    throw error;
  }
}
