/** The gateways that can be put under test: one file per product. */
import type { Build } from '../model/build.ts';
import { parseBuild } from '../model/build.ts';
import { unknownWord } from '../model/nearest.ts';
import type { GatewayDriver } from '../model/ports.ts';
import { reference } from './reference.ts';

export const drivers: Readonly<Record<string, GatewayDriver>> = { reference };

/** The driver of a build that `checkBuild` has passed. */
export function driverOf(build: Build): GatewayDriver {
  const driver = drivers[build.gateway];
  if (driver === undefined) throw new Error(`build ${build.name} was not checked`);
  return driver;
}

/** Mistakes of a build's name as sentences, or the build. */
export function checkBuild(name: string): Build | readonly string[] {
  const build = parseBuild(name);
  if (build === undefined) return [`"${name}" is no build; write <gateway>@<version>[+<variant>], such as reference@.`];
  const driver = drivers[build.gateway];
  if (driver === undefined) return [unknownWord('gateway', build.gateway, Object.keys(drivers))];
  const mistakes = driver.mistakes(build);
  return mistakes.length > 0 ? mistakes : build;
}
