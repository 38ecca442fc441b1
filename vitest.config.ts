import { readFile } from 'node:fs/promises';
import { defineConfig } from 'vitest/config';

// This package imports JSON without attributes, which Node refuses and Vite does not; its source maps name sources that it does not hold.
const PARSER = /@actions\/workflow-parser\/.*\.js$/;
const server = { deps: { inline: [PARSER] } };
const plugins = [{ name: 'workflow-parser', load: async (id: string) => (PARSER.test(id) ? (await readFile(id, 'utf8')).replace(/^\/\/# sourceMappingURL=.*$/m, '') : null) }];

// Two projects: `unit` reads the sources; `bundle` starts dist/index.js as a user would. The self-audit runs only the first.
export default defineConfig({
  test: {
    projects: [
      { plugins, test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/bundle/**'], setupFiles: ['test/seed.ts'], server } },
      { plugins, test: { name: 'bundle', include: ['test/bundle/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000, server } },
    ],
  },
});
