/** Routes of a fault's own that are expected of the gateway as config writes are: in a trial, and a few of many. */
import type { Seq } from '../model/history.ts';
import type { FaultContext } from '../model/injector.ts';

/** More would turn the probes that follow them into load. */
const most = 20;

/** The first and the last of so many: what is cut off of a long change is its end. */
export function someOf(count: number): readonly number[] {
  const all = Array.from({ length: count }, (_, index) => index);
  return count <= most ? all : [...all.slice(0, most / 2), ...all.slice(count - most / 2)];
}

/** Makes one change, which is that of all these routes: each of them is written by it. */
export async function writtenTogether(
  { routes }: Pick<FaultContext, 'routes'>,
  changes: readonly (readonly [route: string, seq: Seq])[],
  change: () => Promise<string>,
): Promise<void> {
  let made: Promise<string> | undefined;
  const once = (): Promise<string> => (made ??= change());
  await Promise.all([once(), ...changes.map(([route, seq]) => routes?.write(route, seq, once))]);
}
