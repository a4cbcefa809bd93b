/** The configuration objects as the data plane uses them: validated, with every default filled in. */

export interface Node {
  readonly host: string;
  readonly port: number;
  /** A node of weight 0 gets no traffic. */
  readonly weight: number;
}

export interface Upstream {
  readonly nodes: readonly Node[];
  /** Which Host header the upstream sees: the client's, the node's, or `upstreamHost`. */
  readonly passHost: 'pass' | 'node' | 'rewrite';
  readonly upstreamHost: string | undefined;
  /** Milliseconds. */
  readonly timeout: { readonly connectMs: number; readonly readMs: number };
}

export interface Rewrite {
  /** Replaces the path; the query stays. */
  readonly uri: string | undefined;
  readonly regexUri: { readonly pattern: RegExp; readonly replacement: string } | undefined;
  readonly host: string | undefined;
}

export interface Route {
  readonly id: string;
  /** Exact paths, prefixes ending in `*`, and paths with `:parameters`. */
  readonly uris: readonly string[];
  /** Lower case; `*.example.com` matches any subdomain. Empty: any host. */
  readonly hosts: readonly string[];
  /** Empty: any method. */
  readonly methods: readonly string[];
  readonly priority: number;
  readonly enabled: boolean;
  /** Embedded, or named by `upstreamId` and looked up when a request comes. */
  readonly upstream: Upstream | undefined;
  readonly upstreamId: string | undefined;
  readonly rewrite: Rewrite | undefined;
}

/** One change of the configuration, in the order of etcd's revisions. */
export type ConfigChange =
  | { readonly kind: 'route'; readonly op: 'put'; readonly id: string; readonly value: Route }
  | { readonly kind: 'upstream'; readonly op: 'put'; readonly id: string; readonly value: Upstream }
  | { readonly kind: 'route' | 'upstream'; readonly op: 'delete'; readonly id: string };
