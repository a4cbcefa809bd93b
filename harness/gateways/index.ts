/** The products that can be put under test, and their builds by name. */
import type { Build } from '../model/build.ts';
import { parseBuild } from '../model/build.ts';
import { unknownWord } from '../model/nearest.ts';
import type { RuntimeKind } from '../model/plan.ts';
import type { GatewayDriver } from '../model/ports.ts';
import type { Product } from '../model/product.ts';
import { apisixProduct } from './apisix/driver.ts';
import { commandProduct } from './command/driver.ts';
import { kongProduct } from './kong/driver.ts';
import { nginxProduct } from './nginx/driver.ts';
import { referenceProduct } from './reference.ts';
import { traefikProduct } from './traefik/driver.ts';

export const products: Readonly<Record<string, Product>> = {
  reference: referenceProduct,
  command: commandProduct,
  apisix: apisixProduct,
  kong: kongProduct,
  nginx: nginxProduct,
  traefik: traefikProduct,
};

/** The driver of a build that `checkBuild` has passed. */
export function driverOf(build: Build): GatewayDriver {
  const product = products[build.gateway];
  if (product === undefined) throw new Error(`build ${build.name} was not checked`);
  return product.driverOf(build);
}

/** Mistakes of a build's name as sentences, or the build. `runtime`: the one that is to run it. */
export function checkBuild(name: string, runtime: RuntimeKind = 'process'): Build | readonly string[] {
  const build = parseBuild(name);
  if (build === undefined) return [`"${name}" is no build; write <gateway>@<version>[+<variant>], such as reference@.`];
  const product = products[build.gateway];
  if (product === undefined) return [unknownWord('gateway', build.gateway, Object.keys(products))];
  const mistakes = product.mistakes(build, runtime);
  return mistakes.length > 0 ? mistakes : build;
}
