/** A line on the terminal that tells a person who waits what is being read. */
import { encodeForTerminal } from '../host/terminal.ts';
import type { World } from '../host/world.ts';

/** Shorter reads need no word. */
const QUIET_MS = 1_000;
const EVERY_MS = 200;
const WIDTH = 100;

export type Progress = Readonly<{ read(path: string, bytes: number): void; end(): void }>;

export function watchProgress(world: World): Progress {
  if (!world.watched) return { read() {}, end() {} };
  const start = world.now().getTime();
  let shown = start;
  let open = false;
  return {
    read(path, bytes) {
      const now = world.now().getTime();
      if (now - start < QUIET_MS || now - shown < EVERY_MS) return;
      shown = now;
      open = true;
      const line = encodeForTerminal(`reading ${path}, ${(bytes / 1e6).toFixed(1)} MB`.replace(/[\n\t]/g, ' '));
      world.err(`\r\u001b[K${line.slice(0, WIDTH)}`);
    },
    end() {
      if (open) world.err('\r\u001b[K');
      open = false;
    },
  };
}
