/** The members of the etcd cluster; one is in use, and the next one when it fails. */
import type { EtcdAccess } from '../../etcd/access.ts';

export class Endpoints {
  readonly #all: readonly EtcdAccess[];
  #turn = 0;

  /** At least one. */
  constructor(all: readonly EtcdAccess[]) {
    this.#all = all;
  }

  get index(): number {
    return this.#turn % this.#all.length;
  }

  get current(): EtcdAccess {
    const access = this.#all[this.index];
    if (access === undefined) throw new Error('no etcd is given');
    return access;
  }

  /** Only who used the one in use may move on: many notice the same failure. */
  failed(access: EtcdAccess): void {
    if (access === this.current) this.#turn++;
  }
}
