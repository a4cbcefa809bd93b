/** What gateways differ in, as the end of "it has no …". What needs something that a product lacks is skipped with the reason. */
export const abilities = {
  'etcd-watch': 'watch of its own on etcd',
  'etcd-login': 'way to log in at etcd',
  'etcd-tls': 'way to come to etcd over TLS',
  'deep-prefix': 'use for a prefix of more than one level',
  'json-routes': 'route that is one JSON value under one key',
  'worker-reads': 'way to tell which of its workers answers',
  'worker-processes': 'worker processes that its main process starts',
  reload: 'signal at which its main process replaces all workers by new ones',
  dns: 'setting for the DNS server that it asks for names of upstreams',
  rooms: 'rooms, of which it prefers its own',
  'static-hosts': 'static configuration of hosts, which a reload reads anew',
  'admin-api': 'Admin API as Apache APISIX has it',
  blocks: 'Admin API by which traffic is blocked',
  profiles: 'CPU profiles to give',
  metrics: 'metrics page of its own',
} as const;

export type Ability = keyof typeof abilities;

/** Why the product of that name cannot do what asks for these; undefined when it can. */
export function lackOf(name: string, has: ReadonlySet<Ability>, asked: readonly Ability[]): string | undefined {
  const lacks = asked.filter((ability) => !has.has(ability)).map((ability) => abilities[ability]);
  return lacks.length === 0 ? undefined : `${name} has no ${lacks.join(' and no ')}`;
}
