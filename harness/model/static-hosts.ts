/** The static configuration of the gateway, which it reads when it starts, and when it reloads. */
import type { TestRoute } from './route-table.ts';

export interface StaticHosts {
  readonly file: string;
  /** It holds these from now on, and no others. */
  write(routes: readonly TestRoute[]): void;
}
