/** What a host, or a gateway, lacks for a scenario: asked before anything runs. */
import { prefixOf } from '../../scenarios/prefix.ts';
import type { Fault, Scenario } from '../../scenarios/scenario.ts';
import { type Ability, lackOf } from '../model/abilities.ts';
import type { Host } from '../model/host.ts';
import type { GatewayDriver } from '../model/ports.ts';
import { injectorOf } from './index.ts';

/** A build under test, as far as it may lack something. */
export interface Tested {
  /** Its name. */
  readonly build: string;
  readonly driver: Pick<GatewayDriver, 'abilities' | 'object'>;
}

/** Where scenarios are to be played. */
export interface Stage {
  readonly host: Host;
  readonly gateways: readonly Tested[];
}

/** Who cannot do the fault, and why; undefined when all can. */
export function lackFor(fault: Fault, { host, gateways }: Stage): string | undefined {
  const injector = injectorOf(fault);
  const lack = injector.lacks?.(host, fault);
  if (lack !== undefined) return `this host cannot: ${lack}`;
  return lackOfAny(gateways, injector.asks?.(fault) ?? []);
}

/** Who cannot do the scenario, and why, each part in a sentence; undefined when all can do all of it. */
export function lacksFor(scenario: Scenario, stage: Stage): string | undefined {
  const steps = scenario.timeline.map(({ fault }, index) => {
    const lack = lackFor(fault, stage);
    return lack === undefined ? undefined : `step ${index + 1} (${fault.kind}): ${lack}`;
  });
  const lacks = [
    ...steps,
    ...certificateLacks(scenario, stage.host),
    lackOfAny(stage.gateways, askedBy(scenario)),
    lackOfObjects(scenario, stage.gateways),
  ];
  const told = lacks.filter((lack) => lack !== undefined);
  return told.length === 0 ? undefined : told.join('; ');
}

/** What the host lacks for the certificates of a scenario, in sentences. */
function certificateLacks({ etcd, upstream }: Scenario, { missing }: Host): readonly string[] {
  const { openssl } = missing;
  if (openssl === undefined) return [];
  const secured = Object.entries({ etcd, upstream }).filter(([, settings]) => settings?.tls === true);
  return secured.map(([who]) => `${who}: { tls: true }: this host cannot: ${openssl}`);
}

function lackOfAny(gateways: readonly Tested[], asked: readonly Ability[]): string | undefined {
  const lacks = gateways.map(({ build, driver }) => lackOf(build, driver.abilities, asked));
  return lacks.find((lack) => lack !== undefined);
}

/** What a scenario asks of a gateway whatever its timeline. */
function askedBy(scenario: Scenario): readonly Ability[] {
  const { etcd, upstream, table, conformance, expectations } = scenario;
  const asked = new Set(conformance?.requests.map(({ to }) => to));
  // Both hold of each worker: of a connection that may lead to any of them, nothing follows.
  const byWorker = expectations.some(
    (one) => one.kind === 'invariant' && (one.oracle === 'monotonic' || one.oracle === 'no-resurrection'),
  );
  return [
    ...(etcd?.auth === true ? (['etcd-login'] as const) : []),
    ...(etcd?.tls === true ? (['etcd-tls'] as const) : []),
    ...(prefixOf(scenario).lastIndexOf('/') > 0 ? (['deep-prefix'] as const) : []),
    ...(upstream?.secondRoom === true ? (['rooms'] as const) : []),
    ...((table.static ?? 0) > 0 ? (['static-hosts'] as const) : []),
    ...(asked.has('admin') ? (['admin-api'] as const) : []),
    ...(asked.has('metrics') ? (['metrics'] as const) : []),
    ...(byWorker ? (['worker-reads'] as const) : []),
  ];
}

function lackOfObjects({ conformance }: Scenario, gateways: readonly Tested[]): string | undefined {
  const written = [conformance?.objects ?? {}, ...(conformance?.edits ?? []).map(({ objects }) => objects)];
  const entries = written.flatMap((objects) => Object.entries(objects));
  for (const { build, driver } of gateways) {
    const foreign = entries.filter(([key, value]) => driver.object('/prefix', key, value) === undefined);
    const names = [...new Set(foreign.map(([key]) => key))];
    if (names.length > 0) return `${build} has nothing like ${names.join(', ')}`;
  }
  return undefined;
}
