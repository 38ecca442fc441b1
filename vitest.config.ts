import { defineConfig } from 'vitest/config';

// Two projects: `unit` reads the sources; `bundle` starts dist/index.js as a user would. The self-audit runs only the first.
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/bundle/**'], setupFiles: ['test/seed.ts'] } },
      { test: { name: 'bundle', include: ['test/bundle/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 } },
    ],
  },
});
