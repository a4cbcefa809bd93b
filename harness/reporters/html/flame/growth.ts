/** What a build takes more than another, found in their trees of calls. */
import { type Frame, functionsOf } from './call-tree.ts';

/** A call leads to the growth as long as so much of it is below it. */
const most = 0.6;
/** Growth below this says nothing: profiles of equal builds differ by as much. Share of stable's time. */
const worthSaying = 0.1;

/** The calls that lead to most of the growth, each below the one before it; empty when there is none worth a word. */
export function culprit(stable: Frame, canary: Frame): readonly Frame[] {
  const grown = canary.total - stable.total;
  if (grown < worthSaying * stable.total) return [];
  return below(canary, stable, most * grown);
}

function below(parent: Frame, before: Frame | undefined, least: number): readonly Frame[] {
  const [next] = parent.children
    .map((frame) => ({ frame, twin: counterpart(before, frame) }))
    .map(({ frame, twin }) => ({ frame, twin, grown: frame.total - (twin?.total ?? 0) }))
    .toSorted((a, b) => b.grown - a.grown);
  if (next === undefined || next.grown < least) return [];
  return [next.frame, ...below(next.frame, next.twin, least)];
}

/** The same call in the other tree, under the same callers. */
export function counterpart(parent: Frame | undefined, { key }: Frame): Frame | undefined {
  return parent?.children.find((child) => child.key === key);
}

export interface Moved {
  readonly name: string;
  readonly place: string;
  /** In the function itself, and with all that it calls. Milliseconds a second. */
  readonly stable: { readonly self: number; readonly total: number };
  readonly canary: { readonly self: number; readonly total: number };
}

/** The functions of both, those whose own time differs most first. */
export function moved(stable: Frame, canary: Frame): readonly Moved[] {
  const [before, after] = [functionsOf(stable), functionsOf(canary)];
  const none = { self: 0, total: 0 };
  return [...new Map([...before, ...after])]
    .map(([key, { name, place }]) => ({
      name,
      place,
      stable: before.get(key) ?? none,
      canary: after.get(key) ?? none,
    }))
    .toSorted((a, b) => Math.abs(b.canary.self - b.stable.self) - Math.abs(a.canary.self - a.stable.self));
}
