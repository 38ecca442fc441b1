/** One process of a step: its output line by line as the runner reads it, and its end when the step is stopped. */
import { spawn, type ChildProcess } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import type { Readable } from 'node:stream';

export type Stream = 'stdout' | 'stderr';
export type ProcessRequest = Readonly<{
  file: string;
  args: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
  onLine(line: string, stream: Stream): void;
  stop: AbortSignal;
}>;
/** `group`: of the children that outlive it, for `endGroup`. */
export type Ended = Readonly<{ exitCode: number; stdout: string; stderr: string; group: number | null }>;

/**
 * How long a process has, in milliseconds. On cancel it has 7.5 s after SIGINT and 2.5 s after SIGTERM
 * (https://docs.github.com/actions/reference/workflows-and-actions/workflow-cancellation); children that keep its output open when it ended have 5 s.
 */
export type Grace = Readonly<{ afterInterrupt: number; afterTerminate: number; afterExit: number }>;
const GRACE: Grace = { afterInterrupt: 7_500, afterTerminate: 2_500, afterExit: 5_000 };

/** Rejects where the process cannot be started, as with an environment that is too large. */
export async function runProcess(request: ProcessRequest, grace: Grace = GRACE): Promise<Ended> {
  const { file, args, cwd, env, onLine, stop } = request;
  const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const texts = { stdout: '', stderr: '' };
  const flushes = (['stdout', 'stderr'] as const).map((stream) => readLines(child[stream], (line) => onLine(line, stream), (text) => {
    texts[stream] += text;
  }));
  const stopping = stopOn(stop, child, grace);
  try {
    const exitCode = await ending(child, grace);
    for (const flush of flushes) flush();
    return { exitCode, ...texts, group: signalGroup(child, 0) };
  } finally {
    stopping.end();
  }
}

async function ending(child: ChildProcess, { afterExit }: Grace): Promise<number> {
  return new Promise((resolve, reject) => {
    let late: NodeJS.Timeout | undefined;
    const end = (code: number | null, signal: NodeJS.Signals | null): void => {
      clearTimeout(late);
      resolve(code ?? 128 + (signal === 'SIGINT' ? 2 : signal === 'SIGTERM' ? 15 : 9));
    };
    child.on('error', reject);
    child.on('close', end);
    child.on('exit', (code, signal) => {
      late = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
        end(code, signal);
      }, afterExit);
    });
  });
}

function stopOn(stop: AbortSignal, child: ChildProcess, { afterInterrupt, afterTerminate }: Grace): { end(): void } {
  const timers: NodeJS.Timeout[] = [];
  const begin = (): void => {
    child.kill('SIGINT');
    timers.push(setTimeout(() => child.kill('SIGTERM'), afterInterrupt), setTimeout(() => signalGroup(child, 'SIGKILL'), afterInterrupt + afterTerminate));
  };
  if (stop.aborted) begin();
  else stop.addEventListener('abort', begin, { once: true });
  return {
    end() {
      stop.removeEventListener('abort', begin);
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/** Ends what is left of a group; nothing may be. */
export function endGroup(group: number): void {
  signalGroup({ pid: group }, 'SIGKILL');
}

/** A process leads a group of its own. The group, if any of it lives: as long as that is so, its number is given to no other. */
function signalGroup({ pid }: Readonly<{ pid?: number | undefined }>, signal: 'SIGKILL' | 0): number | null {
  if (pid === undefined) return null;
  try {
    process.kill(-pid, signal);
    return pid;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return null;
    throw error;
  }
}

/** A line ends at \n, \r or \r\n. The function answered hands over what is left at the end. */
function readLines(stream: Readable, take: (line: string) => void, keep: (text: string) => void): () => void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const read = (text: string, isEnd: '' | 'end'): void => {
    keep(text);
    const lines = (rest + text).split(isEnd === 'end' ? /\r\n|\n|\r/ : /\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
  };
  stream.on('data', (bytes: Buffer) => read(decoder.write(bytes), ''));
  return () => {
    read(decoder.end(), 'end');
    if (rest !== '') take(rest);
    rest = '';
  };
}
