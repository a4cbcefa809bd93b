import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // For what hangs. How fast something is on a machine with other work to do is nothing that a test asserts by these.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000, interval: 20 } },
    // Real processes on two cores: files that start them in parallel starve each other.
    fileParallelism: false,
  },
});
export default config;
