/** The layout of Apache APISIX, which the reference gateway shares: `PREFIX/routes/ID` and so on, each a JSON object. */
import type { Layout, RouteSpec } from '../../model/layout.ts';
import { rooms } from '../../model/rooms.ts';

export const apisixLayout: Layout = {
  root: (prefix) => `${prefix}/`,

  route(prefix, spec) {
    const value = routeValue(spec);
    const lacks = (spec.valueBytes ?? 0) - JSON.stringify({ ...value, desc: '' }).length;
    const stored = lacks > 0 ? { ...value, desc: 'x'.repeat(lacks) } : value;
    return [{ key: `${prefix}/routes/${spec.id}`, value: JSON.stringify(stored) }];
  },

  object(prefix, key, value) {
    const whole = `${prefix}/${key}`;
    if (value === null) return [{ key: whole }];
    return [{ key: whole, value: typeof value === 'string' ? value : JSON.stringify(value) }];
  },
};

function routeValue(spec: RouteSpec): object {
  return {
    uri: spec.path,
    ...(spec.host === undefined ? {} : { host: spec.host }),
    ...(spec.priority === undefined ? {} : { priority: spec.priority }),
    upstream: { type: 'roundrobin', nodes: nodesOf(spec) },
    plugins: { 'proxy-rewrite': { uri: `/seq/${spec.seq}` } },
  };
}

function nodesOf({ upstream, elsewhere }: RouteSpec): object {
  return elsewhere === undefined
    ? { [upstream.host]: 1 }
    : [nodeIn(rooms.own, upstream), nodeIn(rooms.other, elsewhere)];
}

function nodeIn(room: string, { hostname, port }: URL): object {
  return { host: hostname, port: Number(port), weight: 1, metadata: { room } };
}
