/** The workflow file: which command each step of the job ran. Loaded only where the names of the steps do not say it. */
import { isSeq } from 'yaml';
import type { JobStep, WorkflowStep } from '../../model/job.ts';
import type { Problem } from '../../model/problem.ts';
import { field, openYaml, readingFault, resolve, textField, type Reading } from './workflow-yaml.ts';

/** GitHub takes no workflow file above 500 KB. https://docs.github.com/actions/reference/limits */
const MAX_CHARACTERS = 512_000;
/** Far more than a job may have on the page of a run. */
const MAX_STEPS = 1_000;

export type WorkflowRequest = Readonly<{
  /** `null` where the file is not there, or out of reach. */
  text: string | null;
  /** Empty where it is not told. */
  path: string;
  /** Key of the job in the file. */
  job: string;
  /** The job's steps by their number, as GitHub tells them. */
  steps: readonly JobStep[];
}>;

/** By the number of the job's step. A file that cannot be read is told, and gives no step. */
export function readWorkflowSteps(request: WorkflowRequest): Readonly<{ steps: ReadonlyMap<number, WorkflowStep>; problems: readonly Problem[] }> {
  const listed = listSteps(request);
  return typeof listed === 'string' ? unreadable(request, listed) : { steps: matchSteps(request.steps, listed), problems: [] };
}

function unreadable({ path }: WorkflowRequest, why: string): { steps: ReadonlyMap<number, WorkflowStep>; problems: readonly Problem[] } {
  return { steps: new Map(), problems: [{ code: 'WORKFLOW_UNREADABLE', message: `${path === '' ? 'The workflow file' : path}: ${why}; the commands of its steps are not known.`, ...(path === '' ? {} : { path }) }] };
}

/** Or why there are none. */
function listSteps({ text, job }: WorkflowRequest): WorkflowStep[] | string {
  if (text === null) return 'it could not be read';
  if (text.length > MAX_CHARACTERS) return `it has ${text.length} characters, and at most ${MAX_CHARACTERS} are read`;
  const read = openYaml(text);
  if (typeof read === 'string') return read;
  const steps = field(read, field(read, field(read, read.document.contents, 'jobs'), job), 'steps');
  if (!isSeq(steps)) return `it has no job \`${job}\` with steps`;
  const nodes = steps.items.slice(0, MAX_STEPS).flatMap((item) => stepNodes(read, item));
  if (steps.items.length > MAX_STEPS || nodes.length > MAX_STEPS) return `its job \`${job}\` has more than ${MAX_STEPS} steps`;
  const listed = nodes.map((node, index): WorkflowStep => ({ index, ...textField(read, node, 'id'), ...textField(read, node, 'name'), ...textField(read, node, 'run'), ...textField(read, node, 'uses') }));
  return readingFault(read) ?? listed;
}

/** GitHub runs the steps below `parallel` as steps of their own. */
function stepNodes(read: Reading, item: unknown): readonly unknown[] {
  const step = resolve(read, item);
  const group = field(read, step, 'parallel');
  return isSeq(group) ? group.items.map((one) => resolve(read, one)) : [step];
}

/** In order: GitHub lists the steps of the file as they stand there, with its own before, between and behind. */
export function matchSteps(told: readonly JobStep[], listed: readonly WorkflowStep[]): ReadonlyMap<number, WorkflowStep> {
  const inOrder = [...told].sort((a, b) => a.number - b.number);
  const matched = new Map<number, WorkflowStep>();
  let from = 0;
  for (const step of listed) {
    const shows = shownName(step);
    const at = inOrder.findIndex((one, place) => place >= from && shows(one.name));
    const found = inOrder[at];
    if (found === undefined) continue;
    matched.set(found.number, step);
    from = at + 1;
  }
  return matched;
}

/** How the runner names a step: its name, else `Run` and the action or the first line of the script, expressions evaluated (actions/runner, ActionRunner.cs). */
function shownName(step: WorkflowStep): (name: string) => boolean {
  const text = step.name ?? step.uses ?? step.run;
  if (text === undefined) return () => false;
  const line = text.replace(/^[ \t\r\n]+/, '').split(/[\r\n]/, 1)[0] ?? '';
  const parts = `${step.name === undefined ? 'Run ' : ''}${line}`.split(/\$\{\{.*?\}\}/).map((part) => part.trim());
  return parts.length === 1 ? (name) => name.trim() === parts[0] : (name) => holdsInOrder(name.trim(), parts);
}

/** The first part at the start, the last at the end, the others between them in their order: no pattern is made of text from a file. */
function holdsInOrder(name: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop() ?? '';
  if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last)) return false;
  let from = first.length;
  for (const part of rest) {
    const at = name.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return from <= name.length - last.length;
}
