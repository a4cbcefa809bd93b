/** What happens in one schedule: pure data, drawn from a seed. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { ClusterFault } from './leader.ts';
import type { ClientWish } from './recording-client.ts';

/** A value of that many bytes, or a delete, of one of the keys. */
export interface Op {
  readonly key: number;
  readonly bytes: number | 'delete';
}

/** Committed as one revision. */
export type Write = readonly Op[];

export type EtcdFault =
  | 'restart-etcd'
  | 'pause-etcd'
  | 'wipe'
  /** Another cluster answers at its address, and is empty. */
  | 'other-cluster'
  | 'save'
  | 'restore'
  /** No proxy sees it, and etcd has outgrown what it has lost before they are back. */
  | 'restore-unseen'
  | ClusterFault;

export type Step =
  | { readonly kind: 'write'; readonly writes: readonly Write[] }
  /** To the connections between one proxy and etcd. */
  | { readonly kind: 'cut' | 'refuse' | 'accept' | 'hold' | 'release' | 'black-hole'; readonly proxy: number }
  /** The proxy is cut off, much is written, and while it catches up it is cut again after so many bytes. */
  | {
      readonly kind: 'cut-in-catch-up';
      readonly proxy: number;
      readonly bytes: number;
      readonly writes: readonly Write[];
    }
  /** Up to that many revisions before the newest. */
  | { readonly kind: 'compact'; readonly back: number }
  | { readonly kind: EtcdFault }
  | { readonly kind: 'restart-proxy'; readonly proxy: number; readonly how: 'SIGKILL' | 'SIGTERM' }
  | { readonly kind: 'pause' | 'resume' | 'leave' | 'come-back' | 'move' | 'ask-progress'; readonly client: number }
  | { readonly kind: 'join'; readonly client: ClientOf; readonly back: number }
  /** A serializable read. */
  | { readonly kind: 'read'; readonly proxy: number };

/** Keys are numbers until the schedule has its prefix. */
export interface ClientOf extends Omit<ClientWish, 'from' | 'to'> {
  /** All keys, or those from the first to the second. */
  readonly keys: 'all' | readonly [number, number];
  /** The proxy at which it begins. */
  readonly proxy: number;
}

/** Which steps there are beside the ordinary ones: each family has a world of its own. */
export type Family = 'ordinary' | 'reset' | 'cluster' | 'silence';

export interface Schedule {
  readonly seed: number;
  readonly family: Family;
  /** Whether it shares the one range that the proxies follow from the start, or has a range of its own followed. */
  readonly pinned: boolean;
  readonly clients: readonly ClientOf[];
  readonly steps: readonly Step[];
}

const keyCount = 12;
const sizes = [0, 10, 600, 600, 6_000, 60_000];
const families: readonly Family[] = ['reset', 'cluster', 'silence'];

/** Of two hundred: twelve, six and two, apart from the ordinary ones. */
function familyOf(seed: number): Family {
  const rest = seed % 100;
  return rest < 6 ? 'reset' : rest < 9 ? 'cluster' : rest === 9 ? 'silence' : 'ordinary';
}

export function isFamily(name: string): name is Family {
  return name === 'ordinary' || (families as readonly string[]).includes(name);
}

export function drawSchedule(seed: number, family: Family = familyOf(seed)): Schedule {
  const draw = new Draw(seed);
  const clients = Array.from({ length: draw.whole(2, 4) }, () => draw.client());
  const steps: Step[] = [{ kind: 'write', writes: draw.writes(1, 10) }];
  const length = draw.whole(8, 14);
  const special = draw.whole(2, length - 1);
  while (steps.length < length) {
    if (steps.length === special) steps.push(...draw.special(family, seed));
    steps.push(draw.step(family));
  }
  return { seed, family, pinned: draw.chance(0.5), clients, steps };
}

/** Few schedules have one of these: they take turns, so that each comes. */
const resets = ['wipe', 'other-cluster', 'restore', 'restore-unseen'] as const;
const clusterFaults: readonly [ClusterFault, ...ClusterFault[]] = ['move-leader', 'kill-leader', 'lose-quorum'];

function inTurn<Item>(items: readonly [Item, ...Item[]], seed: number): Item {
  return items[seed % items.length] ?? items[0];
}

class Draw {
  readonly #random: ReturnType<typeof xoroshiro128plus>;

  constructor(seed: number) {
    this.#random = xoroshiro128plus(seed);
    // The first numbers of neighbouring seeds are alike.
    for (let n = 0; n < 20; n++) this.whole(0, 1);
  }

  whole(least: number, most: number): number {
    return uniformInt(this.#random, least, most);
  }

  chance(share: number): boolean {
    return this.whole(0, 999) < share * 1_000;
  }

  one<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.whole(0, items.length - 1)] ?? items[0];
  }

  client(): ClientOf {
    const low = this.whole(0, keyCount - 1);
    const [puts, deletes] = this.one<[boolean, boolean]>([
      [true, true],
      [true, true],
      [true, true],
      [true, false],
      [false, true],
    ]);
    return {
      protocol: this.one(['grpc', 'json']),
      keys: this.chance(0.6) ? 'all' : [low, this.whole(low + 1, keyCount)],
      puts,
      deletes,
      prevKv: this.chance(0.5),
      progressNotify: this.chance(0.5),
      fragment: this.chance(0.5),
      byBookmarks: this.chance(0.5),
      proxy: this.whole(0, 1),
    };
  }

  writes(least: number, most: number): readonly Write[] {
    return Array.from({ length: this.whole(least, most) }, () => this.#write());
  }

  step(family: Family): Step {
    const [proxy, client] = [this.whole(0, 1), this.whole(0, 5)];
    const roll = this.whole(0, 99);
    if (roll < 36) return { kind: 'write', writes: this.writes(1, 40) };
    if (roll < 64) {
      const kind = this.one(['pause', 'resume', 'leave', 'come-back', 'move', 'ask-progress'] as const);
      return { kind, client };
    }
    if (roll < 72) return { kind: 'read', proxy };
    if (roll < 79) return { kind: 'join', client: this.client(), back: this.whole(0, 60) };
    if (roll < 96) return { kind: this.one(['cut', 'refuse', 'accept', 'hold', 'release']), proxy };
    if (family !== 'ordinary' || roll < 98) return { kind: 'cut', proxy };
    return this.chance(0.5) ? { kind: 'restart-etcd' } : { kind: 'pause-etcd' };
  }

  /** What makes the schedule one of its family. */
  special(family: Family, seed: number): readonly Step[] {
    const [proxy, client] = [this.whole(0, 1), this.whole(0, 5)];
    const written = { kind: 'write', writes: this.writes(5, 40) } as const;
    if (family === 'reset') {
      const kind = inTurn(resets, seed);
      if (kind === 'wipe' || kind === 'other-cluster') return [written, { kind }];
      return [{ kind: 'save' }, written, { kind }, written];
    }
    if (family === 'cluster') return [written, { kind: inTurn(clusterFaults, seed) }, written];
    if (family === 'silence') return [{ kind: this.one(['hold', 'black-hole']), proxy }, written];
    const roll = this.whole(0, 99);
    if (roll < 40) return [this.#cutInCatchUp(proxy)];
    if (roll < 60) {
      return [
        { kind: 'leave', client },
        written,
        { kind: 'compact', back: this.whole(0, 20) },
        { kind: 'come-back', client },
      ];
    }
    if (roll < 75) return [{ kind: 'refuse', proxy }, written, { kind: 'compact', back: 0 }, { kind: 'accept', proxy }];
    if (roll < 90) return [{ kind: 'restart-etcd' }];
    return [{ kind: 'restart-proxy', proxy, how: this.one(['SIGKILL', 'SIGTERM']) }];
  }

  #cutInCatchUp(proxy: number): Step {
    const writes = Array.from({ length: 80 }, () => this.#write(600));
    return { kind: 'cut-in-catch-up', proxy, bytes: this.whole(500, 40_000), writes };
  }

  #write(mostBytes = Number.POSITIVE_INFINITY): Write {
    const count = this.chance(0.25) ? this.whole(2, 5) : 1;
    const first = this.whole(0, keyCount - 1);
    const bytes = sizes.filter((size) => size <= mostBytes) as [number, ...number[]];
    return Array.from({ length: count }, (_each, n) => ({
      key: (first + n) % keyCount,
      bytes: this.chance(0.25) ? ('delete' as const) : this.one(bytes),
    }));
  }
}
