/** Finds a Traefik of a version, or builds one that is pinned. */
import { existsSync } from 'node:fs';
import { type FoundTool, onPath } from './found-tool.ts';
import { buildWithGo } from './go-build.ts';
import { type WantedTool, find, obtain } from './obtain.ts';
import { pins } from './pins.ts';
import { builtTraefik, traefikModule } from './places.ts';

/** Environment variable that may name the path of that version. */
export function traefikVariable(version: string): string {
  return `GATECRASH_TRAEFIK_${version.replaceAll(/[^0-9A-Za-z]/g, '_')}`;
}

/** Whether there is a way to one, without trying it. */
export function canHaveTraefik(version: string): boolean {
  const pinned: readonly string[] = pins.traefik.versions;
  return (
    pinned.includes(version) || existsSync(builtTraefik(version)) || process.env[traefikVariable(version)] !== undefined
  );
}

function wanted(version: string): WantedTool {
  const [major = ''] = version.split('.');
  const module = `github.com/traefik/traefik/v${major}`;
  return {
    aName: 'a Traefik',
    name: `traefik ${version}`,
    variable: traefikVariable(version),
    versionArgs: ['version'],
    beforeVersion: 'Version:',
    unfit: (found) => (found === version ? undefined : `not ${version}`),
    places: () => [
      ['.tools, built with Go', builtTraefik(version)],
      ['PATH', onPath('traefik')],
    ],
    ways: [
      [
        'built with Go',
        buildWithGo({
          what: `traefik ${version}`,
          module: traefikModule(version),
          program: `${module}/cmd/traefik`,
          // Else it calls itself "dev".
          link: `-X ${module}/pkg/version.Version=${version}`,
          target: builtTraefik(version),
          lasts: 'ten minutes and more',
          // It took 35 minutes on two cores that had other work.
          withinMs: 2 * 3_600_000,
        }),
      ],
    ],
    code: 'GATEWAY_NOT_FOUND',
    hint: `install Go, which builds a pinned one, or set ${traefikVariable(version)} to the path of one`,
  };
}

/** Looks without building anything. Rejects with GATEWAY_NOT_FOUND when the variable names no usable one. */
export function findTraefik(version: string): Promise<FoundTool | undefined> {
  return find(wanted(version));
}

/** Finds or builds one. Rejects with GATEWAY_NOT_FOUND and why every way failed. */
export function obtainTraefik(version: string, progress: (text: string) => void): Promise<FoundTool> {
  return obtain(wanted(version), progress);
}
