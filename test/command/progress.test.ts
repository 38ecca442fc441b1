import { describe, expect, it } from 'vitest';
import { watchProgress } from '../../src/command/progress.ts';
import type { World } from '../../src/host/world.ts';

function aWorld(watched: boolean): { world: World; clock: { ms: number }; shown: string[] } {
  const clock = { ms: 0 };
  const shown: string[] = [];
  const world: World = {
    argv: [], env: {}, cwd: '/', user: null, now: () => new Date(clock.ms), clock: () => 0, secrets: [], randomHex: () => '', out: () => {}, err: (text) => { shown.push(text); }, annotate: () => {},
    watched, colours: 'plain', surface: 'terminal',
  };
  return { world, clock, shown };
}

describe('watchProgress', () => {
  it('says nothing of reads that end within a second', () => {
    const { world, clock, shown } = aWorld(true);
    const progress = watchProgress(world);
    clock.ms = 900;
    progress.read('out/a.xml', 1_000_000);
    progress.end();
    expect(shown).toEqual([]);
  });

  it('shows what is being read, not more often than a person can see, and clears the line at the end', () => {
    const { world, clock, shown } = aWorld(true);
    const progress = watchProgress(world);
    for (const ms of [1_100, 1_150, 1_400]) {
      clock.ms = ms;
      progress.read('out/a.xml', ms * 10_000);
    }
    progress.end();
    expect(shown).toEqual(['\r\u001b[Kreading out/a.xml, 11.0 MB', '\r\u001b[Kreading out/a.xml, 14.0 MB', '\r\u001b[K']);
  });

  it('shows a hostile name as code points', () => {
    const { world, clock, shown } = aWorld(true);
    const progress = watchProgress(world);
    clock.ms = 2_000;
    progress.read('a\u001b[2J\n::set-output name=x::y', 0);
    expect(shown[0]).toBe('\r\u001b[Kreading a\\u{1b}[2J ::set-output name=x::y, 0.0 MB');
  });

  it('says nothing where nobody watches', () => {
    const { world, clock, shown } = aWorld(false);
    const progress = watchProgress(world);
    clock.ms = 5_000;
    progress.read('out/a.xml', 1);
    progress.end();
    expect(shown).toEqual([]);
  });
});
