/**
 * Makes openapi-subset.json from GitHub's own description: `node extract.mjs <path of api.github.com.json>`. Source: npm @octokit/openapi (MIT, see NOTICE).
 * Kept are the operations that the product calls, the schemas that they reach, and nothing that only explains.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { argv } from 'node:process';

const OPERATIONS = {
  '/repos/{owner}/{repo}': ['get'],
  '/repos/{owner}/{repo}/pulls/{pull_number}/files': ['get'],
  '/repos/{owner}/{repo}/compare/{basehead}': ['get'],
  '/repos/{owner}/{repo}/actions/jobs/{job_id}': ['get'],
  '/repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs': ['get'],
  '/repos/{owner}/{repo}/git/blobs/{file_sha}': ['get'],
  '/repos/{owner}/{repo}/git/ref/{ref}': ['get'],
  '/repos/{owner}/{repo}/git/refs': ['post'],
  '/repos/{owner}/{repo}/git/trees': ['post'],
  '/repos/{owner}/{repo}/git/commits': ['post'],
  '/repos/{owner}/{repo}/contents/{path}': ['put'],
  '/repos/{owner}/{repo}/issues/{issue_number}/comments': ['get', 'post'],
  '/repos/{owner}/{repo}/issues/comments/{comment_id}': ['patch', 'delete'],
  '/repos/{owner}/{repo}/check-runs': ['post'],
  '/repos/{owner}/{repo}/check-runs/{check_run_id}': ['patch'],
  '/repos/{owner}/{repo}/commits/{ref}/check-runs': ['get'],
};
const EXPLAINS = new Set(['description', 'summary', 'examples', 'example', 'externalDocs', 'tags', 'x-github', 'title', 'deprecated']);

const [, , source] = argv;
const api = JSON.parse(await readFile(source, 'utf8'));
const schemas = {};

/** Follows references; those to schemas stay, as names of `schemas`, all others are replaced by what they name. */
function taken(value, isMap = false) {
  if (Array.isArray(value)) return value.map((one) => taken(one));
  if (typeof value !== 'object' || value === null) return value;
  if (typeof value.$ref === 'string') {
    const [, , group, name] = value.$ref.split('/');
    if (group !== 'schemas') return taken(api.components[group][name]);
    if (!(name in schemas)) {
      schemas[name] = true;
      schemas[name] = taken(api.components.schemas[name]);
    }
    return { $ref: `#/schemas/${name}` };
  }
  // Under `properties` the keys are names of fields.
  return Object.fromEntries(Object.entries(value).filter(([key]) => isMap || !EXPLAINS.has(key)).map(([key, one]) => [key, taken(one, key === 'properties')]));
}

const operations = Object.entries(OPERATIONS).flatMap(([path, methods]) => methods.map((method) => {
  const { requestBody, responses } = api.paths[path][method];
  const body = (content) => taken(content?.['application/json']?.schema ?? null);
  return {
    method: method.toUpperCase(), path,
    request: requestBody === undefined ? null : body((requestBody.$ref === undefined ? requestBody : taken(requestBody)).content),
    responses: Object.fromEntries(Object.entries(responses).map(([status, response]) => [status, body((response.$ref === undefined ? response : api.components.responses[response.$ref.split('/').at(-1)]).content)])),
  };
}));
await writeFile(new URL('openapi-subset.json', import.meta.url), `${JSON.stringify({ source: `@octokit/openapi, GitHub REST API ${api.info.version}`, operations, schemas })}\n`);
