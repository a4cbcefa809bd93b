/** Runs one schedule in a world and checks what every client saw. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { TestEtcd } from '../support/etcd.ts';
import { until } from '../support/http.ts';
import { type Observation, type Violation, type Wish, selected, violationsOf } from './history-checker.ts';
import { hurtCluster } from './leader.ts';
import { Ledger } from './ledger.ts';
import { listRange } from './list-range.ts';
import { RecordingClient } from './recording-client.ts';
import type { ClientOf, EtcdFault, Schedule, Step } from './schedule.ts';
import { type World, pinnedPrefix } from './world.ts';

export interface Outcome {
  readonly schedule: Schedule;
  /** Events that clients saw and that were checked. */
  readonly events: number;
  /** Times that clients were told to list again, or too slow. */
  readonly relists: number;
  readonly violations: readonly Violation[];
}

/** How long clients may take to have everything, once nothing is broken any more. Milliseconds. */
const patienceMs = 20_000;
/** The proxies of a world. */
const [first, second] = [0, 1];
let runs = 0;

export async function runSchedule(world: World, schedule: Schedule): Promise<Outcome> {
  // Of this run alone, though the seed may come again.
  const name = `${schedule.seed}-${++runs}/`;
  const ledger = await Ledger.begin(world.etcds, schedule.pinned ? `${pinnedPrefix}${name}` : `/own/${name}`);
  const run = new Run(world, schedule, ledger);
  try {
    for (const client of schedule.clients) run.join(client, 0);
    for (const step of schedule.steps) await run.step(step);
    return await run.finish();
  } finally {
    run.close();
  }
}

class Run {
  readonly #world: World;
  readonly #schedule: Schedule;
  readonly #ledger: Ledger;
  readonly #clients: RecordingClient[] = [];
  /** What serializable reads through each proxy answered. */
  readonly #reads: readonly Observation[][] = [[], []];
  #saved = 0;
  /** Whether etcd has lost history: only then may anybody be told to list again. */
  #lossy = false;

  constructor(world: World, schedule: Schedule, ledger: Ledger) {
    this.#world = world;
    this.#schedule = schedule;
    this.#ledger = ledger;
  }

  join({ keys, proxy, ...rest }: ClientOf, back: number): void {
    const range =
      keys === 'all' ? this.#ledger.range : { from: this.#ledger.key(keys[0]), to: this.#ledger.key(keys[1]) };
    const newest = this.#ledger.lines.at(-1)?.revision ?? 0;
    const from = this.#ledger.lines.length > 1 ? newest + 1 : Math.max(this.#ledger.begins, newest - back);
    this.#clients.push(new RecordingClient(this.#world.urlsFrom(proxy), { ...rest, ...range }, from));
  }

  async step(step: Step): Promise<void> {
    const ledger = this.#ledger;
    switch (step.kind) {
      case 'write':
        return ledger.write(step.writes);
      case 'join':
        await ledger.read();
        return this.join(step.client, step.back);
      case 'read':
        return this.#read(step.proxy);
      case 'compact': {
        const newest = await ledger.read();
        this.#lossy = true;
        await ledger.compact(newest - step.back).catch(() => undefined);
        return;
      }
      case 'cut-in-catch-up':
        return this.#cutInCatchUp(step);
      case 'restart-proxy':
        this.#world.heal();
        return this.#world.restartProxy(step.proxy, step.how);
      case 'restart-etcd':
      case 'pause-etcd':
      case 'wipe':
      case 'other-cluster':
      case 'save':
      case 'restore':
      case 'restore-unseen':
      case 'move-leader':
      case 'kill-leader':
      case 'lose-quorum':
        return this.#hurtEtcd(step.kind);
      case 'pause':
      case 'resume':
      case 'leave':
      case 'come-back':
      case 'move':
      case 'ask-progress':
        return this.#tellClient(step.kind, step.client);
      case 'cut':
      case 'black-hole':
      case 'refuse':
      case 'accept':
      case 'hold':
      case 'release':
        for (const link of this.#world.links(step.proxy)) {
          if (step.kind === 'cut') link.cut();
          else if (step.kind === 'black-hole') link.blackhole();
          else if (step.kind === 'refuse' || step.kind === 'accept') link.refuse(step.kind === 'refuse');
          else link.hold(step.kind === 'hold');
        }
    }
  }

  /** Heals everything, waits until each client has what etcd has, and checks. */
  async finish(): Promise<Outcome> {
    // Longer than a proxy waits for a sign of life.
    if (this.#schedule.family === 'silence') await sleep(10_000);
    this.#healAll();
    await this.#ledger.read();
    await until(() => this.#clients.every((client) => this.#hasAll(client)), 'never', patienceMs).catch(
      () => undefined,
    );
    for (const proxy of [first, second]) await this.#read(proxy);
    const outcome = this.#check();
    if (outcome.violations.length === 0) await this.#world.settle();
    return outcome;
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }

  #check(): Outcome {
    const { lines } = this.#ledger;
    const violations = this.#clients.flatMap(({ wish, seen, relists, reasons }) => [
      ...violationsOf(lines, wish, seen, { complete: true }),
      ...(relists > 0 && !this.#lossy ? [needless(reasons)] : []),
    ]);
    const whole: Wish = { ...this.#ledger.range, puts: true, deletes: true, prevKv: true };
    // Each by itself: a serializable read promises one moment, not that the next one is later.
    for (const read of this.#reads.flat()) violations.push(...violationsOf(lines, whole, [read], { complete: false }));
    return {
      schedule: this.#schedule,
      events: this.#clients
        .flatMap(({ seen }) => seen)
        .reduce((sum, each) => sum + (each.kind === 'events' ? each.changes.length : 0), 0),
      relists: this.#clients.reduce((sum, { relists }) => sum + relists, 0),
      violations,
    };
  }

  #hasAll({ wish, next }: RecordingClient): boolean {
    const line = this.#ledger.lines.at(-1);
    const last = line === undefined ? undefined : selected(line, wish, 0).at(-1);
    return last === undefined || next > last.revision;
  }

  #healAll(): void {
    this.#world.heal();
    for (const client of this.#clients) {
      client.resume();
      client.comeBack();
    }
  }

  async #read(proxy: number): Promise<void> {
    const [url] = this.#world.urlsFrom(proxy);
    if (url === undefined) return;
    // While etcd is away, and no range is followed yet, there is nobody to answer.
    const list = await listRange(url, this.#ledger.range, true).catch(() => undefined);
    if (list !== undefined) {
      this.#reads[proxy]?.push({ kind: 'listed', revision: list.revision, keys: list.keys });
    }
  }

  async #cutInCatchUp({ proxy, bytes, writes }: Extract<Step, { kind: 'cut-in-catch-up' }>): Promise<void> {
    const links = this.#world.links(proxy);
    for (const link of links) {
      link.refuse(true);
      link.cut();
    }
    await this.#ledger.write(writes);
    for (const link of links) {
      void link.cutAfter(bytes);
      link.hold(false);
      link.refuse(false);
    }
  }

  async #hurtEtcd(how: EtcdFault): Promise<void> {
    const { members } = this.#world;
    const [only] = members;
    if (only === undefined) return;
    if (how === 'restart-etcd') await only.restart('keep');
    else if (how === 'pause-etcd') {
      process.kill(only.pid, 'SIGSTOP');
      await sleep(200);
      process.kill(only.pid, 'SIGCONT');
    } else if (how === 'save') {
      this.#saved = await this.#ledger.read();
      await only.save();
    } else if (how === 'wipe' || how === 'other-cluster' || how === 'restore') {
      await this.#ledger.read();
      await only.restart(how === 'wipe' ? 'wipe' : how === 'restore' ? 'saved' : 'foreign');
      await this.#reset(how === 'restore' ? this.#saved : 0);
    } else if (how === 'restore-unseen') {
      await this.#restoreUnseen(only);
    } else await hurtCluster(members, how);
  }

  /**
   * Whoever asks for a revision of the lost history once etcd has got there anew cannot be told from one who is right to
   * ask, by etcd either. So clients have to be told before; and the proxies, before clients that know come to those that do
   * not know yet.
   */
  async #reset(revision: number): Promise<void> {
    this.#lossy = true;
    this.#ledger.fork(revision);
    this.#healAll();
    const newest = await this.#ledger.read();
    await this.#untilTold(({ next }) => next <= newest + 1);
  }

  /** The proxies have to find out by themselves, and to tell the clients, whose watches are open all the while. */
  async #restoreUnseen(etcd: TestEtcd): Promise<void> {
    this.#healAll();
    const newest = await this.#ledger.read();
    const watches = (client: RecordingClient): boolean =>
      this.#hasAll(client) && client.seen.some(({ kind }) => kind === 'opened');
    await until(() => this.#clients.every(watches), 'never', patienceMs).catch(() => undefined);
    const relists = new Map(this.#clients.map((client) => [client, client.relists]));
    for (const link of [first, second].flatMap((proxy) => this.#world.links(proxy))) {
      link.refuse(true);
      link.cut();
    }
    await etcd.restart('saved');
    this.#lossy = true;
    this.#ledger.fork(this.#saved);
    const length = newest - this.#saved + 2;
    await this.#ledger.write(Array.from({ length }, (_each, n) => [{ key: n % 3, bytes: 10 }]));
    await this.#ledger.read();
    this.#healAll();
    await this.#untilTold((client) => client.relists > (relists.get(client) ?? 0));
  }

  async #untilTold(knows: (client: RecordingClient) => boolean): Promise<void> {
    const told = async (): Promise<boolean> =>
      this.#clients.every(knows) && (await this.#isTold(first)) && (await this.#isTold(second));
    await until(told, 'never', patienceMs).catch(() => undefined);
  }

  /**
   * Whether what the proxy follows is where etcd is now. Of each range that clients watch: each may be followed by itself,
   * and what is followed of one says nothing of the others.
   */
  async #isTold(proxy: number): Promise<boolean> {
    const [url] = this.#world.urlsFrom(proxy);
    const [etcd] = this.#world.etcds;
    if (url === undefined || etcd === undefined) return true;
    const ranges = [this.#ledger.range, ...this.#clients.map(({ wish }) => wish)];
    const agree = async (range: Parameters<typeof listRange>[1]): Promise<boolean> => {
      const known = await listRange(url, range, true);
      // Nobody follows it: whoever does so later begins with what etcd has then.
      if (!known.mirrored) return true;
      const { revision, keys } = await listRange(etcd, range, false);
      return known.revision === revision && isDeepStrictEqual(known.keys, keys);
    };
    return Promise.all(ranges.map(agree)).then(
      (each) => each.every(Boolean),
      () => false,
    );
  }

  #tellClient(does: 'pause' | 'resume' | 'leave' | 'come-back' | 'move' | 'ask-progress', number: number): void {
    const client = this.#clients[number % this.#clients.length];
    if (does === 'come-back') client?.comeBack();
    else if (does === 'ask-progress') client?.askProgress();
    else client?.[does]();
  }
}

function needless(reasons: readonly string[]): Violation {
  const what = `told to list again, though etcd had lost no history: ${reasons.join('; ')}`;
  return { promised: 'resumable', what };
}
