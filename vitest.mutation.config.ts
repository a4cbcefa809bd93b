/** The tests that `make mutation` asks of each changed judge: all of the judge, nothing that starts a process. */
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: { include: ['test/unit/judge/**/*.test.ts'], testTimeout: 30_000 },
});
export default config;
