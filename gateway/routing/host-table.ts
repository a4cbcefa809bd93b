/** A tree of paths for each host: exact names, `*` suffixes, and one for routes that name no host. */
import { AffixMap } from './affix-map.ts';
import { type Entry, entryAt } from './entry.ts';
import type { Placed } from './placed.ts';
import { Tree } from './tree.ts';
import type { Wanted } from './wanted.ts';

export class HostTable {
  readonly #any = new Tree();
  readonly #exact = new Map<string, Tree>();
  readonly #suffixes = new AffixMap<Tree>();

  add(placed: Placed): void {
    const { route, hosts } = placed;
    if (hosts.length === 0) for (const uri of route.uris) this.#any.add(uri, entryAt(uri, placed));
    for (const host of new Set(hosts)) {
      const [table, name] = this.#tableOf(host);
      let tree = table.get(name);
      if (tree === undefined) table.set(name, (tree = new Tree()));
      for (const uri of route.uris) tree.add(uri, entryAt(uri, placed));
    }
  }

  remove(placed: Placed): void {
    const { route, hosts } = placed;
    if (hosts.length === 0) for (const uri of route.uris) this.#any.remove(uri, entryAt(uri, placed));
    for (const host of new Set(hosts)) {
      const [table, name] = this.#tableOf(host);
      const tree = table.get(name);
      for (const uri of route.uris) tree?.remove(uri, entryAt(uri, placed));
      if (tree?.empty === true) table.delete(name);
    }
  }

  /**
   * As APISIX's `radixtree_host_uri`: an exact host before a wildcard, a longer wildcard before a shorter one, and any
   * host before none, whatever the priorities. A host none of whose routes fits leaves the request to the next.
   */
  find(host: string, wanted: Wanted): Entry | undefined {
    const exact = this.#exact.get(host)?.find(wanted);
    if (exact !== undefined) return exact;
    for (const length of this.#suffixes.lengths) {
      // `*.example.com` stands for one or more labels, never for `example.com` itself, which has no such end.
      if (length > host.length) continue;
      const wildcard = this.#suffixes.get(host.slice(-length))?.find(wanted);
      if (wildcard !== undefined) return wildcard;
    }
    return this.#any.find(wanted);
  }

  #tableOf(host: string): readonly [Map<string, Tree> | AffixMap<Tree>, string] {
    return host.startsWith('*') ? [this.#suffixes, host.slice(1)] : [this.#exact, host];
  }
}
