/** The loopback GitHub for one test. */
import { expect, onTestFinished } from 'vitest';
import { startGitHub, type LoopbackGitHub, type LoopbackOptions } from '../github/loopback.ts';

/** Closed when the test ends; by then nothing may have broken GitHub's own description. */
export async function openDouble(options: LoopbackOptions = {}): Promise<LoopbackGitHub> {
  const double = await startGitHub(options);
  onTestFinished(async () => {
    const broken = [...new Set(double.violations())];
    await double.close();
    expect(broken, broken.join('\n')).toEqual([]);
  });
  return double;
}

/** What is asked of it from now on, as `POST /check-runs` or `query Snapshot`. */
export function watchCalls(double: LoopbackGitHub): () => readonly string[] {
  const from = double.exchanges.length;
  return () => double.exchanges.slice(from).map((exchange) => callName(exchange, double.fullName));
}

function callName({ method, path, operation }: LoopbackGitHub['exchanges'][number], fullName: string): string {
  if (operation !== null) return operation.replace(/^\s*(\w+ \w+)[\s\S]*$/, '$1');
  const [bare = ''] = path.split('?');
  return `${method} ${bare.replace(`/repos/${fullName}`, '').replaceAll(/[0-9a-f]{40}/g, '{sha}').replaceAll(/\/\d+(?=\/|$)/g, '/{id}')}`;
}
