/** Where the workloads of a run live: on this host, or in its Docker engine with the images that the plan needs. */
import { connectEngine } from '../containers/engine.ts';
import { obtainImages } from '../containers/images/obtain.ts';
import type { ImagePrograms } from '../containers/images/recipes.ts';
import { ofRuns } from '../containers/leftovers.ts';
import { ownImages } from '../model/images.ts';
import type { Plan } from '../model/plan.ts';
import type { Runtime } from '../model/ports.ts';
import { dockerRuntime } from '../runtimes/docker/docker.ts';
import { type ProcessRuntimeOptions, processRuntime } from '../runtimes/process.ts';

export interface Place {
  /** The engine's version; undefined where there is none in it. */
  readonly engine: string | undefined;
  runtimeOf(options: ProcessRuntimeOptions): Runtime;
  /** What a run has left there besides processes, in words. */
  leftOf(runId: string): Promise<readonly string[]>;
}

const onThisHost: Place = { engine: undefined, runtimeOf: processRuntime, leftOf: async () => [] };

/** Rejects with ENGINE_NOT_FOUND or IMAGE_NOT_BUILT before anything of the run is there. */
export async function placeFor(plan: Plan, programs: ImagePrograms, note: (text: string) => void): Promise<Place> {
  if (plan.runtime === 'process') return onThisHost;
  const engine = await connectEngine();
  const images = await obtainImages(engine, imagesOf(plan, programs), programs, note);
  return {
    engine: engine.version,
    runtimeOf: (options) => dockerRuntime({ ...options, engine, images }),
    leftOf: async (runId) =>
      (await ofRuns(engine)).filter((each) => each.runId === runId).map(({ kind, name }) => `${kind} ${name}`),
  };
}

/** Names of ours; other gateways bring their own. */
function imagesOf({ builds }: Plan, { previousEtcd, toxiproxy }: ImagePrograms): readonly string[] {
  const all = Object.values(builds);
  const ours = all.some(({ gateway }) => gateway === 'reference');
  return [
    ownImages.pod,
    ownImages.etcd,
    ownImages.parts,
    ...(ours ? [ownImages.gateway] : []),
    ...(all.some(({ variants }) => variants.includes('watch-proxy')) ? [ownImages.watchProxy] : []),
    ...(previousEtcd === undefined ? [] : [ownImages.previousEtcd]),
    ...(toxiproxy === undefined ? [] : [ownImages.toxiproxy]),
  ];
}
