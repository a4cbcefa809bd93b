/** The certificates in force: chosen by the name that a client asks for (SNI, RFC 6066 §3), replaced without a restart. */
import type { SecureContext } from 'node:tls';
import type { Certificate, ConfigChange } from '../config/config-objects.ts';

export class Certificates {
  readonly #byId = new Map<string, Certificate>();
  /** By exact name, and by `.example.com` for `*.example.com`; of two for one name the smaller id counts. */
  #byName = new Map<string, Certificate>();

  apply(changes: readonly ConfigChange[]): void {
    let changed = false;
    for (const change of changes) {
      if (change.kind !== 'certificate') continue;
      changed = true;
      if (change.op === 'put') this.#byId.set(change.id, change.value);
      else this.#byId.delete(change.id);
    }
    if (changed) this.#byName = this.#index();
  }

  /** Exact before wildcard, a longer wildcard before a shorter one; undefined when none serves the name. */
  find(serverName: string): SecureContext | undefined {
    const name = serverName.toLowerCase();
    const exact = this.#byName.get(name);
    if (exact !== undefined) return exact.context;
    for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      const wildcard = this.#byName.get(name.slice(dot));
      if (wildcard !== undefined) return wildcard.context;
    }
    return undefined;
  }

  #index(): Map<string, Certificate> {
    const index = new Map<string, Certificate>();
    // The smallest id is written last.
    for (const certificate of [...this.#byId.values()].toSorted((a, b) => (a.id < b.id ? 1 : -1))) {
      for (const name of certificate.names) index.set(name.replace(/^\*/, ''), certificate);
    }
    return index;
  }
}
