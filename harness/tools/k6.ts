/** Finds a k6. It is under the AGPL: the host brings it, and this project neither builds nor ships one. */
import { type FoundTool, olderThan, onPath } from './found-tool.ts';
import { type WantedTool, find, obtain } from './obtain.ts';
import { pins } from './pins.ts';

const k6: WantedTool = {
  aName: 'a k6',
  name: 'k6',
  variable: 'GATECRASH_K6',
  versionArgs: ['version'],
  beforeVersion: 'k6 v',
  unfit: olderThan(pins.k6.atLeast),
  places: () => [['PATH', onPath('k6')]],
  ways: [],
  code: 'K6_NOT_FOUND',
  hint: 'install k6 (grafana.com/docs/k6), or set GATECRASH_K6 to its path, or leave the load to the engine that is built in',
};

/** Rejects with K6_NOT_FOUND when GATECRASH_K6 names no usable one. */
export function findK6(): Promise<FoundTool | undefined> {
  return find(k6);
}

/** Rejects with K6_NOT_FOUND when there is none. */
export function obtainK6(): Promise<FoundTool> {
  return obtain(k6, () => undefined);
}
