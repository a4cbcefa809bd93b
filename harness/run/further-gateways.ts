/** Further gateways of the build under test, beside the one under load. */
import type { Build } from '../model/build.ts';
import type { Gateway, GatewaySettings, World } from '../model/ports.ts';
import type { Deployment } from './deploy.ts';

type Further = Pick<World, 'further' | 'launchGateway'>;

export interface Builds {
  /** What a rolling upgrade begins with; else the one under test. */
  readonly first: Build;
  readonly underTest: Build;
}

/** `settings`: of the gateway under load, with the etcd at which it watches. */
export function furtherGateways(
  { driver, runtime }: Deployment,
  { first, underTest }: Builds,
  settings: GatewaySettings,
  launch: World['launch'],
): Further {
  const further = new Map<string, Gateway>();
  // What stands beside the gateway is there already, and shared.
  const plain = (build: Build): Build => ({
    ...build,
    variants: build.variants.filter((variant) => !(variant in driver.deployments)),
  });
  return {
    further,
    async launchGateway(suffix, signal, which) {
      const named: World['launch'] = (workload, signal) =>
        launch({ ...workload, name: `${workload.name}-${suffix}` }, signal);
      const gateway = await driver.launch(
        plain(which === undefined ? first : underTest),
        settings,
        { ...runtime, launch: named },
        signal,
      );
      further.set(gateway.instance.name, gateway);
      return gateway;
    },
  };
}
