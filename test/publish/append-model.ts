/**
 * A model of writers on one guarded branch, explored through all interleavings. Each writer runs the real step function; the branch, the network and
 * whoever else pushes are as hostile as they may be: answers are lost, requests land late, reads trail, processes die and run again.
 */
import { APPEND_START, nextStep, type AppendState, type AppendStep, type Looked, type Retries, type Wrote } from '../../src/publish/append-protocol.ts';

/** Ways to get the protocol wrong, each of which the model must catch. */
export type Mutant = 'none' | 'no key' | 'content read before head' | 'only the head is refreshed' | 'forced' | 'no last look' | 'last look trails';
/** `crashes`: how often each process dies and is run again. `foreign`: how often somebody else pushes. `keys`: whether all record the same. */
export type ModelOptions = Readonly<{ writers: number; tries: number; crashes: number; foreign: number; keys?: 'own' | 'shared'; mutant?: Mutant }>;

type Log = Readonly<{ version: number; entries: readonly string[] }>;
type Pending = Readonly<{ head: number; entries: readonly string[] }>;
type Writer = Readonly<{ state: AppendState; step: AppendStep; plan: readonly string[] | null; crashes: number }>;
type World = Readonly<{ log: Log; before: Log; pending: readonly Pending[]; writers: readonly Writer[]; foreign: number }>;

/** The memory of a test. */
const MOST_STATES = 1_000_000;

export type Explored = Readonly<{ states: number; ends: number; violations: ReadonlyMap<string, number> }>;

export function explore({ writers, tries, crashes, foreign, keys = 'own', mutant = 'none' }: ModelOptions): Explored {
  const retries: Retries = { baseMs: 1, capMs: 1, tries, deadlineMs: Number.POSITIVE_INFINITY, settleMs: 1 };
  const log: Log = { version: 1, entries: [] };
  const start: World = { log, before: log, pending: [], foreign, writers: Array.from({ length: writers }, () => ({ ...begun(retries), crashes })) };
  const seen = new Set<string>([keyOf(start, mutant)]);
  const stack: World[] = [start];
  const violations = new Map<string, number>();
  let ends = 0;
  for (let world = stack.pop(); world !== undefined; world = stack.pop()) {
    const next = [...successors(world, { retries, mutant, keys })];
    if (next.length === 0) ends += 1;
    for (const broken of next.length === 0 ? [...faults(world), ...untruths(world, { first: crashes, keys })] : faults(world)) violations.set(broken, (violations.get(broken) ?? 0) + 1);
    for (const one of next) {
      const key = keyOf(one, mutant);
      if (seen.has(key)) continue;
      if (seen.size >= MOST_STATES) throw new Error(`more than ${MOST_STATES} states`);
      seen.add(key);
      stack.push(one);
    }
  }
  return { states: seen.size, ends, violations };
}

/** Worlds that no future can tell apart have one key: only the newest two versions count, and a write on an older one can land no more. */
function keyOf({ log, before, pending, writers, foreign }: World, mutant: Mutant): string {
  const relative = (head: string): number | null => (Number(head) < before.version ? null : log.version - Number(head));
  const shown = writers.map(({ state, step, plan, crashes }) => [
    state.tries, state.open.map(({ head }) => relative(head)).filter((head) => head !== null), state.problem === null, state.last, step.do, step.do === 'end' ? step.recorded : step.do === 'write' ? relative(step.head) : '',
    step.do === 'write' || mutant === 'only the head is refreshed' ? plan : '', crashes,
  ]);
  return JSON.stringify([log.entries, before.entries, before.version === log.version, pending.filter(({ head }) => head === log.version).map(({ entries }) => entries.join()).sort(), shown, foreign]);
}

function begun(retries: Retries): Pick<Writer, 'state' | 'step' | 'plan'> {
  return { ...nextStep(APPEND_START, { kind: 'started', elapsedMs: 0, random: 0 }, retries), plan: null };
}

type Rules = Readonly<{ retries: Retries; mutant: Mutant; keys: 'own' | 'shared' }>;

function* successors(world: World, rules: Rules): Generator<World> {
  for (const [at, writer] of world.writers.entries()) {
    if (writer.step.do === 'end') continue;
    yield* writerMoves(world, at, rules);
    // The process dies and is run again; what it sent is still under way.
    if (writer.crashes > 0) yield withWriter(world, at, { ...begun(rules.retries), crashes: writer.crashes - 1 });
  }
  for (const [at, { head, entries }] of world.pending.entries()) {
    const rest = { ...world, pending: world.pending.filter((_, index) => index !== at) };
    // Or it never lands.
    yield rest;
    if (head === world.log.version) yield { ...rest, ...moved(world, entries) };
  }
  if (world.foreign > 0) yield { ...world, ...moved(world, [...world.log.entries, `foreign${world.foreign}`]), foreign: world.foreign - 1 };
}

function moved({ log }: World, entries: readonly string[]): Pick<World, 'log' | 'before'> {
  return { log: { version: log.version + 1, entries }, before: log };
}

function withWriter(world: World, at: number, writer: Writer): World {
  return { ...world, writers: world.writers.map((one, index) => (index === at ? writer : one)) };
}

function* writerMoves(world: World, at: number, rules: Rules): Generator<World> {
  const writer = world.writers[at];
  if (writer === undefined) return;
  const { step, plan } = writer;
  const key = keyFor(at, rules.keys);
  switch (step.do) {
    case 'look': {
      // Now, or as it was one move ago; never so once it was waited for.
      for (const log of new Set(writer.state.last && rules.mutant !== 'last look trails' ? [world.log] : [world.log, world.before])) {
        const found = rules.mutant !== 'no key' && log.entries.includes(key) ? 'recorded' : 'absent';
        const head = rules.mutant === 'content read before head' ? world.log.version : log.version;
        const kept = rules.mutant === 'only the head is refreshed' && plan !== null ? plan : [...log.entries, key];
        yield after({ world, at, rules }, { kind: 'looked', head: String(head), found }, kept);
      }
      yield after({ world, at, rules }, { kind: 'look-failed', problem: PROBLEM, retry: { afterMs: null } }, plan);
      break;
    }
    case 'write': {
      const entries = plan ?? [];
      const lands = rules.mutant === 'forced' || Number(step.head) === world.log.version;
      const landed = lands ? { ...world, ...moved(world, entries) } : world;
      yield after({ world: landed, at, rules }, { kind: lands ? 'committed' : 'moved' }, plan);
      // The answer is lost: it has taken effect, or may still do so, or never will.
      yield after({ world: landed, at, rules }, { kind: 'unknown', problem: PROBLEM, afterMs: null, head: step.head }, plan);
      yield after({ world: { ...world, pending: [...world.pending, { head: Number(step.head), entries }] }, at, rules }, { kind: 'unknown', problem: PROBLEM, afterMs: null, head: step.head }, plan);
      yield after({ world, at, rules }, { kind: 'later', problem: PROBLEM, afterMs: null }, plan);
      yield after({ world, at, rules }, { kind: 'refused', problem: PROBLEM }, plan);
      break;
    }
    case 'wait':
      yield after({ world, at, rules }, { kind: 'waited' }, plan);
      break;
    case 'end': break;
    default: step satisfies never;
  }
}

const PROBLEM = { code: 'GITHUB_UNAVAILABLE', message: '' } as const;

function keyFor(at: number, keys: Rules['keys']): string {
  return keys === 'own' ? `w${at}` : 'w';
}

type Moving = Readonly<{ world: World; at: number; rules: Rules }>;

function after({ world, at, rules: { retries, mutant } }: Moving, event: Looked | Wrote | Readonly<{ kind: 'waited' }>, plan: readonly string[] | null): World {
  const writer = world.writers[at];
  if (writer === undefined) return world;
  const next = nextStep(writer.state, { ...event, elapsedMs: 0, random: 0 }, retries);
  const skips = mutant === 'no last look' && next.state.last && next.step.do !== 'end';
  return withWriter(world, at, { ...writer, ...next, plan, ...(skips ? { step: { do: 'end', recorded: false, by: 'none' } } : {}) });
}

/** What must never be, at any moment. */
function faults({ log, before }: World): string[] {
  const twice = new Set(log.entries).size !== log.entries.length ? ['an entry stands twice'] : [];
  const lost = before.entries.some((entry) => !log.entries.includes(entry)) ? ['an entry of others is lost'] : [];
  return [...twice, ...lost];
}

/** What must not be once nothing is under way any more. */
function untruths({ log, writers }: World, { first, keys }: Readonly<{ first: number; keys: Rules['keys'] }>): string[] {
  return writers.flatMap(({ step, crashes }, at) => {
    if (step.do !== 'end') return [];
    // A process that died may have left a write that no later one knows of, and another one may write the same.
    const knows = crashes === first && keys === 'own';
    const isThere = log.entries.includes(keyFor(at, keys));
    if (step.recorded === true && !isThere) return ['said to be recorded, and is not'];
    return step.recorded === false && isThere && knows ? ['said not to be recorded, and is'] : [];
  });
}
