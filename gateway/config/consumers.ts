/** The consumers in force, found by what they show of themselves. */
import type { ConfigChange, Consumer } from './config-objects.ts';

export class Consumers {
  readonly #byName = new Map<string, Consumer>();
  /** By plugin and credential; of two with the same one the smaller name counts, whatever the order of their coming. */
  #byCredential = new Map<string, Consumer>();

  apply(changes: readonly ConfigChange[]): void {
    let changed = false;
    for (const change of changes) {
      if (change.kind !== 'consumer') continue;
      changed = true;
      if (change.op === 'put') this.#byName.set(change.id, change.value);
      else this.#byName.delete(change.id);
    }
    if (changed) this.#byCredential = this.#index();
  }

  find(plugin: string, credential: string): Consumer | undefined {
    return this.#byCredential.get(`${plugin} ${credential}`);
  }

  #index(): Map<string, Consumer> {
    const index = new Map<string, Consumer>();
    for (const consumer of [...this.#byName.values()].toSorted((a, b) => (a.username < b.username ? 1 : -1))) {
      for (const [plugin, credential] of consumer.credentials) index.set(`${plugin} ${credential}`, consumer);
    }
    return index;
  }
}
