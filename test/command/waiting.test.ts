import { describe, expect, it, vi } from 'vitest';
import { waitTelling } from '../../src/command/waiting.ts';

describe('a wait', () => {
  it('is told where it is long enough to be wondered about', async () => {
    vi.useFakeTimers();
    try {
      const told: string[] = [];
      const wait = waitTelling({ err: (text) => { told.push(text); } });
      for (const ms of [4_999, 5_000, 61_400]) {
        const over = wait(ms);
        await vi.advanceTimersByTimeAsync(ms);
        await over;
      }
      expect(told).toEqual(['Waiting 5 s before GitHub is asked again.\n', 'Waiting 61 s before GitHub is asked again.\n']);
    } finally {
      vi.useRealTimers();
    }
  });
});
