/**
 * A ring of points as ketama has it: a key belongs to the node of the first point at or after its hash. Points depend on
 * the node's address and weight alone, so that every worker and gateway has the same ring, and a node that leaves takes
 * no key along but its own.
 */

/** For each unit of weight. */
const pointsPerUnit = 160;
/**
 * The heaviest node gets points for this many units at most, or a weight of 10,000 would cost seconds; all weights are
 * then halved until it does. By the heaviest rather than by the sum: the ring must not change when one of several equal
 * nodes leaves.
 */
const mostUnits = 8;
/** On the whole ring, about: with more than 200 heavy nodes each gets fewer. */
const mostPoints = 262_144;
/** A point is hash × this + index of its node: exact in a double. */
const indexes = 2 ** 20;

export interface Member {
  readonly address: string;
  readonly weight: number;
}

/** Sorted points. Equal hashes are ordered by `members`, which should come in the order of their addresses. */
export type Ring = Float64Array;

export function buildRing(members: readonly Member[]): Ring {
  const heaviest = members.reduce((most, { weight }) => Math.max(most, weight), 0);
  const sum = members.reduce((total, { weight }) => total + weight, 0);
  let scale = 1;
  while (heaviest * scale > mostUnits || sum * scale * pointsPerUnit > mostPoints) scale /= 2;
  const counts = members.map(({ weight }) => Math.max(1, Math.round(weight * scale * pointsPerUnit)));
  const ring = new Float64Array(counts.reduce((total, count) => total + count, 0));
  let place = 0;
  for (const [index, { address }] of members.entries()) {
    const seed = hash32(address);
    for (let point = 1; point <= (counts[index] ?? 0); point++) {
      ring[place++] = mixed(seed + Math.imul(point, 0x9e37_79b9)) * indexes + index;
    }
  }
  return ring.toSorted();
}

/** Where the points of the hash begin. */
export function placeOf(ring: Ring, hash: number): number {
  const wanted = hash * indexes;
  let low = 0;
  let high = ring.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ring[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low === ring.length ? 0 : low;
}

/** The member at a place of the ring. */
export function memberAt(ring: Ring, place: number): number {
  return (ring[place] ?? 0) % indexes;
}

/** FNV-1a with the last step of MurmurHash3, unsigned. */
export function hash32(text: string): number {
  let hash = 0x811c_9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x0100_0193);
  return mixed(hash);
}

export function mixed(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
