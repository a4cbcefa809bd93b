/** Containers and networks of runs, found by their label: a killed harness remembers nothing. */
import { setTimeout as sleep } from 'node:timers/promises';
import { HarnessError } from '../model/errors.ts';
import { type Engine, asked, statusOf } from './engine.ts';

/** On every container and every network that a run makes; its value is the id of the run. */
export const runOf = 'gatecrash.run';

export interface LeftContainer {
  readonly kind: 'container' | 'network';
  readonly id: string;
  readonly name: string;
  readonly runId: string;
}

/** How long what was told to go may take. Milliseconds. */
const goneWithinMs = 20_000;

/** Containers first, which have to go before their networks. */
export async function ofRuns({ docker }: Engine): Promise<readonly LeftContainer[]> {
  const filters = { label: [runOf] };
  const [containers, networks] = await asked(
    'list what runs have left',
    Promise.all([docker.listContainers({ all: true, filters }), docker.listNetworks({ filters })]),
  );
  return [
    ...containers.map(({ Id: id, Names: [name = id], Labels }) => ({
      kind: 'container' as const,
      id,
      name: name.replace(/^\//, ''),
      runId: Labels[runOf] ?? '',
    })),
    ...networks.map(({ Id: id, Name: name, Labels }) => ({
      kind: 'network' as const,
      id,
      name,
      runId: Labels?.[runOf] ?? '',
    })),
  ];
}

/** Removes those of the runs that may go, until there are none; resolves with what was removed. */
export async function removeOfRuns(
  engine: Engine,
  mayGo: (runId: string) => boolean,
): Promise<readonly LeftContainer[]> {
  const removed = new Map<string, LeftContainer>();
  const deadline = performance.now() + goneWithinMs;
  for (;;) {
    const left = (await ofRuns(engine)).filter(({ runId }) => mayGo(runId));
    if (left.length === 0) return [...removed.values()];
    if (performance.now() > deadline) {
      const names = left.map(({ kind, name }) => `${kind} ${name}`);
      throw new HarnessError('RESIDUE', `the Docker engine does not let go of these:\n${names.join('\n')}`);
    }
    for (const each of left) removed.set(each.id, each);
    const of = (kind: LeftContainer['kind']): LeftContainer[] => left.filter((each) => each.kind === kind);
    await Promise.all(of('container').map(({ id }) => removeContainer(engine, id)));
    await Promise.all(of('network').map(({ id }) => removeNetwork(engine, id)));
    await sleep(20);
  }
}

/** Whatever it does; one that is gone, or just going, is no mistake. */
export async function removeContainer({ docker }: Engine, id: string): Promise<void> {
  await asked(`remove container ${id}`, already(docker.getContainer(id).remove({ force: true, v: true }), 404, 409));
}

/** One that still has a container, which is just going, is no mistake of ours: whoever wants it gone asks again. */
export async function removeNetwork({ docker }: Engine, id: string): Promise<void> {
  await asked(`remove network ${id}`, already(docker.getNetwork(id).remove(), 404, 403, 409));
}

/** Resolves also when the engine refuses with one of these. */
async function already(done: Promise<unknown>, ...statuses: readonly number[]): Promise<void> {
  try {
    await done;
  } catch (error) {
    if (!statuses.includes(statusOf(error) ?? 0)) throw error;
  }
}
