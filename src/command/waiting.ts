/** Waiting, and the chance that spreads those who wait. */
import type { World } from '../host/world.ts';

export function wait(milliseconds: number): Promise<void> {
  return new Promise((done) => { setTimeout(done, milliseconds); });
}

/** From 0 up to 1. */
export function randomShare(world: Pick<World, 'randomHex'>): () => number {
  return () => Number.parseInt(world.randomHex(4), 16) / 2 ** 32;
}
