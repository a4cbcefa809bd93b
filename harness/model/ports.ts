/** What a trial needs of the outside, as small interfaces; run/ is written against these words only. */
import type { Ability } from './abilities.ts';
import type { Build } from './build.ts';
import type { CpuProfile } from './cpu-profile.ts';
import type { EtcdEntry, EtcdPrograms, EtcdUser, KeptTable } from './etcd.ts';
import type { EtcdLink } from './etcd-link.ts';
import type { Layout, RouteSpec } from './layout.ts';
import type { CpuLimit, FileLimit, MemoryLimit } from './limits.ts';
import type { Firewall, Front, Network } from './network.ts';
import type { Preparation } from './product.ts';
import type { StaticHosts } from './static-hosts.ts';
import type { EchoUpstream } from './upstream.ts';

/** A program to be run. */
export interface Workload {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Gets what it prints on stdout, instead of its log. */
  readonly output?: (chunk: Buffer) => void;
  /** Its memory is counted apart from its start, so that it can be limited later. Of containers it always is. */
  readonly counted?: boolean;
  /** How containers run it. Absent: it is run by processes only. */
  readonly image?: ImageRun;
}

/** A workload as a container. The process runtime takes no notice of it, the docker runtime of `command` and `args`. */
export interface ImageRun {
  readonly name: string;
  /** What follows the image's entry point; its own when undefined. */
  readonly args?: readonly string[];
  /** Files of the host that it reads, or folders; they have the same path in the container. */
  readonly mounts?: readonly string[];
}

/** A running workload. Disposing it ends it and everything it started, and waits until it is gone. */
export interface Instance extends AsyncDisposable {
  readonly name: string;
  /** As this host knows it; `unseen` where it does not see the processes of its containers. */
  readonly pid: number;
  /** Rejects with PROCESS_DIED (and the log tail) when the process ends before it was disposed; else never settles. */
  readonly died: Promise<never>;
  /** The last lines it printed. */
  logTail(lines?: number): string;
  /** To the process that was started, unless others are named; nothing when it is gone. */
  signal(signal: NodeJS.Signals, to?: Receiver): void;
  processes(): Processes;
}

/** Who gets a signal: the process that was started, all of its group, or the one of that id. */
export type Receiver = 'leader' | 'group' | number;

/** The living processes of a workload by their ids, as the host tells of them. */
export interface Processes {
  /** The one that was started; undefined when it has ended. */
  readonly leader: number | undefined;
  /** Those that the leader has started itself, oldest first. */
  readonly children: readonly number[];
  /** All of its process group. */
  readonly group: readonly number[];
  /** Those of the group that stand still. */
  readonly stopped: readonly number[];
}

/** No process has this id. */
export const unseen = -1;

/**
 * Where the workloads of one trial live. `freePort` picks a loopback port, which is the same for workloads and harness; a
 * lost race shows as PROCESS_DIED with the log tail. Disposed after its last workload.
 */
export interface Runtime extends AsyncDisposable {
  readonly kind: 'process' | 'docker';
  launch(workload: Workload, signal: AbortSignal): Promise<Instance>;
  freePort(protocol?: 'tcp' | 'udp'): Promise<number>;
  readonly cpuLimit: CpuLimit;
  readonly memoryLimit: MemoryLimit;
  readonly fileLimit: FileLimit;
  /** Undefined where the workloads share the network of the host: nobody may put rules there. */
  readonly firewall: Firewall | undefined;
  /**
   * Whether a connection that a workload refuses or resets ends so for the harness, too. Not where the engine's port proxy
   * stands between, which takes every connection, and closes it then. Asked when something was launched.
   */
  seesRefusals(): Promise<boolean>;
}

/** A gateway under test, seen from outside. */
export interface Gateway extends AsyncDisposable {
  readonly instance: Instance;
  /** Where clients send requests, such as `http://127.0.0.1:9080`. */
  readonly traffic: URL;
  /** Response header that names the answering worker; undefined when the product has none. */
  readonly workerHeader: string | undefined;
  readonly workers: number;
  /** Makes its main process replace all workers by new ones; undefined when the product has no such thing. */
  readonly reloadSignal: NodeJS.Signals | undefined;
  /** Deployed between the gateway and the etcd link, when its build says so. */
  readonly watchProxy: WatchProxy | undefined;
  /** Its own metrics page; undefined when it has none. */
  readonly metrics: URL | undefined;
  /** Its Admin API, with the key to it; undefined where it serves none. */
  readonly admin?: AdminApi | undefined;
  /** Asks the product once whether it would serve. */
  ready(signal: AbortSignal): Promise<boolean>;
  /** Where the processor time of this worker goes during the next seconds, a whole number. Absent: it cannot tell. */
  profile?(worker: string, seconds: number, signal: AbortSignal): Promise<CpuProfile>;
}

/** Under its address is what Apache APISIX has under `/apisix/admin/`. */
export interface AdminApi {
  readonly url: URL;
  readonly key: string;
}

/** The etcd watch proxy as a process beside the gateway. */
export interface WatchProxy {
  /** Where it is spoken to as to etcd. */
  readonly url: URL;
  /** Its own metrics page. */
  readonly metrics: URL;
}

export interface GatewaySettings {
  readonly etcd: URL;
  /** Whom etcd knows the gateway by; undefined when it lets everybody in. */
  readonly etcdUser: EtcdUser | undefined;
  /** File of the authority that issued etcd's certificate; undefined when it is spoken to in the clear. */
  readonly etcdCa: string | undefined;
  readonly prefix: string;
  readonly workers: number;
  readonly watchTimeoutMs: number;
  /** The DNS server to ask for names of upstreams; undefined when they have none. */
  readonly dns: URL | undefined;
  /** Folder of the trial's evidence: what it renders for the gateway goes here. */
  readonly folder: string;
  /** Folder of the run, in which `prepare` has left what it made. */
  readonly scratch: string;
  /** Where the gateway stands, for products that know of rooms; undefined: nowhere in particular. */
  readonly room: string | undefined;
  /** File of its static configuration, which is asked before etcd; undefined: it has none. */
  readonly staticConfig?: string | undefined;
  /** Whether its Admin API is to be served. */
  readonly admin?: boolean;
}

/** How one build is run, and how it keeps routes in etcd. */
export interface GatewayDriver extends Layout {
  /** Of the product. */
  readonly name: string;
  /** Variants of a build that only change how it is deployed: name and what it does. */
  readonly deployments: Readonly<Record<string, string>>;
  readonly abilities: ReadonlySet<Ability>;
  /** Makes what serves all trials of a run and takes time: a checkout, a program. */
  prepare?(build: Build, preparation: Preparation): Promise<void>;
  /** The text of a static configuration that serves these routes, each at its host. Absent: it knows no such thing. */
  readonly staticConfig?: (routes: readonly RouteSpec[]) => string;
  launch(build: Build, settings: GatewaySettings, runtime: Runtime, signal: AbortSignal): Promise<Gateway>;
}

/** All that one trial runs against. */
export interface World extends AsyncDisposable, EtcdEntry {
  readonly programs: EtcdPrograms;
  /** As whom the gateway gets into etcd; undefined when that lets everybody in. */
  readonly gatewayUser: EtcdUser | undefined;
  /** File of the authority whose certificate the gateway is shown; undefined when it comes to etcd in the clear. */
  readonly etcdCa: string | undefined;
  readonly kept: KeptTable;
  readonly prefix: string;
  readonly link: EtcdLink;
  readonly gateway: Gateway;
  readonly driver: GatewayDriver;
  /** Where gateways reach the echo upstream. */
  readonly upstream: URL;
  readonly echo: EchoUpstream;
  readonly network: Network;
  readonly cpuLimit: CpuLimit;
  readonly memoryLimit: MemoryLimit;
  readonly fileLimit: FileLimit;
  /** There when the timeline upgrades the gateway: then the trial begins with the build in production. */
  readonly front: Front | undefined;
  /** There when hosts of the table stand in it. */
  readonly staticHosts: StaticHosts | undefined;
  /** Whether the harness sees how a connection was refused or reset, and not only that it ended (`Runtime.seesRefusals`). */
  readonly seesRefusals: boolean;
  /** Gateways that were launched beside the one under load, by the names of their workloads. */
  readonly further: ReadonlyMap<string, Gateway>;
  /** Folder of the trial, for files that a workload reads. */
  readonly folder: string;
  /**
   * Rejects when a workload ends that nobody has ended, or faults end that nobody has healed: then the trial is no
   * experiment any more.
   */
  readonly died: Promise<never>;
  /** Starts a further workload; it ends with the world, or earlier by `stop`. */
  launch(workload: Workload, signal: AbortSignal): Promise<Instance>;
  /** Another gateway on the same etcd; its workload is named `<the gateway's>-<suffix>`. Of the build of the first, unless it is said. */
  launchGateway(suffix: string, signal: AbortSignal, build?: 'under-test'): Promise<Gateway>;
  /** Sends a signal to the workload of that name, if it runs. */
  signal(name: string, signal: NodeJS.Signals, to?: Receiver): void;
  /** Its living processes; none when there is no such workload. */
  processes(name: string): Processes;
  /** From now on the end of that workload, as it runs now, is no death of the trial. */
  expectEnd(name: string): void;
  /** Ends the workload of that name if it runs; idempotent. */
  stop(name: string): Promise<void>;
  running(name: string): boolean;
  /** Starts the workload of that name again, as it was first started; nothing while it runs. */
  restart(name: string, signal: AbortSignal): Promise<void>;
}
