/** The table of load engines: a name without one does not compile. */
import { engineOf } from '../../scenarios/load-engine.ts';
import type { Load, LoadEngineName } from '../../scenarios/scenario.ts';
import type { LoadEngine } from './engine.ts';
import { k6 } from './k6.ts';
import { builtIn } from './open-loop.ts';

const engines: { readonly [K in LoadEngineName]: LoadEngine } = { 'built-in': builtIn, k6 };

export function engineFor(load: Load): LoadEngine {
  return engines[engineOf(load)];
}
