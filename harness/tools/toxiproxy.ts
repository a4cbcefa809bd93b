/** Finds a toxiproxy, or makes one. Only trials that hurt the network need it. */
import { type FoundTool, olderThan, onPath } from './found-tool.ts';
import { buildWithGo } from './go-build.ts';
import { type WantedTool, find, obtain } from './obtain.ts';
import { pins } from './pins.ts';
import { builtToxiproxy, toxiproxyModule } from './places.ts';

const { version } = pins.toxiproxy;

const toxiproxy: WantedTool = {
  aName: 'a toxiproxy-server',
  name: 'toxiproxy',
  variable: 'GATECRASH_TOXIPROXY',
  beforeVersion: 'toxiproxy-server version',
  unfit: olderThan(pins.toxiproxy.atLeast),
  places: () => [
    ['PATH', onPath('toxiproxy-server')],
    ['.tools, built with Go', builtToxiproxy],
  ],
  ways: [
    [
      'built with Go',
      buildWithGo({
        what: `toxiproxy ${version}`,
        module: toxiproxyModule,
        program: 'github.com/Shopify/toxiproxy/v2/cmd/server',
        // Else it calls itself "git".
        link: `-X github.com/Shopify/toxiproxy/v2.Version=${version}`,
        target: builtToxiproxy,
        lasts: 'less than a minute',
      }),
    ],
  ],
  code: 'TOXIPROXY_NOT_FOUND',
  hint: 'install Go, which builds one, or set GATECRASH_TOXIPROXY to the path of a toxiproxy-server',
};

/** Looks without building anything. Rejects with TOXIPROXY_NOT_FOUND when GATECRASH_TOXIPROXY names no usable one. */
export function findToxiproxy(): Promise<FoundTool | undefined> {
  return find(toxiproxy);
}

/** Finds or makes one. Rejects with TOXIPROXY_NOT_FOUND and why every way failed. */
export function obtainToxiproxy(progress: (text: string) => void): Promise<FoundTool> {
  return obtain(toxiproxy, progress);
}
