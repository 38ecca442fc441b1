import { describe, expect, it } from 'vitest';
import { explore, type Mutant } from './append-model.ts';

describe('the append protocol in every interleaving', () => {
  it('SEC-101, SEC-104, SEC-106, SEC-108 to SEC-110: loses nothing, doubles nothing, and says the truth', () => {
    const explored = [{ writers: 2, tries: 2, crashes: 1, foreign: 1 }, { writers: 3, tries: 1, crashes: 0, foreign: 1 }, { writers: 2, tries: 2, crashes: 0, foreign: 1, keys: 'shared' as const }].map((options) => explore(options));
    console.log(explored);
    expect(explored.flatMap(({ violations }) => [...violations])).toEqual([]);
    expect(explored.reduce((sum, { states }) => sum + states, 0)).toBeGreaterThan(100_000);
  }, 60_000);

  const caught: Readonly<Record<Exclude<Mutant, 'none'>, string>> = {
    'no key': 'an entry stands twice',
    'content read before head': 'an entry of others is lost',
    'only the head is refreshed': 'an entry of others is lost',
    forced: 'an entry of others is lost',
    'no last look': 'said not to be recorded, and is',
    'last look trails': 'said not to be recorded, and is',
  };
  for (const [mutant, violation] of Object.entries(caught)) {
    it(`would be caught: ${mutant}`, () => {
      expect([...explore({ writers: 2, tries: 2, crashes: 0, foreign: 1, mutant: mutant as Mutant }).violations.keys()]).toContain(violation);
    }, 60_000);
  }
});
