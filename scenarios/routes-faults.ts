/** The part of the scenario language that hurts the route table in etcd. */
import type { Mix } from './scenario.ts';

/**
 * Whose routes are hurt: those of the gateway under test, as when nothing is said; or those of a group of gateways beside it
 * in the same etcd, whose prefix begins as its own does.
 */
export type Group = 'own' | 'beside';

export type RoutesFault =
  /**
   * Route changes at a rate, on top of the table of the scenario, on at most 100 routes that carry no load and are gone
   * after the heal.
   */
  | {
      readonly kind: 'routes.flood';
      readonly changesPerSecond: number;
      /** `same`: every flood route has one path and differs in priority; `distinct`: a path each. */
      readonly paths: 'same' | 'distinct';
      /** Shares of the changes, drawn from the seed; without it, all are created, all updated, all deleted, in turn. */
      readonly mix?: Mix;
      /** Size of a stored route in bytes, at least; without it, what a route needs. */
      readonly valueBytes?: number;
      readonly group?: Group;
    }
  /**
   * The ballast of the table is deleted behind the gateway's back, and comes back at heal: route by route
   * (`routes.delete-all`), or in one request by its common prefix, which is one revision of etcd (`routes.prefix-delete`).
   * Twenty of them are followed on every worker as config writes are: they have to vanish, and to come back.
   */
  | { readonly kind: 'routes.delete-all' }
  | { readonly kind: 'routes.prefix-delete' }
  /**
   * So many more routes are in the table, each a path of its own, until the heal, which deletes them by their common prefix.
   * Twenty of them are followed on every worker as config writes are. Steps of it one above the other make a table that grows.
   */
  | { readonly kind: 'routes.fill'; readonly routes: number }
  /**
   * Routes are created under ids that a careless reader of keys trips over: with `-`, `.`, `%`, `[`, blanks and quotes, of
   * other scripts, very long, `__proto__`. Each has to be served, and to be gone after the heal. For the prefix of all
   * keys see `gateway.prefix`.
   */
  | { readonly kind: 'routes.odd-ids' }
  /** Routes that never change are written again as they are, at a rate: an event without news (apache/apisix#12167). */
  | { readonly kind: 'routes.noop'; readonly putsPerSecond: number }
  /**
   * Values that no gateway can use, written to etcd behind the Admin API's back, each to a route of its own: null in every
   * place of a route, wrong types, unknown fields, broken JSON, 1.5 MiB. None may cost another route anything.
   */
  | { readonly kind: 'routes.poison'; readonly group?: Group }
  /**
   * So many routes of the ballast are blocked by the Admin API of the gateway, one click after the other (`POST
   * /apisix/admin/block`), and opened again at heal. Each is followed as a config write is: every worker of every gateway has
   * to refuse it, and then to serve it again.
   */
  | {
      readonly kind: 'routes.block';
      /** @minimum 1 */
      readonly routes: number;
    };
