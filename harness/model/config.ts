/** What `gatecrash.config.ts` says. Its names are looked up, and its mistakes told, when a command reads it. */
import type { Duration } from '../../scenarios/scenario.ts';
import type { StoredKey } from './layout.ts';

export interface PairConfig {
  /** The name under which the pair is followed from night to night: lower-case words joined by hyphens. */
  readonly name: string;
  /** Builds, such as `reference@.`. They may change from night to night. */
  readonly stable: string;
  readonly canary: string;
}

/** A route that a gateway has to serve: it sends requests for `path` to `upstream`, as requests for `answer`. */
export interface RouteToLayOut {
  readonly prefix: string;
  /** Each key has to hold it. */
  readonly id: string;
  readonly path: string;
  /** Such as `/seq/17`. */
  readonly answer: string;
  /** `host:port`. */
  readonly upstream: string;
  /** Of routes of one path the highest wins. */
  readonly priority?: number;
}

/**
 * A gateway of your own, `command@<its name>`. In all texts, `{port}` and the like stand for what differs from trial to
 * trial; docs/GATEWAYS.md has the list. The same is in its environment: `GATEWAY_LISTEN`, `GATEWAY_ETCD` and so on.
 */
export interface GatewayConfig {
  /** Program and arguments. It has to stay in the foreground. */
  readonly command: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** Where it is started, relative to the configuration; its folder by default. */
  readonly cwd?: string;
  /** Written before every start, by their paths below `{folder}`. */
  readonly files?: Readonly<Record<string, string>>;
  /** How it keeps routes in etcd. */
  readonly layout: 'apisix' | 'traefik' | ((route: RouteToLayOut) => StoredKey | readonly StoredKey[]);
  /** A page that is answered well once it would serve, such as `http://127.0.0.1:{port:status}/ready`. */
  readonly ready: string;
  /** Response header that names the worker that answers. */
  readonly workerHeader?: string;
  /** Its main process starts a process for each worker. False by default. */
  readonly workerProcesses?: boolean;
  /** At it, the main process replaces all workers by new ones. */
  readonly reloadSignal?: 'SIGHUP' | 'SIGUSR1' | 'SIGUSR2';
  /** Its own metrics page. */
  readonly metrics?: string;
}

export interface Config {
  /** What `gatecrash nightly` compares. */
  readonly pairs?: readonly [PairConfig, ...PairConfig[]];
  /** A suite, or scenarios by name or file. Default `'quick'`. */
  readonly scenarios?: 'quick' | 'full' | readonly string[];
  /** Where workloads live: processes of the host, or containers of its Docker engine. Default `'process'`. */
  readonly runtime?: 'process' | 'docker';
  /** A fixed number of blocks, at least 3, instead of the planned looks. */
  readonly blocks?: number;
  /** No block is started after this time; pairs that are left share what is left of it. Default: no end. */
  readonly timeBudget?: Duration;
  /** Mean number of nights between two false trend alarms, of all series together. Default 365. */
  readonly nightsBetweenAlarms?: number;
  /** Folder of the run folders, and the history database; relative to this file. Defaults `runs`, `runs/history.db`. */
  readonly runs?: string;
  readonly history?: string;
  /** Gateways of your own, by name. */
  readonly gateways?: Readonly<Record<string, GatewayConfig>>;
}

/** Gives editors the types; returns what it is given. */
export function defineConfig(config: Config): Config {
  return config;
}
