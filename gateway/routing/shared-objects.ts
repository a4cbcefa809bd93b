/** What routes inherit from: services, upstreams, plugin configs and global rules. */
import type {
  ConfigChange,
  ConfigObjects,
  GlobalRule,
  PluginConfig,
  Service,
  Upstream,
} from '../config/config-objects.ts';
import { mergePlugins } from '../plugins/bind.ts';
import type { BoundPlugin } from '../plugins/plugin.ts';

type SharedKind = 'service' | 'upstream' | 'pluginConfig' | 'globalRule';

export class SharedObjects {
  readonly #objects: { readonly [K in SharedKind]: Map<string, ConfigObjects[K]> } = {
    service: new Map<string, Service>(),
    upstream: new Map<string, Upstream>(),
    pluginConfig: new Map<string, PluginConfig>(),
    globalRule: new Map<string, GlobalRule>(),
  };
  #version = 0;
  #globalPlugins: readonly BoundPlugin[] = [];

  /** Another number after each change: whoever keeps something made of these objects makes it again. */
  get version(): number {
    return this.#version;
  }

  /** Of two global rules with the same plugin, the one with the smaller id counts. */
  get globalPlugins(): readonly BoundPlugin[] {
    return this.#globalPlugins;
  }

  service(id: string): Service | undefined {
    return this.#objects.service.get(id);
  }

  upstream(id: string): Upstream | undefined {
    return this.#objects.upstream.get(id);
  }

  pluginConfig(id: string): PluginConfig | undefined {
    return this.#objects.pluginConfig.get(id);
  }

  /** Kinds that no route inherits from are left alone. */
  apply(change: ConfigChange): void {
    if (!(change.kind in this.#objects)) return;
    const objects = this.#objects[change.kind as SharedKind] as Map<string, unknown>;
    if (change.op === 'put') objects.set(change.id, change.value);
    else objects.delete(change.id);
    this.#version++;
    if (change.kind === 'globalRule') this.#globalPlugins = this.#mergeGlobal();
  }

  #mergeGlobal(): readonly BoundPlugin[] {
    const rules = [...this.#objects.globalRule.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
    return mergePlugins(...rules.map(({ plugins }) => plugins));
  }
}
