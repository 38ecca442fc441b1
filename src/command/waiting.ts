/** Waiting, and the chance that spreads those who wait. */
import type { World } from '../host/world.ts';

export function wait(milliseconds: number): Promise<void> {
  return new Promise((done) => { setTimeout(done, milliseconds); });
}

/** A shorter wait is over before anybody wonders. */
const TOLD_MS = 5_000;

/** Says for how long, so that a step that waits does not look like one that hangs. */
export function waitTelling({ err }: Pick<World, 'err'>): (milliseconds: number) => Promise<void> {
  return (milliseconds) => {
    if (milliseconds >= TOLD_MS) err(`Waiting ${Math.round(milliseconds / 1_000)} s before GitHub is asked again.\n`);
    return wait(milliseconds);
  };
}

/** From 0 up to 1. */
export function randomShare(world: Pick<World, 'randomHex'>): () => number {
  return () => Number.parseInt(world.randomHex(4), 16) / 2 ** 32;
}
