/** What schedules run in: etcd, two watch proxies, and between each of them and etcd a link that can be hurt. */
import { type CutProxy, startCutProxy } from '../support/cut-proxy.ts';
import { type TestEtcd, startEtcd, startEtcdCluster } from '../support/etcd.ts';
import { until } from '../support/http.ts';
import { type TestWatchProxy, startWatchProxy } from '../support/watch-proxy.ts';
import { Ledger } from './ledger.ts';
import { listRange } from './list-range.ts';

export const pinnedPrefix = '/pinned/';

/** Small enough that schedules leave the ring and the buffers; the two proxies differ. */
const settings = [
  { WATCH_PROXY_RING_EVENTS: '40', WATCH_PROXY_BUFFER_BYTES: '65536' },
  { WATCH_PROXY_RING_EVENTS: '1000', WATCH_PROXY_BUFFER_BYTES: '65536' },
].map((each) => ({
  ...each,
  WATCH_PROXY_PREFIXES: pinnedPrefix,
  WATCH_PROXY_PROGRESS_MS: '100',
  WATCH_PROXY_DRAIN_MS: '50',
}));

export class World implements AsyncDisposable {
  readonly members: readonly TestEtcd[];
  /** Of each proxy, one link to each member. */
  readonly #links: readonly (readonly CutProxy[])[];
  readonly #proxies: TestWatchProxy[];

  private constructor(
    members: readonly TestEtcd[],
    links: readonly (readonly CutProxy[])[],
    proxies: TestWatchProxy[],
  ) {
    this.members = members;
    this.#links = links;
    this.#proxies = proxies;
  }

  static async start(cluster: boolean): Promise<World> {
    const members = cluster ? await startEtcdCluster() : [await startEtcd()];
    const linksOf = (): Promise<readonly CutProxy[]> => Promise.all(members.map(({ url }) => startCutProxy(url)));
    const links = [await linksOf(), await linksOf()];
    const proxies = await Promise.all(links.map((own, index) => startProxy(own, index)));
    return new World(members, links, proxies);
  }

  get etcds(): readonly URL[] {
    return this.members.map(({ url }) => url);
  }

  /** Where clients connect: the one with that number first. */
  urlsFrom(proxy: number): readonly URL[] {
    const urls = this.#proxies.map(({ url }) => url);
    return proxy === 0 ? urls : urls.toReversed();
  }

  links(proxy: number): readonly CutProxy[] {
    return this.#links[proxy] ?? [];
  }

  /** All links work. */
  heal(): void {
    for (const link of this.#links.flat()) {
      link.refuse(false);
      void link.cutAfter(0);
      link.hold(false);
    }
  }

  async restartProxy(proxy: number, how: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const running = this.#proxies[proxy];
    if (running === undefined) return;
    process.kill(running.pid, how);
    await running.exited;
    this.#proxies[proxy] = await startProxy(this.links(proxy), proxy, running.url);
  }

  /**
   * Both proxies are where etcd is, in the range that they follow from the start too: the next schedule begins there. Not
   * further: who has not noticed yet that etcd was restored is at a revision that it has lost.
   */
  async settle(): Promise<void> {
    const ledger = await Ledger.begin(this.etcds, `${pinnedPrefix}settled/`);
    const revision = await ledger.read();
    for (const { url, log } of this.#proxies) {
      const known = (): Promise<boolean> =>
        listRange(url, ledger.range, true).then(
          (read) => read.mirrored && read.revision === revision,
          () => false,
        );
      await until(known, `a proxy knows of revision ${revision}: ${log()}`);
    }
  }

  get logs(): string {
    return this.#proxies.map((proxy) => proxy.log()).join('\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const proxy of this.#proxies) await proxy[Symbol.asyncDispose]();
    for (const link of this.#links.flat()) await link[Symbol.asyncDispose]();
    for (const member of this.members) await member[Symbol.asyncDispose]();
  }
}

function startProxy(links: readonly CutProxy[], index: number, at?: URL): Promise<TestWatchProxy> {
  const [first] = links;
  if (first === undefined) throw new Error('a proxy needs an etcd');
  return startWatchProxy(first.url, {
    ...settings[index],
    WATCH_PROXY_ETCD: links.map(({ url }) => url.origin).join(),
    ...(at === undefined ? {} : { WATCH_PROXY_LISTEN: at.host }),
  });
}
