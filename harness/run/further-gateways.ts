/** Further gateways of the build under test, beside the one under load. */
import type { Gateway, GatewaySettings, World } from '../model/ports.ts';
import type { Deployment } from './deploy.ts';

type Further = Pick<World, 'further' | 'launchGateway'>;

/** `settings`: of the gateway under load, with the etcd at which it watches. */
export function furtherGateways(
  { driver, build, runtime }: Deployment,
  settings: GatewaySettings,
  launch: World['launch'],
): Further {
  const further = new Map<string, Gateway>();
  // What stands beside the gateway is there already, and shared.
  const plain = { ...build, variants: build.variants.filter((variant) => !(variant in driver.deployments)) };
  return {
    further,
    async launchGateway(suffix, signal) {
      const named: World['launch'] = (workload, signal) =>
        launch({ ...workload, name: `${workload.name}-${suffix}` }, signal);
      const gateway = await driver.launch(plain, settings, { ...runtime, launch: named }, signal);
      further.set(gateway.instance.name, gateway);
      return gateway;
    },
  };
}
