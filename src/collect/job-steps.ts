/** What the name of a step says of it: whether it is a task, what the task is called, and the command that it shows. */
import type { JobStep, WorkflowStep } from '../model/job.ts';
import type { TaskKind } from '../model/task.ts';
import { taskKind } from './task-kind.ts';

/** Steps that the runner adds around those of the workflow. `Build owner/name@ref`, `Pull image`: the containers of actions. */
const ADDED = /^(?:set up job|complete job|pre|post|initialize containers|stop containers|set up runner|complete runner)(?:\s|$)|^pre run\s|^pull\s\S+$|^build\s(?:\.\/|[\w.-]+\/[\w.-]+(?:\/\S*)?@)\S*$/i;

/** How a step begins that only serves others, whatever it names: `Install test dependencies`. */
const SERVING = new Set([
  'cache', 'checkout', 'clean', 'cleanup', 'clone', 'collect', 'comment', 'configure', 'copy', 'create', 'deploy', 'download', 'echo', 'export', 'fetch', 'generate', 'get', 'import',
  'install', 'load', 'login', 'merge', 'notify', 'post', 'prepare', 'print', 'publish', 'pull', 'read', 'release', 'report', 'restore', 'save', 'send', 'set', 'setup', 'show', 'start', 'stop',
  'update', 'upload', 'wait', 'write',
]);
/** Words of an action's name that make it a serving one: `actions/setup-node`, `dorny/test-reporter`. */
const SERVING_ACTION = new Set([...SERVING, 'reporter', 'results', 'result', 'summary', 'artifact', 'artifacts', 'pages']);

/** `owner/name[/path]@ref`, `./path`, `docker://image`, as `uses:` has them. */
const ACTION = /^(?:\.{1,2}\/|\$\/|docker:\/\/)\S*$|^[\w.-]+\/[\w.-]+(?:\/[^\s@]*)?@\S+$/;
/** How a command line begins. `npm` and its like are no words of a heading; the others are, where nothing or a plain noun follows: `Run pytest`, `Run go tests`. */
const PACKAGE_RUNNER = /^(?:npm|npx|pnpm|yarn|bun|bunx|\.{0,2}\/\S+|vendor\/\S+) \S/;
const PROGRAM = /^(?:deno|node|make|just|go|cargo|python3?|py|pytest|tox|nox|uv|uvx|poetry|hatch|pip|ruff|mypy|mvn|gradle|sbt|bazel|dotnet|bundle|rake|rspec|ruby|composer|php|phpunit|mix|swift|flutter|dart|cmake|ctest|ninja|docker|bash|sh|pwsh|eslint|oxlint|tsc|jest|vitest|turbo|nx|golangci-lint|semgrep|trivy|gitleaks) (?!(?:tests?|checks?|suites?|lint(?:er|ing)?|scan(?:ner|s)?|analysis|builds?|unit|integration|e2e|and|the|all|on|for|with|in|to)\b)\S/;

/** A step in the light of its name, and of its place in the workflow file where that is known. */
export type KnownStep = Readonly<{
  step: JobStep;
  file: WorkflowStep | undefined;
  /** What a task is called that is made of it. */
  label: string;
  kind: TaskKind;
  /** `added` by the runner, or `own`: a step of this action. */
  part: 'task' | 'serving' | 'own' | 'added';
  /** Whether it is a task where no named one is meant: a heading or an action says so, a command only by what it begins with. */
  standsAlone: boolean;
}>;

/** `own`: what stands in `uses` of our own steps, without the ref. */
export function knowStep(step: JobStep, file: WorkflowStep | undefined, own: readonly string[]): KnownStep {
  const shown = step.name.replace(/^Run\s+/, '');
  const action = file?.uses ?? (file === undefined && shown !== step.name && ACTION.test(shown) ? shown : undefined);
  // The ref of an action changes with every update; the task stays the same one.
  const label = taskLabel(action !== undefined && file?.name === undefined ? withoutRef(action) : shown);
  const kind = taskKind(label, []);
  const command = action === undefined ? unnamedCommand(step, file) : undefined;
  const part = command !== undefined && SHELL_TEST.test(command) ? 'serving' : partOf({ step, file, action, kind, label }, own);
  return { step, file, label, kind, part, standsAlone: command === undefined || runsTask(command) };
}

/** `[ -f x ]`, `test ! -f x`: a question of the shell, which tests nothing. `Run test suite` may be a heading. */
const SHELL_TEST = /^(?:!\s+)?(?:\[|test\s+(?:!|-|["'$\d(]))/;
/** Words before the program that a command is about. */
const BEFORE_PROGRAM = new Set(['npm', 'npx', 'pnpm', 'yarn', 'bun', 'bunx', 'run', 'exec', 'dlx', 'bundle', 'sudo', 'env', 'time']);

/** What a step without a name of its own runs, as far as it is known; of the name alone, it may be a heading. */
function unnamedCommand(step: JobStep, file: WorkflowStep | undefined): string | undefined {
  if (file !== undefined) return file.name === undefined ? file.run?.trim() : undefined;
  return /^Run\s+(\S.*)$/.exec(step.name)?.[1];
}

/** By the program of the command and the word behind it, which is no path: of `npm run lint -- src/tests`, by `lint`. */
function runsTask(command: string): boolean {
  const words = (command.split('\n', 1)[0] ?? '').trim().split(/\s+/);
  const [program = '', verb = ''] = words.filter((word) => !word.startsWith('-') && !/^\w+=/.test(word) && !BEFORE_PROGRAM.has(word));
  if (program === 'ci' || SERVING.has(program) || REPORT_USER.has(words[0] ?? '')) return false;
  return taskKind(verb.includes('/') ? program : `${program} ${verb}`, []) !== 'other';
}

/** How a command begins that only looks at a report or moves it. */
const REPORT_USER = new Set(['[', '[[', 'aws', 'cat', 'cp', 'curl', 'echo', 'gh', 'grep', 'head', 'if', 'jq', 'ls', 'mkdir', 'mv', 'rm', 'sed', 'tail', 'test', 'touch', 'wc', 'wget']);
const GLOB = /[*?[\]{}()!]/;

/** How many characters of the path stand in a command of the step that may write it: 0 where none does. */
export function writesReport({ step, file, label }: KnownStep, pattern: string): number {
  const path = pattern.replace(/^(?:\.\/)+/, '');
  if (path === '' || GLOB.test(path) || SERVING.has(wordsOf(label)[0] ?? '')) return 0;
  const script = file?.run ?? (file === undefined ? unnamedCommand(step, file) : undefined) ?? '';
  const commands = script.replace(/\\\r?\n/g, ' ').split(/\n|&&|\|\|?|;/).map((command) => command.trim());
  return commands.some((command) => !REPORT_USER.has(command.split(/\s/, 1)[0] ?? '') && holdsPath(command, path)) ? path.length : 0;
}

function holdsPath(command: string, path: string): boolean {
  for (let at = command.indexOf(path); at >= 0; at = command.indexOf(path, at + 1)) {
    if (/^$|[\s='":,>/]/.test(command.charAt(at - 1)) && /^$|[\s'",)>]/.test(command.charAt(at + path.length))) return true;
  }
  return false;
}

type Named = Readonly<{ step: JobStep; file: WorkflowStep | undefined; action: string | undefined; kind: TaskKind; label: string }>;

function partOf({ step, file, action, kind, label }: Named, own: readonly string[]): KnownStep['part'] {
  if (file === undefined && ADDED.test(step.name)) return 'added';
  if (action !== undefined && isOwnAction(action, own)) return 'own';
  if (action !== undefined && wordsOf(withoutRef(action)).some((word) => SERVING_ACTION.has(word))) return 'serving';
  return kind === 'other' || SERVING.has(wordsOf(label)[0] ?? '') ? 'serving' : 'task';
}

function isOwnAction(action: string, own: readonly string[]): boolean {
  const place = withoutRef(action).toLowerCase();
  return own.some((one) => place === one.toLowerCase() || place.startsWith(`${one.toLowerCase()}/`));
}

function withoutRef(action: string): string {
  return action.replace(/@[^@]*$/, '');
}

/** Lower case, without signs. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().split(/[^a-z0-9]+/).filter((word) => word !== '');
}

/** As the inputs allow the name of a task; `step` where nothing of it is left. */
export function taskLabel(text: string): string {
  const allowed = text.replace(/[\0-\x1f\x7f-\x9f\p{Cf}\u2028\u2029:[\]!\s]+/gu, ' ').trim();
  return [...allowed].slice(0, 100).join('').trim() || 'step';
}

/** Names by which a caller may mean the step, in lower case. */
export function namesOf({ step, file, label }: KnownStep): string[] {
  return [file?.id, file?.name, step.name, label, taskLabel(step.name)].flatMap((name) => (name === undefined ? [] : [name.toLowerCase()]));
}

/** The command that an unnamed step shows; none where a heading might be meant, or only a part of the command is there. */
export function commandInName(step: JobStep): string | undefined {
  const [, command = ''] = /^Run\s+(\S.*)$/.exec(step.name) ?? [];
  return (PACKAGE_RUNNER.test(command) || PROGRAM.test(command)) && !/[\\|&]$/.test(command) && !ACTION.test(command) ? command : undefined;
}

const MAX_COMMANDS = 5;
const MAX_LENGTH = 200;

/** The commands of a script, one for each logical line, expressions as written; at most 5 of 200 characters, and what was cut is said in their place. */
export function commandLines(script: string): string[] {
  const joined = script.replaceAll('\r\n', '\n').replace(/\\\n\s*/g, '');
  const lines = joined.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  const shown = lines.slice(0, MAX_COMMANDS).map((line) => (line.length <= MAX_LENGTH ? line : `${[...line].slice(0, MAX_LENGTH - 1).join('')}…`));
  return lines.length <= MAX_COMMANDS ? shown : [...shown, `… and ${lines.length - MAX_COMMANDS} more lines`];
}
