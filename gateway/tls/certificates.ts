/** The certificates in force: chosen by the name that a client asks for (SNI, RFC 6066 §3), replaced without a restart. */
import type { SecureContext } from 'node:tls';
import type { Certificate, ConfigChange } from '../config/config-objects.ts';

export class Certificates {
  readonly #byId = new Map<string, Certificate>();
  /** By exact name, by `.example.com` for `*.example.com`, by nothing for `*`; of two for one the smaller id counts. */
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

  /** Exact before wildcard, which stands for one label (RFC 9525 §6.3); undefined when none serves the name. */
  find(serverName: string): SecureContext | undefined {
    const name = serverName.toLowerCase();
    const dot = name.indexOf('.');
    const wildcard = dot < 0 ? undefined : this.#byName.get(name.slice(dot));
    return (this.#byName.get(name) ?? wildcard ?? this.#byName.get(''))?.context;
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
