/** The plugins that there are: an explicit list, one file each. */
import type { Plugin } from './plugin.ts';
import { proxyRewrite } from './proxy-rewrite.ts';

export const plugins: readonly Plugin[] = [proxyRewrite];
