/**
 * The seams at which a build can differ: a mutant wraps one of these, and nothing else of the gateway knows of it. Each is
 * asked once, when a worker starts; what a request meets is what it gave then.
 */
import type { Logger } from 'pino';
import { type EtcdClient, connectEtcd } from './config/etcd-client.ts';
import type { Keyring } from './config/keyring.ts';
import { readObject } from './config/read-object.ts';
import { type Item, Store } from './config/store.ts';
import type { EtcdAccess } from './etcd/access.ts';
import { type ResumePolicy, type SyncObserver, type SyncSource, resumeWhereDelivered } from './etcd/sync-loop.ts';
import { type Metrics, createMetrics } from './observe/metrics.ts';
import { type Handling, handling } from './proxy/proxy.ts';
import { type Router, createRouter } from './routing/router.ts';
import type { Names } from './upstream/names.ts';
import { Pools } from './upstream/pools.ts';
import type { UpstreamOptions } from './upstream/upstream-options.ts';
import { type Follower, followConfig } from './workers/follow-config.ts';
import { type LiveConfig, createLiveConfig } from './workers/live-config.ts';
import { trafficServer } from './workers/traffic-server.ts';

export interface Seams {
  /** etcd, as the sync loop is given it: snapshots, watches, positions. */
  readonly connectEtcd: (access: EtcdAccess) => EtcdClient;
  /** Where the sync loop goes on after a watch has ended. */
  readonly resumePolicy: (context: PolicyContext) => ResumePolicy;
  /** From a JSON value to an object of the configuration, or its refusal. */
  readonly readObject: typeof readObject;
  /** What etcd holds, kept as far as it is valid. */
  readonly createStore: (prefix: string, keyring: Keyring, read: typeof readObject) => Store;
  /** Takes what was delivered into force, and tells of it. */
  readonly followConfig: (follower: Follower) => SyncObserver<Item>;
  readonly createRouter: () => Router;
  /** All that follows the configuration: routes, blocks, upstreams with their health, certificates, consumers. */
  readonly createLiveConfig: (router: Router, options: UpstreamOptions) => LiveConfig;
  /** Connections to upstreams. */
  readonly createPools: (names: Names) => Pools;
  /** What becomes of a request, and of one to change the protocol. */
  readonly handling: Handling;
  /** The listening side: opened after the first sync, drained at the end. */
  readonly trafficServer: typeof trafficServer;
  readonly createMetrics: (worker: string) => Metrics;
  /** Milliseconds for a response, called once a request; undefined when nothing is to be said. */
  readonly accessLog: ((log: Logger) => AccessLog) | undefined;
}

export interface PolicyContext {
  /** What the policy is for. */
  readonly source: SyncSource<Item>;
  /** Empties the configuration in force. */
  readonly clear: () => void;
}

export type AccessLog = (entry: { readonly method: string; readonly path: string; readonly status: number }) => void;

export const clean: Seams = {
  connectEtcd,
  resumePolicy: () => resumeWhereDelivered,
  readObject,
  createStore: (prefix, keyring, read) => new Store(prefix, keyring, read),
  followConfig,
  createRouter,
  createLiveConfig,
  createPools: (names) => new Pools(names),
  handling,
  trafficServer,
  createMetrics,
  accessLog: undefined,
};
