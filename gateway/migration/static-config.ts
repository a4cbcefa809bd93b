/**
 * Static configuration, in the spirit of nginx's server blocks: hosts that are not in etcd yet. With it a gateway is put
 * in front of everything at once, and hosts move to etcd one by one.
 *
 *     { "servers": [ { "hosts": ["a.example.com"],
 *                      "locations": [ { "uri": "/api/*", "upstream": { "nodes": { "10.0.0.1:80": 1 } } } ] } ] }
 *
 * A location has the fields of a route, without hosts.
 */
import { readFileSync } from 'node:fs';
import { BadItem } from '../config/bad-item.ts';
import type { Route } from '../config/config-objects.ts';
import { hostsSchema } from '../config/kinds/common.ts';
import { routeKind } from '../config/kinds/route.ts';
import { check, parseJson } from '../config/parse.ts';

const schema = {
  type: 'object',
  properties: {
    servers: {
      type: 'array',
      items: {
        type: 'object',
        properties: { hosts: hostsSchema, locations: { type: 'array', items: { type: 'object' }, minItems: 1 } },
        required: ['hosts', 'locations'],
        additionalProperties: false,
      },
    },
  },
  required: ['servers'],
  additionalProperties: false,
};

interface RawStatic {
  readonly servers: readonly { readonly hosts: readonly string[]; readonly locations: readonly object[] }[];
}

/** The routes of the file; throws with its path, the place in it and the reason. */
export function readStaticConfig(file: string): readonly Route[] {
  try {
    const value = parseJson(readFileSync(file));
    check(value, schema);
    const { servers } = value as RawStatic;
    return servers.flatMap(({ hosts, locations }, server) =>
      locations.map((location, index) => routeAt(location, hosts, `/servers/${server}/locations/${index}`)),
    );
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function routeAt(location: object, hosts: readonly string[], at: string): Route {
  const value = { ...location, hosts };
  try {
    check(value, routeKind.schema);
    return routeKind.read(`static${at}`, value as never);
  } catch (error) {
    if (error instanceof BadItem) throw new BadItem(`${at}: ${error.message}`);
    throw error;
  }
}
