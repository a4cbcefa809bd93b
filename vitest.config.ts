import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** One after the other; the files of one group by so many at a time. */
function group(name: string, groupOrder: number, maxWorkers: number, include: string[], exclude: string[] = []) {
  return { extends: true, test: { name, include, exclude, maxWorkers, sequence: { groupOrder } } } as const;
}

const config: ViteUserConfig = defineConfig({
  test: {
    // For what hangs. How fast something is on a machine with other work to do is nothing that a test asserts by these.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000, interval: 20 } },
    projects: [
      group('unit', 0, 2, ['test/unit/**/*.test.ts']),
      // They wait for each other's processes more than they compute.
      group('processes', 1, 2, ['test/runtime/**/*.test.ts'], ['test/runtime/docker/**']),
      // Whole trials on two cores, in which time is measured: files that run them in parallel starve each other.
      group('runs', 2, 1, ['test/{runtime/docker,end-to-end,regressions}/**/*.test.ts']),
    ],
  },
});
export default config;
