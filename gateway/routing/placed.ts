/** A route as it stands in the table, with all that it inherits: route before plugin config before service. */
import type { Route, Upstream } from '../config/config-objects.ts';
import { mergePlugins } from '../plugins/bind.ts';
import type { BoundPlugin } from '../plugins/plugin.ts';
import type { SharedObjects } from './shared-objects.ts';

/** What a request is to go through. */
export interface Match {
  readonly route: Route;
  /** Undefined when there is none, or the one that is named does not exist (yet). */
  readonly upstream: Upstream | undefined;
  /** In the order in which they are called. */
  readonly plugins: readonly BoundPlugin[];
  readonly websocket: boolean;
  /** What the route names and is not there. */
  readonly missing: 'service' | 'plugin_config' | 'upstream' | undefined;
}

/** Is itself the match that it leads to: at 100,000 routes each object more is one more wait for memory. */
export class Placed implements Match {
  readonly route: Route;
  /** Under which it stands in the table: its own, or its service's. */
  hosts: readonly string[];
  upstream: Upstream | undefined;
  plugins: readonly BoundPlugin[] = [];
  websocket = false;
  missing: Match['missing'];
  #version = -1;

  constructor(route: Route, hosts: readonly string[]) {
    this.route = route;
    this.hosts = hosts;
  }

  /** Takes over what it inherits, where that has changed since it last did. */
  current(shared: SharedObjects): Match {
    if (this.#version !== shared.version) this.#inherit(shared);
    return this;
  }

  #inherit(shared: SharedObjects): void {
    const { route } = this;
    const service = route.serviceId === undefined ? undefined : shared.service(route.serviceId);
    const config = route.pluginConfigId === undefined ? undefined : shared.pluginConfig(route.pluginConfigId);
    const upstreamId = route.upstreamId ?? (route.upstream === undefined ? service?.upstreamId : undefined);
    const named = upstreamId === undefined ? undefined : shared.upstream(upstreamId);
    this.upstream = named ?? (upstreamId === undefined ? (route.upstream ?? service?.upstream) : undefined);
    this.plugins = mergePlugins(route.plugins, config?.plugins ?? [], service?.plugins ?? []);
    this.websocket = route.websocket ?? service?.websocket ?? false;
    this.missing = undefined;
    if (upstreamId !== undefined && named === undefined) this.missing = 'upstream';
    if (route.pluginConfigId !== undefined && config === undefined) this.missing = 'plugin_config';
    if (route.serviceId !== undefined && service === undefined) this.missing = 'service';
    this.#version = shared.version;
  }
}
