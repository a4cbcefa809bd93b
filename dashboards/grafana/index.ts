/** The dashboards: an explicit list. */
import { canary } from './canary.ts';
import { type Board, grafanaJson } from './dashboard.ts';
import { etcd } from './etcd.ts';
import { gateway } from './gateway.ts';
import { watchProxy } from './watch-proxy.ts';

export const boards: readonly Board[] = [canary, gateway, watchProxy, etcd];

/** What `dashboards/grafana/generated/` holds: file name and text. */
export function generatedDashboards(): readonly (readonly [name: string, text: string])[] {
  return boards.map((board) => [`${board.uid}.json`, `${JSON.stringify(grafanaJson(board), null, 2)}\n`] as const);
}
