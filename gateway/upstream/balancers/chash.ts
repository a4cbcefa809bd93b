/** `chash`: requests with the same key go to the same node, as long as it may be used. */
import type { HashOn } from '../../config/config-objects.ts';
import type { Asked } from '../../routing/condition.ts';
import type { LiveNode } from '../live-node.ts';
import type { Balancer } from './balancer.ts';
import { type Ring, buildRing, hash32, memberAt, mixed, placeOf } from './hash-ring.ts';

export function consistentHash(on: HashOn): Balancer {
  const keyOf = keyReader(on);
  let members: readonly LiveNode[] = [];
  let built = '';
  let ring: Ring = buildRing([]);
  return {
    update(nodes) {
      members = nodes.toSorted((a, b) => (a.address < b.address ? -1 : 1));
      const wanted = members.map(({ address, node }) => ({ address, weight: node.weight }));
      const signature = JSON.stringify(wanted);
      if (signature !== built) ring = buildRing(wanted);
      built = signature;
    },
    pick(candidates, request) {
      // What APISIX falls back to as well: without a key, all such requests would go to one node.
      const hash = hash32(keyOf(request) ?? request.variable('remote_addr') ?? '');
      return walk(ring, members, candidates, hash);
    },
  };
}

/** The first node from there on that may be used. A node that comes back gets its keys back bit by bit. */
function walk(ring: Ring, members: readonly LiveNode[], candidates: readonly LiveNode[], hash: number): LiveNode {
  const [only] = candidates;
  if (only === undefined) throw new Error('a balancer was asked without candidates');
  if (candidates.length === 1) return only;
  const turn = mixed(hash ^ 0x5bd1_e995) / 2 ** 32;
  const start = placeOf(ring, hash);
  let passedOver: LiveNode | undefined;
  for (let step = 0; step < ring.length; step++) {
    const live = members[memberAt(ring, (start + step) % ring.length)];
    if (live === undefined || live === passedOver || !candidates.includes(live)) continue;
    if (live.share > turn) return live;
    passedOver ??= live;
  }
  return passedOver ?? only;
}

type KeyReader = (request: Asked) => string | undefined;

function keyReader({ on, key }: HashOn): KeyReader {
  switch (on) {
    case 'vars':
      return (request) => request.variable(key);
    case 'header':
      return named(`http_${key.toLowerCase().replaceAll('-', '_')}`);
    case 'cookie':
      return named(`cookie_${key}`);
    case 'consumer':
      return named('consumer_name');
    case 'vars_combinations':
      return combined(key);
  }
}

function named(name: string): KeyReader {
  return (request) => request.variable(name);
}

/** `$host$uri`: undefined when no variable of it has a value. */
function combined(text: string): KeyReader {
  const parts = text.split(/\$(?:\{(\w+)\}|(\w+))/);
  return (request) => {
    let key = '';
    let filled = false;
    for (let index = 0; index < parts.length; index += 3) {
      key += parts[index] ?? '';
      const name = parts[index + 1] ?? parts[index + 2];
      const value = name === undefined ? undefined : request.variable(name);
      filled ||= value !== undefined;
      key += value ?? '';
    }
    return filled ? key : undefined;
  };
}
