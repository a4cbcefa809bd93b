/** The variants that this checkout can be run as, by what they touch. */
import { benignMutants } from './benign/index.ts';
import { doses } from './doses.ts';
import { etcdMutants } from './etcd/index.ts';
import { httpMutants } from './http/index.ts';
import type { Mutant } from './mutant.ts';
import { processMutants } from './process/index.ts';
import { routerMutants } from './router/index.ts';
import { storeMutants } from './store/index.ts';
import { upstreamMutants } from './upstream/index.ts';

export const mutants: readonly Mutant[] = [
  ...etcdMutants,
  ...storeMutants,
  ...routerMutants,
  ...httpMutants,
  ...upstreamMutants,
  ...processMutants,
  ...benignMutants,
  ...doses,
];
