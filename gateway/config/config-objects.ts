/** The configuration objects as the data plane uses them: validated, with every default filled in. */
import type { SecureContext } from 'node:tls';
import type { BoundPlugin } from '../plugins/plugin.ts';
import type { Condition } from '../routing/condition.ts';

export interface Node {
  readonly host: string;
  readonly port: number;
  /** A node of weight 0 gets no traffic. */
  readonly weight: number;
  /** Nodes of a lower priority are used only when no node of a higher one is left. */
  readonly priority: number;
  /** Where it stands, from `metadata.room`; a gateway prefers nodes of its own room. */
  readonly room: string | undefined;
  /** Requests under way that one worker gives it at most, from `metadata.capacity`. */
  readonly capacity: number | undefined;
}

/** Milliseconds. */
export interface Timeouts {
  readonly connectMs: number;
  /** Without progress of the request on its way to the upstream. */
  readonly sendMs: number;
  /** Without a byte of the answer. */
  readonly readMs: number;
}

export interface Keepalive {
  /** Idle connections that are kept for each node. */
  readonly size: number;
  readonly idleTimeoutMs: number;
  /** Requests after which a connection is closed. */
  readonly requests: number;
}

/** What decides which node a `chash` upstream takes. */
export interface HashOn {
  readonly on: 'vars' | 'vars_combinations' | 'header' | 'cookie' | 'consumer';
  readonly key: string;
}

export interface UpstreamTls {
  readonly verify: boolean;
  readonly clientCert: string | undefined;
  readonly clientKey: string | undefined;
}

export interface Upstream {
  /** Names its state (turns, health, connections), which outlives the values that etcd holds for it. */
  readonly key: string;
  readonly type: 'roundrobin' | 'chash' | 'least_conn' | 'ewma';
  readonly hash: HashOn;
  readonly scheme: 'http' | 'https';
  readonly nodes: readonly Node[];
  /** Which Host header the upstream sees: the client's, the node's, or `upstreamHost`. */
  readonly passHost: 'pass' | 'node' | 'rewrite';
  readonly upstreamHost: string | undefined;
  readonly timeout: Timeouts;
  /** Further nodes that a failed request may go to; undefined: all of them. */
  readonly retries: number | undefined;
  /** After this no other node is tried; 0: no limit. Milliseconds. */
  readonly retryTimeoutMs: number;
  /** Whether requests with side effects may be sent twice. */
  readonly retryNonIdempotent: boolean;
  readonly keepalive: Keepalive;
  readonly tls: UpstreamTls;
  readonly checks: Checks | undefined;
}

/** Thresholds after which a node changes its state, and what counts for and against it. */
export interface Checks {
  readonly active: ActiveCheck | undefined;
  readonly passive: PassiveCheck | undefined;
}

export interface HealthyRule {
  readonly successes: number;
  readonly statuses: readonly number[];
}

export interface UnhealthyRule {
  readonly httpFailures: number;
  readonly tcpFailures: number;
  readonly timeouts: number;
  readonly statuses: readonly number[];
}

export interface ActiveCheck {
  readonly type: 'http' | 'https' | 'tcp';
  readonly path: string;
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly timeoutMs: number;
  /** Probes of one upstream that may be under way at once. */
  readonly concurrency: number;
  /** `Name: value`. */
  readonly headers: readonly string[];
  readonly verify: boolean;
  readonly healthy: HealthyRule & { readonly intervalMs: number };
  readonly unhealthy: UnhealthyRule & { readonly intervalMs: number };
}

export interface PassiveCheck {
  readonly healthy: HealthyRule;
  readonly unhealthy: UnhealthyRule;
}

export type Labels = Readonly<Record<string, string>>;

/** An upstream may stand in the object, or be named and looked up when a request comes. */
interface Forwarding {
  readonly upstream: Upstream | undefined;
  readonly upstreamId: string | undefined;
  readonly plugins: readonly BoundPlugin[];
  readonly websocket: boolean | undefined;
  readonly labels: Labels;
}

export interface Route extends Forwarding {
  readonly id: string;
  readonly name: string | undefined;
  /** Exact paths, prefixes ending in `*`, and paths with `:parameters`. */
  readonly uris: readonly string[];
  /** Lower case; `*.example.com` matches any subdomain. Empty: those of the service, or any. */
  readonly hosts: readonly string[];
  /** Empty: any method. */
  readonly methods: readonly string[];
  /** `remote_addrs` and `vars`; undefined: none. */
  readonly condition: Condition | undefined;
  readonly priority: number;
  readonly enabled: boolean;
  readonly serviceId: string | undefined;
  readonly pluginConfigId: string | undefined;
  /** Over the upstream's. */
  readonly timeout: Timeouts | undefined;
}

export interface Service extends Forwarding {
  readonly id: string;
  readonly hosts: readonly string[];
}

export interface PluginConfig {
  readonly id: string;
  readonly plugins: readonly BoundPlugin[];
  readonly labels: Labels;
}

export interface GlobalRule {
  readonly id: string;
  readonly plugins: readonly BoundPlugin[];
}

export interface Consumer {
  readonly username: string;
  /** Credentials, by the plugin that asks for them, such as `key-auth`. */
  readonly credentials: ReadonlyMap<string, string>;
  readonly plugins: readonly BoundPlugin[];
  readonly labels: Labels;
}

export interface Certificate {
  readonly id: string;
  /** Lower case; exact before wildcard. */
  readonly names: readonly string[];
  readonly context: SecureContext;
}

/** One entry of `POST /apisix/admin/block`: traffic that fits all of it is refused. */
export interface Block {
  readonly id: string;
  readonly host: string | undefined;
  readonly uri: string | undefined;
  readonly condition: Condition | undefined;
}

/** Every kind of object, by the name that the code has for it. */
export interface ConfigObjects {
  readonly route: Route;
  readonly service: Service;
  readonly upstream: Upstream;
  readonly pluginConfig: PluginConfig;
  readonly globalRule: GlobalRule;
  readonly consumer: Consumer;
  readonly certificate: Certificate;
  readonly block: Block;
}

export type Kind = keyof ConfigObjects;

/** One change of the configuration, in the order of etcd's revisions. */
export type ConfigChange = {
  readonly [K in Kind]:
    | { readonly kind: K; readonly op: 'put'; readonly id: string; readonly value: ConfigObjects[K] }
    | { readonly kind: K; readonly op: 'delete'; readonly id: string };
}[Kind];
