import type { Benchmark } from './row.ts';
export const forwarding: Benchmark = { name: 'forwarding', run: async () => [] };
