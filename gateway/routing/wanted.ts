/** What is asked of the route table, made once for each request. */
import type { Asked } from './condition.ts';

export interface Wanted {
  /** Decoded, without the query. */
  readonly path: string;
  /** One bit. */
  readonly method: number;
  /** For the conditions of routes; asked only where there are some. */
  readonly request: Asked;
}
