/** `chash`: the same key to the same node, and few keys move when nodes come or go (consistent hashing, as ketama). */
import { hash } from 'node:crypto';
import type { HashOn, Upstream } from '../../config/config-objects.ts';
import type { LiveNode } from '../live-node.ts';
import type { Balancer, Choice } from './balancer.ts';

/** Points on the ring for each unit of weight. */
const pointsPerWeight = 160;
/** Weights are scaled down beyond this: the shares stay, the memory is bounded. */
const mostPoints = 65_536;
/** Points that one MD5 digest yields. */
const pointsPerDigest = 4;

interface Ring {
  readonly of: readonly LiveNode[];
  /** Ascending. */
  readonly points: readonly number[];
  readonly nodes: readonly LiveNode[];
}

export function consistentHash({ hash: on }: Upstream): Balancer {
  let ring: Ring = { of: [], points: [], nodes: [] };
  return {
    pick({ candidates, all, request }) {
      if (ring.of !== all) ring = ringOf(all);
      const usable = new Set(candidates);
      const first = firstAtOrAfter(ring.points, pointsOf(keyOf(request, on))[0] ?? 0);
      // A node that may not be used leaves its keys to the next on the ring, and gets them back.
      for (let step = 0; step < ring.nodes.length; step++) {
        const live = ring.nodes[(first + step) % ring.nodes.length];
        if (live !== undefined && usable.has(live)) return live;
      }
      const [any] = candidates;
      if (any === undefined) throw new Error('a balancer was asked without candidates');
      return any;
    },
  };
}

/** What the request is hashed by. What is not there is the client's address: never everybody on one node. */
function keyOf(request: Choice['request'], { on, key }: HashOn): string {
  const read = {
    vars: () => request.variable(key),
    vars_combinations: () => request.expand(key),
    header: () => request.header(key),
    cookie: () => request.variable(`cookie_${key}`),
    consumer: () => request.variable('consumer_name'),
  }[on];
  const value = read();
  return value === undefined || value === '' ? (request.variable('remote_addr') ?? '') : value;
}

function ringOf(all: readonly LiveNode[]): Ring {
  const weighted = all.filter(({ node }) => node.weight > 0);
  const unit = weighted.map(({ node }) => node.weight).reduce(greatestCommonDivisor, 0) || 1;
  const total = weighted.reduce((sum, { node }) => sum + (node.weight / unit) * pointsPerWeight, 0);
  // By powers of two, so that one node more or less seldom moves the points of the others.
  const scale = 2 ** Math.max(0, Math.ceil(Math.log2(total / mostPoints)));
  const placed = weighted.flatMap((live) => {
    const count = Math.max(1, Math.round(((live.node.weight / unit) * pointsPerWeight) / scale));
    const digests = Array.from(
      { length: Math.ceil(count / pointsPerDigest) },
      (_, index) => `${live.address}-${index}`,
    );
    return digests
      .flatMap(pointsOf)
      .slice(0, count)
      .map((point) => ({ point, live }));
  });
  const sorted = placed.toSorted((a, b) => a.point - b.point || (a.live.address < b.live.address ? -1 : 1));
  return { of: all, points: sorted.map(({ point }) => point), nodes: sorted.map(({ live }) => live) };
}

function pointsOf(text: string): readonly number[] {
  const digest = hash('md5', text, 'buffer');
  return Array.from({ length: pointsPerDigest }, (_, index) => digest.readUInt32LE(index * 4));
}

/** Index of the first point that is not smaller; 0 beyond the last. */
function firstAtOrAfter(points: readonly number[], wanted: number): number {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((points[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low === points.length ? 0 : low;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
