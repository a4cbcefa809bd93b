/** A Docker engine with our images, where this host has one; the first test that asks makes what is missing. */
import { type Engine, connectEngine } from '../../harness/containers/engine.ts';
import { obtainImages } from '../../harness/containers/images/obtain.ts';
import { ownImages } from '../../harness/model/images.ts';
import type { Runtime } from '../../harness/model/ports.ts';
import { dockerRuntime } from '../../harness/runtimes/docker/docker.ts';
import type { ProcessRuntimeOptions } from '../../harness/runtimes/process.ts';
import { findToxiproxy } from '../../harness/tools/toxiproxy.ts';
import { etcdBinary } from './etcd.ts';

export interface TestEngine {
  readonly engine: Engine;
  readonly images: ReadonlyMap<string, string>;
  readonly runtimeOf: (options: ProcessRuntimeOptions) => Runtime;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

async function testEngine(): Promise<TestEngine | string> {
  const engine = await connectEngine().catch((error: Error) => error.message);
  if (typeof engine === 'string') return engine;
  const toxiproxy = (await findToxiproxy())?.path;
  const { previousEtcd: _previous, toxiproxy: proxied, ...always } = ownImages;
  const names = [...Object.values(always), ...(toxiproxy === undefined ? [] : [proxied])];
  const programs = { etcd: await etcdBinary(), previousEtcd: undefined, toxiproxy };
  // An engine that is there and cannot make them is a failure, not a reason to skip.
  const images = await obtainImages(engine, names, programs, say);
  return { engine, images, runtimeOf: (options) => dockerRuntime({ ...options, engine, images }) };
}

const found: TestEngine | string = await testEngine();

/** Undefined where this host has none. */
export const docker: TestEngine | undefined = typeof found === 'string' ? undefined : found;

/** For the names of tests, which are how a skipped one is told. */
export const withDocker: string = typeof found === 'string' ? `docker (${found})` : 'docker';
