/** A small shop on the loopback GitHub: what its tools say of it in each state, and the pull request that breaks and mends it. */
import { eslint, junit, type LintMessage } from '../command/workspace.ts';
import type { Ran, Scene } from './github-scene.ts';
import { SAYS } from './github-tools.ts';

const SOURCE = 'export function total(items) {\n  let sum = 0;\n  for (const item of items) sum += item.price;\n  return sum;\n}\n';
const EQEQEQ: LintMessage = { rule: 'eqeqeq', line: 4, message: "Expected '===' and instead saw '=='." };

type Texts = Readonly<Record<string, string>>;

/** Passes every check. */
export const SOUND: Texts = { 'src/cart.js': SOURCE, 'README.md': '# Shop\n', ...says({}) };
/** One test fails, and lint finds one error. */
export const BROKEN: Texts = { 'src/cart.js': SOURCE.replace('  return', '  if (sum == null) return 0;\n  return'), ...says({ failure: 'expected 12, got 11', lint: [EQEQEQ] }) };
/** As sound as before, and not the same. */
export const MENDED: Texts = { 'src/cart.js': SOURCE.replace('  return', '  if (sum === null) return 0;\n  return'), ...says({}) };

/** What the tools report; `failure`: of the test `rounds tax`. */
function says({ failure = null, lint = [] }: Readonly<{ failure?: string | null; lint?: readonly LintMessage[] }>): Texts {
  return { [SAYS.test]: junit({ 'adds items': null, 'rounds tax': failure }), [SAYS.lint]: eslint({ 'src/cart.js': lint }) };
}

type Pushed = Awaited<ReturnType<Scene['push']>>;
type Pulled = Awaited<ReturnType<Scene['openPull']>>;

/** A sound main, recorded, and a pull request that breaks it. */
export async function breakIt(scene: Scene): Promise<Readonly<{ first: Pushed; broken: Pulled }>> {
  return { first: await scene.push(SOUND), broken: await scene.openPull(BROKEN) };
}

/** As a job ends whose step of ours ended with it. */
export function outcomes({ workflow, audit }: Ran): Readonly<{ job: string | null; step: string; exitCode: number | null }> {
  return { job: workflow.conclusion, step: audit.outcome, exitCode: audit.exitCode };
}
